import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** 3GPP TS 29.281 §5.1: version 1 of GTP, not GTP'; then flags that say that four more bytes are there. */
const VERSION_AND_TYPE = 0x30
const OPTIONAL_FIELDS = 0x07
const EXTENSION_HEADER = 0x04
const G_PDU = 255

const EXTENSION_LIMIT = 16

/** GTP-U (3GPP TS 29.281 §5): a user's packet, behind any extension headers (§5.2.1). */
export function gtpU(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 12 || (bytes[offset]! & 0xf0) !== VERSION_AND_TYPE || bytes[offset + 1] !== G_PDU) return NOT_IP
  const last = offset + 8 + uint16(bytes, offset + 2)
  if (last > end && !packet.cut) return NOT_IP
  if (last < end) packet.end = last
  const flags = bytes[offset]!
  packet.offset = offset + ((flags & OPTIONAL_FIELDS) !== 0 ? 12 : 8)
  // The type of the next extension is the last byte of what stands before it; its length counts words.
  let extensions = 0
  while ((flags & EXTENSION_HEADER) !== 0 && packet.offset < packet.end && bytes[packet.offset - 1] !== 0) {
    const words = bytes[packet.offset]!
    if (words === 0 || ++extensions > EXTENSION_LIMIT) return NOT_IP
    packet.offset += words * 4
  }
  return ipByVersion(packet)
}
