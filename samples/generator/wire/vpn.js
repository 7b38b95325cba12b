// @ts-check
/** What tunnels say in clear: WireGuard, OpenVPN, L2TP, PPTP, SoftEther. */
import { ascii, concat, filler, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/**
 * In the order of bytes that WireGuard writes numbers in.
 * @param {number} value
 */
function littleEndian(value) {
  return uint32(value).reverse()
}

/**
 * What some forms of WireGuard put in place of the type and the three zeros, and before a message.
 * @typedef Disguise
 * @property {Bytes} [header] four bytes
 * @property {Bytes} [padding]
 */

/**
 * The first message of a handshake (https://www.wireguard.com/protocol), without a cookie.
 * @param {number} sender
 * @param {Disguise} [disguise]
 */
export function wireguardInitiation(sender, { header = [1, 0, 0, 0], padding = [] } = {}) {
  return concat(padding, header, littleEndian(sender), filler(32 + 48 + 28 + 16, sender), new Uint8Array(16))
}

/**
 * Its answer.
 * @param {number} sender
 * @param {number} receiver the sender of what is answered
 * @param {Disguise} [disguise]
 */
export function wireguardResponse(sender, receiver, { header = [2, 0, 0, 0], padding = [] } = {}) {
  const indices = [...littleEndian(sender), ...littleEndian(receiver)]
  return concat(padding, header, indices, filler(32 + 16 + 16, sender), new Uint8Array(16))
}

/**
 * The answer of a busy server.
 * @param {number} receiver
 */
export function wireguardCookie(receiver) {
  return concat([3, 0, 0, 0], littleEndian(receiver), filler(24 + 32, receiver))
}

/**
 * Data round an encrypted packet of `length` bytes, a keepalive if it is 0.
 * @param {number} receiver
 * @param {number} counter
 * @param {number} [length]
 */
export function wireguardData(receiver, counter, length = 0) {
  return concat([4, 0, 0, 0], littleEndian(receiver), littleEndian(counter), uint32(0), filler(length + 16, counter))
}

export const OPENVPN_CONTROL = 4
export const OPENVPN_ACKNOWLEDGEMENT = 5
export const OPENVPN_DATA = 6
export const OPENVPN_CLIENT_RESET = 7
export const OPENVPN_SERVER_RESET = 8
export const OPENVPN_CLIENT_RESET_3 = 10

/**
 * @typedef OpenVpnFields
 * @property {number} type
 * @property {Bytes} session eight bytes
 * @property {readonly number[]} [acknowledged] numbers of messages
 * @property {Bytes} [remote] the session that they are of
 * @property {number} [message] its own number; an acknowledgement has none
 * @property {Bytes} [payload]
 * @property {{ readonly hash: number, readonly number: number, readonly time: number }} [authenticated] tls-auth
 */

/**
 * A control message of OpenVPN (https://openvpn.net/community-resources/openvpn-protocol).
 * @param {OpenVpnFields} fields
 */
export function openvpnControl({
  type,
  session,
  acknowledged = [],
  remote = [],
  message = 0,
  payload = [],
  authenticated,
}) {
  const code = authenticated
    ? [
        ...filler(authenticated.hash, authenticated.number),
        ...uint32(authenticated.number),
        ...uint32(authenticated.time),
      ]
    : []
  const list = concat([acknowledged.length], ...acknowledged.map(uint32), acknowledged.length > 0 ? remote : [])
  return concat([type << 3], session, code, list, type === OPENVPN_ACKNOWLEDGEMENT ? [] : uint32(message), payload)
}

/**
 * A control message of OpenVPN with tls-crypt: all behind number and time is encrypted, after a tag.
 * @param {{ readonly type: number, readonly session: Bytes, readonly number: number, readonly time: number }} fields
 * @param {number} [length] of what is encrypted
 */
export function openvpnEncryptedControl({ type, session, number, time }, length = 5) {
  return concat([type << 3], session, uint32(number), uint32(time), filler(32 + length, number))
}

/**
 * OpenVPN's messages in a TCP stream.
 * @param {readonly Uint8Array[]} messages
 */
export function openvpnStream(messages) {
  return concat(...messages.flatMap((message) => [uint16(message.length), message]))
}

export const L2TP_START_REQUEST = 1
export const L2TP_START_REPLY = 2
export const L2TP_START_CONNECTED = 3
export const L2TP_HELLO = 6

/**
 * A control message of L2TP (RFC 2661 §3.1, RFC 3931 §3.2.1); an acknowledgement without a type.
 * @param {{ readonly type?: number, readonly version?: 2 | 3, readonly connection?: number }} [fields]
 */
export function l2tpControl({ type, version = 2, connection = 0 } = {}) {
  const avps = type === undefined ? [] : [...attribute(0, uint16(type)), ...attribute(7, ascii('lac.example'))]
  const ids = version === 2 ? concat(uint16(connection), uint16(0)) : uint32(connection)
  return concat([0xc8, version], uint16(12 + avps.length), ids, uint16(1), uint16(1), avps)
}

/**
 * A mandatory attribute (RFC 2661 §4.1).
 * @param {number} type
 * @param {Bytes} value
 */
function attribute(type, value) {
  return concat(uint16(0x8000 | (6 + value.length)), uint16(0), uint16(type), value)
}

export const PPTP_START_REQUEST = 1
export const PPTP_START_REPLY = 2

/**
 * A request or a reply that starts PPTP's control connection (RFC 2637 §2.1, §2.2).
 * @param {number} type
 */
export function pptpStart(type) {
  const result = type === PPTP_START_REPLY ? [1, 0] : [0, 0]
  const capabilities = concat(uint16(0x100), result, uint32(1), uint32(1), uint16(0), uint16(1))
  return pptpControl(type, concat(capabilities, new Uint8Array(128)))
}

/**
 * A control message of PPTP (RFC 2637 §1.4).
 * @param {number} type
 * @param {Bytes} body
 */
export function pptpControl(type, body) {
  return concat(uint16(12 + body.length), uint16(1), uint32(0x1a2b3c4d), uint16(type), uint16(0), body)
}

/**
 * What SoftEther says to its relays and they to it: named values, each a number of four bytes, eight bytes, or text.
 * @param {Readonly<Record<string, number | Uint8Array | string>>} values
 */
export function softetherPack(values) {
  const elements = Object.entries(values).map(([name, value]) => {
    const [type, bytes] =
      typeof value === 'number'
        ? [0, uint32(value)]
        : typeof value === 'string'
          ? [2, concat(uint32(value.length), ascii(value))]
          : [4, value]
    return concat(uint32(name.length + 1), ascii(name), uint32(type), uint32(1), bytes)
  })
  return concat(uint32(elements.length), ...elements)
}
