import { describe, expect, test } from 'vitest'
import { boundaryNear, periodOf, periodsOf } from '../../src/base/period.ts'
import { PeriodTags } from '../../src/base/period-tags.ts'
import { MICROS_PER_DAY } from '../../src/base/time.ts'

const at = (text: string) => Date.parse(`${text}Z`) * 1000
const day = (text: string) => at(text) / MICROS_PER_DAY

describe('periods are those of the calendar in UTC', () => {
  test.each([
    ['2027-01-31T23:59:59.999', 'month', '2027-01', '2027-01-01', '2027-02-01'],
    ['2028-02-29T12:00:00', 'month', '2028-02', '2028-02-01', '2028-03-01'],
    ['2026-12-31T23:59:59', 'quarter', '2026-Q4', '2026-10-01', '2027-01-01'],
    ['2027-04-01T00:00:00', 'quarter', '2027-Q2', '2027-04-01', '2027-07-01'],
    ['2027-01-01T00:00:00', 'year', '2027', '2027-01-01', '2028-01-01'],
  ] as const)('%s by %s is of %s', (time, rotation, name, from, until) => {
    const start = at(`${from}T00:00:00`)
    expect(periodOf(at(time), rotation)).toEqual({ name, from: start, until: at(`${until}T00:00:00`) })
    expect(periodOf(start, rotation).name).toBe(name)
    expect(periodOf(start - 1, rotation).name).not.toBe(name)
  })

  test('without rotation there is one, without an end', () => {
    expect(periodOf(0, 'none')).toEqual(periodOf(Number.MAX_SAFE_INTEGER, 'none'))
    expect(boundaryNear(day('2027-01-01T00:00:00'), 7, 'none')).toBeUndefined()
  })

  test('a span of days has each period that it touches once', () => {
    const names = (first: string, last: string) =>
      periodsOf(day(`${first}T00:00:00`), day(`${last}T00:00:00`), 'month').map(({ name }) => name)
    expect(names('2026-11-30', '2027-01-01')).toEqual(['2026-11', '2026-12', '2027-01'])
    expect(names('2026-11-30', '2026-11-30')).toEqual(['2026-11'])
  })

  test('an end is near from a week before it on, and for the week behind it', () => {
    const newYear = day('2027-01-01T00:00:00')
    const near = (offset: number) => boundaryNear(newYear + offset, 7, 'year')
    expect([-8, -7, -1, 0, 6, 7].map(near)).toEqual([undefined, newYear, newYear, newYear, newYear, undefined])
  })
})

describe('the tags of periods', () => {
  const tags = new PeriodTags(Buffer.alloc(32, 1), 'month')
  const [january, february] = [tags.at(at('2027-01-05T00:00:00')), tags.at(at('2027-02-05T00:00:00'))]
  const lasting = Buffer.from('00112233445566778899aabbccddeeff', 'hex')

  test('are others in each period, the same in one, and are led back by the key alone', () => {
    expect(january.of(lasting)).toEqual(tags.at(at('2027-01-31T23:59:59')).of(lasting))
    expect(january.of(lasting)).not.toEqual(february.of(lasting))
    expect(february.lasting(february.of(lasting))).toEqual(lasting)
    expect(february.lasting(january.of(lasting))).not.toEqual(lasting)
    const other = new PeriodTags(Buffer.alloc(32, 2), 'month').at(at('2027-01-05T00:00:00'))
    expect(other.of(lasting)).not.toEqual(january.of(lasting))
    expect(other.lasting(january.of(lasting))).not.toEqual(lasting)
  })

  test('are no others when those of so many periods were asked for that they are made anew', () => {
    const before = january.of(lasting)
    for (let n = 0; n < 300; n++) tags.at(n * 31 * MICROS_PER_DAY)
    expect(tags.at(at('2027-01-05T00:00:00')).of(lasting)).toEqual(before)
  })
})
