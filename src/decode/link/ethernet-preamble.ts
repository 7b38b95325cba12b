import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'
import { ethernet } from './ethernet.ts'

const PREAMBLE = 8

/** The delimiters of a whole frame and of a frame's first fragment (IEEE 802.3br): SFD, SMD-S0 to SMD-S3. */
const FRAME_STARTS = [0xd5, 0xe6, 0x4c, 0x7f, 0xb3]

/** LINKTYPE_NETANALYZER: four bytes of the capturing card, then the frame. */
export function netAnalyzer(packet: Packet): number {
  packet.offset += 4
  return ethernet(packet)
}

/** LINKTYPE_NETANALYZER_TRANSPARENT: the same with the preamble before the frame. */
export function netAnalyzerTransparent(packet: Packet): number {
  packet.offset += 4 + PREAMBLE
  return ethernet(packet)
}

/** LINKTYPE_EPON: the preamble with the link's id, then the frame. */
export function epon(packet: Packet): number {
  packet.offset += PREAMBLE
  return ethernet(packet)
}

/**
 * LINKTYPE_ETHERNET_MPACKET: preamble and delimiter; a fragment of a frame that was pre-empted is read if it is the
 * first.
 */
export function mPacket(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < PREAMBLE || !FRAME_STARTS.includes(bytes[offset + PREAMBLE - 1]!)) return NOT_IP
  packet.offset = offset + PREAMBLE
  return ethernet(packet)
}
