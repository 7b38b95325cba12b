import { NAME_LIMIT } from '../base/name.ts'
import { decodeHuffman } from './huffman.ts'

/** Index of `:authority` in the static table (RFC 7541 appendix A). */
const STATIC_AUTHORITY = 1
const AUTHORITY = ':authority'
/** RFC 7541 §5.1 sets no limit; larger numbers than this stand for nothing in a header. */
const INTEGER_LIMIT = 1 << 24

/**
 * Finds `:authority` in the first header block of a connection (RFC 7541 §6): the static table and literals say all
 * that can be said of it there. One object is used again and again.
 */
export class FirstAuthority {
  /** After `find` said true: where the authority stands, `text[0…length)`. */
  readonly text = new Uint8Array(NAME_LIMIT + 8)
  length = 0
  readonly #scratch = new Uint8Array(AUTHORITY.length)
  #at = 0
  #stringStart = 0
  #stringEnd = 0
  #huffman = false

  /** False where the block has none, or breaks off or is damaged before it, or it is longer than any host. */
  find(bytes: Uint8Array, start: number, end: number): boolean {
    this.#at = start
    while (this.#at < end) {
      const head = bytes[this.#at]!
      if (head >= 0x80) {
        if (this.#integer(bytes, end, 7) < 0) return false
        continue
      }
      if (head >= 0x20 && head < 0x40) {
        if (this.#integer(bytes, end, 5) < 0) return false
        continue
      }
      const name = this.#integer(bytes, end, head >= 0x40 ? 6 : 4)
      if (name < 0) return false
      let wanted = name === STATIC_AUTHORITY
      if (name === 0) {
        if (!this.#string(bytes, end)) return false
        wanted = this.#isAuthority(bytes)
      }
      if (!this.#string(bytes, end)) return false
      if (!wanted) continue
      this.length = this.#copy(bytes, this.text)
      return this.length >= 0
    }
    return false
  }

  #isAuthority(bytes: Uint8Array): boolean {
    const length = this.#copy(bytes, this.#scratch)
    if (length !== AUTHORITY.length) return false
    for (let i = 0; i < length; i++) if (this.#scratch[i] !== AUTHORITY.charCodeAt(i)) return false
    return true
  }

  /** The length of the string, decoded into `into`; -1 where it does not fit or is damaged. */
  #copy(bytes: Uint8Array, into: Uint8Array): number {
    if (this.#huffman) return decodeHuffman(bytes, this.#stringStart, this.#stringEnd, into)
    const length = this.#stringEnd - this.#stringStart
    if (length > into.length) return -1
    for (let i = 0; i < length; i++) into[i] = bytes[this.#stringStart + i]!
    return length
  }

  /**
   * A number whose first `bits` bits end the byte it begins in (RFC 7541 §5.1); -1 where it breaks off or is too large.
   */
  #integer(bytes: Uint8Array, end: number, bits: number): number {
    const most = (1 << bits) - 1
    let value = bytes[this.#at++]! & most
    if (value < most) return value
    for (let shift = 0; shift <= 21 && this.#at < end; shift += 7) {
      const byte = bytes[this.#at++]!
      value += (byte & 0x7f) << shift
      if (byte < 0x80) return value < INTEGER_LIMIT ? value : -1
    }
    return -1
  }

  #string(bytes: Uint8Array, end: number): boolean {
    if (this.#at >= end) return false
    this.#huffman = bytes[this.#at]! >= 0x80
    const length = this.#integer(bytes, end, 7)
    if (length < 0 || length > end - this.#at) return false
    this.#stringStart = this.#at
    this.#stringEnd = this.#at + length
    this.#at += length
    return true
  }
}
