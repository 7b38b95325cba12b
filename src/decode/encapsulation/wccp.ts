import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** What a router redirects by WCCP (draft-mclaggan-wccp-v2rev1): IP, with a header of four bytes from version 2 on. */
export function wccp(packet: Packet): number {
  const type = ipByVersion(packet)
  if (type !== NOT_IP) return type
  packet.offset += 4
  return ipByVersion(packet)
}
