// @ts-check
/** IKE in datagrams and in TCP, and ESP in datagrams. */
import { ascii, concat, filler, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

export const IKE_IDENTITY_PROTECTION = 2
export const IKE_QUICK_MODE = 32
export const IKE_SA_INIT = 34
export const IKE_AUTH = 35

/**
 * @typedef IkeFields
 * @property {1 | 2} [version]
 * @property {number} [exchange]
 * @property {Bytes} initiator its SPI, eight bytes
 * @property {Bytes} [responder] its SPI, eight bytes; zeros where it has none yet
 * @property {boolean} [response]
 * @property {number} [message]
 * @property {boolean} [marked] behind the marker that sets it apart from ESP (RFC 3948 §2.2)
 */

/**
 * An IKE message (RFC 7296 §3.1, RFC 2408 §3.1): with proposals in the first exchange, encrypted in later ones.
 * @param {IkeFields} fields
 */
export function ikeMessage({
  version = 2,
  exchange = version === 2 ? IKE_SA_INIT : IKE_IDENTITY_PROTECTION,
  initiator,
  responder = new Uint8Array(8),
  response = false,
  message = 0,
  marked = false,
}) {
  const [first, payloads] = version === 2 ? ike2Payloads(exchange) : ike1Payloads(exchange)
  const isEncrypted = version === 1 && exchange === IKE_QUICK_MODE
  const flags = version === 2 ? (response ? 0x20 : 0x08) : isEncrypted ? 1 : 0
  const header = concat(initiator, responder, [first, version << 4, exchange, flags], uint32(message))
  return concat(new Uint8Array(marked ? 4 : 0), header, uint32(28 + payloads.length), payloads)
}

/**
 * The type of the first payload and all of them.
 * @param {number} exchange
 * @returns {[number, Uint8Array]}
 */
function ike2Payloads(exchange) {
  if (exchange !== IKE_SA_INIT) return [46, payload(43, filler(16 + 64 + 16, exchange))]
  const transforms = concat(transform2(3, 1, 20, [0x80, 14, 1, 0]), transform2(3, 2, 5), transform2(0, 4, 19))
  const proposal = concat([0, 0], uint16(8 + transforms.length), [1, 1, 0, 3], transforms)
  const exchanged = concat(uint16(19), [0, 0], filler(64, 1))
  return [33, concat(payload(34, proposal), payload(40, exchanged), payload(0, filler(32, 2)))]
}

/**
 * @param {number} next 3, or 0 for the last
 * @param {number} type
 * @param {number} id
 * @param {Bytes} [attributes]
 */
function transform2(next, type, id, attributes = []) {
  return concat([next, 0], uint16(8 + attributes.length), [type, 0], uint16(id), attributes)
}

/**
 * @param {number} exchange
 * @returns {[number, Uint8Array]}
 */
function ike1Payloads(exchange) {
  if (exchange === IKE_QUICK_MODE) return [8, filler(64, exchange)]
  const attributes = [0x80, 1, 0, 7, 0x80, 2, 0, 2, 0x80, 3, 0, 1, 0x80, 4, 0, 14]
  const transform = concat([0, 0], uint16(8 + attributes.length), [1, 1, 0, 0], attributes)
  const proposal = concat([0, 0], uint16(8 + transform.length), [1, 1, 0, 1], transform)
  return [1, concat(payload(13, concat(uint32(1), uint32(1), proposal)), payload(0, filler(16, 3)))]
}

/**
 * @param {number} next
 * @param {Bytes} body
 */
function payload(next, body) {
  return concat([next, 0], uint16(4 + body.length), body)
}

/**
 * IKE messages in a TCP stream (RFC 9329 §3.1), behind what the initiator's begins with.
 * @param {readonly Uint8Array[]} messages with their markers
 * @param {{ readonly prefix?: boolean }} [options]
 */
export function ikeStream(messages, { prefix = false } = {}) {
  return concat(ascii(prefix ? 'IKETCP' : ''), ...messages.flatMap((message) => [uint16(2 + message.length), message]))
}

/**
 * An ESP packet (RFC 4303 §2) in a datagram.
 * @param {number} spi
 * @param {number} sequence
 * @param {number} [length] of what is encrypted, with its check value
 */
export function espPacket(spi, sequence, length = 88) {
  return concat(uint32(spi), uint32(sequence), filler(length, sequence))
}

/** Keeps the ports of IPsec open (RFC 3948 §2.3). */
export const NAT_KEEPALIVE = Uint8Array.of(0xff)
