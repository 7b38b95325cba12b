import { beforeEach, expect, test } from 'vitest'
import { parsePolicy } from '../src/judge/load.ts'
import { judgeStore } from '../src/judgement.ts'
import type { SessionMark } from '../src/model/batch.ts'
import type { Client } from '../src/model/sighting.ts'
import { ReviewDesk } from '../src/store/review-desk.ts'
import type { Store } from '../src/store/store.ts'
import { APPS } from './judge/apps.ts'
import { batch, client, content, DAY, NOW, reading, sessionMark, sighting, temporaryStore } from './store/made.ts'

const TODAY = DAY + 1
const SIGNATURES = { hash: 's1', signatures: APPS }
const POLICY = parsePolicy(
  `organisation: Made
in-force: 2026-01-01
timezone: UTC
networks:
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
gateways: []
inputs: []
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`,
  'policy.yaml',
)

const desk = client('192.168.1.5')
const sofa = client('192.168.1.6')
const alice = client('alice@example.org', 'user')
const bob = client('bob@example.org', 'user')
let store: Store

beforeEach(() => {
  store = temporaryStore({ identities: 'clear' })
})

/** Reads a capture or log of these facts, and judges. */
function put(name: string, facts: Parameters<typeof batch>[0]): void {
  const log = name.endsWith('.log')
  store.begin(reading(name, log ? { kind: 'log', format: 'made' } : {})).complete(content(name), batch(facts))
  judgeStore(store, POLICY, SIGNATURES)
}

/** Minutes of the day in which an app was in use, each in its quarter-hour. */
function chats(who: Client, ...minutes: readonly number[]) {
  const given = { client: who, app: 'palaver', indicator: 'palaver exact chat.palaver.example', network: 'home' }
  return {
    sightings: minutes.map((minute) => sighting(Math.floor(minute / 15), { ...given, mask: 1 << (minute % 15) })),
  }
}

function lease(inner: Client, user: Client, from: number, to: number): SessionMark {
  return sessionMark(from, { inner, user, until: sessionMark(to).time })
}

/** `alice@example.org 2 min, closed`, the first that was seen first. */
const told = () =>
  store
    .findings()
    .toSorted((a, b) => a.verdicts[0]!.first - b.verdicts[0]!.first)
    .map((one) => `${one.client} ${one.verdicts[0]!.minutes} min, ${store.standing(one, TODAY).rule}`)
const idOf = (who: string) => store.findings().find((one) => one.client === who)!.id
const entry = { at: NOW, author: 'carol', text: 'Dealt with' }

function work(act: (desk: ReviewDesk) => void): void {
  const open = ReviewDesk.open(store.file)
  try {
    act(open)
  } finally {
    open.close()
  }
}
const close = (id: string) => work((open) => open.review([id], 'close', entry))

test('a finding on an address is the same finding when a late lease tells whose it was: a revision, with its reviews', () => {
  put('laptop.pcap', chats(desk, 600, 700))
  const id = idOf('192.168.1.5')
  close(id)
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800)] })
  expect(told()).toEqual(['alice@example.org 2 min, closed'])
  expect(idOf('alice@example.org')).toBe(id)
  const [found, changed, ...more] = store.history(id)
  expect([found!.event, changed!.event, more]).toEqual(['found', 'changed', []])
  expect(changed!.changes).toContainEqual({
    verdict: '',
    of: 'client',
    from: '192.168.1.5',
    to: 'alice@example.org',
  })
  expect(changed!.changes).toContainEqual({ verdict: '', of: 'whose', from: 'address', to: 'leased' })
})

test('a lease that is taken back gives the finding back to the address, as the next revision', () => {
  put('laptop.pcap', chats(desk, 600))
  const id = idOf('192.168.1.5')
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800)] })
  store.begin(reading('dhcp.log', { kind: 'log', settings: 's2' })).complete(content('dhcp.log'), batch())
  judgeStore(store, POLICY, SIGNATURES)
  expect(store.finding(id)).toMatchObject({ client: '192.168.1.5', revision: 3 })
  expect(store.history(id).map(({ event }) => event)).toEqual(['found', 'changed', 'changed'])
})

test('a suppression of a finding holds when a late lease tells whose it was', () => {
  put('laptop.pcap', chats(desk, 600))
  work((open) => open.suppress({ findings: [idOf('192.168.1.5')] }, TODAY, entry))
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800)] })
  expect(told()).toEqual(['alice@example.org 1 min, suppressed'])
})

test('of two who had an address one after the other, the first has its finding and the second a new one', () => {
  put('laptop.pcap', chats(desk, 600, 700))
  const id = idOf('192.168.1.5')
  close(id)
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 650), lease(desk, bob, 651, 800)] })
  expect(told()).toEqual(['alice@example.org 1 min, closed', 'bob@example.org 1 min, not-reviewed'])
  expect(idOf('alice@example.org')).toBe(id)
})

test('who has an address after somebody whose finding was closed has a finding of his own, in whatever order it is read', () => {
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 650), lease(desk, bob, 651, 800)] })
  put('morning.pcap', chats(desk, 600))
  const id = idOf('alice@example.org')
  close(id)
  put('noon.pcap', chats(desk, 700))
  expect(told()).toEqual(['alice@example.org 1 min, closed', 'bob@example.org 1 min, not-reviewed'])
  put('evening.pcap', chats(desk, 900))
  expect(told()).toEqual([
    'alice@example.org 1 min, closed',
    'bob@example.org 1 min, not-reviewed',
    '192.168.1.5 1 min, not-reviewed',
  ])
  expect(new Set(store.findings().map((one) => one.id)).size).toBe(3)
  expect(idOf('alice@example.org')).toBe(id)
})

test('two addresses that were one user’s are one finding, with what was done to both', () => {
  put('laptop.pcap', chats(desk, 600))
  put('tablet.pcap', chats(sofa, 700))
  const [first, second] = [idOf('192.168.1.5'), idOf('192.168.1.6')]
  work((open) => open.review([second], 'note', { ...entry, text: 'The one in the kitchen' }))
  close(second)
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800), lease(sofa, alice, 500, 800)] })
  expect(told()).toEqual(['alice@example.org 2 min, closed'])
  expect(idOf('alice@example.org')).toBe(first)
  expect(store.reviews(first).map(({ finding, action }) => `${finding === second} ${action}`)).toEqual([
    'true note',
    'true close',
  ])
  expect([store.succeeds(first), store.successors(second), store.successors(first)]).toEqual([[second], [first], []])
  expect(store.history(second).map(({ event }) => event)).toEqual(['found', 'gone'])
})

test('what was closed as one user’s is open when it turns out to be another’s, and closed again when it does not', () => {
  put('laptop.pcap', chats(desk, 600))
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800)] })
  const id = idOf('alice@example.org')
  close(id)
  put('correction.log', { sessions: [lease(desk, bob, 590, 800)] })
  expect(told()).toEqual(['bob@example.org 1 min, somebody-elses'])
  expect(idOf('bob@example.org')).toBe(id)
  expect(store.standing(store.finding(id)!, TODAY).reason).toContain(
    'when it was of alice@example.org, and it is of bob@example.org now',
  )
  store.begin(reading('correction.log', { kind: 'log', settings: 's2' })).complete(content('correction.log'), batch())
  judgeStore(store, POLICY, SIGNATURES)
  expect(told()).toEqual(['alice@example.org 1 min, closed'])
})

test('what was suppressed as one user’s is shown when it turns out to be another’s', () => {
  put('laptop.pcap', chats(desk, 600))
  put('dhcp.log', { sessions: [lease(desk, alice, 500, 800)] })
  work((open) => open.suppress({ findings: [idOf('alice@example.org')] }, TODAY, entry))
  put('correction.log', { sessions: [lease(desk, bob, 590, 800)] })
  expect(told()).toEqual(['bob@example.org 1 min, somebody-elses'])
})
