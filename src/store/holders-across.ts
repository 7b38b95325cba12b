import type { Database } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { type Across, twinOf } from './across.ts'

const WINDOW = `BETWEEN :boundary - ${SESSION_DAYS} AND :boundary + ${SESSION_DAYS} - 1`

const DAYS = (table: string) => `
  SELECT min(day) FROM ${table}
  UNION ALL SELECT (SELECT min(day) FROM ${table} WHERE ${table}.day > days.day) FROM days WHERE days.day IS NOT NULL`

/**
 * Makes an identity of whoever had an address over the end of a period by a log and was not named behind it (or before it):
 * what was seen at that address is theirs. In the order of their tags, so that ids join nobody.
 *
 * @param which those that are to be judged again, or all that have facts.
 */
export function nameHoldersAcross(database: Database, across: Across, which: 'dirty' | 'all'): void {
  const tables = which === 'all' ? ['dirty', 'sighting'] : ['dirty']
  const days = tables.flatMap((table) =>
    database
      .prepare<[], Day | null>(`WITH RECURSIVE days(day) AS (${DAYS(table)}) SELECT day FROM days`)
      .pluck()
      .all(),
  )
  const seen = `
    SELECT identity FROM dirty WHERE day ${WINDOW}
    ${which === 'all' ? `UNION SELECT client FROM party WHERE user = 0 AND id IN (SELECT party FROM sighting WHERE day ${WINDOW})` : ''}`
  const name = database.prepare<[{ boundary: Day }]>(`
    WITH RECURSIVE days(day) AS (
        VALUES(:boundary - ${SESSION_DAYS}) UNION ALL SELECT day + 1 FROM days WHERE day < :boundary + ${SESSION_DAYS} - 1),
      address(id) AS MATERIALIZED (SELECT ${twinOf('seen.id', ':boundary')} FROM (SELECT identity AS id FROM (${seen})) AS seen),
      held(isBefore, holder) AS MATERIALIZED (
        SELECT DISTINCT m.day < :boundary, m.holder FROM address CROSS JOIN days CROSS JOIN session_mark AS m
          ON m.day = days.day AND m.inner = address.id
        WHERE m.user != 0 OR m.device != 0)
    INSERT OR IGNORE INTO identity(kind, tag)
      SELECT DISTINCT kind, iif(isBefore, tag_after(tag, :boundary), tag_before(tag, :boundary)) AS there
      FROM held JOIN identity ON identity.id = held.holder ORDER BY kind, there`)
  for (const boundary of across.boundaries(days.filter((day) => day !== null))) name.run({ boundary })
}
