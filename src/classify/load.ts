import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SignatureSet } from '../model/signature.ts'
import { Classifier } from './classifier.ts'
import { readSignatureFile, type SignatureFile, type SignatureProblem } from './signature-file.ts'

/** A folder of signature files: those that are right, and all that is wrong with the others. */
export interface SignatureFolder {
  readonly set: SignatureSet
  /** By file, then by line. */
  readonly problems: readonly SignatureProblem[]
}

/**
 * Reads every `.yaml` file of a folder and checks each by itself and all against one another. Ids cannot repeat, because
 * each is its file's name. Throws only where the folder or a file cannot be read, or where there is none.
 */
export function readSignatures(folder: string): SignatureFolder {
  const hash = createHash('sha256')
  const files: SignatureFile[] = []
  const problems: SignatureProblem[] = []
  for (const file of namesIn(folder)) {
    if (file.endsWith('.yml')) {
      problems.push({ file, line: 0, message: 'is not read: name it .yaml' })
    } else if (file.endsWith('.yaml')) {
      const content = contentOf(join(folder, file))
      hash.update(`${file}\0${content.length}\0`).update(content)
      files.push(readSignatureFile(file, content.toString('utf8')))
    }
  }
  if (files.length === 0 && problems.length === 0) {
    throw new OffchannelError('signatures_invalid', `${folder}: holds no .yaml file: name a folder of signatures`)
  }
  const right = files.filter((file) => file.signature !== undefined)
  const set = { signatures: right.map((file) => file.signature!), hash: hash.digest('hex') }
  problems.push(...files.flatMap((file) => file.problems), ...conflicts(right, set))
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  return { set, problems }
}

/** The same for those who use the set: throws one `signatures_invalid` with a line for each problem. */
export function loadSignatures(folder: string): SignatureSet {
  const { set, problems } = readSignatures(folder)
  if (problems.length > 0) throw new OffchannelError('signatures_invalid', problems.map(formatProblem).join('\n'))
  return set
}

/** `whatsapp.yaml:14: indicators[0].value: …` */
export function formatProblem({ file, line, message }: SignatureProblem): string {
  return harmless(line > 0 ? `${file}:${line}: ${message}` : `${file}: ${message}`)
}

/** Names that a file claims for its app and that another app would win. */
function conflicts(files: readonly SignatureFile[], set: SignatureSet): SignatureProblem[] {
  const classifier = new Classifier(set)
  return files.flatMap((file) =>
    file.signature!.shouldMatch.flatMap((name, i) => {
      const matches = classifier.matchName(name)
      if (matches.some(({ signature }) => signature === file.signature)) return []
      const { signature, indicator } = matches[0]!
      const by = `${indicator.type} "${indicator.value}" of ${signature.id}`
      const message = `"${name}" is won by ${by}, which is more specific`
      return [file.locate({ path: ['tests', 'should-match', i], message })]
    }),
  )
}

/** In the same order on every machine. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (thrown) {
    throw new OffchannelError('signatures_invalid', `${folder}: cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw new OffchannelError('signatures_invalid', `${path}: cannot be read: ${messageOf(thrown)}`, { cause: thrown })
  }
}
