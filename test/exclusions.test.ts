import { expect, test } from 'vitest'
import { Classifier } from '../src/classify/classifier.ts'
import type { Batch } from '../src/model/batch.ts'
import { LogMark } from '../src/model/mark.ts'
import { MEANS, Observation } from '../src/model/observation.ts'
import { FactSink } from '../src/pipeline.ts'
import { NetworkMap } from '../src/subjects/network-map.ts'
import { RotatingClients } from '../src/subjects/rotating-clients.ts'
import { made } from './classify/made.ts'
import { fc } from './property.ts'
import { cidr, network, policyOf, words } from './subjects/policy.ts'

const START = Date.UTC(2026, 4, 12, 8) * 1000
const HIDDEN = {
  addresses: ['10.1.99.14', '2001:db8:99::14'],
  users: ['EXAMPLE\\juno', 'juno@example', 'JUNO@EXAMPLE'],
}
const SEEN = {
  addresses: ['10.1.4.31', '10.1.98.255', '2001:db8:98::14'],
  users: ['', 'wren', 'EXAMPLE\\wren', 'junot@example'],
}

const policy = policyOf({
  networks: [network('office', '', '10.1.0.0/16')],
  gateways: [{ name: 'vpn-1', names: [], cidrs: [cidr('203.0.113.10/32')] }],
  exclusions: { cidrs: [cidr('10.1.99.0/24'), cidr('2001:db8:99::/48')], users: ['juno@example'] },
})
const classifier = new Classifier({
  signatures: [made('whatsapp', 'suffix whatsapp.net'), made('signal', 'suffix signal.org')],
})

/** What an input says: somebody reached a name, or a log tells of a tunnel or lease. */
interface Said {
  readonly isMark: boolean
  readonly second: number
  readonly client: string
  /** Of a mark the address that the client was given. */
  readonly inner: string
  readonly user: string
  readonly device: string
  readonly kind: number
}

/** The identities themselves stand in the facts, so that they can be looked for. */
function factsOf(all: readonly Said[]): Batch {
  const clients = new RotatingClients(Buffer.alloc(32, 1), true, 'none')
  const sink = new FactSink({ classifier, networks: new NetworkMap(policy), clients, site: '', isCapture: true })
  for (const [position, { isMark, second, client, inner, user, device, kind }] of all.entries()) {
    const time = START + second * 1e6
    if (isMark) {
      const mark = Object.assign(new LogMark(), {
        time,
        user,
        device,
        position,
        hasOuter: client !== '',
        hasInner: true,
      })
      mark.kind = kind % 2 === 0 ? 'lease' : 'tunnel'
      mark.event = kind % 3 === 0 ? 'end' : 'start'
      if (client !== '') mark.addresses.set(words(client), 0)
      mark.addresses.set(words(inner), 4)
      sink.mark(mark)
      continue
    }
    const name = kind % 2 === 0 ? 'g.whatsapp.net' : 'chat.signal.org'
    const means = MEANS[kind % MEANS.length]!
    const observation = Object.assign(new Observation(), { time, end: time, means, name, user, device, position })
    observation.hasClient = client !== ''
    if (client !== '') observation.addresses.set(words(client), 0)
    observation.addresses.set(words('198.51.100.9'), 4)
    sink.observe(observation)
  }
  return sink.facts.take()
}

const said = (addresses: readonly string[], users: readonly string[]): fc.Arbitrary<Said> =>
  fc.record({
    isMark: fc.boolean(),
    second: fc.nat(4000),
    client: fc.constantFrom('', ...addresses),
    inner: fc.constantFrom(...addresses),
    user: fc.constantFrom(...users),
    device: fc.constantFrom('', ...users),
    kind: fc.nat(50),
  })

const anybody = said([...SEEN.addresses, ...HIDDEN.addresses], [...SEEN.users, ...HIDDEN.users])
const isHidden = ({ isMark, client, inner, user, device }: Said) =>
  HIDDEN.addresses.includes(client) ||
  (isMark && HIDDEN.addresses.includes(inner)) ||
  [user, device].some((name) => HIDDEN.users.includes(name))

/** Facts but for positions, and for how much was left out. */
function shapeOf({ sightings, marks, sessions, answers, coverage }: Batch) {
  const without = (facts: readonly object[]) =>
    facts.map((fact) => JSON.stringify({ ...fact, firstAt: 0, lastAt: 0, position: 0 })).toSorted()
  const counted = coverage.filter(({ reason }) => !reason.startsWith('excluded_'))
  return {
    facts: [sightings, marks, sessions, answers].map(without),
    coverage: counted.map((one) => JSON.stringify(one)).toSorted(),
  }
}

test('nobody who is excluded is in any fact, in any spelling, by any means', () => {
  let left = 0
  fc.assert(
    fc.property(fc.array(anybody, { maxLength: 30 }), (all) => {
      const text = JSON.stringify(factsOf(all)).toLowerCase()
      left += all.filter(isHidden).length
      for (const address of HIDDEN.addresses) expect(text).not.toContain(`"${address}"`)
      expect(text).not.toMatch(/"juno(@example)?"|example\\\\juno"/)
    }),
    { numRuns: 300 },
  )
  expect(left).toBeGreaterThan(100)
})

test('without those that are excluded an input gives the same facts; of a lease only the end of the one before is more', () => {
  let kept = 0
  fc.assert(
    fc.property(fc.array(anybody, { maxLength: 30 }), (all) => {
      const whole = factsOf(all)
      kept += whole.sightings.length
      const rest = factsOf(all.filter((one) => !isHidden(one)))
      const ends = new Set(rest.sessions.map((one) => JSON.stringify({ ...one, position: 0 })))
      const more = whole.sessions.filter((one) => !ends.has(JSON.stringify({ ...one, position: 0 })))
      for (const { kind, event, outer, user, device, gateway } of more)
        expect([kind, event, outer, user, device, gateway]).toEqual([
          'lease',
          'end',
          undefined,
          undefined,
          undefined,
          '',
        ])
      const added = new Set(more)
      expect(shapeOf({ ...whole, sessions: whole.sessions.filter((one) => !added.has(one)) })).toEqual(shapeOf(rest))
    }),
    { numRuns: 300 },
  )
  expect(kept).toBeGreaterThan(100)
})
