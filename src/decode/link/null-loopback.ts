import { uint32, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const AF_INET = 2
/** AF_INET6 of NetBSD and OpenBSD, FreeBSD, Darwin, Linux, and Windows: the number is the capturing system's. */
const AF_INET6 = [24, 28, 30, 10, 23]

/** LINKTYPE_NULL: a four-byte address family in the byte order of the capturing machine, which nothing tells. */
export function nullLoopback(packet: Packet): number {
  if (packet.end - packet.offset < 4) return NOT_IP
  const { bytes, offset } = packet
  packet.offset = offset + 4
  const little = family(uint32le(bytes, offset))
  return little >= 0 ? little : family(uint32(bytes, offset))
}

/** LINKTYPE_LOOP: the same in network byte order. */
export function loop(packet: Packet): number {
  if (packet.end - packet.offset < 4) return NOT_IP
  packet.offset += 4
  return family(uint32(packet.bytes, packet.offset - 4))
}

function family(value: number): number {
  if (value === AF_INET) return ETHERTYPE_IPV4
  return AF_INET6.includes(value) ? ETHERTYPE_IPV6 : NOT_IP
}
