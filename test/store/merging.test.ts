import { expect, test } from 'vitest'
import { MICROS_PER_MINUTE } from '../../src/base/time.ts'
import type { Batch } from '../../src/model/batch.ts'
import { fc } from '../property.ts'
import { dump } from './dump.ts'
import { answer, batch, client, content, mark, reading, sessionMark, sighting, temporaryStore } from './made.ts'

// Few of each, so that much falls together.
const clients = ['10.0.0.5', '10.0.0.6'].map((text) => client(text))
const people = [undefined, client('alice@example.org', 'user')]
const slot = fc.constantFrom(95, 96)
const amount = fc.constantFrom(-1, 0, 7, 1000, Number.MAX_SAFE_INTEGER)
const position = fc.integer({ min: 1, max: 9 })
const facts = fc.record({
  sightings: fc.array(
    fc
      .record({
        slot,
        client: fc.constantFrom(...clients),
        user: fc.constantFrom(...people),
        indicator: fc.constantFrom('whatsapp exact g.whatsapp.net', 'whatsapp suffix whatsapp.net'),
        means: fc.constantFrom('tls-sni' as const, 'dns-query' as const),
        action: fc.constantFrom('' as const, 'blocked' as const),
        mask: fc.integer({ min: 1, max: 32767 }),
        count: fc.oneof(position, fc.constant(Number.MAX_SAFE_INTEGER)),
        bytesUp: amount,
        bytesDown: amount,
        first: fc.integer({ min: 0, max: 2 }),
        firstAt: position,
        lastAt: position,
      })
      .map(({ slot, first, ...given }) => {
        const made = sighting(slot, given)
        return { ...made, first: made.first + first * MICROS_PER_MINUTE, last: made.last + first * MICROS_PER_MINUTE }
      }),
    { maxLength: 12 },
  ),
  marks: fc.array(
    fc
      .record({
        slot,
        client: fc.constantFrom(...clients),
        gateway: fc.constantFrom('north', 'south'),
        mask: fc.integer({ min: 1, max: 7 }),
        count: position,
        firstAt: position,
      })
      .map(({ slot, ...given }) => mark(slot, given)),
    { maxLength: 6 },
  ),
  sessions: fc.array(
    fc
      .record({
        kind: fc.constantFrom('tunnel' as const, 'lease' as const),
        event: fc.constantFrom('start' as const, 'end' as const),
        minute: fc.constantFrom(-1, 0, 7),
        inner: fc.constantFrom(...clients),
        outer: fc.constantFrom(undefined, client('198.51.100.7')),
        user: fc.constantFrom(...people),
        gateway: fc.constantFrom('', 'vpn1.example.org'),
        position,
      })
      .map(({ minute, ...given }) => sessionMark(minute, given)),
    { maxLength: 6 },
  ),
  answers: fc.array(
    fc
      .record({
        client: fc.constantFrom(...clients),
        address: fc.constantFrom('192.0.2.1', '2001:db8::1'),
        until: position,
      })
      .map(answer),
    { maxLength: 4 },
  ),
  coverage: fc.array(fc.record({ reason: fc.constantFrom('packets', 'snap_cut'), count: position }), { maxLength: 4 }),
})

test('any order and grouping of batches gives the same facts', () => {
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1, maxLength: 5 }), (batches: readonly Batch[]) => {
      const [together, apart, backwards] = [temporaryStore(), temporaryStore(), temporaryStore()]
      together.begin(reading()).complete(content('a'), merged(batches))
      const writer = apart.begin(reading())
      for (const each of batches) writer.add(each)
      writer.complete(content('a'), batch())
      const other = backwards.begin(reading())
      for (const each of batches.toReversed()) {
        other.add(batch({ coverage: each.coverage, marks: each.marks.toReversed() }))
        other.add(
          batch({
            answers: each.answers,
            sessions: each.sessions.toReversed(),
            sightings: each.sightings.toReversed(),
          }),
        )
      }
      other.complete(content('a'), batch())
      const expected = dump(together.file)
      expect(dump(apart.file)).toEqual(expected)
      expect(dump(backwards.file)).toEqual(expected)
      expect([...apart.subjectDays('all')].map(withoutIds)).toEqual([...backwards.subjectDays('all')].map(withoutIds))
      for (const store of [together, apart, backwards]) store.close()
    }),
    { numRuns: 60 },
  )
})

function merged(batches: readonly Batch[]): Batch {
  return {
    sightings: batches.flatMap((each) => each.sightings),
    marks: batches.flatMap((each) => each.marks),
    sessions: batches.flatMap((each) => each.sessions),
    answers: batches.flatMap((each) => each.answers),
    coverage: batches.flatMap((each) => each.coverage),
  }
}

function withoutIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each) => (key === 'id' ? undefined : each)))
}

test('what was seen twice merges: minutes by OR, counts and known bytes by sum, the earlier first and the later last', () => {
  const store = temporaryStore()
  const early = sighting(4, { mask: 0b011, count: 2, bytesUp: 100, firstAt: 7, lastAt: 9 })
  const late = sighting(4, {
    mask: 0b110,
    count: 3,
    first: early.first + 60e6,
    last: early.last + 60e6,
    firstAt: 3,
    lastAt: 4,
  })
  const writer = store.begin(reading())
  writer.add(batch({ sightings: [late] }))
  writer.complete(content('a'), batch({ sightings: [early] }))
  const [day] = [...store.subjectDays('all')]
  expect(day!.sightings).toMatchObject([
    { mask: 0b111, count: 5, bytesUp: 100, bytesDown: -1, first: early.first, last: late.last, firstAt: 7, lastAt: 4 },
  ])
})

test('sums that no number can hold stop at the largest that is exact', () => {
  const store = temporaryStore()
  const huge = sighting(0, { bytesUp: 1e300, bytesDown: Number.MAX_SAFE_INTEGER, count: Number.MAX_SAFE_INTEGER })
  const writer = store.begin(reading())
  writer.add(
    batch({ sightings: [huge, huge], marks: [mark(0, { count: 1e19 })], coverage: [{ reason: 'x', count: 1e19 }] }),
  )
  writer.complete(content('a'), batch({ sightings: [huge] }))
  const most = Number.MAX_SAFE_INTEGER
  expect([...store.subjectDays('all')][0]!.sightings).toMatchObject([{ bytesUp: most, bytesDown: most, count: most }])
  expect(store.coverage()[0]!.count).toBe(most)
})
