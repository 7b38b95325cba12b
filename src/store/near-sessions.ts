import type { Database, Statement } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import { compareSessionMarks, SESSION_DAYS, type StoredSessionMark } from '../model/facts.ts'
import type { Reading } from '../model/reading.ts'
import type { NamesAcross } from './names-across.ts'
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
  /** Undefined for a day that no period of pseudonyms ends near. */
  across(day: Day): NamesAcross | undefined
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
   * Each once, in an order that is the same on every machine. Where a period of pseudonyms ends near the day, those of the
   * other side are among them under the names of this one, and without where they stand.
   *
   * @param near what `daysNear` gave.
   */
  of(day: Day, near: readonly Day[], subject: number, addresses: ReadonlySet<number>): readonly StoredSessionMark[] {
    const across = this.#names.across(day)
    const own = this.#at(day, near, subject, addresses)
    const twins = across && new Set([...addresses].flatMap((id) => across.twin(id) ?? []))
    const others = twins === undefined ? [] : this.#at(day, near, across!.twin(subject), twins)
    // The end of a tunnel names its holder, and not always its addresses.
    const holders = holdersOf(own).add(subject)
    const otherHolders = holdersOf(others)
    if (across !== undefined) {
      const there = [...holders].flatMap((id) => across.twin(id) ?? [])
      const here = [...otherHolders].flatMap((id) => across.twin(id) ?? [])
      for (const id of there) otherHolders.add(id)
      for (const id of here) holders.add(id)
    }
    for (const id of holders) for (const row of this.#tunnelsByHolder.all({ day, id })) own.push(row)
    for (const id of otherHolders) for (const row of this.#tunnelsByHolder.all({ day, id })) others.push(row)
    return own
      .flatMap((row) => this.#mark(row, across, false) ?? [])
      .concat(others.flatMap((row) => this.#mark(row, across, true) ?? []))
      .sort(compareSessionMarks)
      .filter((mark, i, all) => i === 0 || compareSessionMarks(all[i - 1]!, mark) !== 0)
  }

  /** What stands under these ids, apart from other tunnels of whoever had one. */
  #at(day: Day, near: readonly Day[], subject: number | undefined, addresses: ReadonlySet<number>): MarkRow[] {
    const found: MarkRow[] = subject === undefined ? [] : [...this.#tunnelsByDevice.all({ day, id: subject })]
    for (const id of addresses) {
      for (const one of near) for (const row of this.#byInner.all({ near: one, id })) found.push(row)
      for (const row of this.#tunnelsByOuter.all({ day, id })) found.push(row)
    }
    return found
  }

  #mark(row: MarkRow, across: NamesAcross | undefined, isOther: boolean): StoredSessionMark | undefined {
    const names = this.#names
    const [readingId, kind, event, time, since, until, outer, inner, user, device, , gateway, protocol, position] = row
    const reading = names.reading(readingId)
    const nameOf = (id: number) => (isOther ? across!.identity(id, time) : names.identity(id))
    return (
      reading && {
        reading,
        kind: MARK_KINDS[kind]!,
        event: MARK_EVENTS[event]!,
        time,
        since,
        until,
        outer: nameOf(outer),
        inner: nameOf(inner),
        user: nameOf(user),
        device: nameOf(device),
        gateway: names.gateway(gateway),
        protocol,
        position: isOther ? 0 : position,
        ...(across && { period: across.period }),
      }
    )
  }
}

function holdersOf(rows: readonly MarkRow[]): Set<number> {
  return new Set(rows.flatMap(([, kind, , , , , , , , , holder]) => (kind === 0 ? [holder] : [])))
}
