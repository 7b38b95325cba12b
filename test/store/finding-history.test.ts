import Sqlite from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Store } from '../../src/store/store.ts'
import { batch, client, content, DAY, finding, NOW, reading, sighting, temporaryStore, verdict } from './made.ts'

const SUBJECT = `address-${client('10.0.0.5').tag}`
const FOUND = finding(SUBJECT, 'whatsapp')
const withMinutes = (minutes: number) => ({ ...FOUND, verdicts: [verdict({ minutes })] })
let store: Store
let time: number

beforeEach(() => {
  time = NOW
  store = temporaryStore({ clock: () => time++ })
  store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0)] }))
})

function judge(...findings: readonly Finding[]): void {
  store.judging('p1', () => store.replaceFindings(DAY, SUBJECT, findings))
}

function history(): string[] {
  return store
    .history(FOUND.id)
    .map(({ revision, at, event, changes }) =>
      [`${revision} +${at - NOW} ${event}`, ...changes.map(({ of, from, to }) => `${of} ${from} ${to}`)].join(', '),
    )
}

test('a revision is kept as what changed, with the time of its judgement; saying the same keeps nothing', () => {
  judge(FOUND)
  judge(FOUND)
  judge(withMinutes(2))
  judge(withMinutes(2))
  expect(history()).toEqual(['1 +0 found', '2 +2 changed, minutes 1 2'])
})

test('another policy that says the same is a revision of which nothing is kept', () => {
  judge(FOUND)
  judge({ ...FOUND, policy: 'p2' })
  judge({ ...withMinutes(2), policy: 'p3' })
  expect(store.finding(FOUND.id)!.revision).toBe(3)
  expect(history()).toEqual(['1 +0 found', '3 +2 changed, minutes 1 2'])
})

test('a finding that goes and comes back goes on from the revision it had', () => {
  judge(FOUND)
  judge({ ...FOUND, policy: 'p2' })
  judge()
  expect(store.finding(FOUND.id)).toBeUndefined()
  judge()
  judge(FOUND)
  expect(store.finding(FOUND.id)!.revision).toBe(4)
  expect(history()).toEqual(['1 +0 found', '3 +2 gone', '4 +4 found'])
  expect(store.idOf(FOUND.id.slice(0, 6))).toBe(FOUND.id)
  expect(store.idOf('f-g')).toBeUndefined()
})

test('the last fifty revisions are kept, however often it changes', () => {
  for (let n = 1; n <= 120; n++) judge(withMinutes(n))
  const kept = store.history(FOUND.id)
  expect(kept.map(({ revision }) => revision)).toEqual(Array.from({ length: 50 }, (_, n) => n + 71))
})

test('a judgement that breaks off leaves no trace in the history', () => {
  judge(FOUND)
  const broken = () =>
    store.judging('p2', () => {
      store.replaceFindings(DAY, SUBJECT, [withMinutes(2)])
      throw new Error('judge broke')
    })
  expect(broken).toThrow('judge broke')
  expect(history()).toEqual(['1 +0 found'])
})

test('a revision that changes route, severity and minutes takes a few hundred bytes', () => {
  judge(FOUND)
  for (let n = 1; n <= 40; n++) {
    const severity = n % 2 === 0 ? 'high' : 'medium'
    judge({ ...FOUND, policy: `p${n}`, verdicts: [verdict({ severity, bypass: n % 2 === 0, minutes: n })] })
  }
  const database = new Sqlite(store.file, { readonly: true })
  const most = database.prepare<[], number>('SELECT max(length(changes)) FROM finding_revision').pluck().get()!
  database.close()
  expect(most).toBeGreaterThan(100)
  expect(most).toBeLessThan(300)
})
