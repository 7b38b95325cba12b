import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_BRIDGED } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'
import { wlanFrame } from '../link/wlan.ts'

/** RFC 5415 §4.3: bits of the first word. */
const NATIVE_FRAME = 0x100
const FRAGMENT = 0x80
const KEEP_ALIVE = 0x08

/**
 * CAPWAP's data channel (RFC 5415 §4.3) where it is neither encrypted nor in fragments: an 802.11 or an 802.3 frame.
 */
export function capwap(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || bytes[offset] !== 0) return NOT_IP
  const word = uint32(bytes, offset)
  const length = ((word >> 19) & 0x1f) * 4
  if (length < 8 || offset + length > end || (word & (FRAGMENT | KEEP_ALIVE)) !== 0) return NOT_IP
  packet.offset = offset + length
  if ((word & NATIVE_FRAME) === 0) return ETHERTYPE_BRIDGED
  // Cisco's access points swap the bytes of frame control; a first byte with a protocol version is not one.
  const swapped = packet.offset < end && (bytes[packet.offset]! & 0x03) !== 0
  return wlanFrame(packet, false, swapped)
}
