// @ts-check
/** Link layers round an IP packet; LINKTYPE_ values as in https://www.tcpdump.org/linktypes.html */
import { concat, uint16, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

export const LINKTYPE_NULL = 0
export const LINKTYPE_ETHERNET = 1
export const LINKTYPE_RAW = 101
export const LINKTYPE_LOOP = 108
export const LINKTYPE_LINUX_SLL = 113
export const LINKTYPE_IPV4 = 228
export const LINKTYPE_IPV6 = 229
export const LINKTYPE_LINUX_SLL2 = 276

/** Tag protocol of a customer tag (IEEE 802.1Q §9.5) and of a service tag. */
export const TAG_CUSTOMER = 0x8100
export const TAG_SERVICE = 0x88a8

const MINIMUM_FRAME = 60

/** MAC addresses for documentation (RFC 9542 §2.1.2). */
export const SOURCE = [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01]
const DESTINATION = [0x00, 0x00, 0x5e, 0x00, 0x53, 0x02]

/**
 * @typedef {{ readonly id: number, readonly protocol?: number }} Vlan one tag; `protocol` is TAG_CUSTOMER if left out
 */

/**
 * Ethernet II (IEEE 802.3 §3.2.6) with a stack of tags, outermost first, padded to the shortest frame as on the wire.
 * `etherType` follows from the packet's IP version if left out.
 * @param {Bytes} packet
 * @param {{ readonly vlans?: readonly Vlan[], readonly etherType?: number }} [fields]
 */
export function ethernet(packet, { vlans = [], etherType = etherTypeOf(packet) } = {}) {
  const tags = vlans.flatMap(({ id, protocol = TAG_CUSTOMER }) => [...uint16(protocol), ...uint16(id)])
  const frame = concat(DESTINATION, SOURCE, tags, uint16(etherType), packet)
  return concat(frame, new Uint8Array(Math.max(0, MINIMUM_FRAME - frame.length)))
}

/**
 * Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL), of a packet to this host.
 * @param {Bytes} packet
 */
export function linuxSll(packet) {
  return concat(uint16(0), uint16(1), uint16(6), SOURCE, [0, 0], uint16(etherTypeOf(packet)), packet)
}

/**
 * Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2), of a packet to this host on its second interface.
 * @param {Bytes} packet
 */
export function linuxSll2(packet) {
  return concat(uint16(etherTypeOf(packet)), [0, 0], uint32(2), uint16(1), [0, 6], SOURCE, [0, 0], packet)
}

/**
 * BSD loopback (LINKTYPE_NULL): the address family in the byte order of the machine that captured. IPv6 is 24, 28 or
 * 30, depending on the BSD.
 * @param {Bytes} packet
 * @param {{ readonly family?: number, readonly littleEndian?: boolean }} [fields]
 */
export function bsdNull(packet, { family = familyOf(packet), littleEndian = true } = {}) {
  return concat(littleEndian ? uint32(family).reverse() : uint32(family), packet)
}

/**
 * OpenBSD loopback (LINKTYPE_LOOP): the address family in network order.
 * @param {Bytes} packet
 */
export function bsdLoop(packet) {
  return concat(uint32(familyOf(packet)), packet)
}

/**
 * That of IPv4, or of IPv6.
 * @param {Bytes} packet
 */
export function etherTypeOf(packet) {
  return isIPv6(packet) ? 0x86dd : 0x0800
}

/** @param {Bytes} packet */
function familyOf(packet) {
  return isIPv6(packet) ? 30 : 2
}

/** @param {Bytes} packet */
function isIPv6(packet) {
  return (packet[0] ?? 0) >> 4 === 6
}
