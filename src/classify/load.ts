import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SignatureSet } from '../model/signature.ts'
import { Classifier } from './classifier.ts'
import { readFolder } from './folder.ts'
import { readSignatureFile, type SignatureFile, type SignatureProblem } from './signature-file.ts'

/** A folder of signature files: those that are right, and all that is wrong with the others. */
export interface SignatureFolder {
  readonly set: SignatureSet
  /** By file, then by line. */
  readonly problems: readonly SignatureProblem[]
}

/**
 * Reads every `.yaml` file of a folder and checks each by itself and all against one another. Ids cannot repeat,
 * because each is its file's name. Throws only where the folder or a file cannot be read, or where there is none.
 */
export function readSignatures(folder: string): SignatureFolder {
  const content = readFolder(folder)
  const files = content.files.map((file) => readSignatureFile(file.name, file.content.toString('utf8')))
  const problems: SignatureProblem[] = content.misnamed.map((file) => ({
    file,
    line: 0,
    message: 'is not read: name it .yaml',
  }))
  if (files.length === 0 && problems.length === 0) {
    throw new OffchannelError('signatures_invalid', `${folder}: holds no .yaml file: name a folder of signatures`)
  }
  const right = files.filter((file) => file.signature !== undefined)
  const set = { signatures: right.map((file) => file.signature!), hash: content.hash }
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
