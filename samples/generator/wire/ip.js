// @ts-check
/** IPv4 (RFC 791) and IPv6 (RFC 8200) packets round a payload. */
import { address, concat, filler, uint16, uint32 } from './bytes.js'
import { checksumOf, wordSum } from './checksum.js'

/** @import { Bytes } from './bytes.js' */

export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17

const NEXT_FRAGMENT = 44

/** @typedef {{ readonly source: string, readonly destination: string }} Addresses two of one family */

/**
 * @typedef IPv4Fields
 * @property {number} [identification]
 * @property {boolean} [moreFragments]
 * @property {number} [fragmentOffset] in bytes, a multiple of 8
 * @property {Bytes} [options] a multiple of 4 bytes, 40 at most
 */

/**
 * An IPv4 packet with its header checksum (RFC 791 §3.1).
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {Bytes} payload
 * @param {IPv4Fields} [fields]
 */
export function ipv4({ source, destination }, protocol, payload, fields = {}) {
  const { identification = 0, moreFragments = false, fragmentOffset = 0, options = [] } = fields
  const length = 20 + options.length
  const header = concat(
    [0x40 | (length / 4), 0],
    uint16(length + payload.length),
    uint16(identification),
    uint16((moreFragments ? 0x2000 : 0) | (fragmentOffset / 8)),
    [64, protocol, 0, 0],
    address(source),
    address(destination),
    options,
  )
  header.set(uint16(checksumOf(wordSum(header))), 10)
  return concat(header, payload)
}

/**
 * An IPv4 payload cut into fragments of `size` bytes, a multiple of 8 (RFC 791 §3.2).
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {Uint8Array} payload
 * @param {number} size
 * @param {number} identification
 */
export function ipv4Fragments(addresses, protocol, payload, size, identification) {
  return cut(payload, size).map(({ part, offset, more }) =>
    ipv4(addresses, protocol, part, { identification, fragmentOffset: offset, moreFragments: more }),
  )
}

/**
 * @typedef {{ readonly protocol: number, readonly bytes: Uint8Array }} Extension its first byte is filled in by `ipv6`
 */

/**
 * An IPv6 packet with a chain of extension headers, in the order given (RFC 8200 §3, §4).
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {Bytes} payload
 * @param {readonly Extension[]} [extensions]
 */
export function ipv6({ source, destination }, protocol, payload, extensions = []) {
  const chain = extensions.map(({ bytes }, i) => concat([extensions[i + 1]?.protocol ?? protocol], bytes.subarray(1)))
  const rest = concat(...chain, payload)
  const first = extensions[0]?.protocol ?? protocol
  return concat(uint32(0x60000000), uint16(rest.length), [first, 64], address(source), address(destination), rest)
}

/**
 * An IPv6 payload cut into fragments of `size` bytes, a multiple of 8 (RFC 8200 §4.5).
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {Uint8Array} payload
 * @param {number} size
 * @param {number} identification
 */
export function ipv6Fragments(addresses, protocol, payload, size, identification) {
  return cut(payload, size).map(({ part, offset, more }) =>
    ipv6(addresses, protocol, part, [fragmentHeader(offset, more, identification)]),
  )
}

/** Hop-by-hop options (RFC 8200 §4.3): a router alert (RFC 2711 §2.1) and padding. */
export function hopByHop() {
  return extension(0, [0, 0, 5, 2, 0, 0, 1, 0])
}

/** Destination options (RFC 8200 §4.6) that are all padding, 16 bytes. */
export function destinationOptions() {
  return extension(60, [0, 1, 1, 12, ...new Uint8Array(12)])
}

/** A routing header of an experimental type with no segments left, which every node passes over (RFC 8200 §4.4). */
export function routing() {
  return extension(43, [0, 0, 253, 0, 0, 0, 0, 0])
}

/** An authentication header with 12 bytes of check value (RFC 4302 §2): its length counts 4-byte words, less 2. */
export function authentication() {
  return extension(51, [0, 4, 0, 0, ...uint32(0x1001), ...uint32(1), ...filler(12, 51)])
}

/**
 * @param {number} offset in bytes, a multiple of 8
 * @param {boolean} more
 * @param {number} identification
 */
export function fragmentHeader(offset, more, identification) {
  return extension(NEXT_FRAGMENT, [0, 0, ...uint16(offset | (more ? 1 : 0)), ...uint32(identification)])
}

/**
 * An IP packet of the family of its addresses.
 * @param {Addresses} addresses
 * @param {number} protocol
 * @param {Bytes} payload
 */
export function ip(addresses, protocol, payload) {
  return addresses.source.includes(':') ? ipv6(addresses, protocol, payload) : ipv4(addresses, protocol, payload)
}

/**
 * @param {number} protocol
 * @param {readonly number[]} bytes
 * @returns {Extension}
 */
function extension(protocol, bytes) {
  return { protocol, bytes: Uint8Array.from(bytes) }
}

/**
 * @param {Uint8Array} payload
 * @param {number} size
 */
function cut(payload, size) {
  const parts = []
  for (let offset = 0; offset < payload.length; offset += size) {
    parts.push({ part: payload.subarray(offset, offset + size), offset, more: offset + size < payload.length })
  }
  return parts
}
