import { isTime, type Micros } from '../../../base/time.ts'
import type { RecordFields } from '../fields/record-fields.ts'
import { readUnsigned } from '../values.ts'
import type { CompiledDuration } from './compile.ts'
import { type DurationRule, UNITS } from './mapping.ts'

/** A count of bytes: digits, with decimals that are zero where a product writes all numbers so. -1 where it is none. */
export function readCount(bytes: Uint8Array, start: number, end: number): number {
  let to = end
  while (to > start && bytes[to - 1] === 0x30) to--
  return readUnsigned(bytes, start, to > start && bytes[to - 1] === 0x2e ? to - 1 : end)
}

/** A length of time in microseconds; -1 where it is none. */
export function readDuration(bytes: Uint8Array, start: number, end: number, unit: DurationRule['unit']): Micros {
  if (start === end) return -1
  if (unit === 'words') return wordsDuration(bytes, start, end)
  let value = 0
  let scale = 1
  let isFraction = false
  let parts = 0
  let part = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit >= 0 && digit <= 9) {
      if (isFraction) {
        scale /= 10
        part += digit * scale
      } else part = part * 10 + digit
    } else if (digit === -2 && !isFraction && i > start) isFraction = true
    else if (digit === 10 && unit === 'clock' && !isFraction && parts++ < 2) {
      value = (value + part) * 60
      part = 0
    } else return -1
  }
  const micros = Math.round((value + part) * (unit === 'clock' ? UNITS.s : UNITS[unit]))
  return isTime(micros) ? micros : -1
}

/** Seconds, by the first letter of the unit; `ms` apart. */
const WORDS: Readonly<Record<number, number>> = { 100: 86_400, 104: 3600, 109: 60, 115: 1 }
const LETTER_M = 0x6d
const LETTER_S = 0x73

/** `2h3m4s`, `1d 2h:03m:04s`, `2 hours, 3 minutes`: numbers with their units behind them. */
function wordsDuration(bytes: Uint8Array, start: number, end: number): Micros {
  let seconds = 0
  let parts = 0
  let at = start
  while (at < end) {
    const from = at
    let number = 0
    while (at < end && isDigit(bytes[at]!)) number = number * 10 + bytes[at++]! - 0x30
    const hasNumber = at > from
    while (at < end && isBetween(bytes[at]!)) at++
    if (!hasNumber) {
      if (at === from) return -1
      continue
    }
    const first = at < end ? bytes[at]! | 0x20 : 0
    const unit = WORDS[first]
    if (unit === undefined) return -1
    const isMillis = first === LETTER_M && at + 1 < end && (bytes[at + 1]! | 0x20) === LETTER_S
    seconds += isMillis ? number / 1000 : number * unit
    parts++
    while (at < end && isLetter(bytes[at]!)) at++
  }
  const micros = Math.round(seconds * UNITS.s)
  return parts > 0 && isTime(micros) ? micros : -1
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}

/** A space, a comma or a colon. */
function isBetween(byte: number): boolean {
  return byte === 0x20 || byte === 0x2c || byte === 0x3a
}

/** The same of a field of a record. */
export function durationOf({ field, unit }: CompiledDuration, fields: RecordFields): Micros {
  return readDuration(fields.bytes, fields.starts[field]!, fields.ends[field]!, unit)
}
