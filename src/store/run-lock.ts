import { closeSync, existsSync, openSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'

/** Milliseconds that a run waits for one that is just ending. */
const PATIENCE = 1000

/**
 * Keeps a second writing run out for as long as this one lives: an exclusive transaction on an empty SQLite file beside
 * the store. The operating system ends it with the process, however that ends; the empty file stays.
 */
export class RunLock {
  readonly #database: Database

  /** Throws SQLITE_BUSY where another run, of this process or another, holds it. */
  constructor(storeFile: string) {
    const file = `${storeFile}.lock`
    createPrivate(file)
    this.#database = new Sqlite(file, { fileMustExist: true, timeout: PATIENCE })
    try {
      // Nothing is ever written to it: a journal beside it would only be left behind by a run that is killed.
      this.#database.pragma('journal_mode = MEMORY')
      this.#database.exec('BEGIN EXCLUSIVE')
    } catch (thrown) {
      this.#database.close()
      throw thrown
    }
  }

  /** Whether a run holds it now. */
  static isHeld(storeFile: string): boolean {
    const file = `${storeFile}.lock`
    if (!existsSync(file)) return false
    const database = new Sqlite(file, { fileMustExist: true, timeout: 0 })
    try {
      database.pragma('journal_mode = MEMORY')
      database.exec('BEGIN EXCLUSIVE')
      return false
    } catch (thrown) {
      if ((thrown as { code?: string }).code === 'SQLITE_BUSY') return true
      throw thrown
    } finally {
      database.close()
    }
  }

  release(): void {
    this.#database.close()
  }
}

/**
 * Creates an empty file that only its owner may read; one that is there stays untouched, and is not even opened:
 * closing it would end the locks that this process holds on it (POSIX fcntl).
 */
export function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
}
