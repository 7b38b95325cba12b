import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_PPP } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { wlan } from '../link/wlan.ts'

/** RFC 1701, RFC 2890 §2; the last only of version 1 (RFC 2637 §4.1). */
const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGEMENT = 0x0080
const VERSION = 0x0007

const PPTP = 1
const ROUTE_LIMIT = 16

const ERSPAN = 0x88be

/** GRE (RFC 2784, RFC 2890, and with routing RFC 1701), NVGRE (RFC 7637) and PPTP's version of it. */
export function gre(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 4) return NOT_IP
  const flags = uint16(bytes, offset)
  const type = uint16(bytes, offset + 2)
  const version = flags & VERSION
  if (version > PPTP || (version === PPTP && (type !== ETHERTYPE_PPP || (flags & SEQUENCE) === 0))) return NOT_IP
  packet.offset = offset + 4
  if ((flags & (CHECKSUM | ROUTING)) !== 0) packet.offset += 4
  if ((flags & KEY) !== 0) packet.offset += 4
  if ((flags & SEQUENCE) !== 0) packet.offset += 4
  if (version === PPTP && (flags & ACKNOWLEDGEMENT) !== 0) packet.offset += 4
  if ((flags & ROUTING) !== 0 && !skipRoute(packet)) return NOT_IP
  if (packet.offset >= end) return NOT_IP
  // The first version of ERSPAN has no header, and no sequence number either, by which it is told from the second.
  if (type === ERSPAN && (flags & SEQUENCE) === 0) return ETHERTYPE_BRIDGED
  return isAruba(type) ? wlan(packet) : type
}

/** Source route entries: family, offset, length, then that many bytes; one of family and length 0 ends them. */
function skipRoute(packet: Packet): boolean {
  const { bytes, end } = packet
  for (let entries = 0; entries < ROUTE_LIMIT && packet.offset + 4 <= end; entries++) {
    const { offset } = packet
    const length = bytes[offset + 3]!
    packet.offset = offset + 4 + length
    if (length === 0 && uint16(bytes, offset) === 0) return true
  }
  return false
}

/** Aruba's controllers use these numbers, one a tunnel, for 802.11 frames without their check sequence. */
function isAruba(type: number): boolean {
  return type >= 0x8200 && type < 0x8400 && (type & 0x0f) === 0
}
