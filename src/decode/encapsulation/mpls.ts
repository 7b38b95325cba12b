import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { soundEthernet, soundIp } from '../sound-ip.ts'

const LABEL_LIMIT = 16

/**
 * A stack of MPLS labels (RFC 3032 §2.1). Nothing says what follows it: IP where its header is sound, else a
 * pseudowire's Ethernet frame behind its control word (RFC 4448 §4.6), else without.
 */
export function mpls(packet: Packet): number {
  const { bytes, end } = packet
  let at = packet.offset
  for (let labels = 0; labels < LABEL_LIMIT && at + 4 < end; labels++) {
    at += 4
    if ((bytes[at - 2]! & 1) !== 0) return guess(packet, at)
  }
  return NOT_IP
}

function guess(packet: Packet, at: number): number {
  packet.offset = at
  const ip = soundIp(packet, at)
  if (ip >= 0) return ip
  if (packet.bytes[at]! >> 4 === 0 && soundEthernet(packet, at + 4)) packet.offset = at + 4
  return ETHERTYPE_BRIDGED
}
