import type { Packet } from '../model/packet.ts'
import { NOT_IP } from './layer.ts'

/** https://www.iana.org/assignments/ieee-802-numbers */
export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_IPV6 = 0x86dd
export const ETHERTYPE_VLAN = 0x8100
export const ETHERTYPE_PROVIDER_BRIDGE = 0x88a8
/** Transparent Ethernet bridging (RFC 1701): an Ethernet frame from its addresses on. */
export const ETHERTYPE_BRIDGED = 0x6558
/** Allocated to PPP: a frame from its protocol on. */
export const ETHERTYPE_PPP = 0x880b
export const ETHERTYPE_MPLS = 0x8847
export const ETHERTYPE_NSH = 0x894f

/** What the version in the first four bits tells, where no header does: the EtherType of IPv4 or IPv6, or NOT_IP. */
export function ipByVersion(packet: Packet): number {
  if (packet.end <= packet.offset) return NOT_IP
  const version = packet.bytes[packet.offset]! >> 4
  return version === 4 ? ETHERTYPE_IPV4 : version === 6 ? ETHERTYPE_IPV6 : NOT_IP
}
