import type { Day } from '../base/time.ts'

/** First and last day, both included. */
export interface DaySpan {
  readonly from: Day
  readonly until: Day
}

/** The apps that a report is about: those, and of the categories all but the others. */
export interface CoveredApps {
  readonly apps: readonly string[]
  readonly others: readonly string[]
  readonly categories: readonly string[]
}

/** A reason of coverage over several inputs. */
export interface OverviewCount {
  readonly reason: string
  readonly count: number
  readonly inputs: number
}
