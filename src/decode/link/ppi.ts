import { uint16le, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { BY_LINK_TYPE, NOT_IP } from '../layer.ts'

/** LINKTYPE_PPI: Per-Packet Information: version, flags, length, and the link type of the frame behind it. */
export function ppi(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return NOT_IP
  const length = uint16le(bytes, offset + 2)
  if (length < 8 || offset + length > end) return NOT_IP
  packet.linkType = uint32le(bytes, offset + 4)
  packet.offset = offset + length
  return BY_LINK_TYPE
}
