import type { Database, Statement } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import { compareSessionMarks, SESSION_DAYS, type StoredSessionMark } from '../model/facts.ts'
import type { Reading } from '../model/reading.ts'
import { MARK_EVENTS, MARK_KINDS } from './session-marks.ts'

/** Common table expressions: the days on which sessions that bear on `:day` are looked for, where a log told of any. */
export const NEAR = `
  days(day) AS (VALUES(:day - ${SESSION_DAYS}) UNION ALL SELECT day + 1 FROM days WHERE day < :day + ${SESSION_DAYS}),
  near(day) AS MATERIALIZED (
    SELECT day FROM days WHERE EXISTS (SELECT 1 FROM session_mark WHERE session_mark.day = days.day))`

/** That a mark's day is one of them, where an index leads to it by something else. */
export const IS_NEAR = `BETWEEN :day - ${SESSION_DAYS} AND :day + ${SESSION_DAYS}`

const SELECT = `
  SELECT reading, kind, event, at, since, until, outer, inner, user, device, holder, gateway, protocol, position
  FROM session_mark`

type MarkRow = readonly [
  reading: number,
  kind: number,
  event: number,
  at: number,
  since: number,
  until: number,
  outer: number,
  inner: number,
  user: number,
  device: number,
  holder: number,
  gateway: number,
  protocol: string,
  position: number,
]

/** What local ids stand for. */
export interface Names {
  /** Undefined for a reading that does not count. */
  reading(id: number): Reading | undefined
  gateway(id: number): string
  identity(id: number): string
}

/** Reads the tunnels and leases that bear on what was seen of a subject on a day. */
export class NearSessions {
  readonly #names: Names
  readonly #nearDays: Statement<unknown[], Day>
  readonly #byInner: Statement<unknown[], MarkRow>
  readonly #tunnelsByOuter: Statement<unknown[], MarkRow>
  readonly #tunnelsByHolder: Statement<unknown[], MarkRow>
  readonly #tunnelsByDevice: Statement<unknown[], MarkRow>

  constructor(database: Database, names: Names) {
    const rows = (where: string) => database.prepare<unknown[], MarkRow>(`${SELECT} WHERE ${where}`).raw()
    this.#names = names
    this.#nearDays = database.prepare<unknown[], Day>(`WITH RECURSIVE ${NEAR} SELECT day FROM near`).pluck()
    this.#byInner = rows('day = :near AND inner = :id')
    this.#tunnelsByOuter = rows(`outer != 0 AND outer = :id AND day ${IS_NEAR} AND kind = 0`)
    this.#tunnelsByHolder = rows(`holder = :id AND day ${IS_NEAR} AND kind = 0`)
    this.#tunnelsByDevice = rows(`device != 0 AND user != 0 AND device = :id AND day ${IS_NEAR} AND kind = 0`)
  }

  /** The days that sessions are looked for on which bear on a day; none where no log told of any. */
  daysNear(day: Day): readonly Day[] {
    return this.#nearDays.all({ day })
  }

  /**
   * Each once, in an order that is the same on every machine.
   *
   * @param near what `daysNear` gave.
   */
  of(day: Day, near: readonly Day[], subject: number, addresses: ReadonlySet<number>): readonly StoredSessionMark[] {
    const found: MarkRow[] = [...this.#tunnelsByDevice.all({ day, id: subject })]
    for (const id of addresses) {
      for (const one of near) for (const row of this.#byInner.all({ near: one, id })) found.push(row)
      for (const row of this.#tunnelsByOuter.all({ day, id })) found.push(row)
    }
    // The end of a tunnel names its holder, and not always its addresses.
    const holders = new Set([subject])
    for (const [, kind, , , , , , , , , holder] of found) if (kind === 0) holders.add(holder)
    for (const id of holders) for (const row of this.#tunnelsByHolder.all({ day, id })) found.push(row)
    return found
      .flatMap((row) => this.#mark(row) ?? [])
      .sort(compareSessionMarks)
      .filter((mark, i, all) => i === 0 || compareSessionMarks(all[i - 1]!, mark) !== 0)
  }

  #mark(row: MarkRow): StoredSessionMark | undefined {
    const names = this.#names
    const [readingId, kind, event, time, since, until, outer, inner, user, device, , gateway, protocol, position] = row
    const reading = names.reading(readingId)
    return (
      reading && {
        reading,
        kind: MARK_KINDS[kind]!,
        event: MARK_EVENTS[event]!,
        time,
        since,
        until,
        outer: names.identity(outer),
        inner: names.identity(inner),
        user: names.identity(user),
        device: names.identity(device),
        gateway: names.gateway(gateway),
        protocol,
        position,
      }
    )
  }
}
