import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { typeOrLength } from '../logical-link-control.ts'
import { ethernet } from './ethernet.ts'

/** LINKTYPE_DSA_TAG_BRCM and LINKTYPE_DSA_TAG_DSA: four bytes of a switch between the addresses and the EtherType. */
export function switchTag(packet: Packet): number {
  return behindAddresses(packet, 4)
}

/** LINKTYPE_DSA_TAG_EDSA: the same with an EtherType of its own before it, eight bytes. */
export function etherTypedSwitchTag(packet: Packet): number {
  return behindAddresses(packet, 8)
}

/** LINKTYPE_DSA_TAG_BRCM_PREPEND: the tag stands before the frame. */
export function prependedSwitchTag(packet: Packet): number {
  packet.offset += 4
  return ethernet(packet)
}

function behindAddresses(packet: Packet, length: number): number {
  const { bytes, offset, end } = packet
  if (end - offset < 14 + length) return NOT_IP
  packet.offset = offset + 14 + length
  return typeOrLength(packet, uint16(bytes, offset + 12 + length))
}
