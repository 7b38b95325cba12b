import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { logicalLinkControl } from '../logical-link-control.ts'

/** LINKTYPE_IP_OVER_FC (RFC 2625 §3): two eight-byte addresses, then LLC. */
export function ipOverFibreChannel(packet: Packet): number {
  packet.offset += 16
  return logicalLinkControl(packet)
}

/** LINKTYPE_APPLE_IP_OVER_IEEE1394: two eight-byte addresses, then the EtherType. */
export function appleFireWire(packet: Packet): number {
  return typeAt(packet, 16, 18)
}

/** LINKTYPE_IPOIB: 40 bytes of global route header, then the EtherType and two bytes reserved (RFC 4391 §6). */
export function ipOverInfiniBand(packet: Packet): number {
  return typeAt(packet, 40, 44)
}

/** LINKTYPE_ENC of OpenBSD: address family, security association, flags; then IP that was, or will be, encrypted. */
export function openBsdEncapsulation(packet: Packet): number {
  packet.offset += 12
  return ipByVersion(packet)
}

/** LINKTYPE_PFLOG: the first byte is the header's length without what fills it up to four; then IP. */
export function packetFilterLog(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end <= offset) return NOT_IP
  packet.offset = offset + ((bytes[offset]! + 3) & ~3)
  return ipByVersion(packet)
}

/** LINKTYPE_IPNET of Solaris: version, family, hook type, length, interfaces and zones in 24 bytes; then IP. */
export function solarisIpnet(packet: Packet): number {
  packet.offset += 24
  return ipByVersion(packet)
}

/** LINKTYPE_SLIP: direction and compressed header in 16 bytes; then the IP packet, with its own header in full. */
export function slip(packet: Packet): number {
  packet.offset += 16
  return ipByVersion(packet)
}

function typeAt(packet: Packet, at: number, length: number): number {
  const { bytes, offset, end } = packet
  if (end - offset < length) return NOT_IP
  packet.offset = offset + length
  return uint16(bytes, offset + at)
}
