import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { SignatureSet } from '../model/signature.ts'
import { conflicts, type Locate } from './conflicts.ts'
import { type FolderContent, readFolder } from './folder.ts'
import { readSignatureFile } from './signature-file.ts'
import { type Withdrawal, withdraw } from './withdrawal.ts'
import { readWithdrawals, WITHDRAWN_FILE } from './withdrawn-file.ts'
import type { SignatureProblem } from './yaml-file.ts'

/** A folder of signature files: those that are right, and all that is wrong with the others. */
export interface SignatureFolder {
  /** As the files say, whatever was withdrawn. */
  readonly set: SignatureSet
  readonly withdrawals: readonly Withdrawal[]
  /** By file, then by line. */
  readonly problems: readonly SignatureProblem[]
  /** Says where in its file a fault of one of the signatures stands. */
  readonly locate: Locate
}

/**
 * Reads every `.yaml` file of a folder and checks each by itself and all against one another. Ids cannot repeat,
 * because each is its file's name. Throws only where the folder or a file cannot be read, or where there is none.
 */
export function readSignatures(folder: string): SignatureFolder {
  return checkContent(folder, readFolder(folder))
}

/** The same of a folder whose files were read. */
export function checkContent(folder: string, content: FolderContent): SignatureFolder {
  if (content.files.length === 0 && content.misnamed.length === 0) {
    throw new OffchannelError('signatures_invalid', `${folder}: holds no .yaml file: name a folder of signatures`)
  }
  return checkFiles(content)
}

/** The same for files that were read already, from a bundle. */
export function checkFiles(content: FolderContent): SignatureFolder {
  const text = ({ content: bytes }: { readonly content: Buffer }) => bytes.toString('utf8')
  const files = content.files
    .filter(({ name }) => name !== WITHDRAWN_FILE)
    .map((file) => readSignatureFile(file.name, text(file)))
  const withdrawn = content.files.find(({ name }) => name === WITHDRAWN_FILE)
  const { withdrawals, problems: withdrawnProblems } = readWithdrawals(withdrawn === undefined ? '' : text(withdrawn))
  const right = files.filter(({ signature }) => signature !== undefined)
  const places = new Map(right.map(({ signature, locate }) => [signature!, locate]))
  const locate: Locate = (signature, fault) => places.get(signature)!(fault)
  const signatures = right.map(({ signature }) => signature!)
  const problems = [
    ...content.misnamed.map((file) => ({ file, line: 0, message: 'is not read: name it .yaml' })),
    ...files.flatMap((file) => file.problems),
    ...withdrawnProblems,
    ...conflicts(signatures, locate),
  ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
  return { set: { signatures, hash: content.hash }, withdrawals, problems, locate }
}

/**
 * The same for those who use the set, without what was withdrawn: throws one `signatures_invalid` with a line for each
 * problem.
 */
export function loadSignatures(folder: string): SignatureSet {
  const { set, withdrawals, problems } = readSignatures(folder)
  if (problems.length > 0) throw new OffchannelError('signatures_invalid', problems.map(formatProblem).join('\n'))
  return { ...set, signatures: withdraw(set.signatures, withdrawals) }
}

/** `whatsapp.yaml:14: indicators[0].value: …` */
export function formatProblem({ file, line, message }: SignatureProblem): string {
  return harmless(line > 0 ? `${file}:${line}: ${message}` : `${file}: ${message}`)
}
