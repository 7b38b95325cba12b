import { uint16, uint24 } from '../base/bytes.ts'
import type { Packet } from '../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './ethertype.ts'
import { NOT_IP } from './layer.ts'

/** The service access points of both sides and the control field of unnumbered information. */
const SNAP = 0xaaaa03
const IP_ACCESS_POINT = 0x060603
const OSI_NETWORK = 0xfefe03

const OUI_BRIDGED = 0x0080c2
const BRIDGED_ETHERNET = 7
const BRIDGED_ETHERNET_WITH_FCS = 1

/** ISO/IEC TR 9577: network layer protocols in one byte. */
export const NLPID_SNAP = 0x80
export const NLPID_IPV6 = 0x8e
export const NLPID_IPV4 = 0xcc

/**
 * IEEE 802.2 LLC: with SNAP (RFC 1042), as on ATM with an Ethernet frame behind two bytes of padding (RFC 2684 §5.2),
 * the access point of IP, or that of OSI with an NLPID. Anything else carries no IP.
 */
export function logicalLinkControl(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 4) return NOT_IP
  const head = uint24(bytes, offset)
  if (head === IP_ACCESS_POINT) {
    packet.offset = offset + 3
    return ETHERTYPE_IPV4
  }
  if (head === OSI_NETWORK) {
    packet.offset = offset + 4
    return ipByNlpid(bytes[offset + 3]!)
  }
  if (head !== SNAP || end - offset < 8) return NOT_IP
  const type = uint16(bytes, offset + 6)
  if (uint24(bytes, offset + 3) !== OUI_BRIDGED) {
    packet.offset = offset + 8
    return type
  }
  if (end - offset < 10) return NOT_IP
  packet.offset = offset + 10
  return isBridgedEthernet(type) ? ETHERTYPE_BRIDGED : NOT_IP
}

/** Whether a protocol of the bridges' OUI (00-80-C2) is an Ethernet frame: RFC 2684 §5.2, RFC 2427 §4.2. */
export function isBridgedEthernet(protocol: number): boolean {
  return protocol === BRIDGED_ETHERNET || protocol === BRIDGED_ETHERNET_WITH_FCS
}

/** The EtherType of an NLPID, NOT_IP where it is none of IP. */
export function ipByNlpid(nlpid: number): number {
  return nlpid === NLPID_IPV4 ? ETHERTYPE_IPV4 : nlpid === NLPID_IPV6 ? ETHERTYPE_IPV6 : NOT_IP
}

/** What the field behind the addresses of a frame tells: below 0x0600 it is a length, and 802.2 LLC follows. */
export function typeOrLength(packet: Packet, value: number): number {
  return value >= 0x0600 ? value : logicalLinkControl(packet)
}
