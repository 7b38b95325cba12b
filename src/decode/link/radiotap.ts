import { uint16le, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { wlanFrame } from './wlan.ts'

/** https://www.radiotap.org/fields/defined: the first two fields, and the bit that says that another word follows. */
const PRESENT_TIME = 1
const PRESENT_FLAGS = 2
const PRESENT_MORE = 2 ** 31
const FLAG_PADDED = 0x20

/** LINKTYPE_IEEE802_11_RADIOTAP (https://www.radiotap.org): version, length, fields; then the frame. */
export function radiotap(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || bytes[offset] !== 0) return NOT_IP
  const length = uint16le(bytes, offset + 2)
  if (length < 8 || offset + length > end) return NOT_IP
  packet.offset = offset + length
  return wlanFrame(packet, (flagsOf(bytes, offset, offset + length) & FLAG_PADDED) !== 0, false)
}

function flagsOf(bytes: Uint8Array, start: number, end: number): number {
  const present = uint32le(bytes, start + 4)
  if ((present & PRESENT_FLAGS) === 0) return 0
  let at = start + 4
  while (at + 4 <= end && uint32le(bytes, at) >= PRESENT_MORE) at += 4
  at += 4
  // The time is eight bytes, at a multiple of eight from the start of the header.
  if ((present & PRESENT_TIME) !== 0) at = start + ((at - start + 7) & ~7) + 8
  return at < end ? bytes[at]! : 0
}
