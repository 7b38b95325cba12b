import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'
import { getMeta, setMeta } from './open.ts'

/** Key of the setting that says that it is still to be done. */
const OWED = 'uncompacted'

/** What is left of what was taken out of a store. */
export interface Compacted {
  /** Somebody was reading: the write-ahead log still has pages as they were. */
  readonly walRemains: boolean
  /** Copies of the store as it was before it was brought up to date. */
  readonly backups: readonly string[]
}

/** Makes SQLite overwrite what it deletes, https://sqlite.org/pragma.html#pragma_secure_delete. */
export function deleteSecurely(database: Database): void {
  database.pragma('secure_delete = ON')
}

/**
 * Writes the file anew, so that nothing deleted is left in a page, and empties the write-ahead log. It takes as much room
 * again as the store has.
 */
export function compact(database: Database, file: string): Compacted {
  database.exec('VACUUM')
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[]
  const walRemains = result?.busy !== 0
  if (!walRemains) database.prepare('DELETE FROM meta WHERE key = ?').run(OWED)
  return { walRemains, backups: backupsOf(file) }
}

/** Enters, in the transaction that takes something out, that `compact` is to follow. */
export function oweCompacting(database: Database): void {
  setMeta(database, OWED, '1')
}

/** Whether what was taken out may still be in the file: whoever did it was broken off before `compact`. */
export function owesCompacting(database: Database): boolean {
  return getMeta(database, OWED) !== undefined
}

function backupsOf(file: string): string[] {
  const folder = path.dirname(file)
  const name = `${path.basename(file)}.before-`
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((one) => one.startsWith(name))
    .sort()
    .map((one) => path.join(folder, one))
}
