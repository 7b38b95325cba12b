import { isTime, MICROS_PER_DAY, MICROS_PER_SECOND, type Micros } from '../../../base/time.ts'
import type { LogContext } from '../../../model/reader.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { Interned } from '../interned.ts'
import { type CompiledSource, Found } from './source.ts'
import type { TimeReader } from './time-pattern.ts'
import { readZone, TimeText } from './time-text.ts'
import { isZone, Zone } from './zones.ts'

const SPACE = 0x20
/** A longer text is no time. */
const TEXT_LIMIT = 64
/** Further apart than this two lines of a log stand on two sides of a new year. */
const NEW_YEAR = 270 * MICROS_PER_DAY
const ZONE_LIMIT = 64

/** One way of telling when: fields whose texts, joined by spaces, have one look. */
export interface TimeSource {
  readonly fields: readonly number[]
  /** Where the time is only a part of the one field. */
  readonly part?: readonly CompiledSource[] | undefined
  /** Undefined for a number since 1970, whose unit is told by its size. */
  readonly read: TimeReader | undefined
  /** The field that names the zone of a local time, or -1. */
  readonly zone: number
  /** A local time is UTC, whatever the operator says of others. */
  readonly isUtc: boolean
}

/** Reads the times of one log: what a time leaves out (the zone, the year) it takes from the context and the log itself. */
export class Clock {
  readonly #context: LogContext
  readonly #text = new TimeText()
  readonly #found = new Found()
  readonly #joined = new Uint8Array(TEXT_LIMIT)
  readonly #zones = new Map<string, Zone | undefined>()
  readonly #zoneNames = new Interned((bytes, start, end) => Buffer.from(bytes.subarray(start, end)).toString('latin1'))
  readonly #home: Zone | undefined
  /** Of the last time without one. */
  #year: number | undefined
  #last: Micros = 0

  constructor(context: LogContext) {
    this.#context = context
    const { timezone } = context
    this.#home = timezone === undefined || timezone === 'UTC' ? undefined : new Zone(timezone)
    this.#year = context.year
  }

  /** A time without a year was read: what it is follows from the times before. */
  get isYearless(): boolean {
    return this.#last > 0
  }

  /** The first of the sources that gives a time; -1 where none does. The first day of 1970 stands for none, if another does. */
  read(sources: readonly TimeSource[], fields: RecordFields): Micros {
    let unset = -1
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]!
      const first = source.fields[0]!
      let time: Micros
      if (source.part !== undefined) {
        const found = this.#found
        if (!found.find(source.part, fields)) continue
        time = this.#read(source, found.bytes, found.start, found.end, fields)
      } else if (source.fields.length === 1) {
        if (!fields.isSet(first)) continue
        time = this.#read(source, fields.bytes, fields.starts[first]!, fields.ends[first]!, fields)
      } else {
        const length = this.#join(source.fields, fields)
        if (length === 0) continue
        time = this.#read(source, this.#joined, 0, length, fields)
      }
      if (time >= MICROS_PER_DAY) return time
      if (time >= 0) unset = time
    }
    return unset
  }

  #read(source: TimeSource, bytes: Uint8Array, start: number, end: number, fields: RecordFields): Micros {
    if (end - start > TEXT_LIMIT) return -1
    if (source.read === undefined) return unixTime(bytes, start, end)
    const text = this.#text
    if (!source.read(bytes, start, end, text)) return -1
    const local = text.year < 0 ? this.#inYear(text) : utc(text, text.year)
    if (!isTime(local)) return -1
    return this.#toUtc(local, source, fields)
  }

  #toUtc(local: Micros, source: TimeSource, fields: RecordFields): Micros {
    const { offset } = this.#text
    if (!Number.isNaN(offset)) return checked(local - offset * 60 * MICROS_PER_SECOND)
    if (this.#text.hasUnknownZone) this.#context.oddities.count('zone_unknown')
    let zone = source.isUtc ? undefined : this.#home
    if (source.zone >= 0 && fields.isSet(source.zone)) {
      const start = fields.starts[source.zone]!
      const end = fields.ends[source.zone]!
      const text = this.#text
      if (end - start <= ZONE_LIMIT && readZone(fields.bytes, start, end, text) && !Number.isNaN(text.offset)) {
        return checked(local - text.offset * 60 * MICROS_PER_SECOND)
      }
      const named = this.#zoneNamed(this.#zoneNames.get(fields.bytes, start, Math.min(end, start + ZONE_LIMIT)))
      if (named === undefined) this.#context.oddities.count('zone_unknown')
      else zone = named
    }
    if (zone === undefined) return local
    const time = zone.toUtc(local)
    if (zone.oddity !== '') this.#context.oddities.count(zone.oddity)
    return checked(time)
  }

  #zoneNamed(name: string): Zone | undefined {
    if (this.#zones.has(name)) return this.#zones.get(name)
    const zone = /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name) && isZone(name) ? new Zone(name) : undefined
    if (this.#zones.size < ZONE_LIMIT) this.#zones.set(name, zone)
    return zone
  }

  /**
   * Logs are written in order, so a time far before the last one is in the next year, and one far behind it, in a line
   * that came late, in the year before. The first year is the operator's, or the last that is not after the input's.
   */
  #inYear(text: TimeText): Micros {
    const { latest, oddities } = this.#context
    if (this.#year === undefined) {
      if (latest === undefined) {
        oddities.count('time_without_year')
        return -1
      }
      const year = new Date(Math.floor((latest + MICROS_PER_DAY) / 1000)).getUTCFullYear()
      const time = utc(text, year)
      this.#year = time <= latest + MICROS_PER_DAY ? year : year - 1
    }
    const time = utc(text, this.#year)
    if (!isTime(time)) return -1
    if (this.#last > 0 && time > this.#last + NEW_YEAR) return utc(text, this.#year - 1)
    if (time < this.#last - NEW_YEAR) this.#last = utc(text, ++this.#year)
    else if (time > this.#last) this.#last = time
    else return time
    return this.#last
  }

  #join(sources: readonly number[], fields: RecordFields): number {
    let length = 0
    for (const field of sources) {
      if (!fields.isSet(field)) return 0
      if (length > 0) this.#joined[length++] = SPACE
      for (let i = fields.starts[field]!; i < fields.ends[field]!; i++) {
        if (length >= TEXT_LIMIT - 1) return 0
        this.#joined[length++] = fields.bytes[i]!
      }
    }
    return length
  }
}

function checked(time: Micros): Micros {
  return isTime(time) ? time : -1
}

/** Days before each month of a year that is no leap year. */
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]

/** The text's moment as if it were UTC; NaN where there is no such date or clock. Second 60 is a leap second. */
function utc(text: TimeText, year: number): Micros {
  const { month, day, hour, minute, second } = text
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return Number.NaN
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const length = DAYS_BEFORE[month]! - DAYS_BEFORE[month - 1]! + (isLeap && month === 2 ? 1 : 0)
  if (day < 1 || day > length) return Number.NaN
  const past = year - 1
  const days =
    365 * (year - 1970) +
    (Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477) +
    DAYS_BEFORE[month - 1]! +
    (isLeap && month > 2 ? 1 : 0) +
    day -
    1
  return (days * 86_400 + hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND + text.micros
}

/**
 * A number since 1970: up to 11 digits are seconds, up to 14 milliseconds, up to 17 microseconds, more nanoseconds;
 * with decimals or without. -1 where it is no number or too large.
 */
function unixTime(bytes: Uint8Array, start: number, end: number): Micros {
  let at = start
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++
  const whole = at - start
  if (whole === 0 || whole > 20 || (at < end && bytes[at] !== 0x2e)) return -1
  // The exponent of ten of the first digit's unit in microseconds.
  let exponent = whole - 1 + (whole <= 11 ? 6 : whole <= 14 ? 3 : whole <= 17 ? 0 : -3)
  let time = 0
  for (let i = start; i < end; i++) {
    if (i === at) continue
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return -1
    if (exponent >= 0) time = time * 10 + digit
    exponent--
  }
  if (exponent >= 0) time *= 10 ** (exponent + 1)
  return checked(time)
}
