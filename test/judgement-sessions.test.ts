import { expect, test } from 'vitest'
import { parsePolicy } from '../src/judge/load.ts'
import { judgeStore } from '../src/judgement.ts'
import type { SessionMark } from '../src/model/batch.ts'
import type { Finding } from '../src/model/finding.ts'
import type { Client } from '../src/model/sighting.ts'
import type { SignatureSet } from '../src/model/signature.ts'
import type { Store } from '../src/store/store.ts'
import { APPS } from './judge/apps.ts'
import { fc } from './property.ts'
import { batch, client, content, DAY, reading, sessionMark, sighting, temporaryStore } from './store/made.ts'

const SIGNATURES: SignatureSet = { hash: 's1', signatures: APPS }
const POLICY = parsePolicy(
  `organisation: Made
in-force: 2026-01-01
timezone: UTC
networks:
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'laptop*', vantage: device }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`,
  'policy.yaml',
)

const desk = client('192.168.1.5')
const pool = client('10.8.0.5')
const alice = client('alice@example.org', 'user')
const bob = client('bob@example.org', 'user')
const laptop = client('laptop-7', 'device')

/** A minute of a day, of a sighting of an app that only it gives rise to. */
function chat(who: Client, minute: number, given: { user?: Client } = {}) {
  const slot = Math.floor(minute / 15)
  return sighting(slot, {
    client: who,
    user: given.user,
    app: 'palaver',
    indicator: 'palaver exact chat.palaver.example',
    network: 'home',
    mask: 1 << (minute - slot * 15),
  })
}

function put(store: Store, name: string, facts: Parameters<typeof batch>[0]): void {
  const log = name.endsWith('.log')
  const made = reading(name, log ? { kind: 'log', format: 'made' } : {})
  store.begin(made).complete(content(name), batch(facts))
}

const judge = (store: Store) => judgeStore(store, POLICY, SIGNATURES)
const said = (store: Store) =>
  store.findings().map(({ client: who, day, verdicts }) => {
    const [{ route, minutes }] = verdicts as [Finding['verdicts'][number]]
    return `${who} ${day - DAY} ${route.value} ${minutes}`
  })

/** Everything but the revisions, which count how often another thing was said. */
const findings = (store: Store) => store.findings().map((finding) => ({ ...finding, revision: 0 }))

test('a lease that comes after what was seen makes it the findings of the device, and takes those of the address', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'laptop.pcap', { sightings: [chat(desk, 600), chat(desk, 900)] })
  judge(store)
  expect(said(store)).toEqual(['192.168.1.5 0 no-tunnel 2'])
  put(store, 'dhcp.log', { sessions: [sessionMark(590, { inner: desk, device: laptop, until: at(720) })] })
  expect(judge(store)).toMatchObject({ scope: 'dirty' })
  expect(said(store).sort()).toEqual(['192.168.1.5 0 no-tunnel 1', 'laptop-7 0 no-tunnel 1'])
})

test('a lease of the day before, and a tunnel since then, bear on the day that is judged', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'laptop.pcap', { sightings: [chat(desk, 60)] })
  judge(store)
  put(store, 'vpn.log', {
    sessions: [
      sessionMark(-1400, { kind: 'lease', inner: desk, user: alice, until: at(700) }),
      sessionMark(-1400, { kind: 'tunnel', inner: pool, user: alice }),
    ],
  })
  judge(store)
  expect(said(store)).toEqual(['alice@example.org 0 no-tunnel 1'])
  put(store, 'vpn-2.log', { sessions: [sessionMark(400, { kind: 'tunnel', event: 'end', inner: pool, user: alice })] })
  judge(store)
  expect(said(store)).toEqual(['alice@example.org 0 split-tunnel 1'])
})

test('a next lease that comes late takes from the one before what it no longer held, days later, too', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'laptop.pcap', { sightings: [chat(desk, 2 * 1440 + 60)] })
  put(store, 'dhcp.log', { sessions: [sessionMark(0, { inner: desk, user: alice, until: at(5 * 1440) })] })
  judge(store)
  expect(said(store)).toEqual(['alice@example.org 2 no-tunnel 1'])
  put(store, 'dhcp-2.log', { sessions: [sessionMark(1440, { inner: desk, user: bob, until: at(1500) })] })
  judge(store)
  expect(said(store)).toEqual(['192.168.1.5 2 no-tunnel 1'])
})

test('a log that is read anew without a lease gives back to the address what was seen there', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'laptop.pcap', { sightings: [chat(desk, 600)] })
  put(store, 'dhcp.log', { sessions: [sessionMark(590, { inner: desk, device: laptop })] })
  judge(store)
  expect(said(store)).toEqual(['laptop-7 0 no-tunnel 1'])
  const again = reading('dhcp.log', { kind: 'log', settings: 's2' })
  store.begin(again).complete(content('dhcp.log'), batch())
  judge(store)
  expect(said(store)).toEqual(['192.168.1.5 0 no-tunnel 1'])
})

test('the end of a tunnel takes an address from its user that another record had told of', () => {
  const store = temporaryStore({ identities: 'clear' })
  put(store, 'proxy.log', { sightings: [chat(pool, 620)] })
  put(store, 'vpn.log', {
    sessions: [
      sessionMark(600, { kind: 'tunnel', inner: undefined, outer: client('198.51.100.7'), user: alice }),
      sessionMark(601, { kind: 'tunnel', event: 'alive', inner: pool, user: alice }),
    ],
  })
  judge(store)
  expect(said(store)).toEqual(['alice@example.org 0 government 1'])
  const end = { kind: 'tunnel', event: 'end', inner: undefined, outer: client('198.51.100.7'), user: alice } as const
  put(store, 'vpn-2.log', { sessions: [sessionMark(610, end)] })
  judge(store)
  expect(said(store)).toEqual(['10.8.0.5 0 unknown 1'])
})

test('a verdict cites the records of the leases and tunnels that it rests on', () => {
  const store = temporaryStore()
  put(store, 'laptop.pcap', { sightings: [chat(desk, 600)] })
  put(store, 'dhcp.log', { sessions: [sessionMark(590, { inner: desk, user: alice, position: 4 })] })
  const tunnel = { kind: 'tunnel', user: alice, inner: pool, gateway: 'vpn1.example.org', protocol: 'esp' } as const
  put(store, 'vpn.log', {
    sessions: [
      sessionMark(580, { ...tunnel, position: 7 }),
      sessionMark(700, { ...tunnel, event: 'end', position: 9 }),
    ],
  })
  judge(store)
  expect(store.findings()[0]!.verdicts[0]!.sessions).toEqual([
    {
      kind: 'tunnel',
      from: at(580),
      until: at(700),
      gateway: 'vpn1.example.org',
      protocol: 'esp',
      first: { input: 'vpn.log', line: 7 },
      last: { input: 'vpn.log', line: 9 },
    },
    {
      kind: 'lease',
      from: at(590),
      until: at(590 + 1440),
      gateway: '',
      protocol: 'dhcp',
      first: { input: 'dhcp.log', line: 4 },
      last: { input: 'dhcp.log', line: 4 },
    },
  ])
})

/** Microseconds, of a minute of the day. */
function at(minute: number): number {
  return sessionMark(minute).time
}

const minute = fc.constantFrom(-2900, -1500, -60, 0, 30, 33, 34, 600, 601, 1430, 1500, 4000)
const address = fc.constantFrom(desk, pool)
const marks: fc.Arbitrary<SessionMark> = fc
  .record({
    minute,
    kind: fc.constantFrom('tunnel' as const, 'lease' as const),
    event: fc.constantFrom('start' as const, 'alive' as const, 'end' as const),
    inner: fc.constantFrom(desk, pool, undefined),
    outer: fc.constantFrom(desk, undefined),
    user: fc.constantFrom(alice, bob, undefined),
    device: fc.constantFrom(laptop, undefined),
    since: fc.constantFrom(-1, at(-100), at(20)),
    until: fc.constantFrom(-1, at(40), at(3000)),
    position: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ minute, ...given }) => {
    const inner = given.kind === 'lease' ? (given.inner ?? desk) : given.inner
    const since = given.since > at(minute) ? -1 : given.since
    return sessionMark(minute, { ...given, inner, since, gateway: '', protocol: '' })
  })
const seen = fc
  .record({ minute, address, user: fc.constantFrom(undefined, undefined, alice) })
  .map(({ minute, address, user }) => chat(address, minute, user ? { user } : {}))
const logs = fc.array(fc.array(marks, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
const captures = fc.array(fc.array(seen, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 2 })

test('the findings are the same in whichever order inputs come, judged each time or at the end, also read twice', () => {
  fc.assert(
    fc.property(logs, captures, fc.infiniteStream(fc.nat()), (told, sightings, random) => {
      const inputs = [
        ...told.map((sessions, i) => ({ name: `told-${i}.log`, facts: { sessions } })),
        ...sightings.map((some, i) => ({ name: `laptop-${i}.pcap`, facts: { sightings: some } })),
      ]
      const [plain, shuffled] = [temporaryStore(), temporaryStore()]
      for (const { name, facts } of inputs) put(plain, name, facts)
      judge(plain)
      const order = inputs.map((input) => ({ input, at: random.next().value as number })).sort((a, b) => a.at - b.at)
      for (const { input } of order) {
        put(shuffled, input.name, input.facts)
        judge(shuffled)
      }
      expect(findings(shuffled)).toEqual(findings(plain))
      // Something else is read, and is gone again.
      put(shuffled, 'other.log', { sessions: told.flat().map((mark) => ({ ...mark, time: mark.time + 60e6 })) })
      judge(shuffled)
      shuffled.begin(reading('other.log', { settings: 's2' })).complete(content('other.log'), batch())
      judge(shuffled)
      expect(findings(shuffled)).toEqual(findings(plain))
      for (const store of [plain, shuffled]) store.close()
    }),
    { numRuns: 25 },
  )
})

test('every minute that was seen is one subject’s and no other’s, whatever logs tell', () => {
  fc.assert(
    fc.property(logs, captures, (told, sightings) => {
      const store = temporaryStore()
      for (const [i, sessions] of told.entries()) put(store, `told-${i}.log`, { sessions })
      // Each in an input of its own, so that every one is a sighting of its own.
      for (const [i, one] of sightings.flat().entries()) put(store, `laptop-${i}.pcap`, { sightings: [one] })
      judge(store)
      const cited = store
        .findings()
        .flatMap(({ verdicts }) => verdicts.flatMap(({ evidence }) => evidence.map(({ input }) => input)))
      const all = sightings.flat().map((_one, i) => `laptop-${i}.pcap`)
      expect(cited.sort()).toEqual(all.sort())
      store.close()
    }),
    { numRuns: 25 },
  )
})

test('records that are split over other inputs, or stand in two, give the same routes and subjects', () => {
  fc.assert(
    fc.property(logs, captures, (told, sightings) => {
      const [together, apart] = [temporaryStore(), temporaryStore()]
      put(together, 'told.log', { sessions: told.flat() })
      for (const [i, mark] of told.flat().entries()) put(apart, `told-${i}.log`, { sessions: [mark] })
      put(apart, 'again.log', { sessions: told.flat().toReversed() })
      for (const store of [together, apart]) {
        put(store, 'laptop.pcap', { sightings: sightings.flat() })
        judge(store)
      }
      expect(said(apart)).toEqual(said(together))
      for (const store of [together, apart]) store.close()
    }),
    { numRuns: 25 },
  )
})
