import type { Packet } from '../../model/packet.ts'
import { ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { logicalLinkControl } from '../logical-link-control.ts'
import { ethernet } from './ethernet.ts'

const LANE = 1
const LLC = 2

/**
 * LINKTYPE_ATM_RFC1483, LINKTYPE_ATM_CLIP: an AAL5 frame with LLC in front (RFC 2684 §5), or with IP alone where the
 * virtual channel carries nothing else (§6).
 */
export function atm(packet: Packet): number {
  const ip = ipByVersion(packet)
  return ip === NOT_IP ? logicalLinkControl(packet) : ip
}

/** LINKTYPE_SUNATM: type and direction, virtual path and channel; then LAN emulation or LLC. */
export function sunAtm(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 6) return NOT_IP
  const type = bytes[offset]! & 0x0f
  packet.offset = offset + 4
  if (type === LLC) return logicalLinkControl(packet)
  if (type !== LANE) return NOT_IP
  // The LAN emulation client's id stands before the frame.
  packet.offset = offset + 6
  return ethernet(packet)
}
