import { describe, expect, test } from 'vitest'
import { formatMinute, MICROS_PER_QUARTER } from '../../src/base/time.ts'
import { isTimeZone, parseInForce, parseUntil } from '../../src/judge/in-force.ts'
import { fc } from '../property.ts'

describe('the moment from which a policy is in force', () => {
  test.each([
    ['2026-03-01', 'UTC', '2026-03-01 00:00'],
    ['2026-03-01', 'Europe/Paris', '2026-02-28 23:00'],
    ['2026-07-01', 'Europe/Paris', '2026-06-30 22:00'],
    ['2026-03-01T08:15', 'Asia/Kathmandu', '2026-03-01 02:30'],
    ['2026-03-01', 'Pacific/Kiritimati', '2026-02-28 10:00'],
    ['2026-03-29T01:45', 'Europe/Paris', '2026-03-29 00:45'],
    ['2026-03-29T03:00', 'Europe/Paris', '2026-03-29 01:00'],
    ['2026-10-25T03:00', 'Europe/Paris', '2026-10-25 02:00'],
    ['1970-01-01', 'UTC', '1970-01-01 00:00'],
    ['2028-02-29', 'UTC', '2028-02-29 00:00'],
  ])('%s in %s is %s in UTC', (text, zone, utc) => {
    expect(formatMinute(parseInForce(text, zone) as number)).toBe(utc)
  })

  test.each([
    ['2026-03-29T02:30', 'Europe/Paris', 'where the clocks jump over it: write 2026-03-29T03:30'],
    ['2026-04-24', 'Africa/Cairo', 'where the clocks jump over it: write 2026-04-24T01:00'],
    ['2026-10-25T02:30', 'Europe/Paris', 'happens twice in Europe/Paris (2026-10-25 00:30 and 2026-10-25 01:30 UTC)'],
    ['2026-03-01T08:10', 'UTC', 'is not on a quarter-hour: write a time that ends in :00, :15, :30 or :45'],
    ['2026-02-29', 'UTC', 'is not in the calendar'],
    ['2026-03-01T24:00', 'UTC', 'is not in the calendar'],
    ['0026-03-01', 'UTC', 'is not in the calendar'],
    ['1969-12-31', 'UTC', 'is before 1970'],
    ['1970-01-01', 'Europe/Paris', 'is before 1970 in UTC: write 1970-01-02'],
    ['1971-01-01', 'Africa/Monrovia', 'is not on a quarter-hour of UTC'],
    ['2026-03-01T08:15:00', 'UTC', 'is not a date: write 2026-03-01 or 2026-03-01T08:00'],
    ['2026-03-01T08:15Z', 'UTC', 'is not a date'],
    ['1 March 2026', 'UTC', 'is not a date'],
  ])('%s in %s is refused: it %s', (text, zone, message) => {
    expect(parseInForce(text, zone)).toContain(message)
  })

  test('is the instant whose local time was written, on a quarter-hour of UTC', () => {
    const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC')
    const walls = fc.integer({ min: 0, max: 60 * 365 * 96 }).map((n) => new Date(Date.UTC(1990, 0, 1) + n * 900_000))
    fc.assert(
      fc.property(zones, walls, (zone, wall) => {
        const text = wall.toISOString().slice(0, 16)
        const instant = parseInForce(text, zone)
        if (typeof instant === 'string') {
          expect(instant).toMatch(/does not exist|happens twice/)
          return
        }
        expect(instant % MICROS_PER_QUARTER).toBe(0)
        const local = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
        expect(local.format(instant / 1000).replace(' ', 'T')).toBe(text)
      }),
    )
  })
})

describe('the moment at which something has ended', () => {
  test.each([
    ['2026-03-01', 'UTC', '2026-03-02 00:00'],
    ['2026-03-09', 'Europe/Paris', '2026-03-09 23:00'],
    ['2026-03-09T12:00', 'Europe/Paris', '2026-03-09 11:00'],
    // The clocks change in the night before, or in the night after.
    ['2026-03-29', 'Europe/Paris', '2026-03-29 22:00'],
    ['2026-10-24', 'Europe/Paris', '2026-10-24 22:00'],
    ['2026-10-25', 'Europe/Paris', '2026-10-25 23:00'],
    // They jump over midnight, pass it twice, or leave out the whole next day.
    ['2026-04-23', 'Africa/Cairo', '2026-04-23 22:00'],
    ['2026-10-31', 'America/Havana', '2026-11-01 04:00'],
    ['2011-12-29', 'Pacific/Apia', '2011-12-30 10:00'],
    ['2026-12-31', 'Asia/Kathmandu', '2026-12-31 18:15'],
  ])('%s in %s is %s in UTC', (text, zone, utc) => {
    expect(formatMinute(parseUntil(text, zone) as number)).toBe(utc)
  })

  test.each([
    ['2026-10-25T02:30', 'happens twice'],
    ['2026-03-29T02:30', 'does not exist'],
    ['2026-02-30', 'is not in the calendar'],
    ['1969-06-01', 'is before 1970'],
    ['soon', 'is not a date'],
  ])('%s is refused: it %s', (text, message) => {
    expect(parseUntil(text, 'Europe/Paris')).toContain(message)
  })
})

test('a time zone is one that the IANA names, not an offset', () => {
  const zones = ['Europe/Paris', 'UTC', 'Europe/Pariss', '+02:00', '', 'Mars/Base', '../etc']
  expect(zones.map(isTimeZone)).toEqual([true, true, false, false, false, false, false])
})
