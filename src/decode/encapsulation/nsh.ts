import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_MPLS, ETHERTYPE_NSH } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** Network Service Header (RFC 8300 §2): its length in words, what follows it, a path, metadata. */
export function nsh(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || bytes[offset]! >> 6 !== 0) return NOT_IP
  const length = (bytes[offset + 1]! & 0x3f) * 4
  if (length < 8 || offset + length > end) return NOT_IP
  packet.offset = offset + length
  return typeOfNext(bytes[offset + 3]!)
}

/** The EtherType of a "next protocol", which VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3) numbers alike up to 4. */
export function typeOfNext(protocol: number): number {
  switch (protocol) {
    case 1:
      return ETHERTYPE_IPV4
    case 2:
      return ETHERTYPE_IPV6
    case 3:
      return ETHERTYPE_BRIDGED
    case 4:
      return ETHERTYPE_NSH
    case 5:
      return ETHERTYPE_MPLS
    default:
      return NOT_IP
  }
}
