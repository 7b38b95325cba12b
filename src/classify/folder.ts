import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, OffchannelError } from '../base/errors.ts'

/** A file of a folder of signatures, or of a bundle of them. */
export interface NamedFile {
  readonly name: string
  readonly content: Buffer
}

/** The signature files of a folder as they lie there. */
export interface FolderContent {
  /** In the same order on every machine. */
  readonly files: readonly NamedFile[]
  /** Names that were probably meant as signatures and are not read. */
  readonly misnamed: readonly string[]
  /** Changes with any file's name or content. */
  readonly hash: string
}

/** Reads every `.yaml` file of a folder; throws `signatures_invalid` where it cannot. */
export function readFolder(folder: string): FolderContent {
  const names = namesIn(folder)
  const files = names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, content: contentOf(join(folder, name)) }))
  return { files, misnamed: names.filter((name) => name.endsWith('.yml')), hash: hashFiles(files) }
}

/** SHA-256 over names, lengths and contents, as hexadecimal digits. */
export function hashFiles(files: readonly NamedFile[]): string {
  const hash = createHash('sha256')
  for (const { name, content } of files) hash.update(`${name}\0${content.length}\0`).update(content)
  return hash.digest('hex')
}

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
