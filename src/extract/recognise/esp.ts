import type { Packet } from '../../model/packet.ts'
import { ANY_BYTE } from './any-byte.ts'
import { canBeEsp, EspSequences } from './esp-sequences.ts'
import { ikeHeader, isPayloadChain } from './ike-header.ts'
import { isKeepalive } from './nat-keepalive.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** Of IPsec (RFC 3948 §2.1), and of Palo Alto's GlobalProtect, which negotiates over TLS. */
const PORTS = [4500, 4501]
/** Packets that came next in their sequence before it counts. */
const ENOUGH = 4

/** ESP in datagrams. It has nothing to tell it by but numbers that rise, so it is looked for on its ports alone. */
export const esp: Protocol = {
  transport: 'udp',
  first: ANY_BYTE,
  ports: PORTS,
  canBe: canBeEsp,
  begin: () => new Esp(),
}

/** Probable where the sequence rises both ways; confirmed where IKE is spoken beside it. */
class Esp implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'esp'
  readonly #sequences = new EspSequences()
  #negotiated = false

  take(packet: Packet, up: boolean): Opinion {
    if (!isKeepalive(packet) && !this.#sequences.take(packet, up ? 0 : 1)) {
      const { bytes, offset, end, cut } = packet
      const at = ikeHeader(bytes, offset, end, cut)
      if (at < 0 || !isPayloadChain(bytes, at, end, cut)) return 'no'
      this.#negotiated = true
    }
    const [there, back] = this.#sequences.rises as [number, number]
    if (there + back < ENOUGH) return 'unknown'
    if (there > 0 && back > 0) return this.#negotiated ? 'confirmed' : 'probable'
    return this.#negotiated ? 'probable' : 'indicative'
  }
}
