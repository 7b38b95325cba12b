import { MICROS_PER_SECOND, type Micros } from '../base/time.ts'

/** Addresses of clients that are remembered; a newcomer takes the place of an older one. */
const PLACE_BITS = 16
/** A place is two words: what tells it from others, and the second until which it holds. */
const PLACE = 2

/** Until when clients were told addresses for names that no signature matches: by hashes, without text, in 512 KiB. */
export class UnmatchedAnswers {
  readonly #places = new Uint32Array(PLACE << PLACE_BITS)
  #place = 0
  #check = 0

  /** Client and address are four words at an index of an array each. */
  add(clients: Uint32Array, client: number, addresses: Uint32Array, address: number, until: Micros): void {
    const seconds = Math.ceil(until / MICROS_PER_SECOND)
    const known = this.until(clients, client, addresses, address) / MICROS_PER_SECOND
    this.#places[this.#place] = this.#check
    this.#places[this.#place + 1] = Math.max(seconds, known)
  }

  /** -1 where it was told none, or that is forgotten. */
  until(clients: Uint32Array, client: number, addresses: Uint32Array, address: number): Micros {
    let first = 0x9e3779b1
    let second = 0x85ebca6b
    for (let w = 0; w < 4; w++) {
      first = Math.imul(first ^ clients[client + w]!, 0xc2b2ae35) ^ addresses[address + w]!
      first = Math.imul(first ^ (first >>> 15), 0x27d4eb2f)
      second = Math.imul(second ^ addresses[address + w]!, 0x165667b1) ^ clients[client + w]!
      second = Math.imul(second ^ (second >>> 13), 0x2c1b3c6d)
    }
    this.#place = ((first ^ (first >>> 16)) >>> (32 - PLACE_BITS)) * PLACE
    this.#check = (second ^ (second >>> 16) ^ 1) >>> 0
    const isKnown = this.#places[this.#place] === this.#check && this.#places[this.#place + 1] !== 0
    return isKnown ? this.#places[this.#place + 1]! * MICROS_PER_SECOND : -1
  }
}
