import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethertype.ts'

/** LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6: no header; the version in the first four bits tells which it is. */
export function rawIp(packet: Packet): number {
  if (packet.end <= packet.offset) return -1
  const version = packet.bytes[packet.offset]! >> 4
  return version === 4 ? ETHERTYPE_IPV4 : version === 6 ? ETHERTYPE_IPV6 : -1
}
