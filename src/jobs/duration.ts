import { MICROS_PER_MINUTE, MICROS_PER_SECOND, type Micros } from '../base/time.ts'

const UNITS: readonly (readonly [letter: string, length: Micros])[] = [
  ['d', 24 * 60 * MICROS_PER_MINUTE],
  ['h', 60 * MICROS_PER_MINUTE],
  ['m', MICROS_PER_MINUTE],
  ['s', MICROS_PER_SECOND],
]

/** `90s`, `10m`, `2h` or `7d`, at most four digits; undefined for anything else, and for nothing. */
export function parseDuration(text: string): Micros | undefined {
  const parts = /^(\d{1,4})([smhd])$/.exec(text)
  if (parts === null) return undefined
  const length = Number(parts[1]) * UNITS.find(([letter]) => letter === parts[2])![1]
  return length > 0 ? length : undefined
}

/** In the two largest units that it has: `2h 10m`. */
export function durationText(length: Micros): string {
  let rest = Math.max(0, length)
  const parts: string[] = []
  for (const [letter, unit] of UNITS) {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    if (count > 0) parts.push(`${count}${letter}`)
    else if (parts.length > 0) break
  }
  return parts.slice(0, 2).join(' ') || '0s'
}
