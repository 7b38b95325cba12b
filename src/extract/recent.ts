import type { Flow } from './flow.ts'

/** A power of two. */
const PLACES = 1024

/** Remembers what flows gave last, to tell a retransmission, or the same packet captured twice, from something new. */
export class Recent {
  readonly #prints = new Float64Array(PLACES).fill(Number.NaN)

  /** Whether this flow gave this 32-bit value lately; remembers that it did. */
  has({ addresses, sourcePort, destinationPort }: Flow, value: number): boolean {
    const mixed = Math.imul(addresses[3]! ^ Math.imul(addresses[7]!, 0x85ebca6b), 0x9e3779b1) ^ value
    const print = mixed * 0x100000 + ((sourcePort ^ (destinationPort << 4)) & 0xfffff)
    const place = mixed & (PLACES - 1)
    const repeated = this.#prints[place] === print
    this.#prints[place] = print
    return repeated
  }
}
