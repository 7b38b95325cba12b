import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { logicalLinkControl } from '../logical-link-control.ts'

/** The kind of frame in the upper bits of the frame control: those that carry LLC. */
const TOKEN_RING_LLC = 0x40
const FDDI_LLC = 0x50

/** LINKTYPE_IEEE802_5: access control, frame control, addresses, the route where the source says so; then LLC. */
export function tokenRing(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 15 || (bytes[offset + 1]! & 0xc0) !== TOKEN_RING_LLC) return NOT_IP
  const routed = (bytes[offset + 8]! & 0x80) !== 0
  packet.offset = offset + 14 + (routed ? bytes[offset + 14]! & 0x1f : 0)
  return logicalLinkControl(packet)
}

/** LINKTYPE_FDDI: frame control, addresses; then LLC. */
export function fddi(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 13 || (bytes[offset]! & 0xf0) !== FDDI_LLC) return NOT_IP
  packet.offset = offset + 13
  return logicalLinkControl(packet)
}
