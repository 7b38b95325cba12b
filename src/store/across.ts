import type { Database } from 'better-sqlite3'
import { boundaryNear, type Period, periodOf, type Rotation } from '../base/period.ts'
import { PeriodTags } from '../base/period-tags.ts'
import { type Day, MICROS_PER_DAY, type Micros } from '../base/time.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { parseSubject } from './subject.ts'

/**
 * Joins the two pseudonyms that a client has on either side of the end of a period, under the store's key, for what goes
 * on over it. Nothing of it is stored: whoever has the store alone cannot join them.
 */
export class Across {
  readonly rotation: Rotation
  readonly #tags: PeriodTags

  constructor(key: Uint8Array, rotation: Rotation) {
    this.rotation = rotation
    this.#tags = new PeriodTags(key, rotation)
  }

  /** The first day behind a period's end, where sessions of a day may reach over it; else undefined. */
  boundary(day: Day): Day | undefined {
    return boundaryNear(day, SESSION_DAYS, this.rotation)
  }

  /** The same, where those of any of these days may; each once. */
  boundaries(days: Iterable<Day>): ReadonlySet<Day> {
    const found = new Set<Day>()
    for (const day of days) {
      const boundary = this.boundary(day)
      if (boundary !== undefined) found.add(boundary)
    }
    return found
  }

  /** Whether a period ends near any of these days, both included. */
  isNear(first: Day, last: Day): boolean {
    if (this.boundary(first) !== undefined || this.boundary(last) !== undefined) return true
    return this.period(first).name !== this.period(last).name
  }

  period(day: Day): Period {
    return periodOf(day * MICROS_PER_DAY, this.rotation)
  }

  /** What a tag of the period before a boundary is in the one behind it. */
  after(tag: Uint8Array, boundary: Day): Buffer {
    return this.#move(tag, boundary * MICROS_PER_DAY - 1, boundary * MICROS_PER_DAY)
  }

  /** What a tag of the period behind a boundary is in the one before it. */
  before(tag: Uint8Array, boundary: Day): Buffer {
    return this.#move(tag, boundary * MICROS_PER_DAY, boundary * MICROS_PER_DAY - 1)
  }

  /** What a tag of the period of one time is in that of another. */
  #move(tag: Uint8Array, from: Micros, to: Micros): Buffer {
    const lasting = this.#tags.at(from).lasting(tag)
    return this.#tags.at(to).of(lasting)
  }

  /** What a tag of the period of a time would be for ever. */
  lasting(tag: Uint8Array, time: Micros): Buffer {
    return this.#tags.at(time).lasting(tag)
  }

  /** What a tag that would be one for ever is in the period of a time. */
  of(lasting: Uint8Array, time: Micros): Buffer {
    return this.#tags.at(time).of(lasting)
  }

  /**
   * Lets queries of a connection ask: `tag_after(tag, day)` and `tag_before(tag, day)`, NULL where no period ends near
   * the day, and `lasting_tag(tag, time)`.
   */
  register(database: Database): void {
    const moved = (move: (tag: Uint8Array, boundary: Day) => Buffer) => (tag: Uint8Array, day: Day) => {
      const boundary = this.boundary(day)
      return boundary === undefined ? null : move(tag, boundary)
    }
    const options = { deterministic: true }
    database.function(
      'tag_after',
      options,
      moved((tag, boundary) => this.after(tag, boundary)),
    )
    database.function(
      'tag_before',
      options,
      moved((tag, boundary) => this.before(tag, boundary)),
    )
    database.function('lasting_tag', options, (tag: Uint8Array, time: Micros) => this.lasting(tag, time))
  }
}

/** What a subject of a day, `user-` and its tag, would be called if pseudonyms did not rotate; as it is, where it is none. */
export function lastingName(across: Across, subject: string, day: Day): string {
  const parsed = parseSubject(subject)
  if (parsed === undefined) return subject
  return `${parsed.kind}-${across.lasting(parsed.tag, day * MICROS_PER_DAY).toString('hex')}`
}

/**
 * SQL for the identity that the same client has on the other side of the period's end near a day, whichever side the
 * one that is given is of; NULL where the store knows none.
 */
export function twinOf(identity: string, day: string): string {
  return `(SELECT twin.id FROM identity AS own JOIN identity AS twin ON twin.kind = own.kind
    AND twin.tag IN (tag_before(own.tag, ${day}), tag_after(own.tag, ${day})) WHERE own.id = ${identity})`
}
