import { describe, expect, it } from 'vitest'
import { Oddities } from '../../../../src/base/oddities.ts'
import { formatMicros } from '../../../../src/base/time.ts'
import { RecordFields } from '../../../../src/read/log/fields/record-fields.ts'
import { Clock } from '../../../../src/read/log/mapping/clock.ts'
import { timeReader } from '../../../../src/read/log/mapping/time-pattern.ts'
import { TimeText } from '../../../../src/read/log/mapping/time-text.ts'
import { isZone, Zone } from '../../../../src/read/log/mapping/zones.ts'
import { fc } from '../../../property.ts'

interface Context {
  readonly timezone?: string
  readonly year?: number
  readonly latest?: number
}

/** Reads times one after the other, as a log has them; `zone` stands in a second field. */
function clock(as: string, context: Context = {}) {
  const oddities = new Oddities()
  const reader = new Clock({ oddities, ...context })
  const read = as === 'unix' ? undefined : timeReader(as)!
  return {
    oddities,
    read: (text: string, zone = '') => {
      const bytes = Buffer.from(`${text}${zone}`)
      const fields = new RecordFields(2)
      fields.begin(bytes, 0, bytes.length)
      fields.set(0, 0, text.length)
      fields.set(1, text.length, bytes.length)
      const time = reader.read([{ fields: [0], read, zone: 1, isUtc: false }], fields)
      return time < 0 ? 'none' : formatMicros(time)
    },
  }
}

describe('a time', () => {
  it.each([
    ['iso', '2026-11-21T18:52:00.123456789Z', '2026-11-21T18:52:00.123456Z'],
    ['iso', '2026-11-21 18:52:00,5 +0100', '2026-11-21T17:52:00.500000Z'],
    ['iso', '2026/11/21 18:52', '2026-11-21T18:52:00.000000Z'],
    ['iso', '2026-11-21T18:52:00-03:30', '2026-11-21T22:22:00.000000Z'],
    ['iso', '2026-11-21T18:52:00 UTC', '2026-11-21T18:52:00.000000Z'],
    ['iso', '2026-02-29T18:52:00Z', 'none'],
    ['iso', '2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000000Z'],
    ['iso', '2026-11-21T24:00:00Z', 'none'],
    ['iso', '2026-11-21T18:52:00Zx', 'none'],
    ['iso', '2026-11-21', 'none'],
    ['unix', '1795287120', '2026-11-21T18:52:00.000000Z'],
    ['unix', '1795287120.5', '2026-11-21T18:52:00.500000Z'],
    ['unix', '1795287120123', '2026-11-21T18:52:00.123000Z'],
    ['unix', '1795287120123.456', '2026-11-21T18:52:00.123456Z'],
    ['unix', '1795287120123456', '2026-11-21T18:52:00.123456Z'],
    ['unix', '1795287120123456789', '2026-11-21T18:52:00.123456Z'],
    ['unix', '-1', 'none'],
    ['unix', '1e9', 'none'],
    ['unix', '99999999999999999999', 'none'],
    ['httpd', '21/Nov/2026:18:52:00 +0100', '2026-11-21T17:52:00.000000Z'],
    ['syslog', 'Nov 21 2026 18:52:00', '2026-11-21T18:52:00.000000Z'],
    ['syslog', 'Nov 21 2026 18:52:00 PST', '2026-11-22T02:52:00.000000Z'],
    ['syslog', '2026 Nov 21 18:52:00 CET', '2026-11-21T17:52:00.000000Z'],
    ['iso', '2026-11-21 18:52:00 CEST', '2026-11-21T16:52:00.000000Z'],
    ['syslog', '*Nov  1 2026 18:52:00.123 UTC', '2026-11-01T18:52:00.123000Z'],
    ['syslog', 'Nov 21 18:52:00 2026', '2026-11-21T18:52:00.000000Z'],
    ['syslog', '2026-11-21T18:52:00+01:00', '2026-11-21T17:52:00.000000Z'],
    ['dd/MM/yyyy h:mm:ss a', '21/11/2026 6:52:00 PM', '2026-11-21T18:52:00.000000Z'],
    ['MM/dd/yy HH:mm', '11/21/26 18:52', '2026-11-21T18:52:00.000000Z'],
    ['M/d/yyyy h:mm:ss a', '1/2/2026 12:00:00 AM', '2026-01-02T00:00:00.000000Z'],
    ['M/d/yyyy h:mm:ss a', '1/2/2026 12:00:00 pm', '2026-01-02T12:00:00.000000Z'],
    ['M/d/yyyy h:mm:ss a', '1/2/2026 13:00:00 PM', 'none'],
    ['EEE MMM d HH:mm:ss yyyy', 'Sat Nov 21 18:52:00 2026', '2026-11-21T18:52:00.000000Z'],
    ['dd-MMM-yyyy HH:mm:ss.SSS', '21-Nov-2026 18:52:00.25', '2026-11-21T18:52:00.250000Z'],
    ["yyyyMMdd'T'HHmmss Z", '20261121T185200', '2026-11-21T18:52:00.000000Z'],
    ['yyyy-MM-dd HH:mm:ss Z', '2026-11-21 18:52:00 +02:00', '2026-11-21T16:52:00.000000Z'],
  ])('written as %s: %s', (as, text, expected) => {
    expect(clock(as).read(text)).toBe(expected)
  })

  it('is one only where its pattern has a clock', () => {
    expect(timeReader('yyyy-MM-dd')).toBeUndefined()
    expect(timeReader('')).toBeUndefined()
  })

  it('is what Date.parse says of any RFC 3339 text', () => {
    const date = fc.date({ min: new Date(0), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, offset) => {
        const local = new Date(instant.getTime() + offset * 60_000)
        fc.pre(local.getTime() >= 0)
        const sign = offset < 0 ? '-' : '+'
        const two = (value: number) => String(value).padStart(2, '0')
        const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
        expect(clock('iso').read(local.toISOString().replace('Z', zone))).toBe(formatMicros(instant.getTime() * 1000))
      }),
      { numRuns: 1000 },
    )
  })

  it('ends on any bytes', () => {
    const readers = ['iso', 'syslog', 'httpd', 'M/d/yyyy h:mm:ss a Z'].map((as) => timeReader(as)!)
    const piece = fc.constantFrom('2026', '11', '-', '/', ' ', ':', '.', 'T', 'Z', '+', 'Nov', 'PM', '1', '\0', '9')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''))
        for (const read of readers) expect(typeof read(bytes, 0, bytes.length, new TimeText())).toBe('boolean')
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a local time', () => {
  it('is in the zone that the record names, else in that of the operator', () => {
    const { read } = clock('iso', { timezone: 'Europe/Paris' })
    expect(read('2026-11-21 18:52:00')).toBe('2026-11-21T17:52:00.000000Z')
    expect(read('2026-07-21 18:52:00')).toBe('2026-07-21T16:52:00.000000Z')
    expect(read('2026-07-21 18:52:00', '+0530')).toBe('2026-07-21T13:22:00.000000Z')
    expect(read('2026-07-21 18:52:00', 'UTC')).toBe('2026-07-21T18:52:00.000000Z')
    expect(read('2026-07-21 18:52:00', 'America/New_York')).toBe('2026-07-21T22:52:00.000000Z')
    expect(read('2026-07-21 18:52:00Z', '+0530')).toBe('2026-07-21T18:52:00.000000Z')
  })

  it('in a zone that nobody knows is counted and read in that of the operator', () => {
    const { read, oddities } = clock('iso', { timezone: 'Europe/Paris' })
    expect(read('2026-11-21 18:52:00', 'Atlantis/Main')).toBe('2026-11-21T17:52:00.000000Z')
    expect(oddities.entries()).toEqual([['zone_unknown', 1]])
  })

  it('whose letters mean several zones is counted and read in that of the operator', () => {
    const { read, oddities } = clock('syslog', { timezone: 'Europe/Paris' })
    expect(read('Nov 21 2026 18:52:00 IST')).toBe('2026-11-21T17:52:00.000000Z')
    expect(read('Nov 21 2026 18:52:00 EST')).toBe('2026-11-21T23:52:00.000000Z')
    expect(oddities.entries()).toEqual([['zone_unknown', 1]])
  })

  it('that a change of the clock left out or brought twice is read, and counted', () => {
    const { read, oddities } = clock('iso', { timezone: 'Europe/Paris' })
    expect(read('2026-03-29 01:59:59')).toBe('2026-03-29T00:59:59.000000Z')
    expect(read('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00.000000Z')
    expect(read('2026-03-29 03:00:00')).toBe('2026-03-29T01:00:00.000000Z')
    expect(read('2026-10-25 01:59:59')).toBe('2026-10-24T23:59:59.000000Z')
    expect(read('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00.000000Z')
    expect(read('2026-10-25 03:00:00')).toBe('2026-10-25T02:00:00.000000Z')
    expect(oddities.entries()).toEqual([
      ['local_time_in_gap', 1],
      ['local_time_twice', 1],
    ])
  })

  it('comes back from what the zone showed at any instant', () => {
    const names = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']
    const zones = new Map(names.map((name) => [name, new Zone(name)]))
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.integer({ min: 1_400_000_000, max: 2_000_000_000 }),
        (name, seconds) => {
          const shown = new Intl.DateTimeFormat('sv-SE', {
            timeZone: name,
            dateStyle: 'short',
            timeStyle: 'medium',
          }).format(seconds * 1000)
          const local = Date.parse(`${shown.replace(' ', 'T')}Z`) * 1000
          const zone = zones.get(name)!
          const back = zone.toUtc(local) / 1_000_000
          if (zone.oddity === '') expect(back).toBe(seconds)
          else expect(seconds - back).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('needs a zone that there is', () => {
    expect([isZone('Europe/Paris'), isZone('UTC'), isZone('Atlantis/Main'), isZone('')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('a time without a year', () => {
  it('is in the year that the operator names, and goes on into the next', () => {
    const { read } = clock('syslog', { year: 2025 })
    expect(
      [
        'Dec 30 23:00:00',
        'Dec 31 23:59:59',
        'Jan  1 00:00:01',
        'Dec 31 23:59:58',
        'Jan  2 00:00:00',
        'Feb  3 00:00:00',
      ].map((text) => read(text)),
    ).toEqual([
      '2025-12-30T23:00:00.000000Z',
      '2025-12-31T23:59:59.000000Z',
      '2026-01-01T00:00:01.000000Z',
      '2025-12-31T23:59:58.000000Z',
      '2026-01-02T00:00:00.000000Z',
      '2026-02-03T00:00:00.000000Z',
    ])
  })

  it('is the last one that is not after the input was written', () => {
    const latest = Date.parse('2026-01-03T00:00:00Z') * 1000
    expect(clock('syslog', { latest }).read('Dec 30 23:00:00')).toBe('2025-12-30T23:00:00.000000Z')
    expect(clock('syslog', { latest }).read('Jan  2 23:00:00')).toBe('2026-01-02T23:00:00.000000Z')
    expect(clock('syslog', { latest }).read('Jan  3 20:00:00')).toBe('2026-01-03T20:00:00.000000Z')
  })

  it('is none where nobody says the year, and that is counted', () => {
    const { read, oddities } = clock('syslog')
    expect(read('Nov 21 18:52:00')).toBe('none')
    expect(oddities.entries()).toEqual([['time_without_year', 1]])
  })

  it('that is no date leaves the year as it is', () => {
    const { read } = clock('syslog', { year: 2025 })
    expect(read('Feb 29 00:00:00')).toBe('none')
    expect(read('Mar  1 00:00:00')).toBe('2025-03-01T00:00:00.000000Z')
  })
})
