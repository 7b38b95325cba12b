import { uint16, uint32 } from '../base/bytes.ts'
import type { ProtocolName } from '../model/observation.ts'
import type { Packet } from '../model/packet.ts'
import { AUTHENTICATION } from './extensions.ts'

/** https://www.iana.org/assignments/protocol-numbers */
const GRE = 47
const ENCAPSULATING_SECURITY_PAYLOAD = 50
const L2TP = 115

/** RFC 4303 §2.1: identifiers of associations up to 255 are reserved. */
const SMALLEST_ASSOCIATION = 256

/**
 * The virtual private network that an IP packet which carries neither TCP nor UDP belongs to, by its IP protocol:
 * `esp` (RFC 4303), `ah` (RFC 4302), `pptp` (RFC 2637 §4.1), `l2tp` (RFC 3931 §4.1.1); '' where it is none.
 */
export function privateTunnelOf({ protocol, bytes, offset, end }: Packet): ProtocolName | '' {
  if (end - offset < 8) return ''
  switch (protocol) {
    case ENCAPSULATING_SECURITY_PAYLOAD:
      return uint32(bytes, offset) >= SMALLEST_ASSOCIATION ? 'esp' : ''
    case AUTHENTICATION:
      return uint32(bytes, offset + 4) >= SMALLEST_ASSOCIATION ? 'ah' : ''
    case GRE:
      // Version 1 with a key, and PPP in it.
      return (bytes[offset + 1]! & 7) === 1 && (bytes[offset]! & 0x20) !== 0 && uint16(bytes, offset + 2) === 0x880b
        ? 'pptp'
        : ''
    case L2TP:
      return 'l2tp'
    default:
      return ''
  }
}
