import { LineCounter, parseDocument } from 'yaml'
import { messageOf } from '../base/errors.ts'
import { offsetInYaml, pathText } from '../base/yaml-place.ts'
import type { Signature } from '../model/signature.ts'
import { Classifier } from './classifier.ts'
import { checkSignature, type SignatureFault } from './schema.ts'

/** What is wrong in a file of a signature folder. */
export interface SignatureProblem {
  /** Name within the folder. */
  readonly file: string
  /** From 1; 0 where it is about the file as a whole. */
  readonly line: number
  readonly message: string
}

/** A file that was read: a signature where nothing is wrong with it, else its problems. */
export interface SignatureFile {
  readonly signature: Signature | undefined
  readonly problems: readonly SignatureProblem[]
  /** Says where in the file a fault stands. */
  locate(fault: SignatureFault): SignatureProblem
}

/** Reads and checks one signature file by itself, its tests included; never throws on what is in it. */
export function readSignatureFile(file: string, content: string): SignatureFile {
  const counter = new LineCounter()
  const document = parseDocument(content, { lineCounter: counter, prettyErrors: false, stringKeys: true })
  const lineOf = (offset: number) => counter.linePos(offset).line
  const locate = ({ path, message }: SignatureFault) => ({
    file,
    line: lineOf(offsetInYaml(document, path)),
    message: path.length > 0 ? `${pathText(path)}: ${message}` : message,
  })
  const failed = (problems: readonly SignatureProblem[]) => ({ signature: undefined, problems, locate })

  if (document.errors.length > 0) {
    return failed(document.errors.map((error) => ({ file, line: lineOf(error.pos[0]), message: messageOf(error) })))
  }
  let plain: unknown
  try {
    plain = document.toJS()
  } catch (thrown) {
    // Aliases that name no anchor, or that would multiply without end.
    return failed([{ file, line: 1, message: messageOf(thrown) }])
  }
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
