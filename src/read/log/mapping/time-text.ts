import { zoneOffset } from '../zone-names.ts'

/** What a text says of a moment; what it leaves out keeps the value that `reset` gave it. */
export class TimeText {
  /** -1 where the text has none, as RFC 3164's. */
  year = -1
  /** 1 to 12. */
  month = 1
  day = 1
  hour = 0
  minute = 0
  second = 0
  micros = 0
  /** East of UTC, in minutes; NaN where the text names no zone, or one that is not known. */
  offset = Number.NaN
  /** The text names a zone by letters that mean several, or none. */
  hasUnknownZone = false

  reset(): void {
    this.year = -1
    this.month = 1
    this.day = 1
    this.hour = 0
    this.minute = 0
    this.second = 0
    this.micros = 0
    this.offset = Number.NaN
    this.hasUnknownZone = false
  }
}

const DASH = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const SPACE = 0x20

/** The number of one to `most` digits at `at`: `value`, and where it ends; read anew by each call. */
export class Digits {
  value = 0
  end = 0

  read(bytes: Uint8Array, at: number, end: number, least: number, most: number): boolean {
    let value = 0
    let i = at
    while (i < end && i - at < most) {
      const digit = bytes[i]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      i++
    }
    this.value = value
    this.end = i
    return i - at >= least
  }
}

const digits = new Digits()

/**
 * `2026-11-21T18:52:00.123456+01:00` (RFC 3339) and its kin: slashes for dashes, a space or `_` for the T, a comma before
 * the decimals, no seconds, a space before the zone, `+0100`, `UTC`.
 */
export function readIso(bytes: Uint8Array, start: number, end: number, time: TimeText): boolean {
  time.reset()
  if (end - start < 16 || end - start > 48 || !digits.read(bytes, start, end, 4, 4)) return false
  time.year = digits.value
  const dash = bytes[start + 4]!
  if ((dash !== DASH && dash !== 0x2f) || bytes[start + 7] !== dash) return false
  if (!digits.read(bytes, start + 5, end, 2, 2)) return false
  time.month = digits.value
  if (!digits.read(bytes, start + 8, end, 2, 2)) return false
  time.day = digits.value
  const between = bytes[start + 10]!
  if (between !== 0x54 && between !== SPACE && between !== 0x5f && between !== 0x74) return false
  const at = readClock(bytes, start + 11, end, time)
  return at > 0 && readZone(bytes, at, end, time)
}

/** `18:52:00.123`, seconds and decimals optional; where it ends, or -1. */
function readClock(bytes: Uint8Array, start: number, end: number, time: TimeText): number {
  if (!digits.read(bytes, start, end, 1, 2)) return -1
  time.hour = digits.value
  let at = digits.end
  if (at >= end || bytes[at] !== COLON || !digits.read(bytes, at + 1, end, 2, 2)) return -1
  time.minute = digits.value
  at = digits.end
  if (at >= end || bytes[at] !== COLON) return at
  if (!digits.read(bytes, at + 1, end, 2, 2)) return -1
  time.second = digits.value
  at = digits.end
  return at < end && (bytes[at] === DOT || bytes[at] === 0x2c) ? readDecimals(bytes, at + 1, end, time) : at
}

/** Any number of decimals of a second, what is below a microsecond dropped; gives where they end. */
export function readDecimals(bytes: Uint8Array, start: number, end: number, time: TimeText): number {
  let unit = 100_000
  let at = start
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) break
    time.micros += digit * unit
    unit = Math.floor(unit / 10)
  }
  return at
}

/**
 * Nothing, `Z`, a zone's letters (`UTC`, `CEST`), `+01:00`, `+0100` or `+01` to the end. Of letters that mean no one zone
 * (`IST`) the offset stays unknown.
 */
export function readZone(bytes: Uint8Array, start: number, end: number, time: TimeText): boolean {
  let at = start
  while (at < end && bytes[at] === SPACE) at++
  if (at === end) return true
  const first = bytes[at]!
  if (first === 0x5a || first === 0x7a) {
    time.offset = 0
    return at + 1 === end
  }
  const named = zoneOffset(bytes, at, end)
  if (!Number.isNaN(named)) {
    time.offset = named
    return true
  }
  if (isAbbreviation(bytes, at, end)) {
    time.hasUnknownZone = true
    return true
  }
  if (first !== 0x2b && first !== DASH) return false
  if (!digits.read(bytes, at + 1, end, 2, 2)) return false
  const hours = digits.value
  at = digits.end
  if (at < end && bytes[at] === COLON) at++
  const hasMinutes = digits.read(bytes, at, end, 2, 2)
  const minutes = hasMinutes ? digits.value : 0
  if ((hasMinutes ? digits.end : at) !== end || hours > 23 || minutes > 59) return false
  time.offset = (hours * 60 + minutes) * (first === DASH ? -1 : 1)
  return true
}

/** Three to five capitals, as zones are abbreviated. */
function isAbbreviation(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && bytes[at]! >= 0x41 && bytes[at]! <= 0x5a) at++
  return at === end && end - start >= 3 && end - start <= 5
}
