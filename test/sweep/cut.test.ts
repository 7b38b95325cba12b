import { describe, expect, test } from 'vitest'
import { Chunks, chunksOf } from '../../src/base/chunks.ts'
import type { Observation } from '../../src/model/observation.ts'
import { readInput } from '../../src/pipeline.ts'
import { formats } from '../../src/read/detect.ts'
import { type Cut, cutInput, type WantedAnswer, type WantedOfInput, type WantedTunnel } from '../../src/sweep/cut.ts'
import { PIECES_LIMIT, placesCited, wantedOf } from '../../src/sweep/wanted.ts'
import {
  bytesStream,
  clientHello,
  dnsOverTcp,
  dnsQuery,
  dtlsFragment,
  dtlsHello,
  dtlsRecord,
  ethernet,
  filler,
  ipv4Fragments,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  merge,
  pcap,
  pcapng,
  quicCrypto,
  quicInitial,
  tcpPacket,
  tlsConversation,
  udp,
  udpPacket,
} from '../build/index.ts'
import { squidLog } from '../e2e/inputs.ts'
import { finding, verdict } from '../store/made.ts'

interface Asked {
  readonly positions?: readonly number[]
  readonly answers?: readonly WantedAnswer[]
  readonly tunnels?: readonly WantedTunnel[]
  readonly window?: number
  readonly progress?: (done: number) => void
}

async function cut(bytes: Uint8Array, format: string, asked: Asked) {
  const { positions = [], answers = [], tunnels = [], window = 1 << 20, progress } = asked
  const wanted: WantedOfInput = {
    positions: new Map(positions.map((position) => [position, { role: 'cited', findings: new Set(['f-1']) }])),
    answers: new Map(answers.map((answer) => [answer.start, [answer]])),
    tunnels: new Map(tunnels.map((tunnel) => [tunnel.minute, [tunnel]])),
  }
  const cuts: Cut[] = []
  const chunks = new Chunks(bytesStream(bytes, 700), window)
  await cutInput(chunks, formats.find(({ name }) => name === format)!, wanted, {
    clientOf: ({ addresses }: Pick<Observation, 'addresses'>) => `address-${addresses[3]}`,
    // 203.0.113.10 is the gateway.
    tunnelClientOf: ({ addresses }) => {
      const isFirst = addresses[7] === 0xcb00_710a
      return isFirst || addresses[3] === 0xcb00_710a
        ? { isFirst, client: `address-${addresses[isFirst ? 3 : 7]}` }
        : undefined
    },
    options: {},
    progress,
    take: (one) => cuts.push(one),
  })
  return { cuts, wanted }
}

const TIME = Date.UTC(2026, 4, 12, 8) * 1000

/** Packets of others around a hello whose segments come in this order. */
function conversation(delivery: 'in-order' | 'reversed') {
  const ends = { source: '10.1.4.31', destination: '198.51.100.9', sourcePort: 50_000, destinationPort: 443 }
  const hello = { serverName: 'chat.signal.org' }
  const talk = tlsConversation({ ends, time: TIME, hello, exchanges: [], delivery })
  const others = Array.from({ length: 40 }, (_, n) => ({
    time: TIME + n * 1000,
    bytes: udpPacket(
      { source: '10.1.4.77', destination: '203.0.113.5', sourcePort: 4000 + n, destinationPort: 9999 },
      filler(30, n),
    ),
  }))
  return merge(talk, others)
}

describe.each(['pcap', 'pcapng'])('of a %s', (format) => {
  const packets = conversation('in-order')
  const timed = packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) }))
  const bytes =
    format === 'pcap'
      ? pcap(timed, { linkType: LINKTYPE_ETHERNET })
      : pcapng({
          blocks: [
            { kind: 'interface', linkType: LINKTYPE_ETHERNET },
            ...timed.map((one) => ({ kind: 'enhanced' as const, ...one })),
          ],
        })

  test('a frame is cut byte by byte, and its offset is where it stands', async () => {
    const { cuts, wanted } = await cut(bytes, format, { positions: [1, 3, timed.length], window: 8192 })
    expect(cuts.map(({ position }) => position)).toEqual(expect.arrayContaining([1, 3, timed.length]))
    for (const { position, offset, bytes: piece, time, linkType } of cuts) {
      expect(piece).toEqual(Uint8Array.from(timed[position - 1]!.bytes))
      expect(Uint8Array.from(bytes.subarray(offset, offset + piece.length))).toEqual(piece)
      expect(time).toBe(timed[position - 1]!.time)
      expect(linkType).toBe(LINKTYPE_ETHERNET)
    }
    expect(wanted.positions.size).toBe(0)
  })
})

test.each(['in-order', 'reversed'] as const)(
  'every frame of a hello in pieces is cut, %s, and its SYN',
  async (delivery) => {
    const packets = conversation(delivery)
    const bytes = pcap(packets, { linkType: LINKTYPE_RAW })
    // The frame in which the hello is whole is the last with data of the client.
    const mine = packets.map(({ bytes: one }, n) => ({
      n: n + 1,
      isMine: one[15] === 31,
      length: one.length,
      flags: one[33]!,
    }))
    const segments = mine.filter(({ isMine, length }) => isMine && length > 100).map(({ n }) => n)
    expect(segments.length).toBeGreaterThan(1)
    const { cuts } = await cut(bytes, 'pcap', { positions: [Math.max(...segments)] })
    const roles = new Map(cuts.map(({ position, role }) => [position, role]))
    for (const n of segments) expect(roles.get(n)).toBe(n === Math.max(...segments) ? 'cited' : 'part')
    expect(roles.get(mine.find(({ flags, isMine }) => isMine && (flags & 2) !== 0)!.n)).toBe('part')
    for (const { position, clients, servers } of cuts) {
      expect(packets[position - 1]!.bytes[15]).not.toBe(77)
      expect([clients, servers]).toEqual([['10.1.4.31'], ['198.51.100.9']])
    }
  },
)

const ENDS = { source: '10.1.4.31', destination: '198.51.100.9', sourcePort: 50_000, destinationPort: 443 }
const NAME = 'chat.signal.org'

/** The datagrams of one hello or message in pieces: the last of them makes it whole. */
const IN_PIECES: Readonly<Record<string, () => readonly Uint8Array[]>> = {
  'QUIC Initials, out of order': () => {
    const hello = clientHello({ serverName: NAME })
    const destination = filler(8, 2)
    const cuts = [0, 70, 140, hello.length]
    return [1, 2, 0].map((n) =>
      udpPacket(
        ENDS,
        quicInitial({ destination, packetNumber: n, size: 1200 }, quicCrypto(hello, cuts[n]!, cuts[n + 1]!)),
      ),
    )
  },
  'fragments of DTLS': () => {
    const hello = dtlsHello(clientHello({ serverName: NAME, datagram: true }))
    const half = Math.floor((hello.length - 4) / 2)
    return [[0, half] as const, [half, hello.length - 4] as const].map(([from, to], sequence) =>
      udpPacket(ENDS, dtlsRecord([dtlsFragment(hello, { from, to })], { sequence })),
    )
  },
  'fragments of IPv4 that carry a DNS question': () => {
    const ends = { ...ENDS, destinationPort: 53 }
    return ipv4Fragments(ends, 17, udp(ends, dnsQuery(NAME, 'A', 7)), 16, 77)
  },
  'segments of TCP that carry a DNS question': () => {
    const ends = { ...ENDS, destinationPort: 53 }
    const message = dnsOverTcp(dnsQuery(NAME, 'A', 7))
    const syn = tcpPacket(ends, { sequence: 99, flags: 2 })
    const parts = [message.subarray(0, 9), message.subarray(9, 20), message.subarray(20)]
    let sequence = 100
    return [
      syn,
      ...parts.map((payload) => {
        const packet = tcpPacket(ends, { sequence, acknowledgement: 1, payload })
        sequence += payload.length
        return packet
      }),
    ]
  },
}

test.each(Object.keys(IN_PIECES))('all frames of %s are cut, and those between them are not', async (what) => {
  const pieces = IN_PIECES[what]!()
  const other = udpPacket({ ...ENDS, source: '10.1.4.77' }, filler(30, 1))
  const packets = pieces.flatMap((bytes, n) => [
    { time: TIME + 2000 * n, bytes: other },
    { time: TIME + 2000 * n + 1000, bytes },
  ])
  const { cuts } = await cut(pcap(packets, { linkType: LINKTYPE_RAW }), 'pcap', { positions: [packets.length] })
  const parts = pieces.map((_, n) => `${n === pieces.length - 1 ? 'cited' : 'part'} ${2 * n + 2}`)
  expect(cuts.map(({ role, position }) => `${role} ${position}`)).toEqual(parts)
  // What is cut names what the whole capture names.
  const names: string[] = []
  const kept = cuts.map(({ time, bytes }) => ({ time, bytes }))
  await readInput(chunksOf(pcap(kept, { linkType: LINKTYPE_RAW })), formats.find(({ name }) => name === 'pcap')!, {
    observe: ({ name }) => names.push(name),
  })
  expect(names).toContain(NAME)
})

test('of a minute one packet of the tunnel of whoever is asked for is cut, either way, and decoding goes no further', async () => {
  const minute = TIME / 60_000_000
  const packet = (source: string, destination: string, second: number) => ({
    time: TIME + second * 1_000_000,
    bytes: ethernet(udpPacket({ source, destination, sourcePort: 4500, destinationPort: 4500 }, filler(30, second))),
  })
  const [mine, other, gateway] = ['10.1.4.31', '10.1.4.77', '203.0.113.10']
  const packets = [
    packet(mine!, gateway!, -1),
    packet(other!, gateway!, 1),
    packet(mine!, '203.0.113.11', 2),
    packet(gateway!, mine!, 3),
    packet(mine!, gateway!, 4),
    packet(mine!, gateway!, 70),
  ]
  const client = `address-${0x0a01_041f}`
  const tunnels = [0, 1, 2].map(
    (n) => ({ role: 'tunnel', findings: new Set(['f-1']), client, minute: minute + n }) as const,
  )
  const { cuts, wanted } = await cut(pcap(packets, { linkType: LINKTYPE_ETHERNET }), 'pcap', { tunnels })
  expect(cuts.map(({ position, role }) => `${role} ${position}`)).toEqual(['tunnel 4', 'tunnel 6'])
  for (const { clients, servers, position, bytes } of cuts) {
    expect([clients, servers]).toEqual([[mine], [gateway]])
    expect(bytes).toEqual(Uint8Array.from(packets[position - 1]!.bytes))
  }
  // Of the third minute there is none.
  expect([...wanted.tunnels.keys()]).toEqual([minute + 2])
})

test.each(['pcap', 'squid-native'])(
  'of a long %s it is told how far it was gone through, to its end',
  async (format) => {
    const packets = Array.from({ length: 3000 }, (_, n) => ({ time: TIME + n, bytes: filler(60, n) }))
    const requests = Array.from({ length: 3000 }, (_, n) => ({ host: `${n}.example` }))
    const bytes = format === 'pcap' ? pcap(packets, { linkType: LINKTYPE_RAW }) : Buffer.from(squidLog(...requests))
    const done: number[] = []
    await cut(bytes, format, { positions: [9999], window: 16_384, progress: (one) => done.push(one) })
    expect(done.length).toBeGreaterThan(10)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(done.at(-1)! / bytes.length).toBeGreaterThan(0.9)
  },
)

test('a record is cut without its end, with whom it names', async () => {
  const log = Buffer.from(
    squidLog({ host: 'a.example' }, { host: 'web.telegram.org', user: 'jdoe' }, { host: 'b.example' }),
  )
  const { cuts, wanted } = await cut(log, 'squid-native', { positions: [2, 99] })
  expect(cuts).toHaveLength(1)
  const [{ bytes, offset, people, clients }] = cuts as [Cut]
  expect(Buffer.from(bytes).toString()).toBe(log.toString().split('\n')[1])
  expect(log.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes))).toBe(true)
  expect([people, clients]).toEqual([['jdoe'], ['10.1.4.31']])
  // What the file does not hold stays wanted.
  expect([...wanted.positions.keys()]).toEqual([99])
})

test('of a finding that cites much the beginnings are wanted first, and the rest is counted', () => {
  const evidence = Array.from({ length: 100 }, (_, n) => ({
    ...{ indicator: 'whatsapp exact g.whatsapp.net', role: 'messaging', strength: 'distinctive', means: 'tls-sni' },
    ...{ action: '', input: 'a.pcap', unit: 'frame', count: 2, bytesUp: 0, bytesDown: 0, first: 0, last: 0 },
    ...{ firstAt: n + 1, lastAt: n + 501 },
  })) as unknown as ReturnType<typeof verdict>['evidence']
  const one = finding('user-1', 'whatsapp', { verdicts: [{ ...verdict(), evidence }] })
  expect(placesCited(one)).toHaveLength(200)
  const { places, leftOut } = wantedOf(one, [], [], new Set())
  expect(places).toHaveLength(PIECES_LIMIT)
  expect(leftOut).toBe(200 - PIECES_LIMIT)
  expect(places.slice(0, 100).map(({ position }) => position)).toEqual(evidence.map(({ firstAt }) => firstAt))
  expect(wantedOf(one, [], [], new Set(['1 a.pcap'])).places).toHaveLength(PIECES_LIMIT - 1)
})
