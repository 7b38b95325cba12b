import { MICROS_PER_MINUTE, type Micros, type Quarter } from '../base/time.ts'

const MINUTES_PER_QUARTER = 15

/** From one instant to another, both included. */
export interface Interval {
  readonly from: Micros
  readonly until: Micros
}

/** The minutes that intervals touch, each once. */
export class Minutes {
  /** Disjoint and in order: the first and the last minute of each stretch since 1970. */
  readonly #first: number[] = []
  readonly #last: number[] = []

  constructor(intervals: readonly Interval[]) {
    for (const { from, until } of intervals.toSorted((a, b) => a.from - b.from)) {
      const first = Math.floor(from / MICROS_PER_MINUTE)
      const last = Math.floor(until / MICROS_PER_MINUTE)
      const end = this.#last.length - 1
      if (end >= 0 && first <= this.#last[end]! + 1) this.#last[end] = Math.max(this.#last[end]!, last)
      else if (last >= first) {
        this.#first.push(first)
        this.#last.push(last)
      }
    }
  }

  /** Bit n: minute n of the quarter-hour is one of them. */
  mask(quarter: Quarter): number {
    const start = quarter * MINUTES_PER_QUARTER
    let mask = 0
    for (let i = this.#endingAtOrAfter(start); i < this.#first.length; i++) {
      const first = Math.max(this.#first[i]! - start, 0)
      if (first >= MINUTES_PER_QUARTER) break
      const last = Math.min(this.#last[i]! - start, MINUTES_PER_QUARTER - 1)
      mask |= ((1 << (last + 1)) - 1) & ~((1 << first) - 1)
    }
    return mask
  }

  /** The first stretch that does not end before the minute. */
  #endingAtOrAfter(minute: number): number {
    let low = 0
    let high = this.#last.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#last[middle]! < minute) low = middle + 1
      else high = middle
    }
    return low
  }
}
