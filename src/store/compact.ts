import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Database } from 'better-sqlite3'

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
  return { walRemains: result?.busy !== 0, backups: backupsOf(file) }
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
