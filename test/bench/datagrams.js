// @ts-check
/** What clients do without connections in the mix: each flow as IP packets in their order. */
import { concat, uint16, uint32 } from '../../samples/generator/wire/bytes.js'
import { checksumOf, wordSum } from '../../samples/generator/wire/checksum.js'
import { dnsQuery, dnsResponse } from '../../samples/generator/wire/dns.js'
import { dtlsFragment, dtlsHello, dtlsRecord } from '../../samples/generator/wire/dtls.js'
import { ip, ipv4Fragments, ipv6Fragments, PROTOCOL_UDP } from '../../samples/generator/wire/ip.js'
import { QUIC_HANDSHAKE, quicAck, quicCrypto, quicInitial, quicLongPacket } from '../../samples/generator/wire/quic.js'
import { clientHello } from '../../samples/generator/wire/tls.js'
import { reversed, udp, udpPacket } from '../../samples/generator/wire/transport.js'
import { completing, helloOptions, some } from './party.js'

/** @import { DnsRecord } from '../../samples/generator/wire/dns.js' */
/** @import { FlowPacket, Party } from './party.js' */

/**
 * A look-up: of addresses, or of the HTTPS record.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function lookup({ client, server, resolver, port, name, next }) {
  const ends = { source: client, destination: resolver, sourcePort: port, destinationPort: 53 }
  const id = next() & 0xffff
  const type = next() % 6 === 0 ? 'HTTPS' : server.includes(':') ? 'AAAA' : 'A'
  const edge = `edge.${name}`
  /** @type {DnsRecord[]} */
  const addresses = [
    { name, type: 'CNAME', data: edge },
    { name: edge, type, data: server },
  ]
  /** @type {DnsRecord[]} */
  const records = type === 'HTTPS' ? [{ name, type, data: 'h3' }] : addresses
  return [
    { bytes: udpPacket(ends, dnsQuery(name, type, id)), completes: 'queries' },
    { bytes: udpPacket(reversed(ends), dnsResponse(name, type, records, id)), completes: 'answers' },
  ]
}

/**
 * A look-up whose answer comes in fragments.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function fragmentedLookup({ client, resolver, port, name, next }) {
  const ends = { source: client, destination: resolver, sourcePort: port, destinationPort: 53 }
  const id = next() & 0xffff
  /** @type {DnsRecord[]} */
  const records = Array.from({ length: 110 }, (_, i) => ({ name, type: 'A', data: `198.18.9.${i}` }))
  const answer = udp(reversed(ends), dnsResponse(name, 'A', records, id))
  const cut = client.includes(':') ? ipv6Fragments : ipv4Fragments
  const parts = cut(reversed(ends), PROTOCOL_UDP, answer, 1280, next() & 0xffff)
  return [
    { bytes: udpPacket(ends, dnsQuery(name, 'A', id)), completes: 'queries' },
    ...completing(parts, parts.length - 1, 'answers'),
  ]
}

/**
 * QUIC: the hello in one Initial or two, the server's answer, protected packets each way.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function quic({ client, server, port, name, split, next }) {
  const ends = { source: client, destination: server, sourcePort: port, destinationPort: 443 }
  const [destination, source] = [some(8, next), some(8, next)]
  const hello = clientHello(helloOptions(name, split, next))
  /** @type {Uint8Array[]} */
  const initials = []
  for (let at = 0; at < hello.length; at += 1100) {
    const options = { destination, packetNumber: initials.length, size: 1200 }
    initials.push(udpPacket(ends, quicInitial(options, quicCrypto(hello, at, Math.min(at + 1100, hello.length)))))
  }
  const answer = concat(
    quicInitial({ destination: [], source, keysFrom: destination, fromServer: true }, quicAck({ largest: 0 })),
    quicLongPacket(QUIC_HANDSHAKE, { destination: [], source }, some(1000, next)),
  )
  const packets = completing(initials, initials.length - 1, 'quicHellos')
  packets.push({ bytes: udpPacket(reversed(ends), answer) })
  for (let left = 10 + (next() % 40); left > 0; left--) {
    const up = next() % 2 === 0
    const size = up ? 24 + (next() % 60) : next() % 5 === 0 ? 1180 : 40 + (next() % 400)
    // RFC 9000 §17.3.1: the fixed bit, and an id that only goes up.
    const packet = concat([0x40 | (next() & 0x3f)], up ? source : [], some(size, next))
    packets.push({ bytes: udpPacket(up ? ends : reversed(ends), packet) })
  }
  return packets
}

/**
 * A call: STUN both ways, the hello of DTLS, media.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function call({ client, server, port, name, next }) {
  const ends = { source: client, destination: server, sourcePort: port, destinationPort: 19302 }
  const transaction = some(12, next)
  const hello = dtlsHello(clientHello(helloOptions(name, false, next)))
  const records = dtlsRecord([dtlsFragment(hello)])
  /** @type {FlowPacket[]} */
  const packets = [
    { bytes: udpPacket(ends, bindingMessage(0x0001, transaction)) },
    { bytes: udpPacket(reversed(ends), bindingMessage(0x0101, transaction)) },
    { bytes: udpPacket(ends, records), completes: 'dtlsHellos' },
  ]
  const [up, down] = [next(), next()]
  for (let i = 0, count = 100 + (next() % 300); i < count; i++) {
    const [from, stream] = next() % 2 === 0 ? [ends, up] : [reversed(ends), down]
    // RFC 3550 §5.1: version 2, a dynamic payload type.
    const header = concat([0x80, 111], uint16(i), uint32(i * 960), uint32(stream))
    packets.push({ bytes: udpPacket(from, concat(header, some(60 + (next() % 160), next))) })
  }
  return packets
}

/**
 * Multicast DNS (RFC 6762): a name of the own network.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function ownNetwork({ client }) {
  const group = client.includes(':') ? 'ff02::fb' : '224.0.0.251'
  const ends = { source: client, destination: group, sourcePort: 5353, destinationPort: 5353 }
  return [{ bytes: udpPacket(ends, dnsQuery('_printer._tcp.local', 'PTR')) }]
}

/**
 * Echo requests (RFC 792); over IPv6 there are none.
 * @param {Party} party
 * @returns {FlowPacket[]}
 */
export function ping({ client, server, next }) {
  if (client.includes(':')) return []
  return Array.from({ length: 4 }, (_, i) => {
    const message = concat([8, 0, 0, 0], uint16(7), uint16(i), some(56, next))
    message.set(uint16(checksumOf(wordSum(message))), 2)
    return { bytes: ip({ source: client, destination: server }, 1, message) }
  })
}

/**
 * A binding request or response of STUN (RFC 8489 §5) without attributes.
 * @param {number} type
 * @param {Uint8Array} transaction
 */
function bindingMessage(type, transaction) {
  return concat(uint16(type), uint16(0), uint32(0x2112a442), transaction)
}
