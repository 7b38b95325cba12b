import type { Database } from 'better-sqlite3'
import type { LastPurge } from '../model/retention.ts'

/** What the audit log has of the last purge, by whoever; undefined before the first. */
export function lastPurge(database: Database): LastPurge | undefined {
  const row = database
    .prepare<[], { at: number; details: string }>(
      "SELECT at, details FROM audit WHERE action = 'purge' ORDER BY seq DESC LIMIT 1",
    )
    .get()
  if (row === undefined) return undefined
  const { reason, identities: _, auditUpTo: __, ...details } = JSON.parse(row.details) as Record<string, unknown>
  const counts = Object.entries(details).filter((one): one is [string, number] => typeof one[1] === 'number')
  return { at: row.at, reason: String(reason), taken: Object.fromEntries(counts) }
}
