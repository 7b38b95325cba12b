// @ts-check
/** What calls send: STUN and TURN to find a way, and RTP and RTCP over it. */
import { crc32 } from 'node:zlib'
import { address, ascii, concat, filler, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

const STUN_COOKIE = uint32(0x2112a442)
const FINGERPRINT_MASK = 0x5354554e

/** Message types (RFC 8489 §5, RFC 8656 §17): method and class. */
export const STUN_BINDING = 0x0001
export const STUN_BINDING_SUCCESS = 0x0101
export const TURN_ALLOCATE = 0x0003
export const TURN_ALLOCATE_SUCCESS = 0x0103
export const TURN_ALLOCATE_ERROR = 0x0113
export const TURN_CREATE_PERMISSION = 0x0008
export const TURN_CHANNEL_BIND = 0x0009
export const TURN_SEND = 0x0016
export const TURN_DATA = 0x0017

/** Attributes (RFC 8489 §14, RFC 8656 §18). */
export const MAPPED_ADDRESS = 0x0001
export const XOR_PEER_ADDRESS = 0x0012
export const TURN_DATA_ATTRIBUTE = 0x0013
export const STUN_REALM = 0x0014
export const XOR_RELAYED_ADDRESS = 0x0016
export const XOR_MAPPED_ADDRESS = 0x0020
export const STUN_SOFTWARE = 0x8022
/** [MS-TURN] §2.2.2. */
export const MS_TURN_REMOTE_ADDRESS = 0x0012
export const MS_TURN_REALM = 0x0015

/** @typedef {{ readonly type: number, readonly value: Bytes }} StunAttribute */

/**
 * @typedef StunFields
 * @property {Bytes} [transaction] 12 bytes, 16 where there is no cookie
 * @property {boolean} [cookie]
 * @property {boolean} [fingerprint]
 * @property {boolean} [padded] attributes end on boundaries of four bytes
 */

/**
 * A message (RFC 8489 §5) with its attributes in this order; without cookie, one of RFC 3489.
 * @param {number} type
 * @param {readonly StunAttribute[]} [attributes]
 * @param {StunFields} [fields]
 */
export function stunMessage(type, attributes = [], fields = {}) {
  const { cookie = true, transaction = filler(cookie ? 12 : 16, type), fingerprint = false, padded = true } = fields
  const body = concat(
    ...attributes.map(({ type, value }) => {
      const padding = padded ? -value.length & 3 : 0
      return concat(uint16(type), uint16(value.length), value, new Uint8Array(padding))
    }),
  )
  const length = body.length + (fingerprint ? 8 : 0)
  const message = concat(uint16(type), uint16(length), cookie ? STUN_COOKIE : [], transaction, body)
  if (!fingerprint) return message
  return concat(message, uint16(0x8028), uint16(4), uint32((crc32(message) ^ FINGERPRINT_MASK) >>> 0))
}

/**
 * REALM, SOFTWARE or any other attribute of text.
 * @param {number} type
 * @param {string} text of ASCII
 * @returns {StunAttribute}
 */
export function stunText(type, text) {
  return { type, value: ascii(text) }
}

/**
 * An address attribute (RFC 8489 §14.1), not masked.
 * @param {number} type
 * @param {string} host
 * @param {number} port
 * @returns {StunAttribute}
 */
export function stunAddress(type, host, port) {
  const bytes = address(host)
  return { type, value: concat([0, bytes.length === 4 ? 1 : 2], uint16(port), bytes) }
}

/**
 * An address attribute masked with the cookie and the transaction id (RFC 8489 §14.2).
 * @param {number} type
 * @param {string} host
 * @param {number} port
 * @param {Bytes} [transaction] needed for IPv6 only
 * @returns {StunAttribute}
 */
export function stunXorAddress(type, host, port, transaction = []) {
  const mask = concat(STUN_COOKIE, transaction)
  const bytes = address(host).map((byte, i) => byte ^ (mask[i] ?? 0))
  return { type, value: concat([0, bytes.length === 4 ? 1 : 2], uint16(port ^ 0x2112), bytes) }
}

/** The attribute that comes first in every message of [MS-TURN] (§2.2.2.8). */
export function msTurnCookie() {
  return { type: 0x000f, value: uint32(0x72c64bc6) }
}

/**
 * What is relayed over a channel of TURN (RFC 8656 §12.4): padded in a stream.
 * @param {number} channel
 * @param {Bytes} payload
 * @param {{ readonly padded?: boolean }} [fields]
 */
export function channelData(channel, payload, { padded = false } = {}) {
  return concat(uint16(channel), uint16(payload.length), payload, new Uint8Array(padded ? -payload.length & 3 : 0))
}

/**
 * Data of one of several clients of a relay ([MS-TURN] §2.2.3).
 * @param {Bytes} payload
 */
export function multiplexedTurn(payload) {
  return concat(uint16(0xff10), uint16(8 + payload.length), filler(8, 16), payload)
}

/**
 * A packet behind its length, as in a TCP connection (RFC 4571 §2).
 * @param {Bytes} packet
 */
export function framed(packet) {
  return concat(uint16(packet.length), packet)
}

/**
 * @typedef RtpFields
 * @property {number} sequence
 * @property {number} timestamp
 * @property {number} source the SSRC
 * @property {number} [type] of the payload; 111, as browsers number Opus, if left out
 * @property {boolean} [marker]
 * @property {readonly number[]} [contributors]
 * @property {Bytes} [extension] of RFC 8285 §4.2, a multiple of 4 bytes
 */

/**
 * An RTP packet (RFC 3550 §5.1).
 * @param {RtpFields} fields
 * @param {Bytes} [payload] encrypted sound if left out
 */
export function rtpPacket(fields, payload = filler(80, fields.sequence)) {
  const { sequence, timestamp, source, type = 111, marker = false, contributors = [], extension } = fields
  return concat(
    [0x80 | (extension === undefined ? 0 : 0x10) | contributors.length, (marker ? 0x80 : 0) | type],
    uint16(sequence),
    uint32(timestamp),
    uint32(source),
    ...contributors.map(uint32),
    extension === undefined ? [] : concat(uint16(0xbede), uint16(extension.length / 4), extension),
    payload,
  )
}

/**
 * An RTCP report of one who received (RFC 3550 §6.4.2), without blocks.
 * @param {number} source the SSRC
 */
export function rtcpReport(source) {
  return concat([0x80, 201], uint16(1), uint32(source))
}
