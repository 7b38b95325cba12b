import type { Signature } from '../model/signature.ts'
import { Classifier } from './classifier.ts'
import { checkSignature, type SignatureFault } from './schema.ts'
import { readYamlFile, type SignatureProblem } from './yaml-file.ts'

/** A file that was read: a signature where nothing is wrong with it, else its problems. */
export interface SignatureFile {
  readonly signature: Signature | undefined
  readonly problems: readonly SignatureProblem[]
  /** Says where in the file a fault stands. */
  locate(fault: SignatureFault): SignatureProblem
}

/** Reads and checks one signature file by itself, its tests included; never throws on what is in it. */
export function readSignatureFile(file: string, content: string): SignatureFile {
  const { plain, problems, locate } = readYamlFile(file, content)
  const failed = (found: readonly SignatureProblem[]) => ({ signature: undefined, problems: found, locate })
  if (problems.length > 0) return failed(problems)
  const { signature, faults } = checkSignature(plain)
  if (!signature) return failed(faults.map(locate))
  const wrong = [...idFaults(signature, file), ...testFaults(signature)]
  return wrong.length > 0 ? failed(wrong.map(locate)) : { signature, problems: [], locate }
}

function idFaults({ id }: Signature, file: string): SignatureFault[] {
  const expected = file.slice(0, -'.yaml'.length)
  return id === expected ? [] : [{ path: ['id'], message: `"${id}" is not the name of the file: write "${expected}"` }]
}

/** The file's own tests, run against its indicators alone. */
function testFaults(signature: Signature): SignatureFault[] {
  const faults: SignatureFault[] = []
  const classifier = new Classifier({ signatures: [signature] })
  for (const [i, name] of signature.shouldMatch.entries()) {
    if (classifier.matchName(name).length > 0) continue
    faults.push({ path: ['tests', 'should-match', i], message: `"${name}" is matched by no indicator of this file` })
  }
  for (const [i, name] of signature.shouldNotMatch.entries()) {
    const match = classifier.matchName(name)[0]
    if (!match) continue
    const { type, value } = match.indicator
    faults.push({ path: ['tests', 'should-not-match', i], message: `"${name}" is matched by ${type} "${value}"` })
  }
  return faults
}
