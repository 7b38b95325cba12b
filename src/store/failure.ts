import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'

/** By SQLite's primary result code, https://sqlite.org/rescode.html, and by the system's: what it is and what to do. */
const REMEDIES: readonly (readonly [code: string, words: string])[] = [
  ['SQLITE_BUSY', 'another process is writing to it: wait until that has ended, then run this again'],
  ['SQLITE_NOTADB', 'not an offchannel store: give the path of one, or a path where there is no file yet'],
  ['SQLITE_CORRUPT', 'damaged: restore it from a backup, or move it away and sweep the inputs again'],
  ['SQLITE_FULL', 'the disk is full: make room, then run this again'],
  ['SQLITE_READONLY', 'cannot be written: make the file and its folder writable, or choose another place'],
  ['SQLITE_CANTOPEN', 'cannot be opened: its folder must exist, and it and its folder be readable and writable'],
  ['SQLITE_IOERR', 'the disk failed or the file system is not a local one: move the store to a local disk'],
  ['EACCES', 'no permission: make the folder of the store writable, or choose another place'],
  ['EPERM', 'no permission: make the folder of the store writable, or choose another place'],
  ['EROFS', 'the file system is read-only: choose another place'],
  ['ENOENT', 'its folder does not exist: create it first'],
  ['ENOTDIR', 'its folder is not a folder: choose another place'],
  ['ENOSPC', 'the disk is full: make room, then run this again'],
]

export function unusable(file: string, words: string, options?: ErrorOptions): OffchannelError {
  return new OffchannelError('store_unusable', `${harmless(file)}: ${words}`, options)
}

/**
 * Runs what uses the store's file. What the machine or the operator can put right is thrown in words; a bug as it is.
 */
export function guarded<T>(file: string, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    throw inWords(file, thrown)
  }
}

/** The error to throw for `thrown`: in words where it is the machine's or the operator's. */
export function inWords(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return thrown
  const code = thrown.code
  const remedy = REMEDIES.find(([known]) => code === known || code.startsWith(`${known}_`))
  return remedy ? unusable(file, `${remedy[1]} (${harmless(messageOf(thrown))})`, { cause: thrown }) : thrown
}
