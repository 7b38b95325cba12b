import { expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import {
  answer,
  batch,
  client,
  content,
  DAY,
  finding,
  hexHash,
  mark,
  reading,
  sighting,
  temporaryStore,
} from './made.ts'

/** What judgement sees, as `quarter-of-the-day count` of each sighting. */
function seen(store: Store): string[] {
  return [...store.subjectDays('all')].flatMap((day) =>
    day.sightings.map((each) => `${day.label} ${each.quarter - DAY * 96} ${each.count}`),
  )
}

/** The subject-days that are to be judged again. */
function dirty(store: Store): string[] {
  return [...store.subjectDays('dirty')].map(({ day, subject }) => `${day - DAY} ${subject.slice(0, 12)}`)
}

function short(text: string): string {
  return `address-${client(text).tag.slice(0, 4)}`
}

/** Judges without a word, so that nothing is dirty. */
function judgeAll(store: Store): void {
  store.judging('made', () => {
    for (const { day, subject } of store.subjectDays('all')) store.replaceFindings(day, subject, [])
  })
}

test('what a file gave counts when it is complete, what a stream gave counts at once', () => {
  const store = temporaryStore()
  const file = store.begin(reading())
  const stream = store.begin(reading('-', { source: 'stream' }))
  file.add(batch({ sightings: [sighting(0)], coverage: [{ reason: 'packets', count: 5 }] }))
  stream.add(batch({ sightings: [sighting(1)], coverage: [{ reason: 'packets', count: 7 }] }))
  expect(seen(store)).toEqual([expect.stringMatching(/ 1 1$/)])
  expect(store.coverage().map(({ count }) => count)).toEqual([7])
  expect(dirty(store)).toEqual([`0 ${short('10.0.0.5')}`])
  file.complete(content('a'), batch({ sightings: [sighting(2)] }))
  expect(seen(store).map((line) => line.split(' ')[1])).toEqual(['0', '1', '2'])
  expect(store.readings().map(({ input, state }) => `${input} ${state}`)).toEqual(['- pending', 'a.pcap current'])
})

test('a content that was read with the same settings is a duplicate and changes nothing', () => {
  const store = temporaryStore()
  const facts = batch({ sightings: [sighting(0), sighting(50)], marks: [mark(0)], answers: [answer()] })
  const first = store.begin(reading('a.pcap')).complete(content('a'), facts, hexHash('file'))
  expect(first).toEqual({ result: 'kept', of: undefined })
  judgeAll(store)
  const before = dump(store.file)
  const second = store.begin(reading('b.pcap.gz')).complete(content('a'), facts, hexHash('packed'))
  expect(second).toEqual({ result: 'duplicate', of: 'a.pcap' })
  expect(dump(store.file)).toEqual(before)
})

test('a content that was read with other settings replaces the facts of before', () => {
  const store = temporaryStore()
  const old = batch({
    sightings: [sighting(0), sighting(-96)],
    marks: [mark(7)],
    coverage: [{ reason: 'packets', count: 5 }],
  })
  store.begin(reading('a.pcap')).complete(content('a'), old)
  judgeAll(store)
  const fresh = batch({
    sightings: [sighting(3, { client: client('10.0.0.9') })],
    coverage: [{ reason: 'packets', count: 6 }],
  })
  const result = store.begin(reading('b.pcap', { settings: 's2' })).complete(content('a'), fresh)
  expect(result).toMatchObject({ result: 'replaced', of: 'a.pcap' })
  expect(dirty(store).toSorted()).toEqual(
    [`-1 ${short('10.0.0.5')}`, `0 ${short('10.0.0.5')}`, `0 ${short('10.0.0.9')}`].sort(),
  )

  const alone = temporaryStore()
  alone.begin(reading('b.pcap', { settings: 's2' })).complete(content('a'), fresh)
  expect({ ...dump(store.file), dirty: [] }).toEqual({ ...dump(alone.file), dirty: [] })
})

test('contents of one length and sample are told apart by their SHA-256 where both have one', () => {
  const store = temporaryStore()
  const { length, sample } = content('x')
  const complete = (input: string, sha256: string | undefined, slot: number) =>
    store.begin(reading(input)).complete({ length, sample, sha256 }, batch({ sightings: [sighting(slot)] })).result
  expect(complete('a', hexHash('1'), 1)).toBe('kept')
  expect(complete('b', hexHash('2'), 2)).toBe('kept')
  expect(complete('c', hexHash('2'), 3)).toBe('duplicate')
  expect(complete('d', undefined, 4)).toBe('duplicate')
  expect(store.findContent(length, sample).map(({ sha256, settings, input }) => [sha256, settings, input])).toEqual([
    [hexHash('1'), 's1', 'a'],
    [hexHash('2'), 's1', 'b'],
  ])
  expect(store.findContent(length + 1, sample)).toEqual([])
  expect(store.findContent(length, hexHash('other'))).toEqual([])
  expect([store.knowsLength(length), store.knowsLength(length + 1)]).toEqual([true, false])
})

test('a duplicate with a hash tells it to a content that had none', () => {
  const store = temporaryStore()
  store.begin(reading('a')).complete(content('a', { sha256: undefined }), batch())
  store.begin(reading('b')).complete(content('a'), batch())
  expect(store.readings()).toMatchObject([{ input: 'a', content: content('a') }])
})

test('a stream that turns out to be known is taken back, and what was judged of it is judged again', () => {
  const store = temporaryStore()
  const facts = batch({ sightings: [sighting(0)] })
  store.begin(reading('a.pcap')).complete(content('a'), facts)
  const stream = store.begin(reading('-', { source: 'stream' }))
  stream.add(facts)
  judgeAll(store)
  expect(stream.complete(content('a'), batch()).result).toBe('duplicate')
  expect(dirty(store)).toEqual([`0 ${short('10.0.0.5')}`])
  expect(seen(store)).toHaveLength(1)
})

test('a reading that is discarded leaves nothing, and of a stream what was judged is judged again', () => {
  const store = temporaryStore()
  for (const source of ['file', 'stream'] as const) {
    const writer = store.begin(reading('a', { source }))
    writer.add(
      batch({ sightings: [sighting(0)], marks: [mark(0)], answers: [answer()], coverage: [{ reason: 'x', count: 1 }] }),
    )
    judgeAll(store)
    writer.discard()
    expect(dirty(store)).toHaveLength(source === 'stream' ? 1 : 0)
  }
  const { dirty: marked, ...rest } = dump(store.file)
  expect(marked).toHaveLength(1)
  expect(Object.values(rest).flat()).toEqual([])
})

test('a tunnel mark has everyone judged again who was seen at its address, near midnight of the day beside as well', () => {
  const store = temporaryStore()
  const alice = client('alice@example.org', 'user')
  const sightings = [-96, 0, 96].flatMap((start) => [
    sighting(start + 40),
    sighting(start + 40, { user: alice }),
    sighting(start + 40, { client: client('10.0.0.6') }),
  ])
  store.begin(reading('log')).complete(content('log'), batch({ sightings }))
  const days = (slot: number) => {
    judgeAll(store)
    store.begin(reading(`${slot}`)).complete(content(`${slot}`), batch({ marks: [mark(slot)] }))
    return dirty(store)
  }
  const both = (day: number) => [`${day} ${short('10.0.0.5')}`, `${day} user-${alice.tag.slice(0, 7)}`]
  expect(days(50)).toEqual(both(0))
  expect(days(3)).toEqual([...both(-1), ...both(0)])
  expect(days(92)).toEqual([...both(0), ...both(1)])
})

test('a transaction that fails leaves nothing behind, and the next one is not misled by it', () => {
  const store = temporaryStore()
  const writer = store.begin(reading())
  const broken = sighting(1, { client: client('10.1.1.1'), network: 'annex', count: Number.NaN })
  expect(() => writer.add(batch({ sightings: [sighting(0), broken] }))).toThrow('NOT NULL')
  writer.complete(content('a'), batch({ sightings: [sighting(2, { client: client('10.2.2.2'), network: 'depot' })] }))
  const [day] = [...store.subjectDays('all')]
  expect(day!.subject).toBe(`address-${client('10.2.2.2').tag}`)
  expect(day!.sightings.map(({ network, quarter }) => [network, quarter - DAY * 96])).toEqual([['depot', 2]])
})

test('the state of the store is told in numbers', () => {
  const store = temporaryStore()
  const none = { readings: 0, sightings: 0, marks: 0, answers: 0, subjects: 0, findings: 0, dirty: 0 }
  expect(store.status()).toEqual({ identities: 'pseudonym', ...none, firstDay: undefined, lastDay: undefined })
  const facts = batch({ sightings: [sighting(0), sighting(97)], marks: [mark(0)], answers: [answer()] })
  store.begin(reading()).complete(content('a'), facts)
  const subject = `address-${client('10.0.0.5').tag}`
  store.judging('made', () => store.replaceFindings(DAY, subject, [finding(subject, 'whatsapp')]))
  expect(store.status()).toEqual({
    identities: 'pseudonym',
    ...{ readings: 1, sightings: 2, marks: 1, answers: 1, subjects: 1, findings: 1, dirty: 1 },
    firstDay: DAY,
    lastDay: DAY + 1,
  })
})
