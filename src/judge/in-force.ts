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
  const wall = wallOf(text)
  if (typeof wall === 'string') return wall
  const shown = JSON.stringify(text)
  if ((wall / 60_000) % 15 !== 0) {
    return `${shown} is not on a quarter-hour: write a time that ends in :00, :15, :30 or :45`
  }
  const [first, second] = instantsOf(wall, zone)
  if (first === undefined) {
    const instant = wall - zoneOffset(wall - MS_PER_DAY, zone)
    const next = localText(instant + zoneOffset(instant, zone))
    return `${shown} does not exist in ${zone}, where the clocks jump over it: write ${next}`
  }
  if (second !== undefined) {
    const both = `${formatMinute(first * 1000)} and ${formatMinute(second * 1000)} UTC`
    return `${shown} happens twice in ${zone} (${both}): write a time outside the repeated hour`
  }
  return onQuarter(first * 1000, text, zone)
}

/**
 * The instant at which what holds `until` then has ended, or what is wrong with the text: a date is the last day, a
 * time is the end itself. Where the clocks jump over the midnight after the last day, they end it by jumping; where they
 * pass it twice, the first time ends it.
 */
export function parseUntil(text: string, zone: string): Micros | string {
  if (text.includes('T')) return parseInForce(text, zone)
  const wall = wallOf(text)
  if (typeof wall === 'string') return wall
  const midnight = wall + MS_PER_DAY
  const [end = endOfDay(midnight, zone)] = instantsOf(midnight, zone)
  return onQuarter(end * 1000, text, zone)
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant in milliseconds. */
export function zoneOffset(at: number, zone: string): number {
  const part = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) - at
}

/** The wall-clock time of a text, held as if it were UTC, or what is wrong with the text. */
function wallOf(text: string): number | string {
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
  return wall
}

/** The instants at which the zone's clocks show a time: none where they jump over it, two where they pass it twice. */
function instantsOf(wall: number, zone: string): readonly number[] {
  const before = zoneOffset(wall - MS_PER_DAY, zone)
  const after = zoneOffset(wall + MS_PER_DAY, zone)
  return [...new Set([wall - before, wall - after])]
    .filter((at) => at + zoneOffset(at, zone) === wall)
    .sort((a, b) => a - b)
}

/** The first instant whose local time is at or after a midnight that the clocks jump over. */
function endOfDay(midnight: number, zone: string): number {
  const quarter = MICROS_PER_QUARTER / 1000
  let at = midnight - zoneOffset(midnight - MS_PER_DAY, zone) - MS_PER_DAY / 8
  while (at + zoneOffset(at, zone) < midnight) at += quarter
  return at
}

function onQuarter(micros: Micros, text: string, zone: string): Micros | string {
  const shown = JSON.stringify(text)
  if (micros < 0) return `${shown} in ${zone} is before 1970 in UTC: write 1970-01-02`
  if (micros % MICROS_PER_QUARTER !== 0) {
    return `${shown} in ${zone} is not on a quarter-hour of UTC: write the time in UTC, with timezone: UTC`
  }
  return micros
}

/** To make a clock takes far longer than to read it. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    clocks.set(zone, clock)
  }
  return clock
}

/** `2026-03-01T08:15` of a wall-clock time held as if it were UTC. */
function localText(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16)
}
