import { describe, expect, test } from 'vitest'
import {
  dayOf,
  formatDay,
  formatMicros,
  formatMinute,
  isTime,
  LAST_TIME,
  MICROS_PER_DAY,
  MICROS_PER_MINUTE,
  MICROS_PER_QUARTER,
  minuteInQuarter,
  QUARTERS_PER_DAY,
  quarterOf,
} from '../../src/base/time.ts'
import { fc } from '../property.ts'

const time = fc.integer({ min: 0, max: LAST_TIME })

describe('a time', () => {
  test('is written to the microsecond, in UTC', () => {
    expect(formatMicros(Date.UTC(2026, 10, 21, 18, 52) * 1000 + 123_456)).toBe('2026-11-21T18:52:00.123456Z')
    expect(formatMicros(0)).toBe('1970-01-01T00:00:00.000000Z')
    expect(formatMicros(LAST_TIME)).toBe('2255-06-05T23:47:34.740991Z')
    expect(formatDay(dayOf(Date.UTC(2026, 10, 21, 23, 59, 59) * 1000))).toBe('2026-11-21')
    expect(formatMinute(Date.UTC(2026, 10, 21, 18, 52, 59) * 1000)).toBe('2026-11-21 18:52')
  })

  test('that was written says the same to a reader of RFC 3339', () => {
    fc.assert(
      fc.property(time, (micros) => {
        const text = formatMicros(micros)
        expect(Date.parse(text) * 1000 + Number(text.slice(23, 26))).toBe(micros)
      }),
    )
  })

  test('lies in its day, its quarter-hour and its minute', () => {
    fc.assert(
      fc.property(time, (micros) => {
        const minute = quarterOf(micros) * MICROS_PER_QUARTER + minuteInQuarter(micros) * MICROS_PER_MINUTE
        expect(minuteInQuarter(micros)).toBeLessThan(15)
        expect(micros - minute).toBeGreaterThanOrEqual(0)
        expect(micros - minute).toBeLessThan(MICROS_PER_MINUTE)
        expect(dayOf(micros)).toBe(Math.floor(quarterOf(micros) / QUARTERS_PER_DAY))
        expect(micros - dayOf(micros) * MICROS_PER_DAY).toBeLessThan(MICROS_PER_DAY)
      }),
    )
  })

  test.each([
    [0, true],
    [LAST_TIME, true],
    [-1, false],
    [LAST_TIME + 1, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
  ])('%d is one: %s', (value, expected) => {
    expect(isTime(value)).toBe(expected)
  })
})
