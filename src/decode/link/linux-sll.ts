import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { logicalLinkControl } from '../logical-link-control.ts'

/** The protocol field of both headers holds this where an 802.2 LLC frame follows. */
const LINUX_SLL_P_802_2 = 0x0004

/** LINKTYPE_LINUX_SLL: 16 bytes, the protocol type last. */
export function linuxSll(packet: Packet): number {
  if (packet.end - packet.offset < 16) return NOT_IP
  const type = uint16(packet.bytes, packet.offset + 14)
  packet.offset += 16
  return type === LINUX_SLL_P_802_2 ? logicalLinkControl(packet) : type
}

/** LINKTYPE_LINUX_SLL2: 20 bytes, the protocol type first. */
export function linuxSll2(packet: Packet): number {
  if (packet.end - packet.offset < 20) return NOT_IP
  const type = uint16(packet.bytes, packet.offset)
  packet.offset += 20
  return type === LINUX_SLL_P_802_2 ? logicalLinkControl(packet) : type
}
