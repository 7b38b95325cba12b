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

/** The same of a field of a record. */
export function durationOf({ field, unit }: CompiledDuration, fields: RecordFields): Micros {
  return readDuration(fields.bytes, fields.starts[field]!, fields.ends[field]!, unit)
}
