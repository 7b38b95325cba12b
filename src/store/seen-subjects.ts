import type { Database } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import { type IdentityRow, subjectOf } from './subject.ts'

/** Users and devices of a span of days, as facts name them. */
export interface SeenSubjects {
  /** Named by anything that is kept: what matched a signature, or a lease or tunnel in a log. */
  readonly seen: ReadonlySet<string>
  /** Those with a finding, also one of no concern. */
  readonly found: ReadonlySet<string>
}

/** Reads who was seen at all on these days, both included. */
export function readSeenSubjects(database: Database, from: Day, until: Day): SeenSubjects {
  const span = 'day BETWEEN :from AND :until'
  const read = (ids: string) => {
    const rows = database.prepare<[{ from: Day; until: Day }], IdentityRow>(
      `SELECT kind, tag, clear FROM identity WHERE kind != 'address' AND id IN (${ids})`,
    )
    return new Set(rows.all({ from, until }).map(subjectOf))
  }
  return {
    seen: read(`
      SELECT party.client FROM party WHERE id IN (SELECT DISTINCT party FROM sighting WHERE ${span})
      UNION SELECT party.user FROM party WHERE id IN (SELECT DISTINCT party FROM sighting WHERE ${span})
      UNION SELECT user FROM session_mark WHERE ${span} UNION SELECT device FROM session_mark WHERE ${span}`),
    found: read(`SELECT subject FROM finding WHERE ${span}`),
  }
}
