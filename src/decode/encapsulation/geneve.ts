import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { NOT_IP } from '../layer.ts'

/** Geneve (RFC 8926 §3.4): version 0 and the length of its options in words, the EtherType, the network identifier. */
export function geneve(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || bytes[offset]! >> 6 !== 0) return NOT_IP
  packet.offset = offset + 8 + (bytes[offset]! & 0x3f) * 4
  return packet.offset < end ? uint16(bytes, offset + 2) : NOT_IP
}
