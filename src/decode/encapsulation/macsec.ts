import { uint16 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { MACSEC_ENCRYPTED, NOT_IP } from '../layer.ts'
import { typeOrLength } from '../logical-link-control.ts'

/** IEEE 802.1AE §9.5: bits of the tag's control information. */
const EXPLICIT_CHANNEL = 0x20
const ENCRYPTED_OR_CHANGED = 0x0c

/** MACsec's SecTAG (IEEE 802.1AE §9.3): readable where it only protects integrity. */
export function macsec(packet: Packet): number {
  const { bytes, offset, end } = packet
  if (end - offset < 6) return NOT_IP
  const control = bytes[offset]!
  if ((control & ENCRYPTED_OR_CHANGED) !== 0) return MACSEC_ENCRYPTED
  const length = (control & EXPLICIT_CHANNEL) !== 0 ? 14 : 6
  if (end - offset < length + 2) return NOT_IP
  packet.offset = offset + length + 2
  return typeOrLength(packet, uint16(bytes, offset + length))
}
