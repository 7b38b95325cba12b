import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { typeOrLength } from '../logical-link-control.ts'

/** LINKTYPE_ETHERNET: IEEE 802.3 §3.2: destination, source, EtherType or length; a length is followed by 802.2 LLC. */
export function ethernet(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 14) return NOT_IP
  packet.offset = offset + 14
  return typeOrLength(packet, uint16(bytes, offset + 12))
}
