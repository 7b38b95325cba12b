import { uint16 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'

/** RFC 768. Sets ports, narrows the packet to the payload. False where it is damaged. */
export function udp(packet: Packet): boolean {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return false
  const length = uint16(bytes, offset + 4)
  // A length of 0 is a jumbogram (RFC 2675 §4) or segmentation offload: then the IP payload's end counts.
  if (length !== 0) {
    if (length < 8) return false
    if (offset + length <= end) packet.end = offset + length
    else packet.cut = true
  }
  packet.sourcePort = uint16(bytes, offset)
  packet.destinationPort = uint16(bytes, offset + 2)
  packet.offset = offset + 8
  return true
}
