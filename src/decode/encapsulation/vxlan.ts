import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { typeOfNext } from './nsh.ts'

const INSTANCE_VALID = 0x08

/** VXLAN (RFC 7348 §5): flags and network identifier in eight bytes, then an Ethernet frame. */
export function vxlan(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || (bytes[offset]! & INSTANCE_VALID) === 0) return NOT_IP
  packet.offset = offset + 8
  return ETHERTYPE_BRIDGED
}

/** VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3): the same with the protocol in the fourth byte; 0 is an Ethernet frame. */
export function vxlanGpe(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return NOT_IP
  packet.offset = offset + 8
  const next = bytes[offset + 3]!
  return next === 0 ? ETHERTYPE_BRIDGED : typeOfNext(next)
}
