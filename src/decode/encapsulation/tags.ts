import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { typeOrLength } from '../logical-link-control.ts'

/** A VLAN tag of IEEE 802.1Q §9.6, or of what came before it. Behind every tag here stands the next EtherType. */
export function vlanTag(packet: Packet): number {
  return behind(packet, 2)
}

/** The VN-Tag of Cisco's network interface virtualization, and the tag of HSR (IEC 62439-3). */
export function fourByteTag(packet: Packet): number {
  return behind(packet, 4)
}

/** E-TAG of IEEE 802.1BR. */
export function bridgePortExtension(packet: Packet): number {
  return behind(packet, 6)
}

/** Cisco MetaData: version, number of options of four bytes each, options. */
export function ciscoMetaData(packet: Packet): number {
  const { bytes, offset, end } = packet
  return end - offset < 2 ? NOT_IP : behind(packet, 2 + 4 * bytes[offset + 1]!)
}

function behind(packet: Packet, length: number): number {
  const { bytes, offset, end } = packet
  if (end - offset < length + 2) return NOT_IP
  packet.offset = offset + length + 2
  return typeOrLength(packet, uint16(bytes, offset + length))
}
