import { uint16, uint32 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'

/** RFC 8200 §3. Sets addresses, and protocol to the next header; narrows the packet to what follows. False: damaged. */
export function ipv6(packet: Packet): boolean {
  const { bytes, offset, end } = packet
  if (end - offset < 40 || bytes[offset]! >> 4 !== 6) return false
  const payloadLength = uint16(bytes, offset + 4)
  packet.protocol = bytes[offset + 6]!
  for (let w = 0; w < 8; w++) packet.addresses[w] = uint32(bytes, offset + 8 + 4 * w)
  // A payload length of 0 is a jumbogram (RFC 2675) or segmentation offload: then the frame's end counts.
  if (payloadLength !== 0) {
    const last = offset + 40 + payloadLength
    packet.cut = last > end
    if (last <= end) packet.end = last
  }
  packet.offset = offset + 40
  return true
}
