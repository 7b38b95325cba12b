import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { verifyLog } from '../../src/audit/verify.ts'
import { AuditDesk } from '../../src/store/audit.ts'
import { erase, planErasure } from '../../src/store/erasure.ts'
import { HoldDesk } from '../../src/store/holds.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { StatementDesk } from '../../src/store/statements.ts'
import {
  answer,
  batch,
  client,
  content,
  DAY,
  mark,
  NOW,
  reading,
  sessionMark,
  sighting,
  temporaryStore,
} from './made.ts'
import { filesWith, fill, judge, seen, subjectOf } from './people.ts'

const ANNA = client('anna@example.org', 'user')
const BERT = client('bert@example.org', 'user')
const [DESK, OTHER] = [client('10.0.0.5 at hq'), client('10.0.0.6 at hq')]
const ENTRY = { at: NOW, author: 'alice', text: 'She was on leave' }

test('a person goes with facts, findings, reviews and statements, and only counts stay', () => {
  const store = temporaryStore()
  fill(store, 'a.log', [seen(DESK, DAY, { user: ANNA }), seen(OTHER, DAY, { user: BERT })])
  const [anna, bert] = [ANNA, BERT].map((who) => store.findings({ subject: subjectOf(who) })[0]!)
  const reviews = ReviewDesk.open(store.file)
  reviews.review([anna!.id, bert!.id], 'note', ENTRY)
  reviews.suppress({ findings: [anna!.id] }, DAY + 9, ENTRY)
  reviews.close()
  const statements = StatementDesk.open(store.file)
  statements.state(anna!.id, ENTRY)
  statements.close()
  const plan = planErasure(store, [subjectOf(ANNA)], NOW)
  expect(plan).toEqual({
    ...{ pseudonyms: 1, sightings: 1, otherFacts: 0, findings: 1, texts: 3, evidence: 0, messages: 0 },
  })
  expect(store.findings()).toHaveLength(2)
  expect(erase(store, [subjectOf(ANNA)], NOW, 'Request 17')).toEqual(plan)
  expect(store.findings().map(({ id }) => id)).toEqual([bert!.id])
  expect(store.reviews(anna!.id)).toEqual([])
  expect(store.reviews(bert!.id)).toHaveLength(1)
  expect(store.history(anna!.id)).toEqual([])
  expect(store.tombstones()).toEqual([
    { why: 'erased', day: DAY, app: 'whatsapp', severity: 'high', bypass: false, findings: 1 },
  ])
})

test.each(['pseudonym', 'clear'] as const)(
  'nothing of whom was erased is left in a file of a store of %s identities',
  (identities) => {
    const store = temporaryStore({ identities })
    fill(store, 'a.log', [seen(DESK, DAY, { user: ANNA }), seen(OTHER, DAY, { user: BERT })])
    const facts = batch({
      sessions: [sessionMark(0, { inner: DESK, user: ANNA, device: client('laptop-7', 'device') })],
      marks: [mark(0, { client: DESK })],
      answers: [answer({ client: DESK })],
    })
    store.begin(reading('b.log')).complete(content('b'), facts)
    const finding = store.findings({ subject: subjectOf(ANNA) })[0]!
    const desk = ReviewDesk.open(store.file)
    desk.review([finding.id], 'note', { ...ENTRY, text: 'Anna says it was her phone' })
    desk.close()
    const traces = [
      Buffer.from(ANNA.tag, 'hex'),
      Buffer.from(DESK.tag, 'hex'),
      ANNA.tag,
      DESK.tag,
      finding.id,
      'her phone',
    ]
    if (identities === 'clear') traces.push(ANNA.clear!, DESK.clear!, 'laptop-7')
    for (const trace of traces.filter((one) => one !== ANNA.tag && one !== DESK.tag))
      expect(filesWith(store.file, trace)).not.toEqual([])
    erase(store, [ANNA, DESK, client('laptop-7', 'device')].map(subjectOf), NOW, 'Request 17')
    expect(store.compact()).toEqual({ walRemains: false, backups: [] })
    for (const trace of traces) expect([trace, filesWith(store.file, trace)]).toEqual([trace, []])
    expect(filesWith(store.file, Buffer.from(BERT.tag, 'hex'))).toEqual(['store.db'])
    const database = new Sqlite(store.file)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
  },
)

test('while somebody reads, the write-ahead log is told to have what was erased', () => {
  const store = temporaryStore()
  fill(store, 'a.log', [seen(DESK, DAY, { user: ANNA })])
  const reader = new Sqlite(store.file, { readonly: true })
  const rows = reader.prepare('SELECT * FROM sighting').iterate()
  rows.next()
  erase(store, [subjectOf(ANNA)], NOW, 'Request 17')
  expect(store.compact().walRemains).toBe(true)
  rows.return!()
  reader.close()
  expect(store.compact().walRemains).toBe(false)
}, 20_000)

test('the same input delivered again does not bring the person back, and later days are new', () => {
  const store = temporaryStore()
  const sightings = [seen(DESK, DAY, { user: ANNA }), seen(OTHER, DAY, { user: BERT })]
  fill(store, 'a.log', sightings)
  erase(store, [subjectOf(ANNA)], NOW, 'Request 17')
  const again = { ...batch({ sightings }), sessions: [sessionMark(0, { inner: OTHER, user: ANNA })] }
  store.begin(reading('a.log', { settings: 's2' })).complete(content('a.log'), again)
  expect(store.status()).toMatchObject({ sightings: 1, subjects: 1 })
  expect(store.coverage().map(({ reason, count }) => [reason, count])).toEqual([['facts_of_erased', 2]])
  const later = [seen(DESK, DAY + 2, { user: ANNA })]
  store.begin(reading('b.log')).complete(content('b'), batch({ sightings: later }))
  expect(store.status()).toMatchObject({ sightings: 2, subjects: 2 })
})

test('what was seen at an address while a lease gave it to the person goes, and what was before and after stays', () => {
  const store = temporaryStore()
  const lease = (minute: number, event: 'start' | 'end', user = ANNA) =>
    sessionMark(minute, { inner: DESK, user, event })
  const facts = batch({
    sightings: [10, 40, 80].map((slot) => sighting(slot, { client: DESK })),
    sessions: [lease(8 * 60, 'start'), lease(14 * 60, 'end'), lease(14 * 60, 'start', BERT)],
  })
  store.begin(reading('a.log')).complete(content('a'), facts)
  const erased = erase(store, [subjectOf(ANNA)], NOW, 'Request 17')
  expect(erased).toMatchObject({ sightings: 1, otherFacts: 2 })
  const slots = [...store.subjectDays('all')].flatMap(({ sightings }) => sightings.map(({ quarter }) => quarter % 96))
  expect([...new Set(slots)].sort((a, b) => a - b)).toEqual([10, 80])
  expect(store.status().dirty).toBeGreaterThan(0)
})

test('what a hold keeps is not erased, and nothing else of the person is', () => {
  const store = temporaryStore()
  fill(store, 'a.log', [seen(DESK, DAY, { user: ANNA })])
  const desk = HoldDesk.open(store.file)
  desk.add({ app: 'whatsapp', from: DAY, until: DAY }, ENTRY)
  expect(() => erase(store, [subjectOf(ANNA)], NOW, 'Request 17')).toThrow('a legal hold (of whatsapp) keeps')
  expect(store.status()).toMatchObject({ sightings: 1, findings: 1 })
  desk.lift(1, ENTRY)
  desk.close()
  expect(erase(store, [subjectOf(ANNA)], NOW, 'Request 17').sightings).toBe(1)
})

test('the audit log of an erasure fits together and names nobody', () => {
  const store = temporaryStore()
  fill(store, 'a.log', [seen(DESK, DAY, { user: ANNA })])
  const finding = store.findings()[0]!
  const desk = ReviewDesk.open(store.file)
  desk.review([finding.id], 'note', ENTRY)
  desk.close()
  erase(store, [subjectOf(ANNA)], NOW, 'Request 17')
  judge(store)
  const log = AuditDesk.open(store.file)
  const entries = log.entries()
  expect(entries.map(({ action }) => action)).toEqual(['judge', 'review', 'erase', 'judge'])
  expect(JSON.parse(entries[2]!.details)).toMatchObject({ reason: 'Request 17', findings: 1 })
  for (const text of [finding.id, finding.client, ANNA.tag, ENTRY.text])
    expect(JSON.stringify(entries)).not.toContain(text)
  expect(verifyLog(entries, log.lastGiven(), log.starts(), [], []).problems).toEqual([])
  log.close()
})

test('nobody and somebody unknown cannot be erased', () => {
  const store = temporaryStore()
  expect(() => erase(store, [subjectOf(ANNA)], NOW, 'x')).toThrow('knows nobody by it')
})
