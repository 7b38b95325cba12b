import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** Protocol ids of RFC 1051 and RFC 1201, and of RFC 2497. */
const IP_RFC_1051 = 240
const IP_RFC_1201 = 212
const IPV6 = 196

/** LINKTYPE_ARCNET_BSD: source, destination, protocol. */
export function arcnet(packet: Packet): number {
  return byProtocol(packet, 2)
}

/** LINKTYPE_ARCNET_LINUX: source, destination, offset in the card's buffer, protocol. */
export function arcnetLinux(packet: Packet): number {
  return byProtocol(packet, 4)
}

function byProtocol(packet: Packet, at: number): number {
  const { bytes, offset, end } = packet
  if (end - offset < at + 4) return NOT_IP
  const protocol = bytes[offset + at]!
  if (protocol === IP_RFC_1051) {
    packet.offset = offset + at + 1
    return ETHERTYPE_IPV4
  }
  // A split flag and a sequence number follow; a packet that was split is not put together (RFC 1201).
  packet.offset = offset + at + 4
  if (bytes[offset + at + 1] !== 0) return NOT_IP
  return protocol === IP_RFC_1201 ? ETHERTYPE_IPV4 : protocol === IPV6 ? ETHERTYPE_IPV6 : NOT_IP
}
