import { bytesFrom, type Opener, type OpenerState } from './opener.ts'

const ANY = bytesFrom(0, 255)

/**
 * Finds the opener of a stream. The first three bytes turn away all but a few, so that a segment costs next to nothing.
 * It has room for 32 openers: each is a bit of a number.
 */
export class OpenerTable {
  /** What `find` said of the opener that it gave. */
  state: OpenerState = 'none'
  readonly #openers: readonly Opener[]
  /**
   * Which openers have a byte as their first, as their second and as their third: small enough to stay in the nearest
   * cache.
   */
  readonly #first = new Int32Array(256)
  readonly #second = new Int32Array(256)
  readonly #third = new Int32Array(256)

  constructor(openers: readonly Opener[]) {
    this.#openers = openers
    openers.forEach(({ first, second, third }, i) => {
      for (const byte of first) this.#first[byte]! |= 1 << i
      for (const byte of second) this.#second[byte]! |= 1 << i
      for (const byte of third ?? ANY) this.#third[byte]! |= 1 << i
    })
  }

  /**
   * The first opener that claims what stands in `bytes[start…end)`, one byte or more; `state` says how much is there.
   */
  find(bytes: Uint8Array, start: number, end: number, looked: number): Opener | undefined {
    let bits = this.#first[bytes[start]!]!
    if (end - start > 1) bits &= this.#second[bytes[start + 1]!]!
    if (bits !== 0 && end - start > 2) bits &= this.#third[bytes[start + 2]!]!
    return bits === 0 ? undefined : this.#findAmong(bits, bytes, start, end, looked)
  }

  #findAmong(bits: number, bytes: Uint8Array, start: number, end: number, looked: number): Opener | undefined {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const opener = this.#openers[31 - Math.clz32(rest & -rest)]!
      this.state = opener.find(bytes, start, end, looked)
      if (this.state !== 'none') return opener
    }
    return undefined
  }
}
