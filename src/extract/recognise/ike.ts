import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import { ANY_BYTE } from './any-byte.ts'
import { EspSequences } from './esp-sequences.ts'
import { IKE_2, ikeHeader, isAnswered, isPayloadChain } from './ike-header.ts'
import { isKeepalive } from './nat-keepalive.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** IKE of both versions on any port; what uses the ports of IPsec without being it, as Cloudflare's WARP, is none. */
export const ike: Protocol = {
  transport: 'udp',
  first: ANY_BYTE,
  canBe: (bytes, start, end, length) => ikeHeader(bytes, start, end, end - start < length) >= 0,
  begin: () => new Ike(),
}

/**
 * Confirmed where messages with the initiator's SPI go both ways and the responder has given itself one, or where ESP
 * goes both ways beside a message. The flow keeps the name of the negotiation when ESP follows it.
 */
class Ike implements Candidate {
  readonly means = 'vpn'
  protocol: 'ikev1' | 'ikev2' = 'ikev1'
  /** The initiator's SPI of the last message, in two words, and the ways (1, 2) that messages with it went. */
  #high = 0
  #low = 0
  #ways = 0
  /** Of what goes beside IKE, where that has the marker. */
  #esp: EspSequences | undefined = undefined
  #opinion: Opinion = 'unknown'

  take(packet: Packet, up: boolean): Opinion {
    const { bytes, offset, end, cut } = packet
    const at = ikeHeader(bytes, offset, end, cut)
    if (at < 0) return this.#takeOther(packet, up ? 0 : 1)
    if (!isPayloadChain(bytes, at, end, cut)) return 'no'
    this.protocol = bytes[at + 17] === IKE_2 ? 'ikev2' : 'ikev1'
    if (at > offset) this.#esp ??= new EspSequences()
    const high = uint32(bytes, at)
    const low = uint32(bytes, at + 4)
    if (high !== this.#high || low !== this.#low) this.#ways = 0
    this.#high = high
    this.#low = low
    this.#ways |= up ? 1 : 2
    if (this.#opinion === 'unknown') this.#opinion = 'probable'
    if (this.#ways === 3 && isAnswered(bytes, at)) this.#opinion = 'confirmed'
    return this.#opinion
  }

  #takeOther(packet: Packet, way: 0 | 1): Opinion {
    if (isKeepalive(packet)) return this.#opinion
    if (this.#esp === undefined || !this.#esp.take(packet, way)) return 'no'
    const [there, back] = this.#esp.rises as [number, number]
    if (there > 0 && back > 0) this.#opinion = 'confirmed'
    return this.#opinion
  }
}
