import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Facts } from '../src/aggregate/facts.ts'
import { type ByteStream, Chunks } from '../src/base/chunks.ts'
import { MICROS_PER_MINUTE, MICROS_PER_SECOND } from '../src/base/time.ts'
import { Classifier } from '../src/classify/classifier.ts'
import type { InputSink } from '../src/input.ts'
import { LogMark } from '../src/model/mark.ts'
import { Observation } from '../src/model/observation.ts'
import type { Policy } from '../src/model/policy.ts'
import { addCoverage, FactSink, readInput } from '../src/pipeline.ts'
import { detectFormat } from '../src/read/detect.ts'
import { NetworkMap } from '../src/subjects/network-map.ts'
import { RotatingClients } from '../src/subjects/rotating-clients.ts'
import {
  bytesStream,
  concat,
  dnsLookup,
  dnsQuery,
  ethernet,
  filler,
  ipsecTunnel,
  LINKTYPE_ETHERNET,
  merge,
  pcap,
  tlsConversation,
  tunnels,
  udpPacket,
} from './build/index.ts'
import { made } from './classify/made.ts'
import { cidr, network, policyOf, words } from './subjects/policy.ts'

const START = Date.UTC(2026, 4, 12, 8, 14) * 1000
const samples = join(import.meta.dirname, '../samples')

const rotating = new RotatingClients(Buffer.alloc(32, 1), false, 'none')
const clients = rotating.at(0)
const classifier = new Classifier({
  signatures: [made('whatsapp', 'exact g.whatsapp.net', 'suffix whatsapp.net')],
})

async function read(stream: ByteStream, sink: InputSink, name?: string) {
  const chunks = new Chunks(stream)
  const format = await detectFormat(chunks, name)
  return readInput(chunks, format!, sink)
}

/** The facts of an input under a policy. */
async function factsOf(bytes: Uint8Array, policy: Policy = policyOf(), site = '', known = classifier) {
  const sink = new FactSink({
    classifier: known,
    networks: new NetworkMap(policy),
    clients: rotating,
    site,
    isCapture: true,
  })
  await read(bytesStream(bytes), sink)
  return { ...sink.facts.take(), matched: sink.matched }
}

function client(address: string, site = '') {
  return clients.address(words(address), 0, site)
}

/** A laptop asks for a name and connects to it, twice, 62 s apart, while its tunnel is up. */
function laptop(address: string): Uint8Array {
  const resolver = '192.0.2.53'
  const name = 'g.whatsapp.net'
  const answers = [{ name, type: 'A' as const, data: '198.51.100.7', ttl: 120 }]
  const visits = [0, 62].flatMap((seconds, i) => {
    const time = START + seconds * MICROS_PER_SECOND
    const ends = { source: address, destination: '198.51.100.7', sourcePort: 50_000 + i, destinationPort: 443 }
    return [
      dnsLookup({ client: address, resolver, time, name, answers }),
      tlsConversation({ ends, time: time + 10_000, hello: { serverName: name }, exchanges: [] }),
      dnsLookup({ client: address, resolver, time: time + 1, name: 'www.example.org', answers: [] }),
    ]
  })
  const tunnel = ipsecTunnel({
    client: address,
    gateway: '203.0.113.10',
    start: START,
    end: START + 2 * MICROS_PER_MINUTE,
    interval: 30 * MICROS_PER_SECOND,
  })
  const packets = merge(...visits, tunnel)
  return pcap(
    packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) })),
    { linkType: LINKTYPE_ETHERNET },
  )
}

const capture = laptop('10.1.4.5')
const gateways = [{ name: 'vpn-1', names: [], cidrs: [cidr('203.0.113.10/32')] }]

describe('an input', () => {
  test('that is a capture hands on what its packets name, in their order, and tells their number', async () => {
    const seen: string[] = []
    let packets = 0
    const summary = await read(bytesStream(readFileSync(join(samples, 'captures/guest-wifi.pcap')), 100), {
      observe: ({ means, name }) => seen.push(`${means} ${name}`),
      packet: () => packets++,
    })
    expect(seen.slice(0, 3)).toEqual([
      'dns-query www.example.org',
      'dns-answer www.example.org',
      'tls-sni www.example.org',
    ])
    expect(summary.records).toBe(packets)
    expect(summary.damage).toBeUndefined()
    expect(summary.oddities.entries()).toEqual([
      ['flows', 18],
      ['flows_named', 14],
      ['flows_not_recognised', 4],
    ])
  })

  test('that is a log hands on what its lines name, tells bad ones by reason, and where the first three stand', async () => {
    const log = readFileSync(join(samples, 'logs/day/proxy-access.log'), 'latin1')
    const lines = log.trimEnd().split('\n')
    const bad = Array(5).fill('not a line of a proxy')
    const seen: [string, number, number][] = []
    const bytes = Buffer.from([...lines.slice(0, 3), ...bad, ...lines.slice(3)].join('\n'))
    const summary = await read(bytesStream(bytes), {
      observe: ({ name, position, firstPosition }) => seen.push([name, position, firstPosition]),
    })
    expect(seen).toHaveLength(summary.records)
    expect(seen[3]).toEqual([expect.any(String), 9, 9])
    expect([...summary.bad.values()]).toEqual([{ count: 5, lines: [4, 5, 6] }])
  })

  test('that breaks off gives what came before, and says where and why', async () => {
    const inner = bytesStream(capture.subarray(0, 1000), 300)
    const broken: ByteStream = {
      read: async (into, at, length) => {
        const count = await inner.read(into, at, length)
        if (count === 0) throw new Error('input/output error\nat sector 7')
        return count
      },
      close() {},
    }
    const names: string[] = []
    const summary = await read(broken, { observe: ({ name }) => names.push(name) })
    expect(names[0]).toBe('g.whatsapp.net')
    expect(summary.damage).toMatchObject({ reason: 'unreadable', detail: 'input/output error at sector 7' })
    expect(summary.damage!.offset).toBeLessThanOrEqual(1000)
    const cut = await read(bytesStream(capture.subarray(0, 1000)), { observe: () => {} })
    expect(cut.damage).toMatchObject({ reason: 'cut_packet' })
  })

  test('that is UTF-16 is damaged, whatever format it is said to be', async () => {
    const chunks = new Chunks(bytesStream(Buffer.from('\ufeff1778572800.123 5 10.0.0.5', 'utf16le')))
    const summary = await readInput(chunks, (await detectFormat(chunks, 'squid-native'))!, { observe: () => {} })
    expect(summary).toMatchObject({ records: 0, damage: { reason: 'utf16_text' } })
  })

  test.each([
    ['pcap', 'captures/office.pcap'],
    ['zeek-dns', 'logs/day/resolver-dns.log'],
  ])('of format %s is read no further once that is asked', async (format, file) => {
    const bytes = readFileSync(join(samples, file))
    const observe = () => {}
    const whole = await read(bytesStream(bytes, 500), { observe }, format)
    let pauses = 0
    const part = await read(bytesStream(bytes, 500), { observe, pause: () => ++pauses === 4 }, format)
    expect(pauses).toBe(4)
    expect(part.records).toBeGreaterThan(0)
    expect(part.records).toBeLessThan(whole.records)
    expect(part.damage).toBeUndefined()
  })
})

describe('the facts of a capture', () => {
  test('are sightings of what matched, by means, with minutes, frames and network', async () => {
    const { sightings, matched, coverage } = await factsOf(
      capture,
      policyOf({ networks: [network('office', 'hq', '10.1.0.0/16')] }),
    )
    expect(matched).toBe(6)
    expect(coverage).toEqual([])
    expect(sightings.map(({ means, mask, count }) => [means, mask, count])).toEqual([
      ['dns-query', 1 << 14, 1],
      ['dns-answer', 1 << 14, 1],
      ['tls-sni', 1 << 14, 1],
      ['dns-query', 1, 1],
      ['dns-answer', 1, 1],
      ['tls-sni', 1, 1],
    ])
    for (const sighting of sightings) {
      const { app, indicator } = { app: 'whatsapp', indicator: 'whatsapp exact g.whatsapp.net' }
      expect(sighting).toMatchObject({
        app,
        indicator,
        network: 'office',
        client: client('10.1.4.5', 'hq'),
        user: undefined,
      })
    }
  })

  test('are answers that tell which address a name had for whom, and for how long', async () => {
    const { answers } = await factsOf(capture)
    const first = START + 4000
    expect(answers).toEqual(
      [first, first + 62 * MICROS_PER_SECOND].map((start) => ({
        client: client('10.1.4.5'),
        app: 'whatsapp',
        indicator: 'whatsapp exact g.whatsapp.net',
        address: '198.51.100.7',
        start,
        until: start + 120 * MICROS_PER_SECOND,
      })),
    )
  })

  test('are marks of the minutes in which its tunnel was up, where the policy knows the gateway', async () => {
    expect((await factsOf(capture)).marks).toEqual([])
    const { marks } = await factsOf(capture, policyOf({ gateways }))
    expect(marks.map(({ gateway, mask, count }) => [gateway, mask, count])).toEqual([
      ['vpn-1', 1 << 14, 4],
      ['vpn-1', 1, 4],
    ])
    expect(marks.every((mark) => mark.client === client('10.1.4.5'))).toBe(true)
  })

  test('are marks of a tunnel that can be looked into, whose inside is another client', async () => {
    const inner = { source: '10.9.0.1', destination: '192.0.2.53', sourcePort: 50_000, destinationPort: 53 }
    const packet = udpPacket(inner, dnsQuery('g.whatsapp.net'))
    const outside = { source: '10.1.4.5', destination: '203.0.113.10' }
    const bytes = ethernet(tunnels.tunnelIp(tunnels.PROTOCOL_GRE, tunnels.gre(packet), outside))
    const { marks, sightings } = await factsOf(
      pcap([{ time: START, bytes }], { linkType: LINKTYPE_ETHERNET }),
      policyOf({ gateways }),
    )
    expect(marks.map((mark) => [mark.client, mark.gateway, mark.count])).toEqual([[client('10.1.4.5'), 'vpn-1', 1]])
    expect(sightings.map((sighting) => sighting.client)).toEqual([client('10.9.0.1')])
  })

  test('are sightings of a tunnel to a gateway that is not the policy’s, and none of one that is', async () => {
    const esp = (frames: number) =>
      pcap(
        Array.from({ length: frames }, (_, i) => ({
          time: START + i,
          bytes: ethernet(tunnels.tunnelIp(50, filler(64, 4), { source: '10.1.4.5', destination: '203.0.113.10' })),
        })),
        { linkType: LINKTYPE_ETHERNET },
      )
    const known = new Classifier({ signatures: [made('ipsec', 'protocol esp')] })
    const foreign = await factsOf(esp(3), policyOf(), '', known)
    expect(foreign.sightings.map(({ app, indicator, means, client: who }) => [app, indicator, means, who])).toEqual([
      ['ipsec', 'ipsec protocol esp', 'vpn', client('10.1.4.5')],
    ])
    const own = await factsOf(esp(3), policyOf({ gateways }), '', known)
    expect([own.sightings, own.marks.map(({ gateway, count }) => [gateway, count])]).toEqual([[], [['vpn-1', 3]]])
  })

  test('hold nothing of those who are excluded but the number of their observations', async () => {
    const facts = await factsOf(
      capture,
      policyOf({ gateways, exclusions: { cidrs: [cidr('10.1.4.0/24')], users: [] } }),
    )
    expect(facts).toEqual({
      sightings: [],
      marks: [],
      sessions: [],
      answers: [],
      coverage: [{ reason: 'excluded_observations', count: 6 }],
      matched: 0,
    })
  })

  test('hold one client for one private address at two sites never, at one site always', async () => {
    const networks = [network('a', 'paris', '10.1.0.0/16'), network('b', 'rome', '10.2.0.0/16')]
    const policy = policyOf({ networks, gateways })
    const inParis = await factsOf(capture, policy)
    const declared = await factsOf(capture, policy, 'rome')
    const nowhere = await factsOf(laptop('10.3.0.1'), policy)
    for (const [facts, expected] of [
      [inParis, client('10.1.4.5', 'paris')],
      [declared, client('10.1.4.5', 'rome')],
      [nowhere, client('10.3.0.1')],
    ] as const) {
      const all = [...facts.sightings, ...facts.marks, ...facts.answers]
      expect(new Set(all.map((fact) => fact.client.tag))).toEqual(new Set([expected.tag]))
    }
  })
})

describe('the facts of a log', () => {
  function observed(...fields: readonly Partial<Observation>[]): FactSink {
    const sink = new FactSink({
      classifier,
      networks: new NetworkMap(policyOf()),
      clients: rotating,
      site: '',
      isCapture: true,
    })
    for (const one of fields) {
      const observation = Object.assign(
        new Observation(),
        { name: 'g.whatsapp.net', means: 'http-connect', time: START },
        one,
      )
      if (one.hasClient) observation.addresses.set(words('10.1.4.5'), 0)
      sink.observe(observation)
    }
    return sink
  }

  test('name the user beside the address, else the device, else the user alone', () => {
    const sink = observed(
      { hasClient: true, user: 'D\\alice' },
      { device: 'LAPTOP-7', user: 'alice@d' },
      { user: 'Alice@D' },
    )
    const parties = sink.facts.take().sightings.map((sighting) => [sighting.client, sighting.user])
    expect(parties).toEqual([
      [client('10.1.4.5'), clients.user('alice@d')],
      [clients.device('laptop-7'), clients.user('alice@d')],
      [clients.user('alice@d'), undefined],
    ])
  })

  test('are under the pseudonyms of the time that each is of, told once for both parts of what goes on over the end', () => {
    const sink = new FactSink({
      classifier,
      networks: new NetworkMap(policyOf()),
      clients: new RotatingClients(Buffer.alloc(32, 1), false, 'year'),
      site: '',
      isCapture: false,
    })
    const midnight = Date.UTC(2027, 0, 1) * 1000
    for (const [time, end] of [
      [midnight - 60e6, midnight - 1],
      [midnight - 60e6, midnight],
      [midnight, midnight],
    ] as const) {
      sink.observe(
        Object.assign(new Observation(), { name: 'g.whatsapp.net', means: 'http-connect', user: 'alice', time, end }),
      )
    }
    const { sightings } = sink.facts.take()
    const both = new RotatingClients(Buffer.alloc(32, 1), false, 'year')
    expect(sightings.map(({ client, count }) => [client.tag, count])).toEqual([
      [both.at(midnight - 1).user('alice')!.tag, 2],
      [both.at(midnight).user('alice')!.tag, 1],
    ])
    expect(sink.matched).toBe(3)
  })

  test('count what matched and named nobody, and nothing of what did not match', () => {
    const sink = observed({ user: '-' }, { name: 'www.example.org' })
    expect(sink.facts.take()).toEqual({
      sightings: [],
      marks: [],
      sessions: [],
      answers: [],
      coverage: [{ reason: 'observations_without_client', count: 1 }],
    })
    expect(sink.matched).toBe(0)
  })
})

describe('the tunnels and leases of a log', () => {
  function told(policy: Policy, ...fields: readonly (Partial<LogMark> & { outer?: string; inner?: string })[]) {
    const sink = new FactSink({
      classifier,
      networks: new NetworkMap(policy),
      clients: rotating,
      site: '',
      isCapture: false,
    })
    for (const { outer, inner, ...one } of fields) {
      const mark = Object.assign(new LogMark(), { time: START, position: 3 }, one)
      mark.hasOuter = outer !== undefined
      mark.hasInner = inner !== undefined
      if (outer !== undefined) mark.addresses.set(words(outer), 0)
      if (inner !== undefined) mark.addresses.set(words(inner), 4)
      sink.mark(mark)
    }
    return { ...sink.facts.take(), lastTime: sink.lastTime }
  }
  const tunnel = { outer: '203.0.113.5', inner: '10.8.0.5', user: 'D\\alice', device: 'LAPTOP-7', gateway: 'vpn1' }

  test('are marks with pseudonyms, in the networks of the policy', () => {
    const policy = policyOf({ networks: [network('pool', 'paris', '10.8.0.0/16')] })
    const { sessions, coverage, lastTime } = told(policy, { ...tunnel, protocol: 'esp', since: START - 5 })
    expect(sessions).toEqual([
      {
        kind: 'tunnel',
        event: 'alive',
        time: START,
        since: START - 5,
        until: -1,
        outer: client('203.0.113.5'),
        inner: client('10.8.0.5', 'paris'),
        user: clients.user('alice@d'),
        device: clients.device('laptop-7'),
        gateway: 'vpn1',
        protocol: 'esp',
        position: 3,
      },
    ])
    expect([coverage, lastTime]).toEqual([[{ reason: 'log_marks', count: 1 }], START])
  })

  test('hold nothing of excluded networks and users, but that the address is not that of the one before any more', () => {
    const exclusions = { cidrs: [cidr('10.9.0.0/16')], users: ['counsel@d'] }
    const lease = { kind: 'lease', event: 'start', inner: '10.8.0.5' } as const
    const { sessions, coverage } = told(
      policyOf({ exclusions }),
      { ...tunnel, inner: '10.9.0.5' },
      { ...lease, inner: '10.9.0.5' },
      { ...lease, user: 'D\\Counsel', device: 'phone-2', until: START + 9 },
      { ...lease, event: 'end', user: 'counsel@d' },
      { outer: '203.0.113.5', user: 'counsel@d' },
    )
    const nobody = { outer: undefined, user: undefined, device: undefined, gateway: '', protocol: '' }
    expect(sessions).toEqual([
      {
        ...nobody,
        kind: 'lease',
        event: 'end',
        time: START,
        since: -1,
        until: -1,
        inner: client('10.8.0.5'),
        position: 3,
      },
    ])
    expect(coverage).toEqual([{ reason: 'excluded_log_marks', count: 5 }])
  })

  test('need an address where they are leases, and keep no text of any length', () => {
    const { sessions, coverage } = told(
      policyOf(),
      { kind: 'lease', user: 'alice' },
      { user: 'alice', gateway: 'g'.repeat(9999), protocol: 'p'.repeat(9999) },
    )
    expect(sessions.map(({ gateway, protocol }) => [gateway.length, protocol.length])).toEqual([[255, 32]])
    expect(coverage).toEqual([
      { reason: 'leases_without_address', count: 1 },
      { reason: 'log_marks', count: 1 },
    ])
  })
})

test('coverage holds what an input could and could not show', async () => {
  const bytes = concat(capture, new Uint8Array(7))
  const summary = await read(bytesStream(bytes), { observe: () => {} })
  summary.bad.set('time_missing', { count: 3, lines: [1, 2, 3] })
  const facts = new Facts()
  addCoverage(facts, summary, 'packets', bytes.length)
  expect(facts.take().coverage).toEqual([
    { reason: 'packets', count: summary.records },
    { reason: 'bytes', count: bytes.length },
    { reason: 'bad_record_time_missing', count: 3 },
    { reason: 'flows', count: 5 },
    { reason: 'flows_named', count: 4 },
    { reason: 'flows_tunnel', count: 1 },
    { reason: 'damage_cut_packet', count: 1 },
  ])
})
