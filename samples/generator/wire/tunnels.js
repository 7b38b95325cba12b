// @ts-check
/** What carries IP or Ethernet within Ethernet, IP or UDP: the header of each and what it is put round. */
import { concat, filler, uint16, uint24, uint32 } from './bytes.js'
import { ip } from './ip.js'
import { etherTypeOf } from './link.js'
import { udpPacket } from './transport.js'

/** @import { Bytes } from './bytes.js' */
/** @import { Addresses } from './ip.js' */

export const ETHERTYPE_BRIDGED = 0x6558
export const ETHERTYPE_PPP = 0x880b
export const ETHERTYPE_ERSPAN = 0x88be
export const ETHERTYPE_ERSPAN_3 = 0x22eb

export const PROTOCOL_GRE = 47

/** Networks for documentation (RFC 5737), at whose addresses the tunnels end. */
const TUNNEL_ENDS = { source: '192.0.2.1', destination: '192.0.2.2' }

/**
 * An IP packet of the tunnel's ends.
 * @param {number} protocol
 * @param {Bytes} payload
 * @param {Addresses} [ends]
 */
export function tunnelIp(protocol, payload, ends = TUNNEL_ENDS) {
  return ip(ends, protocol, payload)
}

/**
 * A UDP datagram to the tunnel's port.
 * @param {number} port
 * @param {Bytes} payload
 */
export function tunnelUdp(port, payload) {
  return udpPacket({ ...TUNNEL_ENDS, sourcePort: 49_200, destinationPort: port }, payload)
}

/**
 * @typedef GreFields
 * @property {number} [type] that of the IP packet if left out
 * @property {boolean} [checksum]
 * @property {number} [key]
 * @property {number} [sequence]
 */

/**
 * GRE (RFC 2784, RFC 2890); the checksum is left zero.
 * @param {Bytes} payload
 * @param {GreFields} [fields]
 */
export function gre(payload, { type = etherTypeOf(payload), checksum = false, key, sequence } = {}) {
  const flags = (checksum ? 0x8000 : 0) | (key === undefined ? 0 : 0x2000) | (sequence === undefined ? 0 : 0x1000)
  const optional = [checksum ? uint32(0) : [], key === undefined ? [] : uint32(key)]
  return concat(uint16(flags), uint16(type), ...optional, sequence === undefined ? [] : uint32(sequence), payload)
}

/**
 * PPTP's GRE (RFC 2637 §4.1) with an acknowledgement, and a PPP frame.
 * @param {Bytes} frame
 */
export function pptp(frame) {
  return concat(uint16(0x3081), uint16(ETHERTYPE_PPP), uint16(frame.length), uint16(7), uint32(1), uint32(1), frame)
}

/**
 * ERSPAN type II (draft-foschiano-erspan §4.2).
 * @param {Bytes} frame
 */
export function erspan2(frame) {
  return concat([0x10, 1, 0, 1], uint32(5), frame)
}

/**
 * ERSPAN type III (draft-foschiano-erspan §4.3) with the eight bytes of a platform.
 * @param {Bytes} frame
 */
export function erspan3(frame) {
  return concat([0x20, 1, 0, 1], uint32(0), uint16(0), uint16(1), new Uint8Array(8), frame)
}

/**
 * VXLAN (RFC 7348 §5).
 * @param {Bytes} frame
 */
export function vxlan(frame) {
  return concat(uint32(0x08000000), uint24(42), [0], frame)
}

/**
 * VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3).
 * @param {number} protocol
 * @param {Bytes} payload
 */
export function vxlanGpe(protocol, payload) {
  return concat([0x0c, 0, 0, protocol], uint24(42), [0], payload)
}

/**
 * A Network Service Header (RFC 8300 §2) with fixed metadata.
 * @param {number} protocol
 * @param {Bytes} payload
 */
export function nsh(protocol, payload) {
  return concat([0x0f, 0xc6, 1, protocol], uint32(0x2aff), new Uint8Array(16), payload)
}

/**
 * Geneve (RFC 8926 §3.4) with an option of four bytes.
 * @param {number} type
 * @param {Bytes} payload
 */
export function geneve(type, payload) {
  return concat([2, 0], uint16(type), uint24(42), [0], [0, 1, 0, 1, 0, 0, 0, 0], payload)
}

/**
 * GTP-U (3GPP TS 29.281 §5), with a sequence number and an extension header if it is `extended`.
 * @param {Bytes} packet
 * @param {{ readonly extended?: boolean }} [fields]
 */
export function gtpU(packet, { extended = false } = {}) {
  const optional = extended ? [0, 9, 0, 0x85, 1, 0, 9, 0] : []
  return concat([extended ? 0x36 : 0x30, 255], uint16(optional.length + packet.length), uint32(1), optional, packet)
}

/**
 * Teredo (RFC 4380 §5.1.1), behind both indications if it is `indicated`.
 * @param {Bytes} packet
 * @param {{ readonly indicated?: boolean }} [fields]
 */
export function teredo(packet, { indicated = false } = {}) {
  const authentication = [0, 1, 0, 0, ...filler(8, 1), 0]
  const origin = [0, 0, ...uint16(0x1234), ...filler(4, 2)]
  return concat(indicated ? [...authentication, ...origin] : [], packet)
}

/**
 * A data message of L2TP version 2 (RFC 2661 §3.1) with length, sequence and offset, and a PPP frame.
 * @param {Bytes} frame
 */
export function l2tp(frame) {
  return concat(uint16(0x4a02), uint16(16 + frame.length), uint32(0x10002), uint32(1), uint16(2), [0, 0], frame)
}

/**
 * A data message of L2TP version 3 over IP (RFC 3931 §4.1.1) with a cookie.
 * @param {Bytes} frame
 * @param {{ readonly cookie?: 0 | 4 | 8 }} [fields]
 */
export function l2tpv3(frame, { cookie = 4 } = {}) {
  return concat(uint32(0x2001), filler(cookie, 3), frame)
}

/**
 * CAPWAP's data channel (RFC 5415 §4.3) round an 802.11 frame if it is `native`, else an 802.3 frame.
 * @param {Bytes} frame
 * @param {{ readonly native?: boolean }} [fields]
 */
export function capwap(frame, { native = false } = {}) {
  return concat([0, 0x10, native ? 0x43 : 0x42, 0], uint32(0), frame)
}

/**
 * TaZmen Sniffer Protocol with a tag of signal strength.
 * @param {number} type
 * @param {Bytes} frame
 */
export function tzsp(type, frame) {
  return concat([1, 0], uint16(type), [0, 10, 1, 0xb0, 1], frame)
}

/**
 * LISP data (RFC 9300 §5.1).
 * @param {Bytes} packet
 */
export function lisp(packet) {
  return concat([0x80, 0, 0, 7], uint32(1), packet)
}

/**
 * AYIYA (draft-massar-v6ops-ayiya §3) with an address for identity and SHA-1 for signature.
 * @param {Bytes} packet
 */
export function ayiya(packet) {
  return concat([0x44, 0x52, 0x11, 41], uint32(0), filler(16, 4), filler(20, 5), packet)
}

/**
 * A stack of labels (RFC 3032 §2.1).
 * @param {readonly number[]} labels
 * @param {Bytes} payload
 */
export function mpls(labels, payload) {
  const words = labels.map((label, i) => uint32((label << 12) | (i === labels.length - 1 ? 0x100 : 0) | 64))
  return concat(...words, payload)
}

/**
 * PPPoE's session stage (RFC 2516 §4) and a PPP frame.
 * @param {Bytes} frame
 */
export function pppoe(frame) {
  return concat([0x11, 0], uint16(3), uint16(frame.length), frame)
}

/**
 * A SecTAG (IEEE 802.1AE §9.3) with its channel, and what it protects without hiding it.
 * @param {number} type
 * @param {Bytes} payload
 * @param {{ readonly encrypted?: boolean }} [fields]
 */
export function macsec(type, payload, { encrypted = false } = {}) {
  return concat([encrypted ? 0x2c : 0x20, 0], uint32(1), filler(8, 6), uint16(type), payload, filler(16, 7))
}
