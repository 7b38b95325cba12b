import { uint16, uint32 } from '../base/bytes.ts'
import type { Oddities } from '../base/oddities.ts'
import type { Packet } from '../model/packet.ts'
import type { Fragments } from './fragments.ts'

/**
 * https://www.iana.org/assignments/ipv6-parameters: the extension headers of RFC 8200 §4.1 and those of the same form.
 */
const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
export const AUTHENTICATION = 51
const DESTINATION = 60
const MOBILITY = 135
const HOST_IDENTITY = 139
const SHIM6 = 140

const EXTENSION_LIMIT = 16

/** https://www.iana.org/assignments/ipv6-parameters: routing types whose first or last address is where it ends. */
const SOURCE_ROUTE = 0
const MOBILE_HOME = 2
const SEGMENT_ROUTING = 4

/**
 * Passes over the extension headers that begin with `packet.protocol`, as far as an authentication header, and sets
 * `protocol` to what follows them. The destination becomes the one at the end of the route. False where a header is
 * damaged, or a fragment is not the one that completes its datagram; both are counted.
 */
export function skipExtensions(packet: Packet, fragments: Fragments, oddities: Oddities): boolean {
  for (let count = 0; count < EXTENSION_LIMIT; count++) {
    const { bytes, end, offset, protocol } = packet
    switch (protocol) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION:
      case MOBILITY:
      case HOST_IDENTITY:
      case SHIM6: {
        if (end - offset < 8) return damaged(oddities)
        // RFC 8200 §4.3: in eights less one.
        const length = (bytes[offset + 1]! + 1) * 8
        if (offset + length > end) return damaged(oddities)
        if (protocol === ROUTING) followRoute(packet, length)
        packet.protocol = bytes[offset]!
        packet.offset = offset + length
        break
      }
      case FRAGMENT: {
        if (end - offset < 8) return damaged(oddities)
        const field = uint16(bytes, offset + 2)
        packet.protocol = bytes[offset]!
        packet.offset = offset + 8
        // An atomic fragment (RFC 6946) is whole.
        if ((field & 0xfff9) === 0) break
        if (!fragments.ipv6(packet, uint32(bytes, offset + 4), field)) return false
        break
      }
      default:
        return true
    }
  }
  return damaged(oddities)
}

/** Passes over the authentication header that stands at `offset`; false where it is damaged, which is counted. */
export function skipAuthentication(packet: Packet, oddities: Oddities): boolean {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return damaged(oddities)
  // RFC 4302 §2.2: in words of four bytes less two.
  const length = (bytes[offset + 1]! + 2) * 4
  if (offset + length > end) return damaged(oddities)
  packet.protocol = bytes[offset]!
  packet.offset = offset + length
  return true
}

/** RFC 8754 §2 (segment routing), RFC 6275 §6.4.1 and RFC 2460 §4.4: with segments left the packet ends elsewhere. */
function followRoute(packet: Packet, length: number): void {
  const { bytes, offset, addresses } = packet
  const type = bytes[offset + 2]!
  if (bytes[offset + 3] === 0 || length < 24) return
  let at = offset + 8
  // The segment list stands backwards, the old source route forwards.
  if (type === SOURCE_ROUTE) at = offset + length - 16
  else if (type !== SEGMENT_ROUTING && type !== MOBILE_HOME) return
  for (let w = 0; w < 4; w++) addresses[4 + w] = uint32(bytes, at + 4 * w)
}

function damaged(oddities: Oddities): boolean {
  oddities.count('ipv6_extension_damaged')
  return false
}
