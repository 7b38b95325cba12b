import { isTime, LAST_TIME, MICROS_PER_SECOND, type Micros } from '../../base/time.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * `1157689312.049`: decimal seconds as microseconds, what is below one dropped; -1 where it is not that or too large.
 */
export function decimalSeconds(bytes: Uint8Array, start: number, end: number): Micros {
  let seconds = 0
  let i = start
  for (; i < end; i++) {
    const digit = bytes[i]! - 48
    if (digit < 0 || digit > 9) break
    seconds = seconds * 10 + digit
    if (seconds > LAST_TIME) return -1
  }
  if (i === start) return -1
  let micros = 0
  if (i < end) {
    if (bytes[i] !== 0x2e) return -1
    let unit = MICROS_PER_SECOND / 10
    for (i++; i < end; i++) {
      const digit = bytes[i]! - 48
      if (digit < 0 || digit > 9) return -1
      micros += digit * unit
      unit = Math.floor(unit / 10)
    }
  }
  const time = seconds * MICROS_PER_SECOND + micros
  return isTime(time) ? time : -1
}

/** `10/Oct/2026:13:55:36 +0200` (Apache's %t); -1 where it is not that. */
export function httpdTime(text: string): Micros {
  const parts = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text)
  if (parts === null) return -1
  const [, day, month, year, hour, minute, second, sign, offsetHours, offsetMinutes] = parts
  const seconds = utcSeconds(
    Number(year),
    MONTHS.indexOf(month!) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  return shifted(seconds, sign!, Number(offsetHours), Number(offsetMinutes))
}

/**
 * `2026-11-21T18:52:00.123456Z` (RFC 3339), any number of decimals, what is below a microsecond dropped; without an
 * offset it is UTC. -1 where it is not that.
 */
export function isoTime(text: string): Micros {
  if (text.length > 40) return -1
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))?$/.exec(text)
  if (parts === null) return -1
  const [, year, month, day, hour, minute, second, decimals = '', sign = '+', offsetHours = '0', offsetMinutes = '0'] =
    parts
  const seconds = utcSeconds(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  const time = shifted(seconds, sign, Number(offsetHours), Number(offsetMinutes))
  return time < 0 ? -1 : time + Number(decimals.slice(0, 6).padEnd(6, '0'))
}

/** Seconds since the epoch, or NaN where there is no such date or time; second 60 is a leap second. */
function utcSeconds(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  if (month < 1 || day < 1 || hour > 23 || minute > 59 || second > 60) return Number.NaN
  const midnight = Date.UTC(year, month - 1, day)
  if (new Date(midnight).getUTCDate() !== day || new Date(midnight).getUTCMonth() !== month - 1) return Number.NaN
  return midnight / 1000 + hour * 3600 + minute * 60 + second
}

function shifted(seconds: number, sign: string, hours: number, minutes: number): Micros {
  if (hours > 23 || minutes > 59) return -1
  const offset = (hours * 60 + minutes) * 60 * (sign === '-' ? -1 : 1)
  const time = (seconds - offset) * MICROS_PER_SECOND
  return isTime(time) ? time : -1
}
