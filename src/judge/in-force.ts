import { formatMinute, MICROS_PER_QUARTER, type Micros } from '../base/time.ts'

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/
const MS_PER_DAY = 86_400_000

/** Whether the platform knows the IANA time zone; offsets such as `+02:00` are none, for they know no summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * The instant of `2026-03-01` (midnight) or `2026-03-01T08:15` in a time zone that is known, or what is wrong with the
 * text and what to write instead: times that the clocks jump over or pass twice are not guessed.
 */
export function parseInForce(text: string, zone: string): Micros | string {
  const shown = JSON.stringify(text)
  const parts = FORM.exec(text)
  if (parts === null) return `${shown} is not a date: write 2026-03-01 or 2026-03-01T08:00`
  const [year, month, day, hour, minute] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const wall = Date.UTC(year, month - 1, day, hour, minute)
  const written = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4] ?? '00'}:${parts[5] ?? '00'}`
  if (localText(wall) !== written) return `${shown} is not in the calendar: check its month, day and time`
  if (year < 1970) return `${shown} is before 1970: write 1970-01-01 for a policy that always was in force`
  if (minute % 15 !== 0) return `${shown} is not on a quarter-hour: write a time that ends in :00, :15, :30 or :45`
  const before = offset(wall - MS_PER_DAY, zone)
  const after = offset(wall + MS_PER_DAY, zone)
  const instants = [...new Set([wall - before, wall - after])].filter((at) => at + offset(at, zone) === wall)
  const [first, second] = instants.sort((a, b) => a - b)
  if (first === undefined) {
    const next = localText(wall - before + offset(wall - before, zone))
    return `${shown} does not exist in ${zone}, where the clocks jump over it: write ${next}`
  }
  if (second !== undefined) {
    const both = `${formatMinute(first * 1000)} and ${formatMinute(second * 1000)} UTC`
    return `${shown} happens twice in ${zone} (${both}): write a time outside the repeated hour`
  }
  const micros = first * 1000
  if (micros < 0) return `${shown} in ${zone} is before 1970 in UTC: write 1970-01-02`
  if (micros % MICROS_PER_QUARTER !== 0) {
    return `${shown} in ${zone} is not on a quarter-hour of UTC: write the time in UTC, with timezone: UTC`
  }
  return micros
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
function offset(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) - at
}

/** `2026-03-01T08:15` of a wall-clock time held as if it were UTC. */
function localText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16)
}
