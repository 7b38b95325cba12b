import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** The I-TAG of provider backbone bridges (IEEE 802.1Q §9.7): four bytes, then the customer's frame. */
export function backboneServiceTag(packet: Packet): number {
  return behind(packet, 4)
}

/** Cisco FabricPath: tree and time to live in two bytes, then the frame. */
export function fabricPath(packet: Packet): number {
  return behind(packet, 2)
}

/** TRILL (RFC 6325 §3): six bytes and options counted in words, then the frame. */
export function trill(packet: Packet): number {
  const { bytes, offset, end } = packet
  return end - offset < 2 ? NOT_IP : behind(packet, 6 + 4 * ((uint16(bytes, offset) >> 6) & 0x1f))
}

/** EtherIP (RFC 3378): version 3 in two bytes, then the frame. */
export function etherIp(packet: Packet): number {
  const { bytes, offset, end } = packet
  return end - offset < 2 || bytes[offset]! >> 4 !== 3 ? NOT_IP : behind(packet, 2)
}

/** An Ethernet frame by itself, as IP protocol 143 (RFC 8986 §10.1). */
export function bridgedFrame(): number {
  return ETHERTYPE_BRIDGED
}

function behind(packet: Packet, length: number): number {
  packet.offset += length
  return packet.offset < packet.end ? ETHERTYPE_BRIDGED : NOT_IP
}
