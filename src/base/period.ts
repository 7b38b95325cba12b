import { type Day, dayOf, MICROS_PER_DAY, type Micros } from './time.ts'

/** How long a pseudonym lasts: for ever, or for a calendar month, quarter or year, in UTC. */
export const ROTATIONS = ['none', 'month', 'quarter', 'year'] as const
export type Rotation = (typeof ROTATIONS)[number]

/** The time in which a client has one pseudonym. */
export interface Period {
  /** `2026-11`, `2026-Q4`, `2026`; '' where pseudonyms last for ever. */
  readonly name: string
  readonly from: Micros
  /** The instant behind its last. */
  readonly until: Micros
}

const FOR_EVER: Period = { name: '', from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

const MONTHS = { month: 1, quarter: 3, year: 12 } as const

/** The period that a time lies in; it follows from the time alone. */
export function periodOf(time: Micros, rotation: Rotation): Period {
  if (rotation === 'none') return FOR_EVER
  const date = new Date(Math.floor(time / 1000))
  const year = date.getUTCFullYear()
  const months = MONTHS[rotation]
  const place = Math.floor(date.getUTCMonth() / months)
  const start = (months_: number) => Date.UTC(year, months_, 1) * 1000
  const names = {
    month: `${year}-${String(place + 1).padStart(2, '0')}`,
    quarter: `${year}-Q${place + 1}`,
    year: `${year}`,
  }
  return { name: names[rotation], from: start(place * months), until: start((place + 1) * months) }
}

/** The periods of a span of days, both included, the earliest first. */
export function periodsOf(first: Day, last: Day, rotation: Rotation): Period[] {
  const periods: Period[] = []
  const end = (last + 1) * MICROS_PER_DAY
  for (let at = first * MICROS_PER_DAY; at < end; ) {
    const period = periodOf(at, rotation)
    periods.push(period)
    at = period.until
  }
  return periods
}

/**
 * The first day of the later of two periods, where that is at most so many days from a day; undefined where no period ends
 * near it. There is never more than one, as long as no period is shorter than twice these days.
 */
export function boundaryNear(day: Day, days: number, rotation: Rotation): Day | undefined {
  if (rotation === 'none') return undefined
  const { from, until } = periodOf(day * MICROS_PER_DAY, rotation)
  if (day - dayOf(from) < days) return dayOf(from)
  return dayOf(until) - day <= days ? dayOf(until) : undefined
}
