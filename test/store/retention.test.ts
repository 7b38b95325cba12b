import { expect, test } from 'vitest'
import { verifyLog } from '../../src/audit/verify.ts'
import type { PurgeLine } from '../../src/model/retention.ts'
import { AuditDesk } from '../../src/store/audit.ts'
import { HoldDesk } from '../../src/store/holds.ts'
import { planPurge, purge } from '../../src/store/retention.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { answer, batch, client, content, DAY, mark, NOW, reading, sessionMark, temporaryStore } from './made.ts'
import { filesWith, fill, judge, OLD, seen } from './people.ts'

const [ANNA, BERT] = [client('10.0.0.5'), client('10.0.0.6')]
const BORDER = DAY - 400
const ENTRY = { at: NOW, author: 'alice', text: 'Case 12' }

function counts(lines: readonly PurgeLine[]): Record<string, number> {
  return Object.fromEntries(lines.filter(({ count }) => count > 0).map(({ what, count }) => [what, count]))
}

test('what is older than the border goes, and the plan says before what goes and from when', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, OLD), seen(BERT, OLD + 1), seen(ANNA, DAY)])
  const retention = { facts: BORDER, findings: BORDER }
  const plan = planPurge(store, retention)
  expect(plan.find(({ what }) => what === 'sightings')).toEqual({
    ...{ of: 'facts', what: 'sightings', count: 2, held: 0 },
    ...{ firstDay: OLD, lastDay: OLD + 1 },
  })
  expect(store.status()).toMatchObject({ sightings: 3, findings: 3 })
  expect(purge(store, retention, 'retention')).toEqual(plan)
  expect(store.status()).toMatchObject({ sightings: 1, findings: 1, subjects: 1, firstDay: DAY })
  expect(planPurge(store, retention).every(({ count }) => count === 0)).toBe(true)
})

test('findings whose facts were purged stay as they were judged, and judging again leaves them alone', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, OLD), seen(ANNA, DAY)])
  purge(store, { facts: BORDER }, 'retention')
  expect(judge(store).map(({ day }) => day)).toEqual([DAY])
  expect(store.findings().map(({ day, revision }) => [day, revision])).toEqual([
    [DAY, 1],
    [OLD, 1],
  ])
  expect(store.status().dirty).toBe(0)
})

test('findings are not purged while facts would give them again', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, OLD)])
  expect(() => planPurge(store, { findings: BORDER })).toThrow('purge facts as well')
  expect(() => purge(store, { findings: BORDER }, 'x')).toThrow('purge facts as well')
  expect(store.findings()).toHaveLength(1)
})

test('purged days do not come back with an input that is read again, which says so', () => {
  const store = temporaryStore()
  const sightings = [seen(ANNA, OLD), seen(ANNA, DAY)]
  fill(store, 'a.pcap', sightings)
  purge(store, { facts: BORDER, findings: BORDER }, 'retention')
  const again = store.begin(reading('a.pcap', { settings: 's2' }))
  expect(again.complete(content('a.pcap'), batch({ sightings })).result).toBe('replaced')
  expect(store.status()).toMatchObject({ sightings: 1, firstDay: DAY })
  expect(store.coverage().map(({ reason, count }) => [reason, count])).toEqual([['facts_before_retention', 1]])
})

test('what the first days that stay rest on stays with them: leases a week, answers and tunnels a day', () => {
  const store = temporaryStore()
  const daysBefore = (days: number) => (BORDER - days) * 96 * 900_000_000
  const facts = batch({
    sightings: [seen(ANNA, BORDER)],
    marks: [mark(0, { quarter: (BORDER - 1) * 96 }), mark(0, { quarter: (BORDER - 2) * 96 })],
    answers: [1, 2].map((days) => answer({ start: daysBefore(days), until: daysBefore(days) + 1 })),
    sessions: [7, 8].map((days) => sessionMark(0, { time: daysBefore(days), user: client('anna', 'user') })),
  })
  store.begin(reading()).complete(content('a'), facts)
  expect(counts(purge(store, { facts: BORDER }, 'retention'))).toEqual({
    'minutes of tunnels': 1,
    'answers of DNS': 1,
    'records of leases and tunnels': 1,
  })
})

test('a hold of a client keeps its facts, findings and reviews, and says how many', () => {
  const store = temporaryStore()
  const [annas] = fill(store, 'a.pcap', [seen(ANNA, OLD), seen(BERT, OLD)])
  const desk = HoldDesk.open(store.file)
  const hold = desk.add({ client: `address-${ANNA.tag}` }, ENTRY)
  expect(hold).toMatchObject({ seq: 1, author: 'alice', reason: 'Case 12' })
  const retention = { facts: BORDER, findings: BORDER }
  const lines = purge(store, retention, 'retention')
  expect(lines.map(({ what, count, held }) => [what, count, held]).filter(([, , held]) => held !== 0)).toEqual([
    ['sightings', 1, 1],
    ['findings', 1, 1],
  ])
  expect(store.findings().map(({ id }) => id)).toEqual([annas!.id])
  desk.lift(1, ENTRY)
  desk.close()
  expect(counts(purge(store, retention, 'retention'))).toEqual({ sightings: 1, findings: 1 })
})

test('a hold of an app keeps what is of it on its days, and nothing else', () => {
  const store = temporaryStore()
  const signal = { app: 'signal', indicator: 'signal exact chat.signal.example' }
  fill(store, 'a.pcap', [seen(ANNA, OLD), seen(ANNA, OLD, signal), seen(ANNA, OLD + 9, signal)])
  const desk = HoldDesk.open(store.file)
  desk.add({ app: 'signal', until: OLD + 5 }, ENTRY)
  desk.close()
  const [sightings] = purge(store, { facts: BORDER }, 'retention')
  expect(sightings).toMatchObject({ what: 'sightings', count: 2, held: 1 })
})

test('held facts of purged days outlast another reading of their input', () => {
  const store = temporaryStore()
  const sightings = [seen(ANNA, OLD), seen(BERT, OLD)]
  fill(store, 'a.pcap', sightings)
  const desk = HoldDesk.open(store.file)
  desk.add({ client: `address-${ANNA.tag}` }, ENTRY)
  desk.close()
  purge(store, { facts: BORDER }, 'retention')
  store.begin(reading('a.pcap', { settings: 's2' })).complete(content('a.pcap'), batch({ sightings }))
  expect(store.status()).toMatchObject({ readings: 1, sightings: 1 })
})

test('reviews go when their finding is gone, and what was purged is told in counts', () => {
  const store = temporaryStore()
  const [one] = fill(store, 'a.pcap', [seen(ANNA, OLD)])
  const desk = ReviewDesk.open(store.file)
  desk.review([one!.id], 'close', { ...ENTRY, at: OLD * 86_400_000_000 })
  desk.close()
  expect(counts(planPurge(store, { reviews: BORDER }))).toEqual({})
  purge(store, { facts: BORDER, findings: BORDER }, 'retention')
  expect(counts(purge(store, { reviews: BORDER }, 'retention'))).toEqual({ reviews: 1 })
  expect(store.reviews(one!.id)).toEqual([])
  expect(store.tombstones()).toEqual([
    { why: 'purged', day: OLD, app: 'whatsapp', severity: 'high', bypass: false, findings: 1 },
  ])
})

test('nothing of whom was purged is left in the bytes of the file', () => {
  const store = temporaryStore()
  fill(store, 'a.pcap', [seen(ANNA, OLD), seen(BERT, DAY)])
  purge(store, { facts: BORDER, findings: BORDER }, 'retention')
  expect(store.compact()).toEqual({ walRemains: false, backups: [] })
  expect(filesWith(store.file, Buffer.from(ANNA.tag, 'hex'))).toEqual([])
  expect(filesWith(store.file, Buffer.from(BERT.tag, 'hex'))).toEqual(['store.db'])
})

test('the audit log is purged from its beginning, fits together behind that, and says so itself', () => {
  const store = temporaryStore()
  const desk = AuditDesk.open(store.file)
  for (const day of [OLD, OLD + 1, DAY])
    desk.enter({ at: day * 86_400_000_000, author: '', action: 'judge', details: {} })
  const name = desk.name()
  purge(store, { audit: BORDER }, 'retention')
  expect(desk.entries().map(({ seq, action }) => [seq, action])).toEqual([
    [3, 'judge'],
    [4, 'purge'],
  ])
  expect(verifyLog(desk.entries(), desk.lastGiven(), desk.starts(), [], []).problems).toEqual([])
  expect(desk.name()).toBe(name)
  desk.close()
})

test('a hold that would end before it begins, or is of nobody, is refused, and so is lifting twice', () => {
  const store = temporaryStore()
  const desk = HoldDesk.open(store.file)
  expect(() => desk.add({ from: DAY, until: DAY - 1 }, ENTRY)).toThrow('ends before it begins')
  expect(() => desk.add({ client: 'user-00000000' }, ENTRY)).toThrow('knows nobody by it')
  expect(() => desk.add({}, { ...ENTRY, text: ' ' })).toThrow('the reason is empty')
  desk.add({}, ENTRY)
  desk.lift(1, ENTRY)
  expect(() => desk.lift(1, ENTRY)).toThrow('is lifted already')
  expect(() => desk.lift(7, ENTRY)).toThrow('is not there')
  desk.close()
})
