import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'

/** LINKTYPE_RAW, LINKTYPE_IPV4, LINKTYPE_IPV6: no header; the version in the first four bits tells which it is. */
export function rawIp(packet: Packet): number {
  return ipByVersion(packet)
}
