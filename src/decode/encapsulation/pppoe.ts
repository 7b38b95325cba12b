import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_PPP } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const VERSION_AND_TYPE = 0x11
const SESSION_DATA = 0

/** PPPoE's session stage (RFC 2516 §4, §6): version, code, session, length; then PPP from its protocol on. */
export function pppoe(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 6 || bytes[offset] !== VERSION_AND_TYPE || bytes[offset + 1] !== SESSION_DATA) return NOT_IP
  const last = offset + 6 + uint16(bytes, offset + 4)
  packet.offset = offset + 6
  if (last < end) packet.end = last
  return ETHERTYPE_PPP
}
