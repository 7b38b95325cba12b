import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_PPP } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { soundEthernet, soundIp } from '../sound-ip.ts'

/** RFC 2661 §3.1 and RFC 3931 §4.1.2.1. */
const CONTROL = 0x8000
const LENGTH = 0x4000
const SEQUENCE = 0x0800
const OFFSET = 0x0200
const VERSION = 0x000f

/**
 * Lengths that cookie (0, 4 or 8) and sublayer (0 or 4) have together: both ends know them, the packet does not say.
 */
const UNSAID = [0, 4, 8, 12]

/** L2TP over UDP: version 2 (RFC 2661 §3.1) with PPP, or version 3 (RFC 3931 §4.1.2). */
export function l2tp(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return NOT_IP
  const flags = uint16(bytes, offset)
  const version = flags & VERSION
  if ((flags & CONTROL) !== 0) return NOT_IP
  if (version === 3) {
    packet.offset = offset + 4
    return l2tpv3(packet)
  }
  if (version !== 2) return NOT_IP
  let at = offset + 6
  if ((flags & LENGTH) !== 0) {
    const last = offset + uint16(bytes, offset + 2)
    if (last < end) packet.end = last
    at += 2
  }
  if ((flags & SEQUENCE) !== 0) at += 4
  if ((flags & OFFSET) !== 0) {
    if (at + 2 > end) return NOT_IP
    at += 2 + uint16(bytes, at)
  }
  packet.offset = at
  return ETHERTYPE_PPP
}

/** L2TP version 3 over IP (RFC 3931 §4.1.1): a session, then an Ethernet frame or IP where sound ones are found. */
export function l2tpv3(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 4 || uint32(bytes, offset) === 0) return NOT_IP
  for (const unsaid of UNSAID) {
    const at = offset + 4 + unsaid
    packet.offset = at
    if (soundEthernet(packet, at)) return ETHERTYPE_BRIDGED
    const ip = soundIp(packet, at)
    if (ip >= 0) return ip
  }
  return NOT_IP
}
