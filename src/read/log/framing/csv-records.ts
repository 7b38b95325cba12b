import type { Chunks } from '../../../base/chunks.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Damage } from '../../../model/reader.ts'
import { breakOf, RECORD_LIMIT, type Records } from './records.ts'
import { beginText } from './text-beginning.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22

/** A field in quotes spans no more; else a quote that is never closed would swallow the file. */
const SPAN_LIMIT = 64 * 1024
const SPAN_LINES = 100

/**
 * Cuts a text into rows (RFC 4180): a field in quotes may hold line ends, up to 64 KiB or 100 lines and only where a
 * delimiter or a line end follows its last quote. Any other quote is a character, the row ends with its line, and
 * `csv_quote_unbalanced` is counted.
 */
export class CsvRecords implements Records {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  number = 0
  damage: Damage | undefined = undefined
  unterminated = false
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  readonly #delimiters = new Uint8Array(256)
  #line = 1
  #begun = false
  #skipping = false
  /** From the beginning of the row: what was seen. */
  #seen = 0
  #isQuoted = false
  /** Behind a quote that may be the field's last, or the first of two. */
  #isClosing = false
  #isAtFieldStart = true
  /** Where the first line of the row ends that a quoted field ran over; -1 where none did. */
  #firstEnd = -1
  #quoteAt = 0
  #lines = 0

  constructor(chunks: Chunks, oddities: Oddities, delimiters: string) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
    for (const delimiter of Buffer.from(delimiters, 'latin1')) this.#delimiters[delimiter] = 1
  }

  next(): boolean {
    const chunks = this.#chunks
    if (!this.#begun && !this.#begin()) return false
    while (chunks.start < chunks.end) {
      const end = this.#rowEnd()
      if (end < 0) break
      if (this.#take(end, end - chunks.start + 1)) return true
    }
    return chunks.ended && this.#last()
  }

  async more(): Promise<boolean> {
    const chunks = this.#chunks
    if (this.damage !== undefined) return false
    if (chunks.end - chunks.start > RECORD_LIMIT) {
      if (!this.#skipping) this.#oddities.count('record_too_long')
      this.#skipping = true
      chunks.start = chunks.end
      this.#forget()
    }
    if (await chunks.more()) return true
    this.damage = breakOf(chunks)
    return chunks.end > chunks.start
  }

  #begin(): boolean {
    const beginning = beginText(this.#chunks)
    if (beginning === 'wait') return false
    if (beginning !== 'text') this.damage = beginning
    this.#begun = beginning === 'text'
    return this.#begun
  }

  /** Where the newline stands that ends the row; -1 where it has not come. */
  #rowEnd(): number {
    const { bytes } = this
    const { start, end } = this.#chunks
    for (let at = start + this.#seen; at < end; at++) {
      const byte = bytes[at]!
      if (this.#isQuoted) {
        const literal = this.#quoted(byte, at - start)
        if (literal >= 0) return start + literal
        continue
      }
      if (byte === NEWLINE) return at
      if (byte === QUOTE && this.#isAtFieldStart && !this.#skipping) {
        this.#isQuoted = true
        this.#isClosing = false
        this.#quoteAt = at - start
        this.#lines = 0
        this.#firstEnd = -1
      } else if (byte !== SPACE) this.#isAtFieldStart = this.#delimiters[byte] === 1
    }
    this.#seen = end - start
    return -1
  }

  /** One byte of a field in quotes; where the row's line ends if the quote turns out to be none, else -1. */
  #quoted(byte: number, at: number): number {
    if (this.#isClosing) {
      if (byte === QUOTE) {
        this.#isClosing = false
        return -1
      }
      if (byte === SPACE || byte === CARRIAGE_RETURN) return -1
      if (byte === NEWLINE || this.#delimiters[byte] === 1) {
        this.#isQuoted = false
        this.#isAtFieldStart = true
        return byte === NEWLINE ? at : -1
      }
      if (this.#firstEnd >= 0) return this.#unbalanced()
      // Within one line a quote in the middle of a field does no harm.
      this.#isQuoted = false
      this.#isAtFieldStart = false
      return -1
    }
    if (byte === QUOTE) this.#isClosing = true
    else if (byte === NEWLINE) {
      if (this.#firstEnd < 0) this.#firstEnd = at
      if (++this.#lines > SPAN_LINES) return this.#unbalanced()
    }
    return this.#firstEnd >= 0 && at - this.#quoteAt > SPAN_LIMIT ? this.#unbalanced() : -1
  }

  #unbalanced(): number {
    this.#oddities.count('csv_quote_unbalanced')
    return this.#firstEnd
  }

  #forget(): void {
    this.#seen = 0
    this.#isQuoted = false
    this.#isClosing = false
    this.#isAtFieldStart = true
    this.#firstEnd = -1
  }

  /** Makes the row the current one; false where it is too long. */
  #take(end: number, consumed: number): boolean {
    const chunks = this.#chunks
    const { start } = chunks
    const skipping = this.#skipping
    this.#skipping = false
    this.number = this.#line
    this.#line++
    for (let at = start; at < end; at++) if (this.bytes[at] === NEWLINE) this.#line++
    chunks.start = Math.min(chunks.end, start + consumed)
    this.#forget()
    if (skipping) return false
    if (end - start > RECORD_LIMIT) {
      this.#oddities.count('record_too_long')
      return false
    }
    this.start = start
    this.end = end > start && this.bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    return true
  }

  /** What is left at the end; with a quote that was not closed, line by line. */
  #last(): boolean {
    const chunks = this.#chunks
    while (chunks.start < chunks.end) {
      this.unterminated = true
      if (chunks.failure !== undefined) {
        this.#oddities.count('line_cut')
        chunks.start = chunks.end
        return false
      }
      if (this.#isQuoted && !this.#isClosing && this.#firstEnd >= 0) {
        this.#oddities.count('csv_quote_unbalanced')
        const end = chunks.start + this.#firstEnd
        if (this.#take(end, this.#firstEnd + 1)) return true
        continue
      }
      const end = this.#rowEnd()
      if (end >= 0) {
        if (this.#take(end, end - chunks.start + 1)) return true
      } else if (!this.#isQuoted || this.#isClosing || this.#firstEnd < 0) {
        if (this.#take(chunks.end, chunks.end - chunks.start)) return true
      }
    }
    return false
  }
}
