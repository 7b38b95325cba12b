import type { Packet } from '../../model/packet.ts'
import { ppp } from '../encapsulation/ppp.ts'
import { pppoe } from '../encapsulation/pppoe.ts'
import { NOT_IP } from '../layer.ts'
import { CISCO_MULTICAST, CISCO_UNICAST, ciscoHdlc } from './cisco-hdlc.ts'

/**
 * LINKTYPE_PPP and LINKTYPE_PPP_HDLC: PPP in HDLC-like framing (RFC 1662), or Cisco's HDLC where its address says so.
 */
export function pppLink(packet: Packet): number {
  const address = packet.end > packet.offset ? packet.bytes[packet.offset]! : -1
  return address === CISCO_UNICAST || address === CISCO_MULTICAST ? ciscoHdlc(packet) : ppp(packet)
}

/** LINKTYPE_PPP_PPPD: the address byte tells the direction, the control byte follows. */
export function pppd(packet: Packet): number {
  return behindDirection(packet, packet.end - packet.offset > 1 && packet.bytes[packet.offset + 1] === 3 ? 2 : 1, ppp)
}

/** LINKTYPE_PPP_WITH_DIR: one byte of direction, then PPP. */
export function pppWithDirection(packet: Packet): number {
  return behindDirection(packet, 1, pppLink)
}

/** LINKTYPE_PPP_ETHER: PPPoE (RFC 2516 §4) without the Ethernet header. */
export function pppEther(packet: Packet): number {
  return pppoe(packet)
}

function behindDirection(packet: Packet, length: number, layer: (packet: Packet) => number): number {
  if (packet.end - packet.offset < length) return NOT_IP
  packet.offset += length
  return layer(packet)
}
