import type { Packet } from '../../model/packet.ts'
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethertype.ts'
import { NOT_IP } from '../layer.ts'

const OPERATION_FORWARD = 1

/**
 * AYIYA (draft-massar-v6ops-ayiya): lengths of identity (a power of two) and signature (in words), operation, the IP
 * protocol that follows, time; identity, signature.
 */
export function ayiya(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 8 || (bytes[offset + 2]! & 0x0f) !== OPERATION_FORWARD) return NOT_IP
  packet.offset = offset + 8 + 2 ** (bytes[offset]! >> 4) + (bytes[offset + 1]! >> 4) * 4
  const protocol = bytes[offset + 3]!
  return protocol === 41 ? ETHERTYPE_IPV6 : protocol === 4 ? ETHERTYPE_IPV4 : NOT_IP
}
