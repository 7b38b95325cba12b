import { describe, expect, test } from 'vitest'
import {
  address,
  ascii,
  authentication,
  bsdLoop,
  bsdNull,
  concat,
  destinationOptions,
  type Ends,
  ethernet,
  filler,
  fragmentHeader,
  hopByHop,
  ipv4,
  ipv6,
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
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  routing,
  SYN_OPTIONS,
  TAG_SERVICE,
  tcp,
  tcpPacket,
  udp,
  udpPacket,
  uint16,
} from '../build/index.ts'
import { decode } from './drive.ts'

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 443 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 443 }
const payload = ascii('payload')
const HEX = Buffer.from(payload).toString('hex')
const udp4 = udpPacket(ends4, payload)
const udp6 = udpPacket(ends6, payload)

const whole = { ok: true, payload: HEX, cut: false, oddities: [] }
const flows = [
  [udp4, '10.0.0.5 50000 > 198.51.100.7 443'],
  [udp6, 'fd00::5 50000 > 2001:db8::7 443'],
] as const

/** LLC and SNAP of RFC 1042 behind an 802.3 length. */
function logicalLink(packet: Uint8Array): Uint8Array {
  const type = packet[0]! >> 4 === 6 ? 0x86dd : 0x0800
  return ethernet(concat([0xaa, 0xaa, 3, 0, 0, 0], uint16(type), packet), { etherType: packet.length + 8 })
}

function cookedLogicalLink(packet: Uint8Array): Uint8Array {
  const cooked = linuxSll(packet)
  return concat(cooked.subarray(0, 14), uint16(4), [0xaa, 0xaa, 3, 0, 0, 0], cooked.subarray(14))
}

describe('a packet is found', () => {
  const tag = (id: number, protocol?: number) => (protocol === undefined ? { id } : { id, protocol })
  test.each<[string, number, (packet: Uint8Array) => Uint8Array]>([
    ['in Ethernet', LINKTYPE_ETHERNET, (packet) => ethernet(packet)],
    ['behind a VLAN tag', LINKTYPE_ETHERNET, (packet) => ethernet(packet, { vlans: [tag(110)] })],
    ['behind two', LINKTYPE_ETHERNET, (packet) => ethernet(packet, { vlans: [tag(7, TAG_SERVICE), tag(110)] })],
    [
      'behind two of old types',
      LINKTYPE_ETHERNET,
      (packet) => ethernet(packet, { vlans: [tag(7, 0x9100), tag(1, 0x9200)] }),
    ],
    ['behind sixteen', LINKTYPE_ETHERNET, (packet) => ethernet(packet, { vlans: Array(16).fill(tag(1)) })],
    ['in 802.3 with LLC and SNAP', LINKTYPE_ETHERNET, logicalLink],
    ['in cooked capture', LINKTYPE_LINUX_SLL, (packet) => linuxSll(packet)],
    ['in cooked capture with LLC and SNAP', LINKTYPE_LINUX_SLL, cookedLogicalLink],
    ['in cooked capture 2', LINKTYPE_LINUX_SLL2, (packet) => linuxSll2(packet)],
    ['in BSD loopback', LINKTYPE_NULL, (packet) => bsdNull(packet)],
    ['in BSD loopback, big-endian', LINKTYPE_NULL, (packet) => bsdNull(packet, { littleEndian: false })],
    ['in OpenBSD loopback', LINKTYPE_LOOP, (packet) => bsdLoop(packet)],
    ['raw', LINKTYPE_RAW, (packet) => packet],
    ['raw, with the number of most systems', 12, (packet) => packet],
    ['raw, with the number of OpenBSD', 14, (packet) => packet],
    ['raw, by the type of its family', LINKTYPE_IPV4, (packet) => packet],
    ['raw, by the type of the other family', LINKTYPE_IPV6, (packet) => packet],
  ])('%s (link type %i)', (_, linkType, wrap) => {
    for (const [packet, flow] of flows) expect(decode(linkType, wrap(packet))).toMatchObject({ ...whole, flow })
  })

  test.each([10, 23, 24, 28, 30])('in BSD loopback whose system calls IPv6 %i', (family) => {
    for (const littleEndian of [true, false]) {
      expect(decode(LINKTYPE_NULL, bsdNull(udp6, { family, littleEndian }))).toMatchObject(whole)
    }
  })

  test('whatever follows the IP packet in its frame', () => {
    for (const padding of [1, 18, 46]) {
      const padded = concat(ethernet(udp4), filler(padding, 1))
      expect(decode(LINKTYPE_ETHERNET, padded)).toMatchObject(whole)
      expect(decode(LINKTYPE_ETHERNET, padded, { wireLength: padded.length + 4 })).toMatchObject(whole)
    }
  })
})

describe('no packet is found, and it is counted,', () => {
  test.each<[string, number, Uint8Array, string]>([
    ['in a link type that is not known', 9999, udp4, 'link_type_not_supported'],
    ['in a frame of another protocol', LINKTYPE_ETHERNET, ethernet(udp4, { etherType: 0x0806 }), 'not_ip'],
    [
      'in 802.3 without SNAP',
      LINKTYPE_ETHERNET,
      ethernet(concat([0x42, 0x42, 3], filler(35, 1)), { etherType: 38 }),
      'not_ip',
    ],
    ['in a loopback frame of another family', LINKTYPE_LOOP, concat([0, 0, 0, 7], udp4), 'not_ip'],
    ['in raw bytes of another version', LINKTYPE_RAW, concat([0x50], udp4.subarray(1)), 'not_ip'],
    ['in cooked capture of another protocol', LINKTYPE_LINUX_SLL, linuxSll(udp4).fill(0xff, 14, 16), 'not_ip'],
  ])('%s', (_, linkType, bytes, oddity) => {
    expect(decode(linkType, bytes)).toMatchObject({ ok: false, protocol: -1, oddities: [[oddity, 1]] })
  })

  const content = filler(100, 1)
  const long4 = udpPacket(ends4, content)
  const long6 = udpPacket(ends6, content)
  test.each<[string, number, Uint8Array]>([
    ['Ethernet', LINKTYPE_ETHERNET, ethernet(long4)],
    ['a VLAN tag', LINKTYPE_ETHERNET, ethernet(long4, { vlans: [{ id: 1 }] })],
    ['802.3', LINKTYPE_ETHERNET, logicalLink(long6)],
    ['cooked capture', LINKTYPE_LINUX_SLL, linuxSll(long4)],
    ['cooked capture 2', LINKTYPE_LINUX_SLL2, linuxSll2(long6)],
    ['BSD loopback', LINKTYPE_NULL, bsdNull(long4)],
    ['nothing', LINKTYPE_RAW, long6],
  ])('where the snap length cut it anywhere before its payload (in %s)', (_, linkType, bytes) => {
    const headers = bytes.length - content.length
    for (let length = 0; length < headers; length++) {
      const { ok, oddities } = decode(linkType, bytes.subarray(0, length), { wireLength: bytes.length })
      expect({ length, ok, count: oddities.length }).toEqual({ length, ok: false, count: 1 })
    }
    const rest = decode(linkType, bytes.subarray(0, headers), { wireLength: bytes.length })
    expect(rest).toMatchObject({ ok: true, cut: true, payload: '' })
  })
})

describe('an IPv4 packet', () => {
  test('with options is read behind them', () => {
    const packet = ipv4(ends4, PROTOCOL_UDP, udp(ends4, payload), { options: filler(40, 1) })
    expect(decode(LINKTYPE_RAW, packet)).toMatchObject(whole)
  })

  test('of total length 0, which segmentation offload leaves, goes to the end of the frame', () => {
    const packet = tcpPacket(ends4, { payload: filler(3000, 1) })
    packet.fill(0, 2, 4)
    expect(decode(LINKTYPE_RAW, packet)).toMatchObject({
      ok: true,
      cut: false,
      payload: Buffer.from(filler(3000, 1)).toString('hex'),
    })
    expect(decode(LINKTYPE_RAW, packet, { wireLength: 4000 })).toMatchObject({ ok: true, cut: true })
  })

  test('that claims more than was captured is cut', () => {
    expect(decode(LINKTYPE_RAW, udp4.subarray(0, -1))).toMatchObject({ ok: true, cut: true, payload: HEX.slice(0, -2) })
  })

  test.each<[string, number, number]>([
    ['a header below five words', 0, 0x44],
    ['a header that is longer than the packet', 0, 0x4f],
    ['another version', 0, 0x65],
    ['a total length below its header', 3, 19],
  ])('with %s is damaged', (_, at, value) => {
    const packet = udp4.slice()
    packet[at] = value
    expect(decode(LINKTYPE_ETHERNET, ethernet(packet, { etherType: 0x0800 }))).toMatchObject({
      ok: false,
      protocol: -1,
      oddities: [['ipv4_header_damaged', 1]],
    })
  })

  test('of a transport that is not read gives its addresses, and is counted', () => {
    const { ok, protocol, flow, oddities } = decode(LINKTYPE_RAW, ipv4(ends4, 50, payload))
    expect({ ok, protocol, oddities }).toEqual({ ok: false, protocol: 50, oddities: [['transport_not_read', 1]] })
    expect(flow).toBe('10.0.0.5 0 > 198.51.100.7 0')
  })
})

describe('an IPv6 packet', () => {
  const datagram = udp(ends6, payload)
  const chain = [hopByHop(), destinationOptions(), routing(), authentication(), destinationOptions()]

  test('is read behind any chain of up to fifteen extension headers', () => {
    expect(decode(LINKTYPE_RAW, ipv6(ends6, PROTOCOL_UDP, datagram, chain))).toMatchObject(whole)
    expect(decode(LINKTYPE_RAW, ipv6(ends6, PROTOCOL_UDP, datagram, [...chain, ...chain, ...chain]))).toMatchObject(
      whole,
    )
    const tooMany = ipv6(ends6, PROTOCOL_UDP, datagram, Array(16).fill(destinationOptions()))
    expect(decode(LINKTYPE_RAW, tooMany)).toMatchObject({ ok: false, oddities: [['ipv6_extension_damaged', 1]] })
  })

  test('cut inside its extension headers is damaged and keeps its addresses', () => {
    const packet = ipv6(ends6, PROTOCOL_UDP, datagram, chain)
    const transport = packet.length - datagram.length
    for (let length = 40; length < transport; length++) {
      const { ok, flow, oddities } = decode(LINKTYPE_RAW, packet.subarray(0, length))
      expect({ length, ok }).toEqual({ length, ok: false })
      expect(flow).toMatch(/^fd00::5 /)
      expect(oddities).toHaveLength(1)
    }
  })

  test('of payload length 0, a jumbogram or segmentation offload, goes to the end of the frame', () => {
    const packet = tcpPacket(ends6, { payload: filler(3000, 1) })
    packet.fill(0, 4, 6)
    expect(decode(LINKTYPE_RAW, packet)).toMatchObject({
      ok: true,
      cut: false,
      payload: Buffer.from(filler(3000, 1)).toString('hex'),
    })
  })

  test.each([
    ['segment routing', 4, 0],
    ['the home address of a mobile node', 2, 0],
    ['an old source route', 0, 16],
  ])('on its way by %s goes to the end of the route', (_, type, at) => {
    const list = concat(address('2001:db8::a'), address('2001:db8::b'))
    const route = { protocol: 43, bytes: concat([0, 4, type, 1, 0, 0, 0, 0], list) }
    const { ok, flow } = decode(LINKTYPE_RAW, ipv6(ends6, PROTOCOL_UDP, datagram, [route]))
    expect({ ok, flow }).toEqual({ ok: true, flow: `fd00::5 50000 > 2001:db8::${at === 0 ? 'a' : 'b'} 443` })
    const arrived = { protocol: 43, bytes: concat([0, 4, type, 0, 0, 0, 0, 0], list) }
    expect(decode(LINKTYPE_RAW, ipv6(ends6, PROTOCOL_UDP, datagram, [arrived]))).toMatchObject({
      ...whole,
      flow: flows[1][1],
    })
  })

  test('in one atomic fragment (RFC 6946) is whole', () => {
    const atomic = ipv6(ends6, PROTOCOL_UDP, datagram, [fragmentHeader(0, false, 7)])
    expect(decode(LINKTYPE_RAW, atomic)).toMatchObject(whole)
  })

  test('that ends without a next header is a transport that is not read', () => {
    const { ok, protocol, oddities } = decode(LINKTYPE_RAW, ipv6(ends6, 59, payload, [hopByHop()]))
    expect({ ok, protocol, oddities }).toEqual({ ok: false, protocol: 59, oddities: [['transport_not_read', 1]] })
  })
})

describe('a TCP segment', () => {
  test('is read behind its options, with its sequence number and flags', () => {
    const packet = tcpPacket(ends4, { sequence: 0xfffffffe, flags: 0x12, options: SYN_OPTIONS, payload })
    expect(decode(LINKTYPE_RAW, packet)).toMatchObject({ ...whole, protocol: PROTOCOL_TCP, flow: flows[0][1] })
  })

  test.each([
    ['below five words', 0x40],
    ['longer than the segment', 0xf0],
  ])('with a header %s is damaged', (_, offset) => {
    const segment = tcp(ends4, { payload })
    segment[12] = offset
    const { ok, oddities } = decode(LINKTYPE_RAW, ipv4(ends4, PROTOCOL_TCP, segment))
    expect({ ok, oddities }).toEqual({ ok: false, oddities: [['tcp_header_damaged', 1]] })
  })
})

describe('a UDP datagram', () => {
  function withLength(length: number) {
    const datagram = udp(ends4, payload)
    datagram.set(uint16(length), 4)
    return decode(LINKTYPE_RAW, ipv4(ends4, PROTOCOL_UDP, datagram))
  }

  test('ends where its length says, or with its packet where the length is 0', () => {
    expect(withLength(8 + 3)).toMatchObject({ ...whole, payload: HEX.slice(0, 6) })
    expect(withLength(0)).toMatchObject(whole)
    expect(withLength(8)).toMatchObject({ ...whole, payload: '' })
  })

  test('that claims more than its packet holds is cut', () => {
    expect(withLength(500)).toMatchObject({ ...whole, cut: true })
  })

  test.each([1, 7])('of length %i is damaged', (length) => {
    expect(withLength(length)).toMatchObject({ ok: false, oddities: [['udp_header_damaged', 1]] })
  })
})
