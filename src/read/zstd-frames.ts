import { uint32le } from '../base/bytes.ts'

const SKIPPABLE = 0x184d2a50
const BLOCK_RLE = 1

type Part = 'magic' | 'descriptor' | 'header' | 'skippable' | 'block' | 'body' | 'checksum'

/**
 * Walks over the frames of a Zstandard stream (RFC 8878 §3.1) without unpacking them, to tell whether it ends where a
 * frame does: not every version of Node says so.
 */
export class ZstdFrames {
  #part: Part = 'magic'
  /** Bytes of the part that are to come. */
  #left = 4
  /** The last four bytes of what the part had so far. */
  readonly #seen = new Uint8Array(4)
  #checksum = false
  #lastBlock = false

  /** Takes the next bytes of the stream. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(this.#left, bytes.length - at)
      if (this.#part !== 'body' && this.#part !== 'header') {
        for (let i = 0; i < count; i++) this.#seen[4 - this.#left + i] = bytes[at + i]!
      }
      at += count
      this.#left -= count
      // A part may be empty, such as the body of an empty block.
      while (this.#left === 0) this.#next()
    }
  }

  /** Whether the stream may end here. */
  get complete(): boolean {
    return this.#part === 'magic' && this.#left === 4
  }

  #expect(part: Part, length: number): void {
    this.#part = part
    this.#left = length
  }

  #next(): void {
    // Short parts were put at the end of the four bytes.
    const value = uint32le(this.#seen, 0)
    switch (this.#part) {
      case 'magic':
        if ((value & 0xfffffff0) >>> 0 === SKIPPABLE) this.#expect('skippable', 4)
        else this.#expect('descriptor', 1)
        return
      case 'skippable':
        if (value === 0) this.#expect('magic', 4)
        else {
          this.#lastBlock = true
          this.#checksum = false
          this.#expect('body', value)
        }
        return
      case 'descriptor': {
        const descriptor = value >>> 24
        const single = (descriptor & 0x20) !== 0
        this.#checksum = (descriptor & 0x04) !== 0
        const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!
        const dictionary = [0, 1, 2, 4][descriptor & 3]!
        const header = (single ? 0 : 1) + dictionary + size
        this.#expect('header', header)
        return
      }
      case 'header':
        this.#expect('block', 3)
        return
      case 'block': {
        const block = value >>> 8
        this.#lastBlock = (block & 1) !== 0
        this.#expect('body', ((block >> 1) & 3) === BLOCK_RLE ? 1 : block >>> 3)
        return
      }
      case 'body':
        if (!this.#lastBlock) this.#expect('block', 3)
        else if (this.#checksum) this.#expect('checksum', 4)
        else this.#expect('magic', 4)
        return
      case 'checksum':
        this.#expect('magic', 4)
    }
  }
}
