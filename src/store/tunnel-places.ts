import type { Database, Statement } from 'better-sqlite3'
import { QUARTERS_PER_DAY } from '../base/time.ts'
import type { TunnelPlace } from '../model/evidence-piece.ts'
import { IDLE_MINUTES } from '../model/mark.ts'
import type { SeenAt } from './seen-at.ts'
import { subjectOf } from './subject.ts'

const MINUTES_PER_QUARTER = 15

type Row = Parameters<typeof subjectOf>[0] & { readonly quarter: number; readonly mask: number }

/** Finds what shows that the tunnel of a sighting's client was up, as the same reading of the same capture tells. */
export class TunnelPlaces {
  readonly #marks: Statement<[SeenAt], Row>

  constructor(database: Database) {
    const quarter = `mark.day * ${QUARTERS_PER_DAY} + mark.slot`
    this.#marks = database.prepare(`
      SELECT ${quarter} AS quarter, mark.mask, identity.kind, identity.tag
      FROM mark JOIN identity ON identity.id = mark.client
      WHERE mark.day IN (:day - 1, :day, :day + 1) AND mark.client = :client AND mark.reading = :reading
        AND ${quarter} BETWEEN :quarter - 1 AND :quarter + 1`)
  }

  /**
   * Of the first and the last minute of a sighting in which its client's tunnel was up: that minute, or the two around it with no more
   * silence between than a tunnel has that is up. None where the capture shows none.
   */
  behind(seen: SeenAt, input: string): TunnelPlace[] {
    const rows = this.#marks.all(seen)
    const [one] = rows
    if (one === undefined) return []
    const marked = [...new Set(rows.flatMap((row) => minutesOf(row.quarter, row.mask)))].sort((a, b) => a - b)
    const up = minutesOf(seen.quarter, seen.mask).flatMap((minute) => {
      const before = marked.findLast((other) => other <= minute)
      const after = marked.find((other) => other >= minute)
      return before === undefined || after === undefined || after - before - 1 > IDLE_MINUTES ? [] : [[before, after]]
    })
    const told = new Set([...(up[0] ?? []), ...(up.at(-1) ?? [])])
    return [...told].map((minute) => ({ input, client: subjectOf(one), minute }))
  }
}

function minutesOf(quarter: number, mask: number): number[] {
  const minutes = Array.from({ length: MINUTES_PER_QUARTER }, (_, n) => n).filter((n) => (mask & (1 << n)) !== 0)
  return minutes.map((n) => quarter * MINUTES_PER_QUARTER + n)
}
