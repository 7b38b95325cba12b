import { MAPPED } from '../base/address.ts'
import { uint16, uint32 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'

/**
 * RFC 791 §3.1. Sets protocol and addresses, narrows the packet to the IP payload. Gives the offset in units of 8 bytes
 * with the more-fragments flag above it (0x2000), which is 0 for a whole packet; -1 where the header is damaged.
 */
export function ipv4(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 20 || bytes[offset]! >> 4 !== 4) return -1
  const headerLength = (bytes[offset]! & 0x0f) * 4
  const totalLength = uint16(bytes, offset + 2)
  if (headerLength < 20 || offset + headerLength > end || (totalLength !== 0 && totalLength < headerLength)) return -1
  packet.protocol = bytes[offset + 9]!
  const addresses = packet.addresses
  addresses[0] = 0
  addresses[1] = 0
  addresses[2] = MAPPED
  addresses[3] = uint32(bytes, offset + 12)
  addresses[4] = 0
  addresses[5] = 0
  addresses[6] = MAPPED
  addresses[7] = uint32(bytes, offset + 16)
  packet.offset = offset + headerLength
  // A total length of 0 is what segmentation offload leaves in the sender's own capture: then the frame's end counts.
  if (totalLength !== 0) {
    const last = offset + totalLength
    packet.cut = last > end
    if (last <= end) packet.end = last
  }
  return uint16(bytes, offset + 6) & 0x3fff
}
