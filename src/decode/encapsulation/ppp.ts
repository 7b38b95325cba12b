import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_PPP } from '../ethertype.ts'
import { NOT_IP, PPP_COMPRESSED } from '../layer.ts'

/** https://www.iana.org/assignments/ppp-numbers */
const IPV4 = 0x0021
const COMPRESSED_TCP = 0x002d
const UNCOMPRESSED_TCP = 0x002f
const BRIDGING = 0x0031
const MULTILINK = 0x003d
const ENCRYPTED = 0x0053
const IPV6 = 0x0057
const COMPRESSED = 0x00fd
const MPLS_UNICAST = 0x0281
const MPLS_MULTICAST = 0x0283

const ADDRESS_AND_CONTROL = 0xff03

/** RFC 1990 §3: this fragment is the first and the last, with a sequence number of 24 bits. */
const WHOLE = 0xc0

/**
 * A PPP frame (RFC 1661 §2), with address and control in front of the protocol or without (RFC 1662 §3.2), and the
 * protocol in two bytes or one (RFC 1661 §6.5). What is compressed or encrypted is not read.
 */
export function ppp(packet: Packet): number {
  const { bytes, end } = packet
  let at = packet.offset
  if (end - at >= 2 && uint16(bytes, at) === ADDRESS_AND_CONTROL) at += 2
  if (end - at < 2) return NOT_IP
  const short = (bytes[at]! & 1) !== 0
  const protocol = short ? bytes[at]! : uint16(bytes, at)
  at += short ? 1 : 2
  packet.offset = at
  switch (protocol) {
    case IPV4:
      return ETHERTYPE_IPV4
    case IPV6:
      return ETHERTYPE_IPV6
    case MPLS_UNICAST:
    case MPLS_MULTICAST:
      return ETHERTYPE_MPLS
    case BRIDGING:
      return bridged(packet)
    case MULTILINK:
      if (end - at < 4 || bytes[at] !== WHOLE) return NOT_IP
      packet.offset = at + 4
      return ETHERTYPE_PPP
    case COMPRESSED_TCP:
    case UNCOMPRESSED_TCP:
    case COMPRESSED:
    case ENCRYPTED:
      return PPP_COMPRESSED
    default:
      return NOT_IP
  }
}

/** RFC 3518 §4.2: flags, MAC type, the LAN's id where the second flag says so; then the frame. */
function bridged(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 2 || bytes[offset + 1] !== 1) return NOT_IP
  packet.offset = offset + ((bytes[offset]! & 0x40) !== 0 ? 6 : 2)
  return ETHERTYPE_BRIDGED
}
