/** Microseconds since 1970-01-01T00:00:00Z. */
export type Micros = number

/** Days since 1970-01-01, in UTC. */
export type Day = number

/** Quarter-hours since 1970-01-01T00:00:00Z. They never straddle a local midnight in any zone in use. */
export type Quarter = number

export const MICROS_PER_SECOND = 1_000_000
export const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND
export const MICROS_PER_QUARTER = 15 * MICROS_PER_MINUTE
export const MICROS_PER_DAY = 24 * 60 * MICROS_PER_MINUTE
export const QUARTERS_PER_DAY = 96

/** The last instant that a double counts exactly, in June 2255: anything later in an input is not a time. */
export const LAST_TIME: Micros = Number.MAX_SAFE_INTEGER

export function quarterOf(time: Micros): Quarter {
  return Math.floor(time / MICROS_PER_QUARTER)
}

/** 0 to 14. */
export function minuteInQuarter(time: Micros): number {
  return Math.floor((time % MICROS_PER_QUARTER) / MICROS_PER_MINUTE)
}

export function dayOf(time: Micros): Day {
  return Math.floor(time / MICROS_PER_DAY)
}

export function isTime(time: number): boolean {
  return time >= 0 && time <= LAST_TIME
}

/** RFC 3339 in UTC with six decimals: `2026-11-21T18:52:00.123456Z`. */
export function formatMicros(time: Micros): string {
  const whole = Math.floor(time / MICROS_PER_SECOND)
  const micros = Math.floor(time - whole * MICROS_PER_SECOND)
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}

/** Whoever judges asks for one day as often as it has sightings. */
const lastDay = { day: Number.NaN, text: '' }

/** `2026-11-21` */
export function formatDay(day: Day): string {
  if (day !== lastDay.day) {
    lastDay.text = new Date(day * 86_400_000).toISOString().slice(0, 10)
    lastDay.day = day
  }
  return lastDay.text
}

/** `2026-11-21 18:52` in UTC. */
export function formatMinute(time: Micros): string {
  return new Date(Math.floor(time / 1000)).toISOString().slice(0, 16).replace('T', ' ')
}
