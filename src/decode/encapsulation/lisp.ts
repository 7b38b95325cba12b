import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'

/** LISP's data (RFC 9300 §5.3): flags, nonce and locator bits in eight bytes, then IP. */
export function lisp(packet: Packet): number {
  packet.offset += 8
  return ipByVersion(packet)
}
