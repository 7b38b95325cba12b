import { MICROS_PER_QUARTER, type Micros } from '../../../base/time.ts'

const QUARTERS_PER_DAY = 96
/** Quarter-hours that are remembered: more than any log spans between two looks. */
const CACHE_LIMIT = 4096
const MICROS_PER_MINUTE = 60_000_000

/** A local time that a change of the clock left out, or that came twice. */
export type LocalOddity = '' | 'local_time_in_gap' | 'local_time_twice'

/** Whether the runtime knows an IANA zone of that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * The clock of one IANA zone. Zones change at quarter-hours, so what a quarter-hour was found to be is remembered. A
 * local time that came twice is the first of the two; one that was left out is read with the offset before the change.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat
  readonly #local = new Map<number, { readonly offset: Micros; readonly oddity: LocalOddity }>()
  /** What is to be said of the time that `toUtc` was given last. */
  oddity: LocalOddity = ''

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** The instant at which the zone's clocks showed `local`, given as if they showed UTC. */
  toUtc(local: Micros): Micros {
    const quarter = Math.floor(local / MICROS_PER_QUARTER)
    let known = this.#local.get(quarter)
    if (known === undefined) {
      known = this.#resolve(quarter)
      if (this.#local.size === CACHE_LIMIT) this.#local.clear()
      this.#local.set(quarter, known)
    }
    this.oddity = known.oddity
    return local - known.offset
  }

  #resolve(quarter: number): { offset: Micros; oddity: LocalOddity } {
    const local = quarter * MICROS_PER_QUARTER
    const before = this.#offsetAt(quarter - QUARTERS_PER_DAY)
    const after = this.#offsetAt(quarter + QUARTERS_PER_DAY)
    const holdsBefore = this.#offsetOf(local - before) === before
    const holdsAfter = before !== after && this.#offsetOf(local - after) === after
    if (holdsBefore) return { offset: before, oddity: holdsAfter ? 'local_time_twice' : '' }
    return holdsAfter ? { offset: after, oddity: '' } : { offset: before, oddity: 'local_time_in_gap' }
  }

  #offsetAt(quarter: number): Micros {
    return this.#offsetOf(quarter * MICROS_PER_QUARTER)
  }

  /** East of UTC, of the clock at an instant. */
  #offsetOf(instant: Micros): Micros {
    const milliseconds = Math.floor(instant / 1000)
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(milliseconds)) parts[type] = Number(value)
    const shown = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second)
    return Math.round((shown - milliseconds) / 60_000) * MICROS_PER_MINUTE
  }
}
