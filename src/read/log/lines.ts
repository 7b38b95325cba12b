import type { Chunks } from '../../base/chunks.ts'
import { messageOf } from '../../base/errors.ts'
import type { Oddities } from '../../base/oddities.ts'
import type { Damage } from '../../model/reader.ts'

/** Longer lines are no log record of any product; they are skipped and counted as `line_too_long`. */
export const LINE_LIMIT = 256 * 1024

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Cuts a text into lines, each whole in the window. `next` never waits: it sets `start…end` (in `bytes`, without CR and
 * LF) and `number`, valid until the next `more()`, and says true; false means that more must be read. `more` says false
 * at the end. A UTF-8 byte order mark is skipped; UTF-16 is `damage`, as any reading of it would be a misreading.
 */
export class Lines {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  /** 1 for the first line; lines that were skipped count as well. */
  number = 0
  damage: Damage | undefined = undefined
  /** The text ended without a newline: the last line may have been cut. */
  unterminated = false
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  /** How many unread bytes are known to hold no newline. */
  #searched = 0
  /** In the middle of a line that is too long. */
  #skipping = false

  constructor(chunks: Chunks, oddities: Oddities) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
  }

  next(): boolean {
    const chunks = this.#chunks
    if (chunks.position === 0 && !this.#begin()) return false
    while (chunks.start < chunks.end) {
      // Behind `end` stand bytes of an earlier window: what is found there is not found.
      const found = Buffer.prototype.indexOf.call(this.bytes, NEWLINE, chunks.start + this.#searched)
      if (found < 0 || found >= chunks.end) break
      const start = chunks.start
      chunks.start = found + 1
      if (this.#take(start, found)) return true
    }
    this.#searched = chunks.end - chunks.start
    return chunks.ended && this.#last()
  }

  async more(): Promise<boolean> {
    const chunks = this.#chunks
    if (this.damage !== undefined) return false
    if (chunks.end - chunks.start > LINE_LIMIT || chunks.end - chunks.start === this.bytes.length) {
      if (!this.#skipping) this.#oddities.count('line_too_long')
      this.#skipping = true
      chunks.start = chunks.end
      this.#searched = 0
    }
    if (await chunks.more()) return true
    if (chunks.failure !== undefined) {
      this.damage = { reason: 'broke_off', offset: chunks.position, detail: messageOf(chunks.failure) }
    }
    return chunks.end > chunks.start || this.#skipping
  }

  /** Deals with a byte order mark; false where more must be read to see one, or where nothing can be read. */
  #begin(): boolean {
    const { bytes, start, end, ended } = this.#chunks
    if (end - start < 3 && end < bytes.length && !ended) return false
    const first = end - start >= 2 ? (bytes[start]! << 8) | bytes[start + 1]! : 0
    if (first === 0xfffe || first === 0xfeff) {
      this.damage = { reason: 'utf16_text', offset: 0, detail: 'convert it to UTF-8' }
      return false
    }
    if (first === 0xefbb && end - start >= 3 && bytes[start + 2] === 0xbf) this.#chunks.start += 3
    return true
  }

  /** Makes `start…end` the current line; false where it is too long. */
  #take(start: number, end: number): boolean {
    const skipping = this.#skipping
    this.#skipping = false
    this.#searched = 0
    this.number++
    if (skipping) return false
    if (end - start > LINE_LIMIT) {
      this.#oddities.count('line_too_long')
      return false
    }
    this.start = start
    this.end = end > start && this.bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    return true
  }

  /** What is left at the end: a line without newline, or, where the stream broke off, a piece that would be misread. */
  #last(): boolean {
    const chunks = this.#chunks
    const { start, end } = chunks
    if (start === end && !this.#skipping) return false
    this.unterminated = true
    chunks.start = end
    if (chunks.failure === undefined) return this.#take(start, end)
    this.#skipping = false
    this.#oddities.count('line_cut')
    return false
  }
}
