import { uint16, uint32 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'

/**
 * RFC 9293 §3.1. Sets ports, sequence number and flags, narrows the packet to the payload. False where it is damaged.
 */
export function tcp(packet: Packet): boolean {
  const { bytes, offset, end } = packet
  if (end - offset < 20) return false
  const headerLength = (bytes[offset + 12]! >> 4) * 4
  if (headerLength < 20 || offset + headerLength > end) return false
  packet.sourcePort = uint16(bytes, offset)
  packet.destinationPort = uint16(bytes, offset + 2)
  packet.sequence = uint32(bytes, offset + 4)
  packet.flags = bytes[offset + 13]!
  packet.offset = offset + headerLength
  return true
}
