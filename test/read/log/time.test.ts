import { describe, expect, it } from 'vitest'
import { formatMicros, LAST_TIME } from '../../../src/base/time.ts'
import { decimalSeconds, httpdTime, isoTime } from '../../../src/read/log/time.ts'
import { fc } from '../../property.ts'

const seconds = (text: string) => decimalSeconds(Buffer.from(text), 0, text.length)

describe('decimalSeconds', () => {
  it.each([
    ['1157689312.049', 1157689312049000],
    ['1795287120', 1795287120000000],
    ['0.0000019', 1],
    ['7.', 7000000],
    ['9007199254.740991', LAST_TIME],
    ['9007199254.740992', -1],
    ['99999999999999999999', -1],
    ['', -1],
    ['.5', -1],
    ['-1', -1],
    ['1.5.5', -1],
    ['1e9', -1],
  ])('reads %j as %i', (text, micros) => {
    expect(seconds(text)).toBe(micros)
  })
})

describe('httpdTime', () => {
  it.each([
    ['21/Nov/2026:18:52:00 +0000', '2026-11-21T18:52:00.000000Z'],
    ['21/Nov/2026:18:52:00 +0530', '2026-11-21T13:22:00.000000Z'],
    ['31/Dec/2026:23:30:00 -0100', '2027-01-01T00:30:00.000000Z'],
    ['29/Feb/2028:00:00:60 +0000', '2028-02-29T00:01:00.000000Z'],
  ])('reads %s', (text, time) => {
    expect(formatMicros(httpdTime(text))).toBe(time)
  })

  it.each([
    '',
    '29/Feb/2027:00:00:00 +0000',
    '01/Foo/2026:00:00:00 +0000',
    '01/Jan/2026:24:00:00 +0000',
    '01/Jan/1969:00:00:00 +0000',
    '01/Jan/2026:00:00:00',
  ])('refuses %j', (text) => {
    expect(httpdTime(text)).toBe(-1)
  })
})

describe('isoTime', () => {
  it('reads what formatMicros writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LAST_TIME }), (time) => {
        expect(isoTime(formatMicros(time))).toBe(time)
      }),
    )
  })

  it.each([
    ['2026-11-21T18:52:00', '2026-11-21T18:52:00.000000Z'],
    ['2026-11-21T18:52:00.5+02:00', '2026-11-21T16:52:00.500000Z'],
    ['2026-11-21T18:52:00.123456789Z', '2026-11-21T18:52:00.123456Z'],
  ])('reads %s', (text, time) => {
    expect(formatMicros(isoTime(text))).toBe(time)
  })

  it.each([
    '',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21 18:52:00',
    '2026-11-21T18:60:00Z',
    '2026-11-21T18:52:00+25:00',
    '9999-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
  ])('refuses %j', (text) => {
    expect(isoTime(text)).toBe(-1)
  })
})
