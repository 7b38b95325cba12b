import type { Database } from 'better-sqlite3'
import { SEVERITIES } from '../model/finding.ts'
import type { Tombstone } from '../model/retention.ts'

type Row = Omit<Tombstone, 'severity' | 'bypass'> & { readonly severity: number; readonly bypass: number }

/** Findings that were taken out, by day and app, without whose they were. */
export function readTombstones(database: Database): Tombstone[] {
  return database
    .prepare<[], Row>(
      'SELECT why, day, app, severity, bypass, findings FROM tombstone ORDER BY day, app, severity, why',
    )
    .all()
    .map((row) => ({ ...row, severity: SEVERITIES[row.severity]!, bypass: row.bypass === 1 }))
}
