// @ts-check
/** What machines say to one another, as timed IP packets. */
import { concat, filler, random, uint32 } from './wire/bytes.js'
import { dnsQuery, dnsResponse } from './wire/dns.js'
import { applicationData, clientHelloRecords, serverFlight } from './wire/tls.js'
import { ACK, FIN, PSH, reversed, SYN, SYN_OPTIONS, tcpPacket, udpPacket } from './wire/transport.js'

/** @import { Bytes } from './wire/bytes.js' */
/** @import { DnsRecord, DnsType } from './wire/dns.js' */
/** @import { ClientHello } from './wire/tls.js' */
/** @import { Ends } from './wire/transport.js' */

/** @typedef {{ readonly time: number, readonly bytes: Uint8Array }} Timed an IP packet; microseconds since the epoch */

/**
 * @typedef Turn what one side says before the other answers
 * @property {'client' | 'server'} from
 * @property {Uint8Array} bytes
 * @property {number} [after] microseconds of silence before it
 * @property {'in-order' | 'reversed' | 'twice'} [delivery] how its segments arrive; `twice`: each is retransmitted
 */

/**
 * @typedef TcpConversation
 * @property {Ends} ends of the client's packets
 * @property {number} time of the SYN
 * @property {readonly Turn[]} turns
 * @property {number} [segmentSize] bytes of payload in a segment at most
 * @property {number} [roundTrip] microseconds
 */

const BETWEEN_SEGMENTS = 40

/**
 * One TCP connection (RFC 9293 §3.5, §3.6): handshake, the turns, each acknowledged, and both ends' FIN.
 * @param {TcpConversation} conversation
 * @returns {Timed[]}
 */
export function tcpConversation({ ends, time, turns, segmentSize = 1400, roundTrip = 18_000 }) {
  const initial = random(ends.sourcePort)
  const client = { ends, next: initial() }
  const server = { ends: reversed(ends), next: initial() }
  /** @type {Timed[]} */
  const packets = []
  let now = time

  const send = (
    /** @type {typeof client} */ from,
    /** @type {number} */ flags,
    /** @type {{ options?: Bytes, payload?: Bytes }} */ { options = [], payload = [] } = {},
  ) => {
    const acknowledgement = flags & ACK ? (from === client ? server : client).next : 0
    const segment = { flags, sequence: from.next, acknowledgement, options, payload }
    packets.push({ time: now, bytes: tcpPacket(from.ends, segment) })
    from.next = (from.next + payload.length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0
  }

  send(client, SYN, { options: SYN_OPTIONS })
  now += roundTrip
  send(server, SYN | ACK, { options: SYN_OPTIONS })
  now += BETWEEN_SEGMENTS
  send(client, ACK)
  for (const { from, bytes, after = 200, delivery = 'in-order' } of turns) {
    const [speaker, listener] = from === 'client' ? [client, server] : [server, client]
    now += after
    const first = packets.length
    for (let at = 0; at < bytes.length; at += segmentSize) {
      const payload = bytes.subarray(at, at + segmentSize)
      send(speaker, at + segmentSize < bytes.length ? ACK : ACK | PSH, { payload })
      now += BETWEEN_SEGMENTS
    }
    deliver(packets, first, delivery)
    now += roundTrip / 2
    send(listener, ACK)
  }
  now += 1000
  send(client, FIN | ACK)
  now += roundTrip
  send(server, FIN | ACK)
  now += BETWEEN_SEGMENTS
  send(client, ACK)
  return packets
}

/**
 * @param {Timed[]} packets
 * @param {number} first where the turn's segments begin
 * @param {NonNullable<Turn['delivery']>} delivery
 */
function deliver(packets, first, delivery) {
  const sent = packets.slice(first)
  if (delivery === 'reversed') {
    const bytes = sent.map((packet) => packet.bytes).reverse()
    packets.splice(first, sent.length, ...sent.map(({ time }, i) => ({ time, bytes: bytes[i] ?? concat() })))
  } else if (delivery === 'twice') {
    packets.splice(
      first,
      sent.length,
      ...sent.flatMap(({ time, bytes }) => [
        { time, bytes },
        { time: time + 10, bytes },
      ]),
    )
  }
}

/**
 * @typedef TlsTalk
 * @property {Ends} ends
 * @property {number} time
 * @property {ClientHello} hello
 * @property {readonly { readonly after: number, readonly up: number, readonly down: number }[]} exchanges bytes of
 *   encrypted data in each direction, after so many microseconds
 * @property {Turn['delivery']} [delivery] of the ClientHello's segments
 */

/**
 * A TLS connection: hello, the server's flight, exchanges of encrypted data.
 * @param {TlsTalk} talk
 */
export function tlsConversation({ ends, time, hello, exchanges, delivery = 'in-order' }) {
  const seed = ends.sourcePort
  /** @type {Turn[]} */
  const turns = [
    { from: 'client', bytes: clientHelloRecords({ seed, ...hello }), delivery },
    { from: 'server', bytes: serverFlight(180, seed + 1) },
  ]
  for (const [i, { after, up, down }] of exchanges.entries()) {
    turns.push({ from: 'client', bytes: applicationData(up, seed + 20 + i), after })
    turns.push({ from: 'server', bytes: applicationData(down, seed + 40 + i) })
  }
  return tcpConversation({ ends, time, turns })
}

/**
 * @typedef Lookup
 * @property {string} client
 * @property {string} resolver
 * @property {number} time
 * @property {string} name
 * @property {DnsType} [type]
 * @property {readonly DnsRecord[]} answers
 */

/**
 * A query over UDP and, 4 ms later, its response.
 * @param {Lookup} lookup
 * @returns {Timed[]}
 */
export function dnsLookup({ client, resolver, time, name, type = 'A', answers }) {
  const next = random(Math.floor(time / 1000))
  const ends = { source: client, destination: resolver, sourcePort: 49152 + (next() % 16384), destinationPort: 53 }
  const id = next() & 0xffff
  return [
    { time, bytes: udpPacket(ends, dnsQuery(name, type, id)) },
    { time: time + 4000, bytes: udpPacket(reversed(ends), dnsResponse(name, type, answers, id)) },
  ]
}

/**
 * An IPsec tunnel through NAT: ESP in UDP on port 4500 (RFC 3948 §2.1), a packet each way in every `interval`.
 * @param {{ readonly client: string, readonly gateway: string, readonly start: number, readonly end: number,
 *   readonly interval: number }} tunnel times and interval in microseconds
 * @returns {Timed[]}
 */
export function ipsecTunnel({ client, gateway, start, end, interval }) {
  const ends = { source: client, destination: gateway, sourcePort: 4500, destinationPort: 4500 }
  const packets = []
  for (let time = start, number = 1; time < end; time += interval, number++) {
    const up = concat(uint32(0xc0ffee01), uint32(number), filler(32, number))
    const down = concat(uint32(0xc0ffee02), uint32(number), filler(32, number + 1_000_000))
    packets.push({ time, bytes: udpPacket(ends, up) }, { time: time + 21_000, bytes: udpPacket(reversed(ends), down) })
  }
  return packets
}

/**
 * All packets in the order of their times.
 * @param {readonly (readonly Timed[])[]} conversations
 */
export function merge(...conversations) {
  return conversations.flat().sort((a, b) => a.time - b.time)
}
