import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV6 } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const AUTHENTICATION = 0x0001
const ORIGIN = 0x0000

/** Every Teredo address begins so (RFC 4380 §2.6). */
const PREFIX = 0x20010000
const IPV6_HEADER = 40

/** Whether a datagram on any port is Teredo beyond doubt: an IPv6 packet that fills it, from or to a Teredo address. */
export function isTeredo({ bytes, offset, end }: Packet): boolean {
  if (end - offset < IPV6_HEADER || bytes[offset]! >> 4 !== 6) return false
  if (uint16(bytes, offset + 4) !== end - offset - IPV6_HEADER) return false
  return uint32(bytes, offset + 8) === PREFIX || uint32(bytes, offset + 24) === PREFIX
}

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
