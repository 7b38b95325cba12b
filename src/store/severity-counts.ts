import type { Database } from 'better-sqlite3'
import { SEVERITIES, type Severity } from '../model/finding.ts'

/** How many findings there are of each severity, also of those that have none. */
export function severityCounts(database: Database): Record<Severity, number> {
  const statement = database.prepare<[number], number>('SELECT count(*) FROM finding WHERE severity = ?').pluck()
  const counts = SEVERITIES.map((severity, stored) => [severity, statement.get(stored)])
  return Object.fromEntries(counts) as Record<Severity, number>
}
