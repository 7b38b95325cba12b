import { expect, test } from 'vitest'
import { parsePolicy } from '../src/judge/load.ts'
import { judgeStore } from '../src/judgement.ts'
import type { SessionMark } from '../src/model/batch.ts'
import type { Registers } from '../src/model/register.ts'
import type { Client } from '../src/model/sighting.ts'
import type { Store } from '../src/store/store.ts'
import { APPS } from './judge/apps.ts'
import { fc } from './property.ts'
import { batch, client, content, DAY, reading, sessionMark, sighting, temporaryStore } from './store/made.ts'

const SIGNATURES = { hash: 's1', signatures: APPS }
const policyWith = (gateways: string) =>
  parsePolicy(
    `organisation: Made
in-force: 2026-01-01
timezone: UTC
networks:
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
gateways: ${gateways}
inputs:
  - { match: 'laptop*', vantage: device }
rules:
  - { name: prohibited, ruling: prohibited, categories: [messaging, concealment], reason: Made for a test }
`,
    'policy.yaml',
  )
const POLICY = policyWith('[{ name: vpn-1, addresses: [203.0.113.10] }]')
const OURS_NOW = policyWith('[{ name: vpn-1, addresses: [203.0.113.10, 198.51.100.7] }]')

const alice = client('alice@example.org', 'user')
const bob = client('bob@example.org', 'user')
const elsewhere = (minute: number, event: SessionMark['event'], user: Client | undefined = alice) =>
  sessionMark(minute, { kind: 'tunnel', event, inner: undefined, user, gateway: '198.51.100.7', protocol: 'esp' })

function put(store: Store, name: string, facts: Parameters<typeof batch>[0]): void {
  store.begin(reading(name, { kind: 'log', format: 'made' })).complete(content(name), batch(facts))
}

const said = (store: Store) =>
  store.findings().map(({ client: who, app, day, verdicts }) => `${who} ${app} ${day - DAY} ${verdicts[0]!.minutes}`)

test('somebody who was seen with nothing but a tunnel to another gateway has a finding on each day of its records', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'vpn.log', { sessions: [elsewhere(1430, 'start'), elsewhere(1449, 'end')] })
  judgeStore(store, POLICY, SIGNATURES)
  expect(said(store).sort()).toEqual(['alice@example.org other-gateway 0 10', 'alice@example.org other-gateway 1 10'])
})

test('such findings come and go with the policy, in a judgement of everything', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'vpn.log', { sessions: [elsewhere(600, 'start'), elsewhere(619, 'end')] })
  judgeStore(store, OURS_NOW, SIGNATURES)
  expect(said(store)).toEqual([])
  judgeStore(store, POLICY, SIGNATURES)
  expect(said(store)).toEqual(['alice@example.org other-gateway 0 20'])
  judgeStore(store, OURS_NOW, SIGNATURES)
  expect(said(store)).toEqual([])
})

test('a record of the next day changes what is said of the day before', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'vpn-1.log', { sessions: [elsewhere(1320, 'start')] })
  judgeStore(store, POLICY, SIGNATURES)
  // An hour after its last sign, and no longer: the minute in which that hour ends counts.
  expect(said(store)).toEqual(['alice@example.org other-gateway 0 61'])
  put(store, 'vpn-2.log', { sessions: [elsewhere(1499, 'end')] })
  judgeStore(store, POLICY, SIGNATURES)
  expect(said(store).sort()).toEqual(['alice@example.org other-gateway 0 120', 'alice@example.org other-gateway 1 60'])
})

test('a log that is read anew without the tunnel takes its finding away', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'vpn.log', { sessions: [elsewhere(600, 'start')] })
  judgeStore(store, POLICY, SIGNATURES)
  expect(said(store)).toHaveLength(1)
  store.begin(reading('vpn.log', { kind: 'log', settings: 's2' })).complete(content('vpn.log'), batch())
  judgeStore(store, POLICY, SIGNATURES)
  expect(said(store)).toEqual([])
})

test('another register judges everything anew, and an unmanaged user is nobody’s finding', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'vpn.log', { sessions: [elsewhere(600, 'start')] })
  judgeStore(store, POLICY, SIGNATURES)
  const entry = { register: 'guests', scope: 'unmanaged', group: '' } as const
  const registers: Registers = { list: [], subjects: new Map([[`user-${alice.tag}`, entry]]), hash: 'r1' }
  expect(judgeStore(store, POLICY, SIGNATURES, registers).scope).toBe('all')
  expect(said(store)).toEqual([])
})

test('who was seen at all is whoever a match, a lease or a tunnel names', () => {
  const store = temporaryStore({ identities: 'clear' })
  const laptop = client('laptop-7', 'device')
  const phone = client('phone-2', 'device')
  put(store, 'a.log', {
    sightings: [sighting(8, { user: bob, app: 'palaver', indicator: 'palaver exact chat.palaver.example' })],
    sessions: [sessionMark(600, { user: alice, device: laptop }), sessionMark(3 * 1440, { device: phone })],
  })
  judgeStore(store, POLICY, SIGNATURES)
  const names = (set: ReadonlySet<string>) => [...set].sort()
  const { seen, found } = store.seenSubjects(DAY, DAY)
  expect(names(seen)).toEqual([`device-${laptop.tag}`, `user-${alice.tag}`, `user-${bob.tag}`].sort())
  expect(names(found)).toEqual([`user-${bob.tag}`])
  expect(names(store.seenSubjects(DAY + 1, DAY + 9).seen)).toEqual([`device-${phone.tag}`])
})

test('in whichever order records come, judged each time or at the end, the findings are the same', () => {
  const minute = fc.constantFrom(-3000, -1445, -30, 0, 20, 600, 1435, 1445, 4000, 12_000)
  const event = fc.constantFrom('start' as const, 'alive' as const, 'end' as const)
  const gateway = fc.constantFrom('198.51.100.7', '203.0.113.10', '198.51.100.8', 'edge-fw', '')
  const mark = fc
    .record({ minute, event, gateway, user: fc.constantFrom(alice, bob) })
    .map(({ minute, gateway, ...rest }) => ({ ...elsewhere(minute, rest.event, rest.user), gateway }))
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (marks, random) => {
      const [plain, shuffled] = [temporaryStore(), temporaryStore()]
      const inputs = marks.map((one, i) => ({ name: `vpn-${i}.log`, one, at: random.next().value as number }))
      for (const { name, one } of inputs) put(plain, name, { sessions: [one] })
      judgeStore(plain, POLICY, SIGNATURES)
      for (const { name, one } of inputs.toSorted((a, b) => a.at - b.at)) {
        put(shuffled, name, { sessions: [one] })
        judgeStore(shuffled, POLICY, SIGNATURES)
      }
      const findings = (store: Store) => store.findings().map((finding) => ({ ...finding, revision: 0 }))
      expect(findings(shuffled)).toEqual(findings(plain))
      for (const store of [plain, shuffled]) store.close()
    }),
    { numRuns: 12 },
  )
})
