import Sqlite from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Waiting } from '../../src/store/outbox-queue.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { StatementDesk } from '../../src/store/statements.ts'
import type { Store } from '../../src/store/store.ts'
import { batch, client, content, DAY, finding, NOW, reading, sighting, temporaryStore, verdict } from './made.ts'

const SUBJECT = `address-${client('10.0.0.5').tag}`
const FOUND = finding(SUBJECT, 'whatsapp')
const JOB = '/etc/job.yaml'
const NONE = { ...FOUND, verdicts: [verdict({ severity: 'none' })] }
const NONE_OTHER = { ...finding(SUBJECT, 'signal'), verdicts: [verdict({ severity: 'none' })] }
const withMinutes = (minutes: number) => ({ ...FOUND, verdicts: [verdict({ minutes })] })
let store: Store
let time: number

beforeEach(() => {
  time = NOW
  store = temporaryStore({ clock: () => time })
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0)] }))
  store.outbox.register(JOB, [{ name: 'siem', heads: false }], NOW)
})

function judge(...findings: readonly Finding[]): void {
  store.judging('p1', () => store.replaceFindings(DAY, SUBJECT, findings))
}

/** So many findings of one day. */
function many(count: number, day = DAY): Finding[] {
  return Array.from({ length: count }, (_, n) => finding(SUBJECT, `app-${n}`, { day }))
}

function waiting(name = 'siem'): Waiting[] {
  const state = store.outbox.state(JOB, name)
  return state === undefined ? [] : store.outbox.next(state.id, 100_000)
}

const told = (name?: string) =>
  waiting(name).map((one) =>
    one.event === 'summary'
      ? `${one.summary.why}: ${one.summary.findings} findings, ${one.summary.changes} changes`
      : one.event === 'head'
        ? `head ${one.head.seq}`
        : `${one.event} ${one.finding.app} ${one.finding.revision}`,
  )

test('what a judgement finds, changes and no longer finds is told once each, in that order', () => {
  judge(FOUND)
  judge(FOUND)
  judge(withMinutes(2))
  judge({ ...withMinutes(2), policy: 'p2' })
  judge()
  judge()
  judge(FOUND)
  expect(told()).toEqual(['found whatsapp 1', 'changed whatsapp 2', 'gone whatsapp 4', 'found whatsapp 5'])
  const [, , gone] = waiting()
  expect(gone).toMatchObject({ finding: { client: FOUND.client, verdicts: [{ minutes: 2 }] } })
})

test('what the policy does not mind is not told, and taken back where it was', () => {
  judge(NONE)
  judge(FOUND)
  judge(NONE)
  expect(told()).toEqual(['found whatsapp 2', 'gone whatsapp 3'])
})

test('a judgement that breaks off leaves no message', () => {
  const broken = () =>
    store.judging('p1', () => {
      store.replaceFindings(DAY, SUBJECT, [FOUND])
      throw new Error('judge broke')
    })
  expect(broken).toThrow('judge broke')
  expect(told()).toEqual([])
})

test('without receivers nothing is kept', () => {
  store.outbox.register(JOB, [], NOW)
  judge(FOUND)
  const database = new Sqlite(store.file, { readonly: true })
  const rows = database.prepare('SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM told)').pluck().get()
  database.close()
  expect(rows).toBe(0)
})

test('up to twenty findings of days long past are told one by one, more as one summary', () => {
  time = NOW + 30 * 86_400e6
  judge(...many(20))
  expect(told()).toHaveLength(20)
  judge(...many(41))
  const news = told().slice(20)
  expect(news).toEqual(['old: 21 findings, 0 changes'])
})

test('findings of the last days are told one by one, however many of them there are', () => {
  judge(...many(2000))
  expect(told()).toHaveLength(2000)
})

test('more than ten thousand at once are one summary with their severities and days', () => {
  const findings = many(10_001)
  judge(...findings.slice(1), { ...findings[0]!, verdicts: [verdict({ severity: 'low', bypass: true })] })
  expect(waiting()).toEqual([
    {
      seq: expect.any(Number),
      at: NOW,
      event: 'summary',
      summary: {
        why: 'many',
        findings: 10_001,
        severities: { high: 10_000, medium: 0, low: 1, none: 0 },
        bypasses: 1,
        firstDay: DAY,
        lastDay: DAY,
        changes: 0,
      },
    },
  ])
  // What was only summed up is not taken back one by one, and told in full when it changes.
  judge(...findings.slice(0, 2).map((one) => ({ ...one, verdicts: [verdict({ minutes: 7 })] })))
  expect(told().slice(1)).toEqual(['found app-0 2', 'found app-1 2'])
})

test('what is said of a finding is told to those who were told of it, and to nobody else', () => {
  judge(FOUND, NONE_OTHER)
  for (const id of [FOUND.id, NONE_OTHER.id]) {
    const desk = StatementDesk.open(store.file)
    desk.state(id, { at: NOW, author: 'alice', text: 'It was a loan' })
    desk.close()
  }
  expect(told()).toEqual(['found whatsapp 1', 'changed whatsapp 1'])
})

test('a receiver that comes later gets one summary of what there is, then what is judged', () => {
  judge(FOUND)
  store.outbox.register(
    JOB,
    [
      { name: 'siem', heads: false },
      { name: 'late', heads: false },
    ],
    NOW + 1,
  )
  judge(withMinutes(2))
  expect(told('late')).toEqual(['first: 1 findings, 0 changes', 'changed whatsapp 2'])
  expect(told()).toEqual(['found whatsapp 1', 'changed whatsapp 2'])
})

test('a receiver that is named no longer is forgotten with what waited; others keep their place', () => {
  store.outbox.register(
    JOB,
    [
      { name: 'siem', heads: false },
      { name: 'other', heads: false },
    ],
    NOW,
  )
  judge(FOUND)
  const { id } = store.outbox.state(JOB, 'other')!
  store.outbox.delivered(id, waiting('other')[0]!.seq, 1, NOW)
  store.outbox.register(JOB, [{ name: 'other', heads: false }], NOW)
  expect(store.outputs()).toMatchObject([{ name: 'other', waiting: 0, delivered: 1 }])
  store.outbox.register('/other/job.yaml', [{ name: 'other', heads: false }], NOW)
  expect(store.outputs().map(({ job }) => job)).toEqual([JOB, '/other/job.yaml'])
})

test('messages are kept until the last receiver has them', () => {
  store.outbox.register(
    JOB,
    [
      { name: 'siem', heads: false },
      { name: 'other', heads: false },
    ],
    NOW,
  )
  judge(FOUND)
  judge(withMinutes(2))
  const [first, second] = waiting()
  const rows = () => {
    const database = new Sqlite(store.file, { readonly: true })
    const count = database.prepare<[], number>('SELECT count(*) FROM outbox').pluck().get()
    database.close()
    return count
  }
  store.outbox.delivered(store.outbox.state(JOB, 'siem')!.id, second!.seq, 2, NOW)
  expect([rows(), told('other').length]).toEqual([2, 2])
  store.outbox.buried(store.outbox.state(JOB, 'other')!.id, first!.seq, 1)
  expect([rows(), told('other')]).toEqual([1, ['changed whatsapp 2']])
  expect(store.outputs()).toMatchObject([
    { name: 'other', waiting: 1, delivered: 0, dead: 1, since: NOW },
    { name: 'siem', waiting: 0, delivered: 2, dead: 0, lastDelivery: NOW },
  ])
})

test('a suppression takes back what was told, and its end tells it again', () => {
  judge(FOUND)
  const desk = ReviewDesk.open(store.file)
  const entry = { at: NOW, author: 'alice', text: 'Known' }
  const [made] = desk.suppress({ findings: [FOUND.id] }, DAY + 3, entry)
  store.outbox.reconsider(NOW)
  store.outbox.reconsider(NOW)
  expect(told()).toEqual(['found whatsapp 1', 'suppressed whatsapp 1'])
  // What changes meanwhile is not told.
  judge(withMinutes(3))
  expect(told()).toHaveLength(2)
  desk.lift(made!.seq, entry)
  store.outbox.reconsider(NOW)
  expect(told().slice(2)).toEqual(['found whatsapp 2'])
  // One that ends by itself.
  desk.suppress({ app: 'whatsapp', client: undefined }, DAY + 3, entry)
  store.outbox.reconsider(NOW)
  store.outbox.reconsider(NOW + 5 * 86_400e6)
  expect(told().slice(3)).toEqual(['suppressed whatsapp 2', 'found whatsapp 2'])
  desk.close()
})

test('what is suppressed when it is found is not told, nor when it goes', () => {
  judge(FOUND)
  const desk = ReviewDesk.open(store.file)
  desk.suppress({ app: 'whatsapp', client: undefined }, DAY + 3, { at: NOW, author: 'alice', text: 'Known' })
  desk.close()
  judge(withMinutes(2))
  judge()
  expect(told()).toEqual(['found whatsapp 1', 'suppressed whatsapp 2'])
})

test('an outbox that is full takes one summary a judgement instead of messages', () => {
  const database = new Sqlite(store.file)
  database.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO outbox(output, finding, revision, event, at, body) SELECT 99, '', 0, 'summary', 0, '{}' FROM n`)
  database.close()
  judge(FOUND)
  judge(FOUND, ...many(3))
  expect(told()).toEqual(['full: 1 findings, 0 changes', 'full: 3 findings, 0 changes'])
})
