import { expect, test } from 'vitest'
import type { Batch } from '../../src/model/batch.ts'
import type { NewReading } from '../../src/model/reading.ts'
import type { Grown } from '../../src/store/growth.ts'
import { purge } from '../../src/store/retention.ts'
import { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import {
  answer,
  batch,
  client,
  content,
  DAY,
  OPTIONS,
  reading,
  sessionMark,
  sighting,
  temporaryFolder,
  temporaryStore,
} from './made.ts'

const LOG: NewReading = reading('access.log', { kind: 'log', format: 'made' })
const START = DAY * 96 * 900_000_000

/** What the lines of a log say, a minute each, all of it in the same rows. */
function lines(from: number, to: number): Batch {
  const times = Array.from({ length: to - from + 1 }, (_, i) => START + (from + i) * 60_000_000)
  const [first, last] = [times[0]!, times.at(-1)!]
  const mask = times.reduce((bits, _, i) => bits | (1 << (from + i)), 0)
  return batch({
    sightings: [sighting(0, { first, last, mask, count: times.length, firstAt: from, lastAt: to })],
    sessions: times.flatMap((_, i) => [
      sessionMark(5, { position: from }),
      sessionMark(from + i, { position: from + i }),
    ]),
    answers: [answer({ start: first, until: last + 60_000_000 })],
    coverage: [{ reason: 'records', count: times.length }],
  })
}

/** A store that has lines 1 to 4 of a log, the fourth of which has no end yet. */
function storeWithTail(): { store: Store; from: Grown } {
  const store = temporaryStore()
  const extent = { head: 'h', end: { at: 300, lines: 3 } }
  store.begin(LOG).complete(content('a', { length: 350 }), lines(1, 3), undefined, { extent, tail: lines(4, 4) })
  return { store, from: store.mayGoOn(1000, () => 'h')[0]! }
}

/** Its facts, without what it was read from. */
function facts({ file }: Store): object {
  const { readings: _, dirty: __, ...rest } = dump(file)
  return Object.fromEntries(
    Object.entries(rest).map(([name, rows]) => [name, rows.map((row) => row.replace(/"reading":"[^"]*",?/, ''))]),
  )
}

function goOn(store: Store, from: Grown, to: number): void {
  const extent = { head: 'h', end: { at: 900, lines: to } }
  const given = content('b', { length: 900, sha256: undefined })
  store.begin(LOG, { from, with: 'more' }).complete(given, lines(4, to), undefined, { extent, tail: undefined })
}

test('a last line without end is taken back from every table before its log is read on', () => {
  const { store, from } = storeWithTail()
  expect(from).toMatchObject({ length: 350, end: { at: 300, lines: 3 } })
  goOn(store, from, 6)
  const whole = temporaryStore()
  const writer = whole.begin(LOG)
  writer.add(lines(1, 3))
  writer.complete(content('b', { length: 900 }), lines(4, 6))
  expect(facts(store)).toEqual(facts(whole))
  expect(store.readings()).toHaveLength(1)
  expect(store.findContent(350, content('a').sample)).toMatchObject([{ outgrown: true }])
})

test('a last line whose rows are its own leaves nothing behind', () => {
  const store = temporaryStore()
  const extent = { head: 'h', end: { at: 0, lines: 0 } }
  const tail = batch({
    ...lines(1, 1),
    sightings: [sighting(3, { client: client('10.9.9.9'), user: client('mall', 'user') })],
  })
  store.begin(LOG).complete(content('a', { length: 50 }), batch(), undefined, { extent, tail })
  expect(store.status().sightings).toBe(1)
  const [from] = store.mayGoOn(1000, () => 'h')
  const ending = { extent: { head: 'h', end: { at: 900, lines: 1 } }, tail: undefined }
  store.begin(LOG, { from: from!, with: 'more' }).complete(content('b', { length: 900 }), batch(), undefined, ending)
  expect(store.status()).toMatchObject({ sightings: 0, answers: 0 })
  expect(store.coverage()).toEqual([])
  // Whom it named is to be judged again.
  expect([...store.subjectDays('dirty')].map(({ day, subject }) => [day, subject])).toContainEqual([
    DAY,
    `user-${client('mall', 'user').tag}`,
  ])
})

test('facts that were put before the last batch are merged with it, and are gone where the run broke off', () => {
  const { store, from } = storeWithTail()
  const before = dump(store.file)
  const { file } = store
  store.begin(LOG, { from, with: 'more' }).add(lines(4, 5))
  store.close()
  const again = Store.open(file, OPTIONS)
  try {
    expect(again.recover().discarded).toEqual(['access.log'])
    expect(dump(file)).toEqual(before)
    const writer = again.begin(LOG, { from, with: 'more' })
    writer.add(lines(4, 5))
    writer.discard()
    expect(dump(file)).toEqual(before)
    const other = again.begin(LOG, { from, with: 'more' })
    other.add(lines(4, 5))
    const ending = { extent: { head: 'h', end: { at: 900, lines: 6 } }, tail: undefined }
    other.complete(content('b', { length: 900 }), lines(6, 6), undefined, ending)
    const { store: plain, from: start } = storeWithTail()
    goOn(plain, start, 6)
    expect(facts(again)).toEqual(facts(plain))
  } finally {
    again.close()
  }
})

test('a thousand lengths of a log are remembered, the latest', () => {
  const folder = temporaryFolder()
  const store = Store.open(`${folder}/s.db`, OPTIONS)
  store.begin(LOG).complete(content('a', { length: 1 }), batch(), undefined, {
    extent: { head: 'h', end: { at: 1, lines: 1 } },
    tail: undefined,
  })
  for (let length = 2; length <= 1010; length++) {
    const [from] = store.mayGoOn(length, () => 'h')
    const ending = { extent: { head: 'h', end: { at: length, lines: 1 } }, tail: undefined }
    store
      .begin(LOG, { from: from!, with: 'more' })
      .complete(content(`${length}`, { length, sha256: undefined }), batch(), undefined, ending)
  }
  expect([1, 9, 10, 1009, 1010, 1011].map((length) => store.knowsLength(length))).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ])
  store.close()
})

test('a line that goes on after its day was purged brings nothing of that day back', () => {
  const { store, from } = storeWithTail()
  expect(store.status().sightings).toBe(1)
  purge(store, { facts: DAY + 1, findings: DAY + 1 }, 'retention')
  goOn(store, from, 6)
  expect(store.status().sightings).toBe(0)
  // What was told of leases and answers bears on the day after as well.
  expect(dump(store.file)).toMatchObject({ session_marks: { length: 6 }, answers: { length: 1 } })
})
