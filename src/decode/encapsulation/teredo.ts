import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV6 } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const AUTHENTICATION = 0x0001
const ORIGIN = 0x0000

/** Teredo (RFC 4380 §5.1.1): IPv6, behind an authentication and an origin indication where there are any. */
export function teredo(packet: Packet): number {
  const { bytes, end } = packet
  let at = packet.offset
  // Lengths of the client's identifier and of the authentication value, both, nonce and confirmation.
  if (end - at >= 4 && uint16(bytes, at) === AUTHENTICATION) at += 4 + bytes[at + 2]! + bytes[at + 3]! + 9
  if (end - at >= 8 && uint16(bytes, at) === ORIGIN) at += 8
  packet.offset = at
  return at < end && bytes[at]! >> 4 === 6 ? ETHERTYPE_IPV6 : NOT_IP
}
