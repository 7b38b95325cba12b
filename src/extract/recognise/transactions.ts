import { uint16, uint32 } from '../../base/bytes.ts'

/** Transactions of a flow that are awaited at a time: some ask several servers, or one several times. */
const PLACES = 4
/** Type, direction and the four words of the transaction id, the cookie included. */
const WORDS = 6

/** Remembers what was asked last, to tell an answer: the same transaction id in the other direction (RFC 8489 §5). */
export class Transactions {
  readonly #words = new Uint32Array(WORDS * PLACES)
  #next = 0

  /** Whether the STUN message at `start` answers one before; else it is remembered. */
  answers(bytes: Uint8Array, start: number, way: 0 | 1): boolean {
    const words = this.#words
    for (let at = 0; at < words.length; at += WORDS) {
      // The same type too is what only echoes.
      if (words[at] === 2 - way && words[at + 1] !== uint16(bytes, start) && this.#same(at, bytes, start)) return true
    }
    const at = this.#next
    words[at] = 1 + way
    words[at + 1] = uint16(bytes, start)
    for (let w = 0; w < 4; w++) words[at + 2 + w] = uint32(bytes, start + 4 + 4 * w)
    this.#next = (at + WORDS) % words.length
    return false
  }

  #same(at: number, bytes: Uint8Array, start: number): boolean {
    for (let w = 0; w < 4; w++) if (this.#words[at + 2 + w] !== uint32(bytes, start + 4 + 4 * w)) return false
    return true
  }
}
