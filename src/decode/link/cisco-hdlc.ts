import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'

/** Addresses of Cisco's HDLC; that of PPP is 0xff. */
export const CISCO_UNICAST = 0x0f
export const CISCO_MULTICAST = 0x8f

/** LINKTYPE_C_HDLC (RFC 1547 §4.3.1): address, control, EtherType. */
export function ciscoHdlc(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 4) return NOT_IP
  packet.offset = offset + 4
  return uint16(bytes, offset + 2)
}

/** LINKTYPE_C_HDLC_WITH_DIR: one byte of direction before it. */
export function ciscoHdlcWithDirection(packet: Packet): number {
  packet.offset++
  return ciscoHdlc(packet)
}
