import { expect, test } from 'vitest'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import type { StoreOptions } from '../../src/store/open.ts'
import { PublicationDesk } from '../../src/store/published.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import type { Store } from '../../src/store/store.ts'
import { labelOf } from '../../src/store/subject.ts'
import { batch, client, content, DAY, finding, NOW, reading, sighting, temporaryStore, verdict } from './made.ts'

/** 2026-11-01, a Sunday, and the last of the month. */
const FIRST = DAY - 20
const LAST = FIRST + 29
const NOVEMBER = { from: FIRST, until: LAST }
const COVERED = { apps: ['palaver'], others: ['allowed'], categories: ['messaging'] }
const subjectOf = (name: string) => `user-${client(name, 'user').tag}`

interface Made extends Partial<Pick<Finding, 'network' | 'group' | 'category'>> {
  readonly who: string
  readonly app?: string
  readonly day?: number
  readonly route?: Verdict['route']['value']
  readonly bypass?: boolean
  readonly activity?: Verdict['activity']['value']
  readonly ruling?: Verdict['ruling']['value']
  readonly rule?: string
  readonly blocked?: boolean
  readonly minutes?: number
}

function verdictOf({
  route = 'government',
  bypass = false,
  activity = 'messaging',
  ruling,
  rule,
  ...made
}: Made): Verdict {
  return {
    ...verdict({ minutes: made.minutes ?? 1, severity: ruling === undefined ? 'high' : 'none' }),
    bypass,
    route: { value: route, rule: 'made', reason: '' },
    activity: { value: activity, rule: 'made', reason: '' },
    ruling: { value: ruling ?? 'prohibited', rule: rule ?? 'made', reason: '' },
    blocked: made.blocked ?? false,
  }
}

/** A store with a finding for each person, app and day, and a verdict for each of these. */
function storeOf(all: readonly Made[], options: Partial<StoreOptions> = {}): Store {
  const store = temporaryStore(options)
  const names = [...new Set(all.map(({ who }) => who))]
  const sightings = names.map((name) => sighting(0, { client: client(name, 'user') }))
  store.begin(reading()).complete(content('a'), batch({ sightings, coverage: [{ reason: 'snap_cut', count: 4 }] }))
  store.judging('p1', () => {
    for (const who of names) {
      const own = all.filter((one) => one.who === who)
      for (const day of new Set(own.map(({ day = DAY }) => day))) {
        const today = own.filter((one) => (one.day ?? DAY) === day)
        const findings = [...new Set(today.map(({ app = 'palaver' }) => app))].map((app) => {
          const verdicts = today.filter((one) => (one.app ?? 'palaver') === app)
          const { network = 'office', group, category = 'messaging' } = verdicts[0]!
          const rest = {
            day,
            client: labelOf({ kind: 'user', tag: Buffer.from(client(who, 'user').tag, 'hex'), clear: null }),
            whose: { value: 'named' as const, rule: 'made', reason: '' },
            network,
            category,
            ...(group !== undefined && { group }),
            verdicts: verdicts.map(verdictOf),
          }
          return finding(subjectOf(who), app, rest)
        })
        store.replaceFindings(day, subjectOf(who), findings)
      }
    }
  })
  return store
}

function november(store: Store) {
  const desk = PublicationDesk.open(store.file, true)
  try {
    return desk.counting({ from: FIRST - 6, until: LAST }, COVERED, (reader) => reader.month(NOVEMBER, DAY + 1))
  } finally {
    desk.close()
  }
}

const told = (rows: readonly { key: string; people: number }[]) =>
  Object.fromEntries(rows.filter(({ people }) => people > 0).map(({ key, people }) => [key, people]))

test('a person counts once in each part, by the worst way and the most that was done', () => {
  const counts = november(
    storeOf([
      { who: 'ann', route: 'government', activity: 'background' },
      { who: 'ann', route: 'no-tunnel', bypass: true, activity: 'site-visit' },
      { who: 'ann', route: 'unknown', activity: 'call', day: DAY - 1 },
      { who: 'ben', route: 'split-tunnel', bypass: true, app: 'other' },
      { who: 'ben', activity: 'background' },
      { who: 'cid', route: 'permitted-split', activity: 'background' },
      // Outside the tunnel, but nobody knows whose device it was.
      { who: 'dot', route: 'no-tunnel', activity: 'media' },
    ]),
  )
  expect(counts.people).toBe(4)
  expect(told(counts.routes)).toEqual({ bypass: 1, untold: 2, inside: 1 })
  expect(told(counts.activities)).toEqual({ call: 1, use: 2, background: 1 })
  expect(told(counts.apps)).toEqual({ other: 1, palaver: 4 })
})

test('what is blocked, permitted, a mere visit, of another app or of another month does not count', () => {
  const counts = november(
    storeOf([
      { who: 'ann', blocked: true },
      { who: 'ben', ruling: 'permitted' },
      { who: 'cid', activity: 'site-visit' },
      { who: 'dot', app: 'allowed' },
      { who: 'eve', app: 'drive', category: 'file-sharing' },
      { who: 'fay', day: FIRST - 1 },
      { who: 'gus', day: LAST + 1 },
      { who: 'hal', ruling: 'not-in-force', day: FIRST },
      { who: 'ida', ruling: 'exempt', rule: 'press', day: LAST },
      { who: 'jim', category: 'file-sharing' },
    ]),
  )
  expect(counts.people).toBe(3)
  expect(told(counts.exemptions)).toEqual({ press: 1 })
})

test('the directorate is the last that was told, the network the one with most minutes', () => {
  const counts = november(
    storeOf([
      { who: 'ann', day: DAY - 5, group: 'Health', network: 'office', minutes: 9 },
      { who: 'ann', day: DAY - 1, group: 'Finance', network: 'home', minutes: 5 },
      { who: 'ann', day: DAY, group: 'Finance', network: 'home', minutes: 5 },
      { who: 'ben', network: 'home' },
    ]),
  )
  expect(told(counts.groups)).toEqual({ '': 1, Finance: 1 })
  expect(told(counts.networks)).toEqual({ home: 2 })
})

test('a week belongs to the month of its Sunday, and is there also where nothing was seen', () => {
  const counts = november(
    storeOf([
      { who: 'ann', day: FIRST - 6 },
      { who: 'ann', day: FIRST, route: 'no-tunnel', bypass: true },
      { who: 'ben', day: FIRST },
      { who: 'ben', day: FIRST + 1 },
      { who: 'cid', day: LAST },
    ]),
  )
  expect(counts.weeks).toEqual([
    { monday: FIRST - 6, people: 2, bypass: 1 },
    { monday: FIRST + 1, people: 1, bypass: 0 },
    { monday: FIRST + 8, people: 0, bypass: 0 },
    { monday: FIRST + 15, people: 0, bypass: 0 },
    // The 29th is a Sunday; the 30th is of the week that ends in December.
    { monday: FIRST + 22, people: 0, bypass: 0 },
  ])
})

test('of a week in which a period of pseudonyms ends the larger part counts: who is in both cannot be told', () => {
  const all = [
    { who: 'ann', day: FIRST - 6 },
    { who: 'ben', day: FIRST - 1, route: 'no-tunnel', bypass: true },
    { who: 'cid', day: FIRST - 1 },
    { who: 'ann in November', day: FIRST, route: 'no-tunnel', bypass: true },
  ] as const
  const weekOf = (store: Store) => november(store).weeks[0]
  expect(weekOf(storeOf(all, { rotation: 'month', key: Buffer.alloc(32) }))).toMatchObject({ people: 3, bypass: 1 })
  expect(weekOf(storeOf(all, { rotation: 'year', key: Buffer.alloc(32) }))).toMatchObject({ people: 4, bypass: 2 })
})

test('findings are told by how they stand, those of no severity left out', () => {
  const store = storeOf([
    { who: 'ann' },
    { who: 'ben' },
    { who: 'cid', ruling: 'exempt' },
    { who: 'ann', day: DAY - 1 },
  ])
  const desk = ReviewDesk.open(store.file)
  desk.review([finding(subjectOf('ben'), 'palaver').id], 'close', { at: NOW, author: 'zoe', text: 'Done' })
  desk.close()
  expect(november(store).states).toEqual([
    { key: 'open', value: 2, people: 1 },
    { key: 'acknowledged', value: 0, people: 0 },
    { key: 'closed', value: 1, people: 1 },
    { key: 'suppressed', value: 0, people: 0 },
  ])
})

test('subjects are listed by pseudonym also where the store keeps identities, those past the VPN first', () => {
  const store = storeOf([{ who: 'ann' }, { who: 'ben', route: 'no-tunnel', bypass: true }])
  const desk = PublicationDesk.open(store.file, true)
  const listed = desk.counting(NOVEMBER, COVERED, (reader) => reader.subjects(NOVEMBER, 1))
  desk.close()
  expect(listed).toHaveLength(2)
  expect(listed[0]).toEqual({
    pseudonym: expect.stringMatching(/^user-[0-9a-z]{8}$/),
    apps: ['palaver'],
    days: 1,
    bypassDays: 1,
  })
})

test('a month is published once: the first figures stay, and the table refuses to be changed', () => {
  const store = storeOf([{ who: 'ann' }])
  const desk = PublicationDesk.open(store.file, true)
  const nothing = { people: null, routes: null, activities: null, groups: null, networks: null, apps: null }
  const figures = {
    ...nothing,
    month: FIRST,
    least: 5,
    exemptions: null,
    findings: null,
    states: null,
    weeks: [],
    registers: [],
  }
  expect(desk.published(FIRST)).toBeUndefined()
  expect(desk.publish(figures, NOW)).toEqual({ at: NOW, figures })
  expect(desk.publish({ ...figures, people: 7 }, NOW + 1)).toEqual({ at: NOW, figures })
  expect(desk.overview(NOVEMBER)).toEqual([{ reason: 'snap_cut', count: 4, inputs: 1 }])
  desk.close()
  const looking = PublicationDesk.open(store.file, false)
  expect(looking.published(FIRST)).toEqual({ at: NOW, figures })
  expect(() => looking.publish({ ...figures, month: LAST }, NOW)).toThrow('readonly')
  looking.close()
})
