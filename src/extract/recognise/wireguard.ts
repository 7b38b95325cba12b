import { uint32, uint32le } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'
import type { Candidate, Opinion, Protocol } from './protocol.ts'

/** https://www.wireguard.com/protocol: a type byte and three zeros stand at the beginning of every message. */
const INITIATION = 0x01000000
const RESPONSE = 0x02000000
const COOKIE = 0x03000000
const TRANSPORT = 0x04000000
const TYPE_MASK = 0xff000000
const INITIATION_LENGTH = 148
const RESPONSE_LENGTH = 92
const COOKIE_LENGTH = 64
/** Header and tag around nothing: a keepalive. */
const TRANSPORT_LENGTH = 32
/** What is inside is padded to 16 bytes, but not beyond the tunnel's MTU, which is rarely a multiple of that. */
const MTU_LENGTH = 1024

/** Messages of data that must fit before their form alone counts. */
const ENOUGH_DATA = 8
/** What may be missing or out of order between two of them. */
const COUNTER_STEP = 8192

export const wireguard: Protocol = {
  transport: 'udp',
  first: [1, 2, 3, 4],
  canBe: (bytes, start, end, length) => end - start >= 16 && fits(bytes, start, length, end - start < length),
  begin: () => new WireGuard(),
}

/** The three bytes that should be zero may be used in a handshake, as Cloudflare's WARP does: its answer is the proof. */
function fits(bytes: Uint8Array, start: number, length: number, cut: boolean): boolean {
  const word = uint32(bytes, start)
  switch (word & TYPE_MASK) {
    case INITIATION:
      return cut || length === INITIATION_LENGTH
    case RESPONSE:
      return cut || length === RESPONSE_LENGTH
    case COOKIE:
      return word === COOKIE && (cut || length === COOKIE_LENGTH)
    case TRANSPORT:
      // The keys are renewed long before a counter needs its upper half.
      if (word !== TRANSPORT || uint32(bytes, start + 12) !== 0) return false
      return cut || (length >= TRANSPORT_LENGTH && (length % 16 === 0 || length >= MTU_LENGTH))
    default:
      return false
  }
}

/**
 * Confirmed where a message is addressed to the index that the other side gave itself in the handshake. Data without
 * the handshake is told by its form: each side is addressed by one index while counters rise.
 */
class WireGuard implements Candidate {
  readonly means = 'vpn'
  readonly protocol = 'wireguard'
  /** What each side last called itself. */
  readonly #sender = [-1, -1]
  /** Of data in each direction: receiver index, highest counter, messages in a row that rose. */
  readonly #receiver = [-1, -1]
  readonly #counter = [-1, -1]
  readonly #data = [0, 0]

  take(packet: Packet, up: boolean): Opinion {
    const { bytes, offset, end, cut } = packet
    if (end - offset < 16 || !fits(bytes, offset, end - offset, cut)) return 'no'
    const way = up ? 0 : 1
    const word = uint32(bytes, offset)
    const index = uint32(bytes, offset + 4)
    switch (word & TYPE_MASK) {
      case INITIATION:
        this.#sender[way] = index
        return word === INITIATION ? 'probable' : 'unknown'
      case RESPONSE:
        this.#sender[way] = index
        return this.#answers(way, uint32(bytes, offset + 8)) ? 'confirmed' : 'unknown'
      case COOKIE:
        return this.#answers(way, index) ? 'confirmed' : 'unknown'
      default:
        return this.#answers(way, index) ? 'confirmed' : this.#takeData(way, index, uint32le(bytes, offset + 8))
    }
  }

  #answers(way: 0 | 1, receiver: number): boolean {
    return this.#sender[1 - way] === receiver
  }

  #takeData(way: 0 | 1, receiver: number, counter: number): Opinion {
    const step = counter - this.#counter[way]!
    if (this.#receiver[way] !== receiver || step > COUNTER_STEP || step < -COUNTER_STEP) {
      this.#receiver[way] = receiver
      this.#counter[way] = counter
      this.#data[way] = 1
    } else if (step > 0) {
      this.#counter[way] = counter
      this.#data[way]!++
    }
    const [there, back] = this.#data as [number, number]
    if (there + back < ENOUGH_DATA) return 'unknown'
    return there > 1 && back > 1 ? 'probable' : 'indicative'
  }
}
