import { uint16, uint24 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ETHERTYPE_PPP } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { ipByNlpid, isBridgedEthernet, NLPID_SNAP } from '../logical-link-control.ts'

const UNNUMBERED_INFORMATION = 0x03
const NLPID_PPP = 0xcf
const OUI_BRIDGED = 0x0080c2

/** The longest address of ITU-T Q.922: every byte but the last ends with a zero bit. */
const ADDRESS_LIMIT = 4

/**
 * LINKTYPE_FRELAY: an address, then control and NLPID with SNAP where it needs one (RFC 2427 §3), or an EtherType
 * alone as Cisco writes it.
 */
export function frameRelay(packet: Packet): number {
  const { bytes, end } = packet
  let at = packet.offset
  const last = Math.min(end, at + ADDRESS_LIMIT)
  while (at < last && (bytes[at]! & 1) === 0) at++
  if (++at + 2 > end) return NOT_IP
  if (bytes[at] !== UNNUMBERED_INFORMATION) {
    packet.offset = at + 2
    return uint16(bytes, at)
  }
  // A byte of padding may follow the control field.
  if (bytes[++at] === 0) at++
  if (at >= end) return NOT_IP
  const nlpid = bytes[at++]!
  packet.offset = at
  if (nlpid === NLPID_PPP) return ETHERTYPE_PPP
  if (nlpid !== NLPID_SNAP) return ipByNlpid(nlpid)
  if (end - at < 5) return NOT_IP
  packet.offset = at + 5
  const type = uint16(bytes, at + 3)
  if (uint24(bytes, at) !== OUI_BRIDGED) return type
  return isBridgedEthernet(type) ? ETHERTYPE_BRIDGED : NOT_IP
}

/** LINKTYPE_FRELAY_WITH_DIR: one byte of direction before it. */
export function frameRelayWithDirection(packet: Packet): number {
  packet.offset++
  return frameRelay(packet)
}

/** LINKTYPE_MFR: FRF.16.1 multilink. Only a frame that is whole (begin and end bit set, no control) is read. */
export function multilinkFrameRelay(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 2 || (bytes[offset]! & 0xe0) !== 0xc0) return NOT_IP
  packet.offset = offset + 2
  return frameRelay(packet)
}
