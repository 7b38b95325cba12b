// @ts-check
/** TCP segments (RFC 9293) and UDP datagrams (RFC 768), alone or in an IP packet, with correct checksums. */
import { address, concat, uint16, uint32 } from './bytes.js'
import { checksumOf, wordSum } from './checksum.js'
import { ip, PROTOCOL_TCP, PROTOCOL_UDP } from './ip.js'

/** @import { Bytes } from './bytes.js' */
/** @import { Addresses } from './ip.js' */

/** Control bits (RFC 9293 §3.1). */
export const FIN = 1
export const SYN = 2
export const PSH = 8
export const ACK = 16

/**
 * Of a SYN: maximum segment size 1460, selective acknowledgement, window scale 7 (RFC 9293 §3.2, RFC 2018, RFC 7323).
 */
export const SYN_OPTIONS = [2, 4, 5, 180, 4, 2, 1, 1, 1, 3, 3, 7]

/** @typedef {Addresses & { readonly sourcePort: number, readonly destinationPort: number }} Ends of a packet */

/**
 * @typedef TcpFields
 * @property {number} [sequence]
 * @property {number} [acknowledgement]
 * @property {number} [flags]
 * @property {Bytes} [options] a multiple of 4 bytes, 40 at most
 * @property {Bytes} [payload]
 */

/**
 * A TCP segment (RFC 9293 §3.1) for the IP packet between these ends.
 * @param {Ends} ends
 * @param {TcpFields} [fields]
 */
export function tcp(ends, { sequence = 0, acknowledgement = 0, flags = ACK, options = [], payload = [] } = {}) {
  const segment = concat(
    uint16(ends.sourcePort),
    uint16(ends.destinationPort),
    uint32(sequence),
    uint32(acknowledgement),
    [(20 + options.length) << 2, flags],
    uint16(flags & SYN ? 64240 : 502),
    [0, 0, 0, 0],
    options,
    payload,
  )
  segment.set(uint16(checksumOf(pseudoHeader(ends, PROTOCOL_TCP, segment.length) + wordSum(segment))), 16)
  return segment
}

/**
 * A UDP datagram for the IP packet between these ends; a checksum of zero is sent as all ones (RFC 768).
 * @param {Ends} ends
 * @param {Bytes} payload
 */
export function udp(ends, payload) {
  const length = 8 + payload.length
  const datagram = concat(uint16(ends.sourcePort), uint16(ends.destinationPort), uint16(length), [0, 0], payload)
  const checksum = checksumOf(pseudoHeader(ends, PROTOCOL_UDP, length) + wordSum(datagram))
  datagram.set(uint16(checksum || 0xffff), 6)
  return datagram
}

/**
 * An IP packet with one TCP segment.
 * @param {Ends} ends
 * @param {TcpFields} [fields]
 */
export function tcpPacket(ends, fields) {
  return ip(ends, PROTOCOL_TCP, tcp(ends, fields))
}

/**
 * An IP packet with one UDP datagram.
 * @param {Ends} ends
 * @param {Bytes} payload
 */
export function udpPacket(ends, payload) {
  return ip(ends, PROTOCOL_UDP, udp(ends, payload))
}

/**
 * The same ends as the answer has them.
 * @param {Ends} ends
 * @returns {Ends}
 */
export function reversed(ends) {
  return {
    source: ends.destination,
    destination: ends.source,
    sourcePort: ends.destinationPort,
    destinationPort: ends.sourcePort,
  }
}

/**
 * The word sum of the pseudo-header: the same for IPv4 (RFC 9293 §3.1) and IPv6 (RFC 8200 §8.1), zeros aside.
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {number} length
 */
function pseudoHeader({ source, destination }, protocol, length) {
  return wordSum(address(source)) + wordSum(address(destination)) + protocol + length
}
