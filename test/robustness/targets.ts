import { Chunks } from '../../src/base/chunks.ts'
import { NAME_LIMIT } from '../../src/base/name.ts'
import { Oddities } from '../../src/base/oddities.ts'
import { isTime } from '../../src/base/time.ts'
import { Decoder } from '../../src/decode/decode.ts'
import { linkLayers } from '../../src/decode/link/index.ts'
import { Extractor } from '../../src/extract/extract.ts'
import type { Observation } from '../../src/model/observation.ts'
import { Packet } from '../../src/model/packet.ts'
import type { CaptureFormat } from '../../src/model/reader.ts'
import { pcap as pcapFormat } from '../../src/read/capture/pcap.ts'
import { pcapng as pcapngFormat } from '../../src/read/capture/pcapng.ts'
import { logFormats } from '../../src/read/log/index.ts'
import {
  authentication,
  bsdNull,
  bytesStream,
  certificate,
  certificateFlight,
  certificateMessage,
  clientHello,
  clientHelloRecords,
  concat,
  dnsMessage,
  dnsOverTcp,
  dnsQuery,
  dtlsFragment,
  dtlsHello,
  dtlsRecord,
  type Ends,
  EXTENSION_KEY_SHARE,
  ethernet,
  filler,
  hopByHop,
  http2Request,
  httpRequest,
  IMAP,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  LDAP,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  linuxSll,
  linuxSll2,
  MYSQL,
  POSTGRES,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  pcap,
  pcapng,
  proxyHeader,
  proxyLine,
  quicCrypto,
  quicInitial,
  random,
  rdpRequest,
  reversed,
  SMTP,
  serverHello,
  socks4,
  socks5,
  ssl2Hello,
  tcp,
  tcpPacket,
  udp,
  udpPacket,
  XMPP,
} from '../build/index.ts'
import { links } from '../decode/links.ts'
import { ipTunnels, ipv6Tunnels, tags } from '../decode/tunnels.ts'
import { logSample, readLog, SAMPLES, sampleBytes } from '../read/log/drive.ts'
import { datagramConversations, streamConversations } from './conversations.ts'
import { mutated, type Random } from './mutate.ts'

/** A parser that is given damaged input: `run` throws where it breaks or says what cannot be. */
export interface Target {
  readonly name: string
  /** Runs one case, always the same for the same number; a promise only where the parser waits. */
  readonly run: (number: number) => undefined | Promise<void>
}

const TIME = Date.UTC(2026, 4, 12, 8) * 1000
const dnsEnds: Ends = { source: '10.0.0.5', destination: '192.0.2.53', sourcePort: 50001, destinationPort: 53 }
const tlsEnds: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 51234, destinationPort: 443 }
const tlsEnds6: Ends = { ...tlsEnds, source: 'fd00::5', destination: '2001:db8::7' }

const messages = [
  dnsQuery('web.whatsapp.com'),
  dnsMessage({
    response: true,
    questions: [{ name: 'g.whatsapp.net', type: 'A' }],
    answers: [
      { name: 'g.whatsapp.net', type: 'CNAME', data: 'chat.cdn.whatsapp.net' },
      { name: 'chat.cdn.whatsapp.net', type: 'A', data: '198.51.100.7' },
      { name: 'chat.cdn.whatsapp.net', type: 'AAAA', data: '2001:db8::7' },
    ],
  }),
  dnsMessage({
    questions: ['a.example', 'b.example', 'c.example'].map((name) => ({ name, type: 'AAAA' as const })),
  }),
]

const hellos = [
  clientHelloRecords({ serverName: 'chat.signal.org', postQuantum: false }),
  clientHelloRecords({
    serverName: 'web.telegram.org',
    postQuantum: false,
    recordSizes: [3, 60, 100],
    encryptedHello: true,
  }),
  clientHelloRecords({ serverName: 'web.whatsapp.com', order: [EXTENSION_KEY_SHARE] }),
]

const certificates = [
  certificate({ subject: [{ type: 'CN', value: 'chat.signal.org' }], dnsNames: ['a.example', 'b.example'] }),
  certificate({ issuer: [{ type: 'O', value: 'Palaver' }], padding: 400 }),
]
const flights = [
  certificateFlight(certificates),
  certificateFlight(certificates, { recordSizes: [3, 100, 200] }),
  certificateFlight(certificates.toReversed(), { recordSizes: [] }),
]

const message = clientHello({ serverName: 'chat.signal.org', order: [EXTENSION_KEY_SHARE] })
const quicIds = { destination: [1, 2, 3, 4, 5, 6, 7, 8], size: 1200 }
const datagrams = [
  quicInitial(quicIds, quicCrypto(message, 0, 1000)),
  quicInitial({ ...quicIds, packetNumber: 1 }, quicCrypto(message, 1000)),
  dtlsRecord([dtlsFragment(dtlsHello(message))]),
  dtlsRecord([dtlsFragment(dtlsHello(message), { from: 900 }), dtlsFragment(dtlsHello(message), { to: 900 })]),
  dtlsRecord([dtlsFragment(dtlsHello(clientHello({ datagram: true, alpn: ['coap'] })))], { version: 0x0100 }),
  dtlsRecord([
    dtlsFragment(serverHello({ version: 0xfefd }), { sequence: 1 }),
    dtlsFragment(certificateMessage(certificates), { sequence: 2, to: 300 }),
  ]),
  dtlsRecord([dtlsFragment(certificateMessage(certificates), { sequence: 2, from: 300 })]),
]

const openings = [
  httpRequest({ host: 'web.whatsapp.com', fields: ['Cookie: a=b', 'Content-Length: 3'], body: 'abc' }),
  http2Request('web.whatsapp.com'),
  concat(httpRequest({ method: 'CONNECT', target: 'web.whatsapp.com:443' }), hellos[0]!),
  concat(socks4('web.whatsapp.com', 443, 'user'), hellos[0]!),
  concat(socks5('web.whatsapp.com', 443, { user: 'user', password: 'password' }), hellos[0]!),
  ...[proxyLine(), proxyHeader(), SMTP, IMAP, XMPP, LDAP, POSTGRES, MYSQL, rdpRequest('user')].map((preamble) =>
    concat(preamble, hellos[0]!),
  ),
  ssl2Hello(),
  dnsOverTcp(messages[1]!),
]

const packets: readonly Uint8Array[] = [
  udpPacket(dnsEnds, messages[0]!),
  tcpPacket(tlsEnds, { sequence: 1, payload: hellos[0]! }),
  ipv4(tlsEnds, PROTOCOL_UDP, udp(dnsEnds, messages[1]!), { options: [1, 1, 1, 0] }),
  ipv6(tlsEnds6, PROTOCOL_TCP, tcp(tlsEnds6, { payload: hellos[1]! }), [hopByHop(), authentication()]),
  ...ipv4Fragments(dnsEnds, PROTOCOL_UDP, udp(dnsEnds, messages[1]!), 48, 7),
]

const frames = packets.flatMap((packet) => [
  packet,
  ethernet(packet),
  linuxSll(packet),
  linuxSll2(packet),
  bsdNull(packet),
])
const linkTypes = [...linkLayers.keys()]
/** Each in every layer that there is. */
const carried = [packets[0]!, packets[3]!].flatMap((packet) => [
  ...links.map(({ linkType, wrap }) => ({ linkType, bytes: wrap(packet) })),
  ...tags.map(({ wrap }) => ({ linkType: LINKTYPE_ETHERNET, bytes: wrap(packet) })),
  ...[...ipTunnels, ...ipv6Tunnels].map(({ wrap }) => ({ linkType: LINKTYPE_RAW, bytes: wrap(packet) })),
])

const timed = packets.map((bytes, i) => ({ time: TIME + i, bytes }))
const captures: readonly [CaptureFormat, Uint8Array][] = [
  [pcapFormat, pcap(timed, { linkType: LINKTYPE_RAW })],
  [pcapFormat, pcap(timed, { linkType: LINKTYPE_RAW, nanoseconds: true, bigEndian: true })],
  [
    pcapngFormat,
    pcapng(
      {
        options: [{ code: 4, value: [0x74] }],
        blocks: [
          { kind: 'interface', linkType: LINKTYPE_RAW, resolution: { base: 10, exponent: 9 }, offset: 3600 },
          ...timed.map((packet) => ({ kind: 'enhanced' as const, ...packet })),
          { kind: 'names', address: [198, 51, 100, 7], name: 'a.example' },
        ],
      },
      {
        bigEndian: true,
        blocks: [
          { kind: 'interface', linkType: LINKTYPE_ETHERNET, snapLength: 64 },
          { kind: 'simple', bytes: ethernet(packets[0]!) },
          { kind: 'obsolete', time: TIME, bytes: ethernet(packets[1]!) },
          { kind: 'other', type: 0x0bad, body: [1, 2, 3] },
        ],
      },
    ),
  ],
]

/** Decoding and extraction, used on and on as within one input, over a window full of other bytes. */
class Window {
  readonly #extractor = new Extractor(new Oddities(), expectSound)
  readonly #decoder = new Decoder(new Oddities(), {
    tunnel: (packet, protocol) => this.#extractor.tunnel(packet, protocol),
  })
  readonly #packet = new Packet()
  readonly #bytes = new Uint8Array(1 << 16).fill(0x16)

  take(linkType: number, bytes: Uint8Array, wireLength = bytes.length): void {
    const packet = this.#packet
    this.#bytes.set(bytes, 64)
    packet.bytes = this.#bytes
    packet.offset = 64
    packet.end = 64 + bytes.length
    packet.wireLength = wireLength
    packet.time += 1000
    packet.linkType = linkType
    packet.frame++
    this.#extract(this.#decoder.decode(packet), bytes.length)
    while (packet.rest > 0) this.#extract(this.#decoder.decodeRest(packet), bytes.length)
  }

  #extract(isPayload: boolean, length: number): void {
    if (!isPayload) return
    const packet = this.#packet
    const whole = packet.bytes !== this.#bytes
    const [start, end] = whole ? [0, packet.bytes.length] : [64, 64 + length]
    if (packet.offset < start || packet.offset > packet.end || packet.end > end) {
      throw new Error(`payload ${packet.offset}…${packet.end} outside its packet of ${length} bytes`)
    }
    this.#extractor.packet(packet)
  }
}

const window = new Window()

/** Two or three whole lines of each log sample, and which format they are of. */
const logPieces = SAMPLES.flatMap((sample) => {
  const format = logFormats.find(({ name }) => name === sample.format)!
  const bytes = sampleBytes(sample)
  const lines = bytes.toString('latin1').split('\n')
  return lines.length < 4
    ? [{ format, bytes }]
    : lines.slice(0, -3).map((_, i) => ({ format, bytes: Buffer.from(lines.slice(i, i + 3).join('\n'), 'latin1') }))
})

export const targets: readonly Target[] = [
  {
    name: 'logs',
    run: async (number) => {
      const next = random(number)
      const { format, bytes } = choose(logPieces, next)
      const other = choose(logPieces, next)
      const text = mutated(next() % 4 === 0 ? concat(bytes, [10], other.bytes) : bytes, next)
      if (next() % 64 === 0) for (const each of logFormats) each.claims(logSample(text))
      const { results } = await readLog(next() % 8 === 0 ? other.format : format, text, 'fuzzed', expectSound)
      for (const result of results) if (typeof result !== 'string' && result.bad === '') throw new Error('no reason')
    },
  },
  {
    name: 'dns',
    run: (number) => {
      const next = random(number)
      const message = mutated(choose(messages, next), next)
      const ends = next() % 2 === 0 ? dnsEnds : reversed(dnsEnds)
      if (next() % 4 > 0) window.take(LINKTYPE_RAW, udpPacket(ends, message))
      else window.take(LINKTYPE_RAW, tcpPacket(ends, { sequence: next(), payload: dnsOverTcp(message) }))
      return undefined
    },
  },
  {
    name: 'tls',
    run: (number) => {
      const next = random(number)
      const stream = mutated(choose(next() % 2 === 0 ? hellos : flights, next), next)
      const ends = { ...tlsEnds, sourcePort: 1024 + (next() % 60_000) }
      const base = next()
      const flags = next() % 2 === 0 ? 0x02 : 0x12
      if (next() % 2 === 0) window.take(LINKTYPE_RAW, tcpPacket(ends, { sequence: base - 1, flags }))
      for (let pieces = 1 + (next() % 4); pieces > 0; pieces--) {
        const from = next() % 3 === 0 ? next() % (stream.length + 1) : 0
        const payload = stream.subarray(from, from + (next() % 700))
        window.take(LINKTYPE_RAW, tcpPacket(ends, { sequence: base + from, flags: next() & 0x15, payload }))
      }
      return undefined
    },
  },
  {
    name: 'datagrams',
    run: (number) => {
      const next = random(number)
      const ends = { ...tlsEnds, sourcePort: 1024 + (next() % 400) }
      const datagram = mutated(choose(datagrams, next), next)
      window.take(LINKTYPE_RAW, udpPacket(next() % 8 === 0 ? reversed(ends) : ends, datagram))
      return undefined
    },
  },
  {
    name: 'streams',
    run: (number) => {
      const next = random(number)
      const stream = mutated(choose(openings, next), next)
      const ends = { ...tlsEnds, sourcePort: 1024 + (next() % 60_000) }
      const base = next()
      if (next() % 4 > 0) window.take(LINKTYPE_RAW, tcpPacket(ends, { sequence: base - 1, flags: 2 }))
      const cuts = Array.from({ length: next() % 4 }, () => next() % stream.length).sort((a, b) => a - b)
      const places = [0, ...cuts, stream.length]
      const order = places.slice(1).map((to, i) => [places[i]!, to] as const)
      if (next() % 2 === 0) order.reverse()
      for (const [from, to] of order) {
        const payload = stream.subarray(from, to)
        window.take(LINKTYPE_RAW, tcpPacket(ends, { sequence: base + from, flags: next() & 0x15, payload }))
      }
      return undefined
    },
  },
  {
    name: 'conversations',
    run: (number) => {
      const next = random(number)
      const isStream = next() % 4 === 0
      const conversation = choose(isStream ? streamConversations : datagramConversations, next)
      const ends = { ...tlsEnds, sourcePort: 1024 + (next() % 60_000), destinationPort: next() % 2 === 0 ? 4500 : 5000 }
      const sequences = [next(), next()] as [number, number]
      conversation.forEach((message, i) => {
        const way = i % 2 === 0 ? 0 : 1
        const from = way === 0 ? ends : reversed(ends)
        const payload = next() % 3 === 0 ? mutated(message, next) : message
        const wireLength = next() % 16 === 0 ? 9000 : undefined
        if (!isStream) window.take(LINKTYPE_RAW, udpPacket(from, payload), wireLength)
        else window.take(LINKTYPE_RAW, tcpPacket(from, { sequence: sequences[way], payload }), wireLength)
        sequences[way] = (sequences[way] + payload.length) >>> 0
      })
      return undefined
    },
  },
  {
    name: 'ip',
    run: (number) => {
      const next = random(number)
      const frame = mutated(choose(frames, next), next)
      window.take(choose(linkTypes, next), frame, frame.length + (next() % 3) * 100)
      return undefined
    },
  },
  {
    name: 'layers',
    run: (number) => {
      const next = random(number)
      const { linkType, bytes } = choose(carried, next)
      const frame = mutated(bytes, next)
      window.take(linkType, frame, frame.length + (next() % 3) * 100)
      return undefined
    },
  },
  {
    name: 'fragments',
    run: (number) => {
      const next = random(number)
      const content = udp(dnsEnds, concat(choose(messages, next), filler(next() % 600, number)))
      const cut = next() % 2 === 0 ? ipv4Fragments : ipv6Fragments
      const ends = cut === ipv4Fragments ? dnsEnds : tlsEnds6
      const fragments = cut(ends, PROTOCOL_UDP, content, 8 + 8 * (next() % 20), next() % 4)
      for (const fragment of fragments) window.take(LINKTYPE_RAW, next() % 4 === 0 ? mutated(fragment, next) : fragment)
      return undefined
    },
  },
  {
    name: 'captures',
    run: async (number) => {
      const next = random(number)
      const [format, whole] = choose(captures, next)
      const bytes = mutated(whole, next)
      const step = next() % 2 === 0 ? bytes.length : 1 + (next() % 200)
      const reader = format.open(new Chunks(bytesStream(bytes, step), 1024 + (next() % 4096)), new Oddities())
      const packet = new Packet()
      do {
        while (reader.next(packet)) {
          if (packet.offset > packet.end || packet.end > packet.bytes.length)
            throw new Error('a packet outside the window')
          if (!isTime(packet.time)) throw new Error(`${packet.time} is not a time`)
          window.take(packet.linkType, packet.bytes.subarray(packet.offset, packet.end), packet.wireLength)
        }
      } while (await reader.more())
      if (reader.damage !== undefined && reader.damage.offset > bytes.length) throw new Error('damage behind the end')
    },
  },
]

/** Throws where an observation is none that the model allows. */
export function expectSound(observation: Observation): void {
  const { name, time, end, clientPort, serverPort, aliases, answerCount, realm, software, issuer } = observation
  for (const one of [name, ...aliases]) {
    if (!/^[\x21-\x7e]*$/.test(one) || one.length > 4 * NAME_LIMIT) throw new Error(`name ${JSON.stringify(one)}`)
  }
  for (const text of [realm, software, issuer]) if (text.length > 1024) throw new Error(`text of ${text.length}`)
  if (!isTime(time) || !isTime(end) || end < time) throw new Error(`from ${time} to ${end}`)
  for (const port of [clientPort, serverPort]) if (port < 0 || port > 65535) throw new Error(`port ${port}`)
  if (answerCount * 4 > observation.answerAddresses.length || aliases.length > 16) throw new Error('too many answers')
}

function choose<T>(from: readonly T[], next: Random): T {
  return from[next() % from.length]!
}
