import { uint16, uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { IKE_2, ikeHeader, isAnswered, isPayloadChain } from './ike-header.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** "IKETCP", which the initiator's stream begins with (RFC 9329 §4). */
const PREFIX = [0x49, 0x4b, 0x45, 0x54, 0x43, 0x50]

/** IKE in TCP (RFC 9329): each message stands behind its length and the marker that sets it apart from ESP. */
export const ikeOverTcp: Protocol = {
  transport: 'tcp',
  first: PREFIX.slice(0, 1),
  canBe: isPrefix,
  begin: () => new IkeOverTcp(),
}

function isPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= PREFIX.length && PREFIX.every((byte, i) => bytes[start + i] === byte)
}

/** Confirmed where a message of the responder has the initiator's SPI. It reads the first message of a segment only. */
class IkeOverTcp implements Candidate {
  readonly means = 'vpn'
  protocol: 'ikev1' | 'ikev2' = 'ikev2'
  /** The initiator's SPI in two words, as each side has it. */
  readonly #high = [0, 0]
  readonly #low = [0, 0]

  take({ bytes, offset, end }: Packet, up: boolean): Opinion {
    const start = isPrefix(bytes, offset, end) ? offset + PREFIX.length : offset
    const way = up ? 0 : 1
    if (end - start > 2) {
      const last = start + uint16(bytes, start)
      const cut = last > end
      const at = ikeHeader(bytes, start + 2, Math.min(last, end), cut)
      if (at > start + 2 && isPayloadChain(bytes, at, Math.min(last, end), cut)) {
        this.protocol = bytes[at + 17] === IKE_2 ? 'ikev2' : 'ikev1'
        this.#high[way] = uint32(bytes, at)
        this.#low[way] = uint32(bytes, at + 4)
        const echoed = this.#high[0] === this.#high[1] && this.#low[0] === this.#low[1]
        if (echoed && isAnswered(bytes, at)) return 'confirmed'
      }
    }
    return this.#high[0] === 0 && this.#high[1] === 0 ? 'indicative' : 'probable'
  }
}
