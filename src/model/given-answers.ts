import type { Day, Micros } from '../base/time.ts'

/** That a client was told an address for a name that matched. */
export interface GivenAnswer {
  readonly indicator: string
  /** Microseconds since the epoch: the first answer of a quarter-hour, and when the last to expire expires. */
  readonly start: Micros
  readonly until: Micros
}

/** Whoever keeps what clients were told by DNS. */
export interface GivenAnswers {
  isEmpty(): boolean
  /**
   * What a client, by the pseudonym of its address, was told on a day, the day before or the day after; longer than a
   * day nothing is remembered.
   */
  around(client: string, address: string, day: Day): readonly GivenAnswer[]
  /** All addresses that any client was told on these three days; some more do no harm. */
  addresses(day: Day): ReadonlySet<string>
}
