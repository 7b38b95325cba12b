// @ts-check
/** Link layers other than those of wire/link.js, round an IP packet. */
import { ascii, concat, uint16, uint32 } from './bytes.js'
import { etherTypeOf, SOURCE } from './link.js'

/** @import { Bytes } from './bytes.js' */

const BROADCAST = [255, 255, 255, 255, 255, 255]

/**
 * 802.2 LLC with SNAP (RFC 1042).
 * @param {Bytes} packet
 */
export function snap(packet) {
  return concat([0xaa, 0xaa, 3, 0, 0, 0], uint16(etherTypeOf(packet)), packet)
}

/**
 * @typedef WlanFields
 * @property {boolean} [quality] a quality-of-service field
 * @property {boolean} [bridge] from one access point to another, with a fourth address
 * @property {boolean} [highThroughput] an HT control field behind it
 * @property {boolean} [aggregate] the packet in the first of two parts of an A-MSDU
 * @property {boolean} [encrypted]
 * @property {boolean} [padded] filled up to a multiple of four bytes
 */

/**
 * A data frame of IEEE 802.11-2020 §9.3.2.1.
 * @param {Bytes} packet
 * @param {WlanFields} [fields]
 */
export function wlan(packet, fields = {}) {
  const { bridge = false, highThroughput = false, aggregate = false, encrypted = false, padded = false } = fields
  const quality = fields.quality || highThroughput || aggregate
  const flags = (bridge ? 3 : 1) | (encrypted ? 0x40 : 0) | (highThroughput ? 0x80 : 0)
  const header = concat(
    [quality ? 0x88 : 0x08, flags, 0, 0],
    BROADCAST,
    SOURCE,
    BROADCAST,
    [0x10, 0x00],
    bridge ? SOURCE : [],
    quality ? [aggregate ? 0x80 : 0, 0] : [],
    highThroughput ? uint32(0) : [],
  )
  const padding = new Uint8Array(padded ? -header.length & 3 : 0)
  return concat(header, padding, aggregate ? twice(snap(packet)) : snap(packet))
}

/**
 * @param {Bytes} content
 */
function twice(content) {
  const part = concat(BROADCAST, SOURCE, uint16(content.length), content)
  return concat(part, new Uint8Array(-part.length & 3), part)
}

/**
 * Radiotap (https://www.radiotap.org) with time and flags, and an 802.11 frame.
 * @param {Bytes} frame
 * @param {{ readonly padded?: boolean }} [fields]
 */
export function radiotap(frame, { padded = false } = {}) {
  const present = [0x03, 0, 0, 0]
  return concat([0, 0], littleEndian16(17), present, new Uint8Array(8), [padded ? 0x20 : 0], frame)
}

/**
 * A Prism header of 144 bytes and an 802.11 frame.
 * @param {Bytes} frame
 */
export function prism(frame) {
  return concat([0x44, 0, 0, 0, 144, 0, 0, 0], filled('wlan0', 16), new Uint8Array(120), frame)
}

/**
 * An AVS header, version 1, and an 802.11 frame.
 * @param {Bytes} frame
 */
export function avs(frame) {
  return concat(uint32(0x80211001), uint32(64), new Uint8Array(56), frame)
}

/**
 * Per-Packet Information without fields, and a frame of the link type.
 * @param {number} linkType
 * @param {Bytes} frame
 */
export function ppi(linkType, frame) {
  return concat([0, 0], littleEndian16(8), littleEndian32(linkType), frame)
}

/**
 * PKTAP of macOS and a frame of the link type.
 * @param {number} linkType
 * @param {Bytes} frame
 */
export function pktap(linkType, frame) {
  const names = concat(filled('en0', 24), new Uint8Array(72))
  return concat(littleEndian32(12 + names.length), littleEndian32(1), littleEndian32(linkType), names, frame)
}

/**
 * NFLOG: a prefix of six bytes and the payload.
 * @param {Bytes} packet
 */
export function nflog(packet) {
  const prefix = concat(littleEndian16(10), littleEndian16(10), filled('drop:', 6), [0, 0])
  const family = etherTypeOf(packet) === 0x0800 ? 2 : 10
  return concat([family, 0, 0, 0], prefix, littleEndian16(4 + packet.length), littleEndian16(9), packet)
}

/**
 * PPP in HDLC-like framing (RFC 1662), with the protocol in one byte if it is `short`.
 * @param {Bytes} packet
 * @param {{ readonly address?: boolean, readonly short?: boolean }} [fields]
 */
export function ppp(packet, { address = true, short = false } = {}) {
  const protocol = etherTypeOf(packet) === 0x0800 ? 0x21 : 0x57
  return concat(address ? [0xff, 3] : [], short ? [protocol] : [0, protocol], packet)
}

/**
 * Cisco's HDLC.
 * @param {Bytes} packet
 */
export function ciscoHdlc(packet) {
  return concat([0x0f, 0], uint16(etherTypeOf(packet)), packet)
}

/**
 * Frame Relay (RFC 2427) with an NLPID, with SNAP, or with Cisco's EtherType.
 * @param {Bytes} packet
 * @param {'nlpid' | 'snap' | 'cisco'} [form]
 */
export function frameRelay(packet, form = 'nlpid') {
  const type = etherTypeOf(packet)
  const address = [0x18, 0x41]
  if (form === 'cisco') return concat(address, uint16(type), packet)
  if (form === 'snap') return concat(address, [3, 0, 0x80, 0, 0, 0], uint16(type), packet)
  return concat(address, [3, type === 0x0800 ? 0xcc : 0x8e], packet)
}

/**
 * Token Ring (IEEE 802.5), with a route of two bridges if it is `routed`.
 * @param {Bytes} packet
 * @param {{ readonly routed?: boolean }} [fields]
 */
export function tokenRing(packet, { routed = false } = {}) {
  const [first = 0, ...rest] = SOURCE
  const source = [routed ? first | 0x80 : first, ...rest]
  return concat([0x10, 0x40], BROADCAST, source, routed ? [0x06, 0x10, 0, 0x11, 0, 0x20] : [], snap(packet))
}

/**
 * FDDI (ISO 9314-2).
 * @param {Bytes} packet
 */
export function fddi(packet) {
  return concat([0x50], BROADCAST, SOURCE, snap(packet))
}

/**
 * @param {number} value
 */
function littleEndian16(value) {
  return uint16(value).reverse()
}

/**
 * @param {number} value
 */
function littleEndian32(value) {
  return uint32(value).reverse()
}

/**
 * @param {string} text
 * @param {number} length filled up with zeros
 */
function filled(text, length) {
  return concat(ascii(text), new Uint8Array(length - text.length))
}
