import { uint32 } from '../../base/bytes.ts'
import type { Packet } from '../../model/packet.ts'

/** SPIs up to it are reserved (RFC 4303 §2.1). */
const LAST_RESERVED = 255
/** Header, padding and a check value of 12 bytes round nothing. */
const SHORTEST = 24
/** Packets of one association that may be missing or out of order. */
const STEP = 1024
/** An association begins at 1 (RFC 4303 §3.3.3): a new one is seen from about there. */
const BEGINNING = 64

/** Whether `bytes[start…end)` can be ESP: it ends on a word (RFC 4303 §2.4). It is `length` long uncut. */
export function canBeEsp(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (end - start < 8 || length < SHORTEST || uint32(bytes, start) <= LAST_RESERVED) return false
  return end - start < length || length % 4 === 0
}

/** The SPI and the sequence number of the ESP packets that go each way. */
export class EspSequences {
  readonly #spi = [-1, -1]
  readonly #last = [0, 0]
  /** How often the number rose, each way. */
  readonly rises = [0, 0]

  /** Takes a datagram that went `way`. False where it is not what comes next there, nor the first of something new. */
  take({ bytes, offset, end, cut }: Packet, way: 0 | 1): boolean {
    if (!canBeEsp(bytes, offset, end, cut ? SHORTEST : end - offset)) return false
    const spi = uint32(bytes, offset)
    const sequence = uint32(bytes, offset + 4)
    if (this.#spi[way] === spi) {
      const step = sequence - this.#last[way]!
      if (step > STEP || step < -STEP) return false
      if (step > 0) {
        this.rises[way]!++
        this.#last[way] = sequence
      }
      return true
    }
    if (this.#spi[way] !== -1 && sequence > BEGINNING) return false
    this.#spi[way] = spi
    this.#last[way] = sequence
    return true
  }
}
