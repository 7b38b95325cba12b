import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED, ipByVersion } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

/** Type III: what the frame is, and whether eight bytes of the platform follow. */
const FRAME_ETHERNET = 0
const FRAME_IP = 2
const PLATFORM_HEADER = 1

/** ERSPAN type II (draft-foschiano-erspan-03): eight bytes, then the mirrored frame. */
export function erspan2(packet: Packet): number {
  packet.offset += 8
  return packet.offset < packet.end ? ETHERTYPE_BRIDGED : NOT_IP
}

/** ERSPAN type III (draft-foschiano-erspan-03): twelve bytes and eight more where the last bit is set. */
export function erspan3(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 12) return NOT_IP
  const field = uint16(bytes, offset + 10)
  packet.offset = offset + ((field & PLATFORM_HEADER) !== 0 ? 20 : 12)
  const frame = (field >> 10) & 0x1f
  return frame === FRAME_ETHERNET ? ETHERTYPE_BRIDGED : frame === FRAME_IP ? ipByVersion(packet) : NOT_IP
}
