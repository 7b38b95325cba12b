import type { Database, Statement } from 'better-sqlite3'
import { type Day, dayOf } from '../base/time.ts'
import type { SessionMark } from '../model/batch.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import type { MarkEvent, MarkKind } from '../model/mark.ts'
import type { Client } from '../model/sighting.ts'
import { type Across, twinOf } from './across.ts'
import type { LocalIds } from './local-ids.ts'
import type { KeepRow } from './tails.ts'

/** Their order is stored: append, never reorder. */
export const MARK_KINDS: readonly MarkKind[] = ['tunnel', 'lease']
export const MARK_EVENTS: readonly MarkEvent[] = ['start', 'alive', 'end']

/** The table of what logs say of tunnels and leases, for writing. */
export class SessionMarks {
  readonly #ids: LocalIds
  readonly #put: Statement
  readonly #dirty: Statement
  readonly #across: Across | undefined
  readonly #dirtyAcross: Statement | undefined

  /** @param across where pseudonyms rotate. */
  constructor(database: Database, ids: LocalIds, across: Across | undefined) {
    this.#ids = ids
    this.#put = database.prepare(`
      INSERT INTO session_mark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET position = min(position, excluded.position)`)
    this.#dirty = database.prepare(dirtyQuery(false))
    this.#across = across
    this.#dirtyAcross = across && database.prepare(dirtyQuery(true))
  }

  /** Merges marks into a reading; gives their days. */
  add(reading: number, marks: readonly SessionMark[], keep?: KeepRow): { readonly day: Day }[] {
    const rows = marks.map((mark) => ({ mark, day: dayOf(mark.time), inner: this.#identity(mark.inner) }))
    rows.sort((a, b) => a.day - b.day || a.inner - b.inner)
    for (const { mark, day, inner } of rows) {
      const key = [
        ...[day, inner, MARK_KINDS.indexOf(mark.kind), mark.time, MARK_EVENTS.indexOf(mark.event)],
        ...[this.#identity(mark.outer), this.#identity(mark.user), this.#identity(mark.device)],
        ...[mark.since, mark.until, this.#ids.gateway(mark.gateway), mark.protocol, reading],
      ]
      keep?.('session_mark', key)
      this.#put.run(...key, mark.position)
    }
    return rows
  }

  /**
   * Marks every subject-day as to be judged that a reading's marks of these days bear on.
   *
   * @param after only those that were first met behind this line.
   */
  markDirty(reading: number, first: Day, last: Day, after = -1): void {
    const dirty = this.#across?.isNear(first, last) ? this.#dirtyAcross! : this.#dirty
    dirty.run({ reading, first, last, after })
  }

  #identity(client: Client | undefined): number {
    return client === undefined ? 0 : this.#ids.identity(client)
  }
}

const there = (of: string, column: string) => `coalesce(${twinOf(`${of}.${column}`, `${of}.day`)}, 0)`

/** The same of whoever it was on the other side of the end of a period of pseudonyms; 0 for whom the store does not know. */
const TOLD_ACROSS = `
  UNION SELECT day, kind, ${['inner', 'outer', 'user', 'device', 'holder'].map((one) => there('said', one)).join(', ')}
  FROM said`
const REACH_ACROSS = `UNION SELECT day, ${there('met', 'id')}, ${there('met', 'address')} FROM met`

/**
 * A lease bears on what was seen at its address. A tunnel bears on what was seen at either end of it, and wherever
 * else its holder was: its end may stand in one record and the address in another. Where something was seen there,
 * the holder is to be judged as well, also one who had the address by this reading only, which may be going away.
 * Where the tunnel goes is for judgement to say, so its holder is to be judged on its days, seen
 * or not.
 *
 * @param isAcross whether a period of pseudonyms ends near these days.
 */
function dirtyQuery(isAcross: boolean): string {
  return `
  WITH RECURSIVE said AS MATERIALIZED (
    SELECT DISTINCT day, kind, inner, outer, user, device, holder FROM session_mark
    WHERE reading = :reading AND day BETWEEN :first AND :last AND position > :after),
  told AS MATERIALIZED (SELECT * FROM said ${isAcross ? TOLD_ACROSS : ''}),
  person(day, id) AS (
    SELECT day, holder FROM told WHERE kind = 0 UNION SELECT day, device FROM told WHERE kind = 0 AND device != 0),
  met(day, id, address) AS (
    SELECT day, holder, inner FROM told UNION SELECT day, holder, outer FROM told
    UNION SELECT day, id, id FROM person
    UNION SELECT person.day, person.id, other.inner FROM person CROSS JOIN session_mark AS other
      ON other.holder = person.id
        AND other.day BETWEEN person.day - 2 * ${SESSION_DAYS} AND person.day + 2 * ${SESSION_DAYS}),
  reach(day, id, address) AS ${isAcross ? 'MATERIALIZED ' : ''}(SELECT * FROM met ${isAcross ? REACH_ACROSS : ''}),
  sighted(day) AS (
    SELECT min(day) FROM sighting WHERE day >= :first - ${SESSION_DAYS}
    UNION ALL SELECT (SELECT min(day) FROM sighting WHERE day > sighted.day) FROM sighted
    WHERE day < :last + ${SESSION_DAYS}),
  touched(day, id, subject) AS (
    SELECT sighted.day, reach.id, party.subject
    FROM reach CROSS JOIN party ON party.client = reach.address
      CROSS JOIN sighted ON sighted.day BETWEEN reach.day - ${SESSION_DAYS} AND reach.day + ${SESSION_DAYS}
    WHERE EXISTS (SELECT 1 FROM sighting WHERE sighting.day = sighted.day AND sighting.party = party.id)
    UNION
    SELECT sighted.day, party.subject, party.subject
    FROM person CROSS JOIN party ON party.subject = person.id
      CROSS JOIN sighted ON sighted.day BETWEEN person.day - ${SESSION_DAYS} AND person.day + ${SESSION_DAYS}
    WHERE EXISTS (SELECT 1 FROM sighting WHERE sighting.day = sighted.day AND sighting.party = party.id)),
  tunnelled(day, id) AS (
    SELECT DISTINCT other.day, person.id FROM person CROSS JOIN session_mark AS other
      ON other.holder = person.id AND other.kind = 0
        AND other.day BETWEEN person.day - ${SESSION_DAYS} AND person.day + ${SESSION_DAYS})
  INSERT OR IGNORE INTO dirty
    SELECT day, id FROM (SELECT day, id FROM touched UNION SELECT day, subject FROM touched
      UNION SELECT day, id FROM tunnelled)
    ${isAcross ? 'WHERE id != 0' : ''}`
}
