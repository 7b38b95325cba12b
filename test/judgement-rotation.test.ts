import { expect, test } from 'vitest'
import { parseAddress } from '../src/base/address.ts'
import type { Rotation } from '../src/base/period.ts'
import { MICROS_PER_DAY, MICROS_PER_MINUTE } from '../src/base/time.ts'
import { parsePolicy } from '../src/judge/load.ts'
import { judgeStore } from '../src/judgement.ts'
import type { SessionMark } from '../src/model/batch.ts'
import type { Finding } from '../src/model/finding.ts'
import type { Client } from '../src/model/sighting.ts'
import type { SignatureSet } from '../src/model/signature.ts'
import { Store } from '../src/store/store.ts'
import { labelOf } from '../src/store/subject.ts'
import { keyCheck } from '../src/subjects/clients.ts'
import { withMembers } from '../src/subjects/group-members.ts'
import { joinRegisters } from '../src/subjects/registers.ts'
import { RotatingClients } from '../src/subjects/rotating-clients.ts'
import { APPS } from './judge/apps.ts'
import { fc } from './property.ts'
import { batch, content, mark, reading, sessionMark, sighting, temporaryStore } from './store/made.ts'

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
groups:
  - { name: press, users: [alice] }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
  - { name: press, ruling: permitted, groups: [press], categories: [messaging], reason: Made for a test }
`,
  'policy.yaml',
)

const KEY = Buffer.alloc(32, 9)
/** 2027-01-01: a month, a quarter and a year begin. */
const NEW_YEAR = Date.UTC(2027, 0, 1) / 86_400_000
const CLOCK = { keyCheck: keyCheck(KEY), key: KEY, clock: () => (NEW_YEAR + 9) * MICROS_PER_DAY }

type Who = 'desk' | 'pool' | 'alice' | 'bob' | 'laptop'
const NAMES: readonly Who[] = ['desk', 'pool', 'alice', 'bob', 'laptop']

/** Pseudonyms as a store with this rotation has them, and who is behind each. */
class People {
  readonly rotation: Rotation
  readonly #clients: RotatingClients

  constructor(rotation: Rotation) {
    this.rotation = rotation
    this.#clients = new RotatingClients(KEY, false, rotation)
  }

  store(): Store {
    return temporaryStore({ ...CLOCK, rotation: this.rotation })
  }

  at(who: Who, time: number): Client {
    const clients = this.#clients.at(time)
    if (who === 'laptop') return clients.device('laptop-7')!
    if (who === 'alice' || who === 'bob') return clients.user(who)!
    const words = new Uint32Array(4)
    parseAddress(who === 'desk' ? '192.168.1.5' : '10.8.0.5', words, 0)
    return clients.address(words, 0, '')
  }

  nameOf(label: string): string {
    for (const time of [at(-20 * 1440), at(0)]) {
      for (const who of NAMES) {
        const { kind, tag } = this.at(who, time)
        if (labelOf({ kind, tag: Buffer.from(tag, 'hex'), clear: null }) === label) return who
      }
    }
    return label
  }
}

/** Of a minute from New Year on. */
function at(minute: number): number {
  return NEW_YEAR * MICROS_PER_DAY + minute * MICROS_PER_MINUTE
}

interface Told {
  readonly minute: number
  readonly kind: SessionMark['kind']
  readonly event: SessionMark['event']
  readonly inner?: Who | undefined
  readonly outer?: Who | undefined
  readonly user?: Who | undefined
  readonly device?: Who | undefined
  readonly since?: number
  readonly until?: number
  readonly position?: number
}

interface Seen {
  readonly minute: number
  readonly where: Who
  readonly user?: Who | undefined
}

function toldBy(
  people: People,
  { minute, kind, event, since = -1, until = -1, position = 1, ...who }: Told,
): SessionMark {
  const time = at(minute)
  const of = (one: Who | undefined) => one && people.at(one, time)
  const named = { inner: of(who.inner), outer: of(who.outer), user: of(who.user), device: of(who.device) }
  return sessionMark(0, { kind, event, time, since, until, position, protocol: '', ...named })
}

function seenBy(people: People, { minute, where, user }: Seen) {
  const time = at(minute)
  const quarter = Math.floor(time / (15 * MICROS_PER_MINUTE))
  return sighting(0, {
    client: people.at(where, time),
    user: user && people.at(user, time),
    app: 'palaver',
    indicator: 'palaver exact chat.palaver.example',
    network: 'home',
    quarter,
    first: time,
    last: time,
    mask: 1 << ((((minute % 15) + 15) % 15) as number),
  })
}

interface Input {
  readonly name: string
  readonly told?: readonly Told[]
  readonly seen?: readonly Seen[]
}

function put(store: Store, people: People, { name, told = [], seen = [] }: Input): void {
  const made = reading(name, name.endsWith('.log') ? { kind: 'log', format: 'made' } : {})
  const sessions = told.map((one) => toldBy(people, one))
  store.begin(made).complete(content(name), batch({ sessions, sightings: seen.map((one) => seenBy(people, one)) }))
}

const judge = (store: Store) => judgeStore(store, POLICY_UNDER_KEY, SIGNATURES)
const POLICY_UNDER_KEY = withMembers(POLICY, new RotatingClients(KEY, false, 'none').at(0))

function said(store: Store, people: People): string[] {
  return store
    .findings()
    .map(({ client, day, whose, verdicts }) => {
      const each = verdicts.map(({ route, ruling, minutes }) => `${route.value} ${ruling.value} ${minutes}`).join(', ')
      return `${day - NEW_YEAR} ${people.nameOf(client)} (${whose?.value}): ${each}`
    })
    .sort()
}

/** What is said of the same inputs with these pseudonyms. */
function saidOf(rotation: Rotation, inputs: readonly Input[]): string[] {
  const people = new People(rotation)
  const store = people.store()
  for (const input of inputs) put(store, people, input)
  judge(store)
  const all = said(store, people)
  store.close()
  return all
}

const LEASE: Told = {
  minute: -120,
  kind: 'lease',
  event: 'start',
  inner: 'desk',
  user: 'bob',
  until: at(600),
  position: 7,
}

test('a lease that is up over the end of a period says who had the address behind it', () => {
  const inputs = [
    {
      name: 'laptop.pcap',
      seen: [
        { minute: -30, where: 'desk' as const },
        { minute: 30, where: 'desk' as const },
      ],
    },
    { name: 'dhcp.log', told: [LEASE] },
  ]
  expect(saidOf('year', inputs)).toEqual(saidOf('none', inputs))
  expect(saidOf('year', inputs).map((one) => one.split(':')[0])).toEqual([
    expect.stringMatching(/^-1 bob/),
    expect.stringMatching(/^0 bob/),
  ])
})

test('a lease of more than a week before says nothing any more, with pseudonyms that rotate and without', () => {
  const inputs = [
    { name: 'laptop.pcap', seen: [{ minute: 30, where: 'desk' as const }] },
    { name: 'dhcp.log', told: [{ ...LEASE, minute: -8 * 1440 }] },
  ]
  expect(saidOf('month', inputs)[0]).toMatch(/^0 desk/)
  expect(saidOf('none', inputs)[0]).toMatch(/^0 desk/)
})

test('a tunnel that came up before the end of a period is up behind it, also where packets alone show it', () => {
  const tunnel: Told = { minute: -20, kind: 'tunnel', event: 'start', inner: 'pool', outer: 'desk', user: 'bob' }
  const inputs = [
    { name: 'laptop.pcap', seen: [{ minute: 10, where: 'desk' as const }] },
    { name: 'vpn.log', told: [tunnel, { ...tunnel, minute: 40, event: 'end' as const }] },
  ]
  expect(saidOf('quarter', inputs)).toEqual(saidOf('none', inputs))
  expect(saidOf('quarter', inputs).join()).toContain('split-tunnel')

  const shown = (rotation: Rotation) => {
    const people = new People(rotation)
    const store = people.store()
    const minutes = [-3, -2, -1]
    const marks = minutes.map((minute) =>
      mark(0, {
        client: people.at('desk', at(minute)),
        gateway: 'vpn-1',
        quarter: Math.floor(at(minute) / (15 * MICROS_PER_MINUTE)),
        mask: 1 << (15 + minute),
      }),
    )
    const seen = batch({ marks, sightings: [seenBy(people, { minute: 1, where: 'desk' })] })
    store.begin(reading('laptop.pcap')).complete(content('laptop.pcap'), seen)
    judge(store)
    return said(store, people)
  }
  expect(shown('year')).toEqual(shown('none'))
})

test('a finding cites of a lease over the end of a period nothing that a finding of the other period cites', () => {
  const people = new People('year')
  const store = people.store()
  const renewed = { ...LEASE, minute: 100, event: 'alive' as const, since: at(-120), position: 8 }
  put(store, people, { name: 'laptop.pcap', seen: [-30, 30].map((minute) => ({ minute, where: 'desk' as const })) })
  put(store, people, { name: 'dhcp.log', told: [LEASE, renewed] })
  judge(store)
  const cited = store
    .findings()
    .sort((a, b) => a.day - b.day)
    .map(({ verdicts }) => verdicts[0]!.sessions!)
  expect(cited).toEqual([
    [
      expect.objectContaining({
        from: at(-120),
        until: at(0) - 1,
        first: { input: 'dhcp.log', line: 7 },
        last: { input: 'dhcp.log', line: 7 },
      }),
    ],
    [
      expect.objectContaining({
        from: at(0),
        until: at(600) - 1,
        first: { input: 'dhcp.log', line: 8 },
        last: { input: 'dhcp.log', line: 8 },
      }),
    ],
  ])
})

test('the groups and registers of a policy are those of the same people in every period', () => {
  const lasting = new RotatingClients(KEY, false, 'none').at(0)
  const declaration = {
    name: 'phones',
    file: 'phones.csv',
    holds: 'devices',
    scope: 'unmanaged',
    fields: ['id'],
    group: '',
  } as const
  const registers = joinRegisters([{ declaration, text: 'id\nlaptop-7\n' }], lasting)
  const people = new People('month')
  const store = people.store()
  const seen = [-1440, 10].flatMap((minute) => [
    { minute, where: 'laptop' as const },
    { minute, where: 'desk' as const, user: 'alice' as const },
    { minute, where: 'desk' as const, user: 'bob' as const },
  ])
  put(store, people, { name: 'proxy.log', seen })
  judgeStore(store, POLICY_UNDER_KEY, SIGNATURES, registers)
  expect(said(store, people).map((one) => one.replace(/ \(.*?\)/, ''))).toEqual([
    '-1 alice: unknown permitted 1',
    '-1 bob: unknown prohibited 1',
    '0 alice: unknown permitted 1',
    '0 bob: unknown prohibited 1',
  ])
  const { seen: all } = store.seenSubjects(0, Number.MAX_SAFE_INTEGER)
  expect(registers.list[0]!.entries.filter((names) => names.some((one) => all.has(one)))).toHaveLength(1)
})

const minute = fc.constantFrom(-2900, -1500, -61, -32, -3, 2, 31, 33, 600, 1430, 2000, 4000)
const told = fc
  .record({
    minute,
    kind: fc.constantFrom('tunnel' as const, 'lease' as const),
    event: fc.constantFrom('start' as const, 'alive' as const, 'end' as const),
    inner: fc.constantFrom<Who | undefined>('desk', 'pool', undefined),
    outer: fc.constantFrom<Who | undefined>('desk', undefined),
    user: fc.constantFrom<Who | undefined>('alice', 'bob', undefined),
    device: fc.constantFrom<Who | undefined>('laptop', undefined),
    since: fc.constantFrom(-1, at(-100), at(20)),
    until: fc.constantFrom(-1, at(40), at(3000)),
  })
  .map((given): Told => {
    const inner = given.kind === 'lease' ? (given.inner ?? 'desk') : given.inner
    return { ...given, inner, since: given.since > at(given.minute) ? -1 : given.since }
  })
/** Each at an instant of its own: of several at one instant the names decide which is looked at first. */
const marks = fc.uniqueArray(told, { maxLength: 8, selector: (one) => one.minute })
const seen = fc.record({
  minute: fc.constantFrom(-2000, -40, -5, 0, 5, 32, 700, 1500, 4100),
  where: fc.constantFrom<Who>('desk', 'pool'),
  user: fc.constantFrom<Who | undefined>(undefined, undefined, 'alice'),
})

test('in any order and cut of the inputs the findings are those of pseudonyms that last for ever, by whoever they are', () => {
  fc.assert(
    fc.property(
      marks,
      fc.array(seen, { minLength: 1, maxLength: 5 }),
      fc.constantFrom<Rotation>('month', 'quarter', 'year'),
      fc.infiniteStream(fc.nat()),
      (sessions, sightings, rotation, random) => {
        const inputs: Input[] = [
          ...sessions.map((one, i) => ({ name: `told-${i}.log`, told: [one] })),
          ...sightings.map((one, i) => ({ name: `laptop-${i}.pcap`, seen: [one] })),
        ]
        const people = new People(rotation)
        const [together, apart] = [people.store(), people.store()]
        for (const input of inputs) put(together, people, input)
        judge(together)
        const order = inputs.map((input) => ({ input, place: random.next().value as number }))
        for (const { input } of order.sort((a, b) => a.place - b.place)) {
          put(apart, people, input)
          judge(apart)
        }
        const ids = (store: Store) => store.findings().map(({ id, client, day }: Finding) => `${id} ${client} ${day}`)
        expect(ids(apart)).toEqual(ids(together))
        expect(said(together, people)).toEqual(saidOf('none', inputs))
        for (const store of [together, apart]) store.close()
      },
    ),
    { numRuns: 40 },
  )
})

test('a store that rotates its pseudonyms is not opened for writing without the key', () => {
  const file = new People('month').store().file
  expect(() => Store.open(file, { ...CLOCK, key: undefined, identities: undefined, create: false })).toThrow()
})
