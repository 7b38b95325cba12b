import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authentication,
  type Block,
  bsdLoop,
  bsdNull,
  certificate,
  certificateFlight,
  certificateMessage,
  clientHello,
  clientHelloRecords,
  DTLS_1_2,
  destinationOptions,
  dnsMessage,
  dnsOverTcp,
  dnsQuery,
  dnsResponse,
  dtlsFragment,
  dtlsHello,
  dtlsRecord,
  type Ends,
  EXTENSION_KEY_SHARE,
  ethernet,
  hopByHop,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  LINKTYPE_ETHERNET,
  LINKTYPE_IPV4,
  LINKTYPE_IPV6,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_LOOP,
  LINKTYPE_NULL,
  LINKTYPE_RAW,
  linuxSll,
  linuxSll2,
  type PcapOptions,
  PROTOCOL_UDP,
  pcap,
  pcapng,
  reversed,
  routing,
  serverFlight,
  serverHello,
  TAG_SERVICE,
  tcpPacket,
  udp,
  udpPacket,
} from './index.ts'
import { DNS_NAME, SERVER_NAME, TIME, tshark, tsharkInstalled } from './tshark.ts'

const NAME = 'chat.builders.example'
const START = Date.UTC(2026, 4, 12, 8) * 1000 + 123_456

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 53 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 53 }
const query4 = udpPacket(ends4, dnsQuery(NAME))
const query6 = udpPacket(ends6, dnsQuery(NAME, 'AAAA'))

describe.skipIf(!tsharkInstalled)('tshark reads without complaint', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offchannel-build-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function read(bytes: Uint8Array, field: string) {
    const path = join(folder, 'built')
    writeFileSync(path, bytes)
    return tshark(path, field)
  }

  function readPackets(packets: readonly Uint8Array[], field: string) {
    return read(pcap(timed(packets), { linkType: LINKTYPE_RAW }), field)
  }

  test('both IP versions on every link layer', () => {
    const layers: [number, (packet: Uint8Array) => Uint8Array][] = [
      [LINKTYPE_ETHERNET, (packet) => ethernet(packet)],
      [LINKTYPE_ETHERNET, (packet) => ethernet(packet, { vlans: [{ id: 110 }] })],
      [LINKTYPE_ETHERNET, (packet) => ethernet(packet, { vlans: [{ id: 7, protocol: TAG_SERVICE }, { id: 110 }] })],
      [LINKTYPE_LINUX_SLL, (packet) => linuxSll(packet)],
      [LINKTYPE_LINUX_SLL2, (packet) => linuxSll2(packet)],
      [LINKTYPE_NULL, (packet) => bsdNull(packet)],
      [LINKTYPE_NULL, (packet) => bsdNull(packet, { littleEndian: false })],
      [LINKTYPE_LOOP, bsdLoop],
      [LINKTYPE_RAW, (packet) => packet],
    ]
    const blocks = layers.flatMap(([linkType, wrap], i): Block[] => [
      { kind: 'interface', linkType },
      { kind: 'enhanced', interface: i, time: START, bytes: wrap(query4) },
      { kind: 'enhanced', interface: i, time: START, bytes: wrap(query6) },
    ])
    const oneFamily: Block[] = [
      { kind: 'interface', linkType: LINKTYPE_IPV4 },
      { kind: 'enhanced', interface: layers.length, time: START, bytes: query4 },
      { kind: 'interface', linkType: LINKTYPE_IPV6 },
      { kind: 'enhanced', interface: layers.length + 1, time: START, bytes: query6 },
      { kind: 'interface', linkType: LINKTYPE_NULL },
      { kind: 'enhanced', interface: layers.length + 2, time: START, bytes: bsdNull(query6, { family: 24 }) },
      { kind: 'enhanced', interface: layers.length + 2, time: START, bytes: bsdNull(query6, { family: 28 }) },
    ]
    const { values, complaints } = read(pcapng({ blocks: [...blocks, ...oneFamily] }), DNS_NAME)
    expect(values).toEqual(Array(2 * layers.length + 4).fill(NAME))
    expect(complaints).toEqual([])
  })

  test('IPv4 options and fragments, IPv6 extension headers and fragments', () => {
    const datagram4 = udp(ends4, dnsQuery(NAME))
    const datagram6 = udp(ends6, dnsQuery(NAME))
    const chain = [hopByHop(), destinationOptions(), routing(), authentication(), destinationOptions()]
    const packets = [
      ipv4(ends4, PROTOCOL_UDP, datagram4, { options: [1, 1, 1, 0] }),
      ...ipv4Fragments(ends4, PROTOCOL_UDP, datagram4, 24, 77),
      ipv6(ends6, PROTOCOL_UDP, datagram6, chain),
      ...ipv6Fragments(ends6, PROTOCOL_UDP, datagram6, 24, 77),
    ]
    expect(packets).toHaveLength(6)
    expect(readPackets(packets, DNS_NAME)).toEqual({ values: Array(4).fill(NAME), complaints: [] })
  })

  test('DNS answers of every type, compressed, and DNS over TCP', () => {
    const answers = [
      { name: NAME, type: 'CNAME', data: 'edge.builders.example' },
      { name: 'edge.builders.example', type: 'A', data: '198.51.100.7' },
      { name: 'edge.builders.example', type: 'AAAA', data: '2001:db8::7' },
      { name: 'edge.builders.example', type: 'HTTPS', data: 'h2' },
      { name: 'edge.builders.example', type: 'TXT', data: 'v=1' },
      { name: '7.100.51.198.in-addr.arpa', type: 'PTR', data: NAME },
    ] as const
    const questions = [
      { name: NAME, type: 'A' },
      { name: NAME, type: 'AAAA' },
    ] as const
    const packets = [
      udpPacket(reversed(ends4), dnsMessage({ response: true, rcode: 3, questions })),
      udpPacket(reversed(ends4), dnsResponse(NAME, 'A', answers, 9)),
      tcpPacket(ends4, { payload: dnsOverTcp(dnsQuery(NAME)) }),
    ]
    expect(readPackets(packets, DNS_NAME)).toEqual({ values: Array(4).fill(NAME), complaints: [] })
    const owners = [NAME, ...Array(4).fill('edge.builders.example'), '7.100.51.198.in-addr.arpa']
    expect(readPackets(packets, 'dns.resp.name').values).toEqual(owners)
  })

  test.each([
    ['as browsers send it', {}],
    ['without a post-quantum share', { postQuantum: false }],
    ['with Encrypted Client Hello', { encryptedHello: true }],
    ['with its name behind the key share', { order: [EXTENSION_KEY_SHARE] }],
    ['over three records', { recordSizes: [40, 900] }],
  ])('a ClientHello %s, and the answer', (_, options) => {
    const ends = { ...ends4, destinationPort: 443 }
    const payload = clientHelloRecords({ serverName: NAME, ...options })
    const answer = { sequence: 1, acknowledgement: 1 + payload.length, payload: serverFlight(300) }
    const packets = [tcpPacket(ends, { sequence: 1, payload }), tcpPacket(reversed(ends), answer)]
    expect(readPackets(packets, SERVER_NAME)).toEqual({ values: [NAME], complaints: [] })
  })

  test.each([
    ['each message in a record', {}],
    ['all messages in records that cut them', { recordSizes: [3, 100, 700] }],
  ])('a certificate, and the answer of TLS 1.2 that holds it (%s)', (_, options) => {
    const own = certificate({
      subject: [{ type: 'CN', value: NAME }],
      issuer: [{ type: 'O', value: 'Builders CA' }],
      dnsNames: [NAME, '*.builders.example'],
      padding: 300,
    })
    const ends = reversed({ ...ends4, destinationPort: 443 })
    const packets = [tcpPacket(ends, { sequence: 1, payload: certificateFlight([own], options) })]
    expect(readPackets(packets, 'x509ce.dNSName')).toEqual({ values: [NAME, '*.builders.example'], complaints: [] })
    expect(readPackets(packets, 'x509sat.uTF8String').values).toEqual(['Builders CA', NAME])
    expect(readPackets(packets, 'tls.handshake.type').values).toEqual(['2', '11', '14'])
  })

  test('a hello as DTLS says it, and a certificate in fragments', () => {
    const ends = { ...ends4, destinationPort: 4433 }
    const hello = dtlsHello(clientHello({ serverName: NAME, postQuantum: false, datagram: true }))
    const message = certificateMessage([certificate({ dnsNames: [NAME] })])
    const packets = [
      udpPacket(ends, dtlsRecord([dtlsFragment(hello)])),
      udpPacket(reversed(ends), dtlsRecord([dtlsFragment(serverHello({ version: DTLS_1_2 }))])),
      udpPacket(reversed(ends), dtlsRecord([dtlsFragment(message, { sequence: 1, to: 100 })], { sequence: 1 })),
      udpPacket(reversed(ends), dtlsRecord([dtlsFragment(message, { sequence: 1, from: 100 })], { sequence: 2 })),
    ]
    expect(readPackets(packets, SERVER_NAME)).toEqual({ values: [], complaints: [] })
    expect(readPackets(packets, 'dtls.handshake.extensions_server_name').values).toEqual([NAME])
    expect(readPackets(packets, 'x509ce.dNSName').values).toEqual([NAME])
  })

  test('a ClientHello without a name', () => {
    const ends = { ...ends4, destinationPort: 443 }
    const packets = [tcpPacket(ends, { sequence: 1, payload: clientHelloRecords() })]
    expect(readPackets(packets, SERVER_NAME)).toEqual({ values: [], complaints: [] })
    expect(readPackets(packets, 'tls.handshake.type').values).toEqual(['1'])
  })

  test.each<[string, Omit<PcapOptions, 'linkType'>]>([
    ['microseconds', {}],
    ['nanoseconds', { nanoseconds: true }],
    ['microseconds, big-endian', { bigEndian: true }],
    ['nanoseconds, big-endian', { nanoseconds: true, bigEndian: true }],
    ['the modified format', { modified: true }],
    ['the modified format, big-endian', { modified: true, bigEndian: true }],
  ])('a classic capture in %s', (_, options) => {
    const bytes = pcap(timed([query4, query6]), { linkType: LINKTYPE_RAW, ...options })
    expect(read(bytes, TIME)).toEqual({
      values: ['1778572800.123456000', '1778572800.123457000'],
      complaints: [],
    })
  })

  test('packets that the snap length cut, in both file formats', () => {
    const cut = { time: START, bytes: query4.subarray(0, 40), wireLength: query4.length }
    const classic = pcap([cut], { linkType: LINKTYPE_RAW, snapLength: 40 })
    const blocks: Block[] = [
      { kind: 'interface', linkType: LINKTYPE_RAW, snapLength: 40 },
      { kind: 'enhanced', ...cut },
      { kind: 'simple', ...cut },
    ]
    const length = String(query4.length)
    expect(read(classic, 'frame.len').values).toEqual([length])
    expect(read(pcapng({ blocks }), 'frame.len').values).toEqual([length, length])
    expect(read(pcapng({ blocks }), 'frame.cap_len')).toEqual({ values: ['40', '40'], complaints: [] })
  })

  test('a pcapng file with sections of both byte orders and every kind of block', () => {
    const packet = { time: START, bytes: query4 }
    const second = START - 123_456
    const bytes = pcapng(
      {
        options: [{ code: 4, value: [0x74] }],
        blocks: [
          { kind: 'interface', linkType: LINKTYPE_RAW },
          { kind: 'interface', linkType: LINKTYPE_RAW, resolution: { base: 10, exponent: 9 }, offset: 3600 },
          { kind: 'enhanced', ...packet, options: [{ code: 1, value: [0x63] }] },
          { kind: 'enhanced', ...packet, interface: 1 },
          { kind: 'names', address: [198, 51, 100, 7], name: NAME },
          { kind: 'obsolete', ...packet, interface: 1 },
          { kind: 'statistics', time: START },
        ],
      },
      {
        bigEndian: true,
        lengthUnknown: true,
        blocks: [
          { kind: 'interface', linkType: LINKTYPE_ETHERNET, resolution: { base: 2, exponent: 20 } },
          { kind: 'other', type: 0x0bad, body: [1, 2, 3] },
          { kind: 'enhanced', time: second, bytes: ethernet(query6) },
          { kind: 'simple', bytes: ethernet(query6) },
        ],
      },
    )
    const times = [...Array(3).fill('1778572800.123456000'), '1778572800.000000000']
    expect(read(bytes, TIME)).toEqual({ values: times, complaints: [] })
    expect(read(bytes, DNS_NAME).values).toEqual(Array(5).fill(NAME))
  })

  test('nothing that is damaged: it tells bad checksums and messages cut short', () => {
    const damaged = query4.slice()
    damaged[27] = 0xff
    const short = udpPacket(ends4, dnsQuery(NAME).subarray(0, 20))
    expect(readPackets([query4, damaged, short], DNS_NAME).complaints).toEqual([2, 3])
  })
})

function timed(frames: readonly Uint8Array[]) {
  return frames.map((bytes, i) => ({ time: START + i, bytes }))
}
