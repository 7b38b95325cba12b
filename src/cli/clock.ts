import { type Day, dayOf, type Micros } from '../base/time.ts'

/** The time of the machine, to the millisecond. */
export function now(): Micros {
  return Date.now() * 1000
}

/** The day in UTC. */
export function today(): Day {
  return dayOf(now())
}
