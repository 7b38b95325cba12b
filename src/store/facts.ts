import type { Database, Statement } from 'better-sqlite3'
import { type Day, dayOf, MICROS_PER_QUARTER, QUARTERS_PER_DAY } from '../base/time.ts'
import type { Answer, Batch, Mark } from '../model/batch.ts'
import type { Sighting } from '../model/sighting.ts'
import { type Across, twinOf } from './across.ts'
import { factsFrom, KeptOut } from './kept-out.ts'
import type { LocalIds } from './local-ids.ts'
import { SessionMarks } from './session-marks.ts'
import { type KeepRow, Tails } from './tails.ts'
import { packTrait } from './trait.ts'

/** The days that facts of a reading lie on, both included. */
export interface DaySpan {
  readonly first: Day
  readonly last: Day
}

/**
 * The largest sum that JavaScript counts exactly, 2^53 - 1: sums stop there, so that no input can make them overflow.
 */
const MOST = String(Number.MAX_SAFE_INTEGER)

/** On the day beside it, where a period of pseudonyms may have ended between. */
const BESIDE = twinOf('marked.client', 'marked.day')

/**
 * The tables of facts: adds batches to a reading, deletes a reading's facts, marks what they bear on as to be judged.
 */
export class Facts {
  readonly #ids: LocalIds
  readonly #sessions: SessionMarks
  readonly #sighting: Statement
  readonly #mark: Statement
  readonly #answer: Statement
  readonly #sameAnswer: Statement
  readonly #coverage: Statement
  readonly #tails: Tails
  readonly #keptOut: KeptOut
  readonly #database: Database
  readonly #carryOver: readonly Statement[]
  readonly #absorb: readonly Statement[]
  readonly #absorbCoverage: Statement
  readonly #dirtyParty: Statement
  readonly #dirty: readonly Statement[]
  readonly #delete: readonly Statement[]
  readonly #deleteCoverage: Statement

  /** @param across where pseudonyms rotate. */
  constructor(database: Database, ids: LocalIds, across: Across | undefined) {
    this.#ids = ids
    this.#sessions = new SessionMarks(database, ids, across)
    this.#tails = new Tails(database)
    this.#keptOut = new KeptOut(database)
    this.#database = database
    this.#carryOver = ['sighting', 'mark', 'session_mark', 'answer'].map((table) =>
      database.prepare(`UPDATE OR REPLACE ${table} SET reading = :into WHERE reading = :from AND day < :before`),
    )
    const mergeSighting = `
      ON CONFLICT DO UPDATE SET
        mask = mask | excluded.mask,
        count = min(count + excluded.count, ${MOST}),
        up = CASE WHEN up < 0 THEN excluded.up WHEN excluded.up < 0 THEN up ELSE min(up + excluded.up, ${MOST}) END,
        down = CASE WHEN down < 0 THEN excluded.down WHEN excluded.down < 0 THEN down
          ELSE min(down + excluded.down, ${MOST}) END,
        first_at = CASE WHEN excluded.first < first THEN excluded.first_at WHEN excluded.first > first THEN first_at
          ELSE min(first_at, excluded.first_at) END,
        last_at = CASE WHEN excluded.last > last THEN excluded.last_at WHEN excluded.last < last THEN last_at
          ELSE max(last_at, excluded.last_at) END,
        first = min(first, excluded.first),
        last = max(last, excluded.last)`
    this.#sighting = database.prepare(`
      INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${mergeSighting}`)
    this.#mark = database.prepare(`
      INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET
        mask = mask | excluded.mask,
        count = min(count + excluded.count, ${MOST}),
        first_at = min(first_at, excluded.first_at)`)
    this.#answer = database.prepare(
      'INSERT INTO answer VALUES (:day, :client, :address, :start, :indicator, :reading, :until)',
    )
    this.#sameAnswer = database.prepare(`
      UPDATE answer SET start = min(start, :start), until = max(until, :until)
      WHERE day = :day AND client = :client AND address = :address AND start >= :quarter AND start < :next
        AND indicator = :indicator AND reading = :reading`)
    const mergeCoverage = `ON CONFLICT DO UPDATE SET count = min(count + excluded.count, ${MOST})`
    this.#coverage = database.prepare(`INSERT INTO coverage VALUES (?, ?, ?) ${mergeCoverage}`)
    const isFrom = 'WHERE reading = :from AND day BETWEEN :first AND :last'
    this.#absorb = [
      database.prepare(`
        INSERT INTO sighting SELECT day, party, trait, slot, :into, mask, count, up, down, first, last, first_at, last_at
        FROM sighting ${isFrom} ${mergeSighting}`),
      database.prepare(`
        INSERT INTO session_mark SELECT day, inner, kind, at, event, outer, user, device, since, until, gateway, protocol,
          :into, position
        FROM session_mark ${isFrom} ON CONFLICT DO UPDATE SET position = min(position, excluded.position)`),
      // Those of a quarter-hour are one answer.
      database.prepare(`
        UPDATE answer SET start = min(answer.start, new.start), until = max(answer.until, new.until)
        FROM (SELECT * FROM answer ${isFrom}) AS new
        WHERE answer.reading = :into AND answer.day = new.day AND answer.client = new.client
          AND answer.address = new.address AND answer.indicator = new.indicator
          AND answer.start / ${MICROS_PER_QUARTER} = new.start / ${MICROS_PER_QUARTER}`),
      database.prepare(`
        INSERT INTO answer SELECT day, client, address, start, indicator, :into, until FROM answer AS new
        ${isFrom} AND NOT EXISTS (SELECT 1 FROM answer WHERE reading = :into AND day = new.day AND client = new.client
          AND address = new.address AND indicator = new.indicator
          AND start / ${MICROS_PER_QUARTER} = new.start / ${MICROS_PER_QUARTER})`),
    ]
    this.#absorbCoverage = database.prepare(`
      INSERT INTO coverage SELECT :into, reason, count FROM coverage WHERE reading = :from ${mergeCoverage}`)
    this.#dirtyParty = database.prepare('INSERT OR IGNORE INTO dirty SELECT ?, subject FROM party WHERE id = ?')
    this.#dirty = [
      database.prepare(`
        INSERT OR IGNORE INTO dirty
        SELECT seen.day, party.subject
        FROM (SELECT DISTINCT day, party FROM sighting WHERE reading = ? AND day BETWEEN ? AND ?) AS seen
        JOIN party ON party.id = seen.party`),
      // A mark bears on whoever was seen at its address that day; near midnight, on the neighbouring day as well.
      database.prepare(`
        WITH marked AS (SELECT DISTINCT day, client, slot < 4 AS early, slot >= 92 AS late
          FROM mark WHERE reading = ? AND day BETWEEN ? AND ?),
        near AS (SELECT day, client FROM marked UNION SELECT day - 1, client FROM marked WHERE early
          UNION SELECT day + 1, client FROM marked WHERE late
          ${
            across === undefined
              ? ''
              : `UNION SELECT day - 1, ${BESIDE} FROM marked WHERE early
            UNION SELECT day + 1, ${BESIDE} FROM marked WHERE late`
          })
        INSERT OR IGNORE INTO dirty
        SELECT near.day, party.subject FROM near CROSS JOIN party ON party.client = near.client
        WHERE EXISTS (SELECT 1 FROM sighting WHERE day = near.day AND party = party.id)`),
    ]
    this.#delete = ['sighting', 'mark', 'session_mark', 'answer'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE reading = ? AND day BETWEEN ? AND ?`),
    )
    this.#deleteCoverage = database.prepare('DELETE FROM coverage WHERE reading = ?')
  }

  /** Merges a batch into the facts of a reading; gives the days it spans, undefined where it has nothing of a day. */
  add(reading: number, batch: Batch): DaySpan | undefined {
    return this.#add(reading, batch, false)
  }

  /**
   * Merges more of a log that grew into the facts of its reading, and marks what it bears on as to be judged.
   *
   * @param after the lines that stand before.
   */
  addMore(reading: number, batch: Batch, after: number): DaySpan | undefined {
    const span = this.#add(reading, batch, true)
    if (span && batch.sessions.length > 0) this.#sessions.markDirty(reading, span.first, span.last, after)
    return span
  }

  /** The same of the last line of a log, which has no end yet: it can be taken back. */
  addTail(reading: number, batch: Batch, after: number): DaySpan | undefined {
    const span = this.#add(reading, batch, true, this.#tails.keeping(reading))
    if (span && batch.sessions.length > 0) this.#sessions.markDirty(reading, span.first, span.last, after)
    return span
  }

  /** Takes back the last line that had no end, and marks what it bore on. */
  takeBackTail(reading: number, after: number): void {
    const tail = this.#tails.of(reading)
    if (tail) {
      for (const { day, party } of tail.parties) this.#dirtyParty.run(day, party)
      this.#sessions.markDirty(reading, tail.first, tail.last, after)
    }
    this.#tails.takeBack(reading)
  }

  /** Merges the facts of one log's reading into another's, and marks what they bear on. */
  absorb(from: number, into: number, span: DaySpan | undefined): void {
    this.#absorbCoverage.run({ from, into })
    if (!span) return
    this.markDirty(from, span)
    for (const statement of this.#absorb) statement.run({ from, into, ...span })
  }

  /**
   * Hands what a hold keeps of days that were purged from one reading to the one that takes its place: reading the input
   * again does not give it. Gives whether there was any.
   */
  carryOver(from: number, into: number): boolean {
    const before = factsFrom(this.#database)
    if (before === 0) return false
    return this.#carryOver.map((statement) => statement.run({ from, into, before }).changes).some((count) => count > 0)
  }

  #add(reading: number, given: Batch, dirty: boolean, keep?: KeepRow): DaySpan | undefined {
    const batch = this.#keptOut.without(given)
    const sightings = this.#addSightings(reading, batch.sightings, dirty, keep)
    const marks = this.#addMarks(reading, batch.marks)
    const sessions = spanOf(this.#sessions.add(reading, batch.sessions, keep))
    const answers = this.#addAnswers(reading, batch.answers, keep)
    for (const { reason, count } of batch.coverage) {
      keep?.('coverage', [reading, reason])
      this.addCoverage(reading, reason, count)
    }
    return widened(widened(sightings, marks), widened(sessions, answers))
  }

  addCoverage(reading: number, reason: string, count: number): void {
    this.#coverage.run(reading, reason, bounded(count))
  }

  /** Marks every subject-day as to be judged that facts of the reading bear on. */
  markDirty(reading: number, span: DaySpan): void {
    for (const statement of this.#dirty) statement.run(reading, span.first, span.last)
    this.#sessions.markDirty(reading, span.first, span.last)
  }

  delete(reading: number, span: DaySpan | undefined): void {
    if (span) for (const statement of this.#delete) statement.run(reading, span.first, span.last)
    this.#deleteCoverage.run(reading)
    this.#tails.forget(reading)
  }

  #addSightings(
    reading: number,
    sightings: readonly Sighting[],
    dirty: boolean,
    keep: KeepRow | undefined,
  ): DaySpan | undefined {
    const rows = sightings.map((sighting) => ({
      sighting,
      day: Math.floor(sighting.quarter / QUARTERS_PER_DAY),
      slot: sighting.quarter % QUARTERS_PER_DAY,
      party: this.#ids.party(sighting),
      trait: packTrait(this.#ids.indicator(sighting.indicator, sighting.app), sighting.means, sighting.action),
    }))
    // In the order of the key: half as much again a second, because the same pages are written at a time.
    rows.sort((a, b) => a.day - b.day || a.party - b.party || a.trait - b.trait || a.slot - b.slot)
    for (const { sighting, day, slot, party, trait } of rows) {
      keep?.('sighting', [day, party, trait, slot, reading])
      if (dirty) this.#dirtyParty.run(day, party)
      const start = sighting.quarter * MICROS_PER_QUARTER
      this.#sighting.run(
        day,
        party,
        trait,
        slot,
        reading,
        sighting.mask,
        bounded(sighting.count),
        bounded(sighting.bytesUp),
        bounded(sighting.bytesDown),
        sighting.first - start,
        sighting.last - start,
        sighting.firstAt,
        sighting.lastAt,
      )
    }
    return spanOf(rows)
  }

  #addMarks(reading: number, marks: readonly Mark[]): DaySpan | undefined {
    const rows = marks.map((mark) => ({
      mark,
      day: Math.floor(mark.quarter / QUARTERS_PER_DAY),
      slot: mark.quarter % QUARTERS_PER_DAY,
      client: this.#ids.identity(mark.client),
      gateway: this.#ids.gateway(mark.gateway),
    }))
    rows.sort((a, b) => a.day - b.day || a.client - b.client || a.gateway - b.gateway || a.slot - b.slot)
    for (const { mark, day, slot, client, gateway } of rows)
      this.#mark.run(day, client, gateway, slot, reading, mark.mask, bounded(mark.count), mark.firstAt)
    return spanOf(rows)
  }

  #addAnswers(reading: number, answers: readonly Answer[], keep: KeepRow | undefined): DaySpan | undefined {
    const rows = answers.map((answer) => ({
      answer,
      day: dayOf(answer.start),
      client: this.#ids.identity(answer.client),
      indicator: this.#ids.indicator(answer.indicator, answer.app),
    }))
    rows.sort((a, b) => a.day - b.day || a.client - b.client)
    for (const { answer, day, client, indicator } of rows) {
      const { address, start, until } = answer
      const quarter = start - (start % MICROS_PER_QUARTER)
      const row = {
        day,
        client,
        address,
        start,
        indicator,
        reading,
        until,
        quarter,
        next: quarter + MICROS_PER_QUARTER,
      }
      keep?.('answer', [day, client, address, quarter, indicator, reading])
      // Those of a quarter-hour are one answer, in however many batches they come.
      if (this.#sameAnswer.run(row).changes === 0) this.#answer.run(row)
    }
    return spanOf(rows)
  }
}

/** The span that holds both. */
export function widened(a: DaySpan | undefined, b: DaySpan | undefined): DaySpan | undefined {
  if (!a || !b) return a ?? b
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) }
}

/** Of rows sorted by day. */
function spanOf(rows: readonly { readonly day: Day }[]): DaySpan | undefined {
  return rows.length === 0 ? undefined : { first: rows[0]!.day, last: rows.at(-1)!.day }
}

function bounded(count: number): number {
  return Math.min(count, Number.MAX_SAFE_INTEGER)
}
