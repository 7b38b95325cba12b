import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'

/** LINKTYPE_ETHERNET: IEEE 802.3 §3.2: destination, source, EtherType or length; a length is followed by 802.2 LLC. */
export function ethernet(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 14) return -1
  const type = uint16(bytes, offset + 12)
  packet.offset = offset + 14
  return type >= 0x0600 ? type : logicalLinkControl(packet)
}

/** IEEE 802.2 LLC with SNAP (RFC 1042): AA AA 03, three bytes of OUI, EtherType. Anything else carries no IP: -1. */
export function logicalLinkControl(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return -1
  if (bytes[offset] !== 0xaa || bytes[offset + 1] !== 0xaa || bytes[offset + 2] !== 0x03) return -1
  packet.offset = offset + 8
  return uint16(bytes, offset + 6)
}
