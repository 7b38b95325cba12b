import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const VERSION_2_REGISTER = 0x21

/** The Register message of PIM (RFC 7761 §4.9.3), in which a router sends on a multicast packet. */
export function pimRegister(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || bytes[offset] !== VERSION_2_REGISTER) return NOT_IP
  packet.offset = offset + 8
  return ipByVersion(packet)
}
