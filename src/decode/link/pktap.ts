import { uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { BY_LINK_TYPE, NOT_IP } from '../layer.ts'

const RECORD_PACKET = 1

/** LINKTYPE_PKTAP of macOS, little-endian: length of the header, kind of record, link type of the frame behind it. */
export function pktap(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 12) return NOT_IP
  const length = uint32le(bytes, offset)
  if (length < 12 || length > end - offset || uint32le(bytes, offset + 4) !== RECORD_PACKET) return NOT_IP
  packet.linkType = uint32le(bytes, offset + 8)
  packet.offset = offset + length
  return BY_LINK_TYPE
}
