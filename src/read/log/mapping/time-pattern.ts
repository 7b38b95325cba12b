import { Digits, readDecimals, readIso, readZone, type TimeText } from './time-text.ts'

const DOT = 0x2e
const SPACE = 0x20

const digits = new Digits()

/** What the time of a syslog header may look like, as patterns; ISO times aside. */
const SYSLOG = [
  'MMM d HH:mm:ss',
  'MMM d yyyy HH:mm:ss',
  'MMM d HH:mm:ss yyyy',
  'yyyy MMM d HH:mm:ss',
  'EEE MMM d HH:mm:ss yyyy',
  'EEE MMM d HH:mm:ss',
]

export type TimeReader = (bytes: Uint8Array, start: number, end: number, time: TimeText) => boolean

/**
 * How times of one look are read. `iso`, `syslog` (whatever stands in a syslog header), `httpd`
 * (`10/Oct/2026:13:55:36 +0200`), or a pattern: `yyyy yy MM M MMM dd d HH H hh h mm ss SSS a EEE Z`, all else as it is.
 * `d`, `M`, `H` and `h` take one digit or two and spaces before them, `SSS` any number of decimals (and a point or comma
 * before it may be missing with them), `Z` any zone or none. Undefined for a pattern without a clock.
 */
export function timeReader(look: string): TimeReader | undefined {
  if (look === 'iso') return readIso
  if (look === 'httpd') return patternReader('dd/MMM/yyyy:HH:mm:ss Z')
  if (look !== 'syslog') return patternReader(look)
  const readers = SYSLOG.map((pattern) => patternReader(`${pattern}.SSS Z`)!)
  return (bytes, start, end, time) => {
    let from = start
    // Cisco's sign for a clock that is not set.
    if (bytes[from] === 0x2a || bytes[from] === DOT) from++
    return readIso(bytes, from, end, time) || readers.some((read) => read(bytes, from, end, time))
  }
}

type Step = (bytes: Uint8Array, at: number, end: number, time: TimeText) => number

function patternReader(pattern: string): TimeReader | undefined {
  const parts = pattern.match(/yyyy|yy|MMM|MM|M|dd|d|HH|H|hh|h|mm|ss|[.,]?SSS|a|EEE|Z|'[^']*'|[\s\S]/g) ?? []
  if (!parts.some((part) => part.toLowerCase().startsWith('h'))) return undefined
  const steps = parts.map(stepOf)
  return (bytes, start, end, time) => {
    time.reset()
    let at = start
    for (const step of steps) {
      at = step(bytes, at, end, time)
      if (at < 0) return false
    }
    while (at < end && bytes[at] === SPACE) at++
    return at === end
  }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function stepOf(part: string): Step {
  switch (part) {
    case 'yyyy':
      return number(4, 4, (time, value) => (time.year = value))
    case 'yy':
      return number(2, 2, (time, value) => (time.year = 2000 + value))
    case 'MM':
      return number(2, 2, (time, value) => (time.month = value))
    case 'M':
      return number(1, 2, (time, value) => (time.month = value))
    case 'MMM':
      return readMonth
    case 'dd':
      return number(2, 2, (time, value) => (time.day = value))
    case 'd':
      return number(1, 2, (time, value) => (time.day = value))
    case 'HH':
    case 'hh':
      return number(2, 2, (time, value) => (time.hour = value))
    case 'H':
    case 'h':
      return number(1, 2, (time, value) => (time.hour = value))
    case 'mm':
      return number(2, 2, (time, value) => (time.minute = value))
    case 'ss':
      return number(2, 2, (time, value) => (time.second = value))
    case 'a':
      return readHalf
    case 'EEE':
      return readLetters
    case 'Z':
      return (bytes, at, end, time) => (readZone(bytes, at, end, time) ? end : -1)
    case 'SSS':
      return readDecimals
    case '.SSS':
    case ',SSS':
      return (bytes, at, end, time) =>
        at < end && (bytes[at] === DOT || bytes[at] === 0x2c) ? readDecimals(bytes, at + 1, end, time) : at
    default:
      return literal(part.length > 1 ? part.slice(1, -1) : part)
  }
}

function number(least: number, most: number, set: (time: TimeText, value: number) => void): Step {
  return (bytes, start, end, time) => {
    let at = start
    if (least < most) while (at < end && bytes[at] === SPACE) at++
    if (!digits.read(bytes, at, end, least, most)) return -1
    set(time, digits.value)
    return digits.end
  }
}

/** The first three letters of an English month, in any case; further letters are passed over. */
function readMonth(bytes: Uint8Array, start: number, end: number, time: TimeText): number {
  if (end - start < 3) return -1
  for (let month = 0; month < 12; month++) {
    const name = MONTHS[month]!
    let i = 0
    while (i < 3 && (bytes[start + i]! | 0x20) === name.charCodeAt(i)) i++
    if (i < 3) continue
    time.month = month + 1
    return readLetters(bytes, start, end)
  }
  return -1
}

function readLetters(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at]! | 0x20) >= 0x61 && (bytes[at]! | 0x20) <= 0x7a) at++
  return at > start ? at : -1
}

/** `AM` or `PM`, behind the hour. */
function readHalf(bytes: Uint8Array, at: number, end: number, time: TimeText): number {
  if (at + 2 > end || (bytes[at + 1]! | 0x20) !== 0x6d) return -1
  const half = bytes[at]! | 0x20
  if (half !== 0x61 && half !== 0x70) return -1
  if (time.hour < 1 || time.hour > 12) return -1
  time.hour = (time.hour % 12) + (half === 0x70 ? 12 : 0)
  return at + 2
}

function literal(text: string): Step {
  return (bytes, start, end) => {
    let at = start
    if (text === ' ') {
      while (at < end && bytes[at] === SPACE) at++
      // A space before a zone that is not there.
      return at > start || at === end ? at : -1
    }
    for (let i = 0; i < text.length; i++) if (at >= end || bytes[at++] !== text.charCodeAt(i)) return -1
    return at
  }
}
