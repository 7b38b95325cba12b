import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { wlan } from './wlan.ts'

const PRISM_LENGTH = 144

/** All but the last digits of the magic number, which are the version. */
const AVS_MAGIC = 0x80211000

/**
 * LINKTYPE_IEEE802_11_PRISM: 144 bytes of Prism header, or an AVS header as some drivers write there; then the frame.
 */
export function prism(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8) return NOT_IP
  if ((uint32(bytes, offset) & 0xfffff000) >>> 0 === AVS_MAGIC) return avs(packet)
  return behind(packet, PRISM_LENGTH)
}

/** LINKTYPE_IEEE802_11_AVS: a magic number, the length of the header, fields; then the frame. */
export function avs(packet: Packet): number {
  const { bytes, offset, end } = packet
  return end - offset < 8 ? NOT_IP : behind(packet, uint32(bytes, offset + 4))
}

function behind(packet: Packet, length: number): number {
  if (length > packet.end - packet.offset) return NOT_IP
  packet.offset += length
  return wlan(packet)
}
