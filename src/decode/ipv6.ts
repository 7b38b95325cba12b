import { uint16, uint32 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import type { Packet } from '../model/packet.ts'

/** https://www.iana.org/assignments/ipv6-parameters: the extension headers of RFC 8200 §4.1 and those of the same form. */
const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const MOBILITY = 135
const HOST_IDENTITY = 139
const SHIM6 = 140

const EXTENSION_LIMIT = 16

/** RFC 8200 §3 and §4. Sets protocol and addresses, narrows the packet to what follows the extension headers. */
export function ipv6(packet: Packet, oddities: Oddities): boolean {
  const { bytes, offset, end } = packet
  if (end - offset < 40 || bytes[offset]! >> 4 !== 6) {
    oddities.count('ipv6_header_damaged')
    return false
  }
  const payloadLength = uint16(bytes, offset + 4)
  for (let w = 0; w < 8; w++) packet.addresses[w] = uint32(bytes, offset + 8 + 4 * w)
  // A payload length of 0 is a jumbogram (RFC 2675) or segmentation offload: then the frame's end counts.
  if (payloadLength !== 0) {
    const last = offset + 40 + payloadLength
    packet.cut = last > end
    if (last <= end) packet.end = last
  }
  packet.offset = offset + 40
  return skipExtensions(packet, bytes[offset + 6]!, oddities)
}

function skipExtensions(packet: Packet, first: number, oddities: Oddities): boolean {
  const { bytes, end } = packet
  let next = first
  for (let count = 0; count < EXTENSION_LIMIT; count++) {
    packet.protocol = next
    const at = packet.offset
    switch (next) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION:
      case MOBILITY:
      case HOST_IDENTITY:
      case SHIM6:
      case AUTHENTICATION: {
        if (end - at < 8) return damaged(oddities)
        // RFC 4302 §2.2 counts the authentication header in words of four bytes less two, the others count eights less one.
        const length = next === AUTHENTICATION ? (bytes[at + 1]! + 2) * 4 : (bytes[at + 1]! + 1) * 8
        if (at + length > end) return damaged(oddities)
        next = bytes[at]!
        packet.offset = at + length
        break
      }
      case FRAGMENT: {
        if (end - at < 8) return damaged(oddities)
        const fragment = uint16(bytes, at + 2)
        next = bytes[at]!
        packet.offset = at + 8
        // An atomic fragment (RFC 6946) is whole.
        if ((fragment & 0xfff9) === 0) break
        oddities.count('ip_fragment')
        packet.cut = true
        packet.protocol = next
        if ((fragment & 0xfff8) !== 0) return false
        break
      }
      default:
        return true
    }
  }
  return damaged(oddities)
}

function damaged(oddities: Oddities): boolean {
  oddities.count('ipv6_extension_damaged')
  return false
}
