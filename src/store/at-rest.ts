import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/** Read by the group, or by others. */
const OTHERS_READ = 0o044

/**
 * Leaves a store that others than its owner may read as one file without a write-ahead log, before it is closed: SQLite
 * opens one with a log only for who may write beside it (https://sqlite.org/wal.html#read_only_databases). While somebody
 * reads, the log stays, and they can go on.
 */
export function leaveReadable(database: Database, file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & OTHERS_READ) === 0) return
  try {
    database.pragma('busy_timeout = 0')
    database.pragma('journal_mode = DELETE')
  } catch {
    // Somebody reads it now, by the log that is there.
  }
}
