import type { Chunks } from '../../../base/chunks.ts'
import type { HostPlace, LineScan } from '../../../base/line-scan/line-scan.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Damage } from '../../../model/reader.ts'
import { breakOf, RECORD_LIMIT, type Records } from './records.ts'
import { beginText } from './text-beginning.ts'

/** Longer lines are skipped and counted as `line_too_long`. */
export const LINE_LIMIT = RECORD_LIMIT

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
/** Digits of a message's length. */
const COUNT_LIMIT = 6

/**
 * Cuts a text into lines, each whole in the window. `next` never waits: it sets `start…end` (in `bytes`, without CR and
 * LF) and `number`, valid until the next `more()`, and says true; false means that more must be read. `more` says false
 * at the end. A UTF-8 byte order mark is skipped; UTF-16 is `damage`, as any reading of it would be a misreading. Where
 * the text begins with a syslog message that tells its length (`123 <134>…`), messages are cut by their lengths.
 */
export class Lines implements Records {
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
  /** The first message told its length. */
  #isCounted = false
  /** In the middle of a line that is too long. */
  #skipping = false
  readonly #limit: number
  /** What of the stream was loaded for passing over lines. */
  #loadedFrom = 0
  #loadedTo = 0
  /** Come to the limit. */
  #done = false

  /** @param limit the position in the stream from which lines that begin there are not read. */
  constructor(chunks: Chunks, oddities: Oddities, limit = Number.POSITIVE_INFINITY) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
    this.#limit = limit
  }

  /** Whether messages tell their length. */
  get isCounted(): boolean {
    return this.#isCounted
  }

  pass(place: HostPlace, scan: LineScan): number {
    const chunks = this.#chunks
    const { position, start } = chunks
    // Not before the text has begun, nor in the middle of a line.
    if (position === 0 || this.#skipping || this.#isCounted) return 0
    if (position < this.#loadedFrom || position >= this.#loadedTo) {
      this.#loadedFrom = position
      this.#loadedTo = position + scan.load(chunks.bytes, start, chunks.end)
    }
    const at = position - this.#loadedFrom
    scan.pass(place, at, this.#loadedTo - this.#loadedFrom, this.#limit - this.#loadedFrom, LINE_LIMIT)
    const { passed } = scan
    if (passed === 0) return 0
    chunks.start = start + scan.stop - at
    this.number += passed
    this.#searched = 0
    return passed
  }

  next(): boolean {
    const chunks = this.#chunks
    if (chunks.position === 0 && !this.#begin()) return false
    while (chunks.start < chunks.end) {
      if (chunks.position >= this.#limit && !this.#skipping) {
        this.#done = true
        return false
      }
      if (this.#isCounted && !this.#skipping) {
        const counted = this.#counted()
        if (counted === 'message') return true
        if (counted === 'wait') return chunks.ended && this.#last()
      }
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
    if (this.damage !== undefined || this.#done) return false
    if (chunks.end - chunks.start > LINE_LIMIT || chunks.end - chunks.start === this.bytes.length) {
      if (!this.#skipping) this.#oddities.count('line_too_long')
      this.#skipping = true
      chunks.start = chunks.end
      this.#searched = 0
    }
    if (await chunks.more()) return true
    this.damage = breakOf(chunks)
    return chunks.end > chunks.start || this.#skipping
  }

  /** False where more must be read to see how the text begins, or where nothing can be read. */
  #begin(): boolean {
    const beginning = beginText(this.#chunks)
    if (beginning === 'wait') return false
    if (beginning === 'text') return this.#countsOctets()
    this.damage = beginning
    return false
  }

  /** Sees whether the messages tell their length; false where more must be read for it. */
  #countsOctets(): boolean {
    const { bytes, start, end, ended } = this.#chunks
    const length = countLength(bytes, start, end)
    if (length === 0 && end - start < COUNT_LIMIT + 6 && !ended && isDigits(bytes, start, end)) return false
    this.#isCounted = length > 0
    return true
  }

  /**
   * Takes a message that tells its length (RFC 6587 §3.4.1); one that does not, or with a length that cannot be, is a line.
   * `wait` where more must be read.
   */
  #counted(): 'message' | 'line' | 'wait' {
    const chunks = this.#chunks
    const { bytes, end } = chunks
    let start = chunks.start
    while (start < end && (bytes[start] === NEWLINE || bytes[start] === CARRIAGE_RETURN)) start++
    chunks.start = start
    if (start === end) return 'wait'
    const digits = countLength(bytes, start, end)
    if (digits === 0) return end - start < COUNT_LIMIT + 6 && !chunks.ended ? 'wait' : 'line'
    let length = 0
    for (let i = start; i < start + digits; i++) length = length * 10 + bytes[i]! - 0x30
    const from = start + digits + 1
    if (length > LINE_LIMIT) return 'line'
    if (from + length > end) return chunks.ended ? 'line' : 'wait'
    chunks.start = from + length
    let to = chunks.start
    while (to > from && (bytes[to - 1] === NEWLINE || bytes[to - 1] === CARRIAGE_RETURN)) to--
    this.start = from
    this.end = to
    this.number++
    this.#searched = 0
    return 'message'
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

/** How many digits `123 <134>` begins with; 0 where it is not that. */
function countLength(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && at - start < COUNT_LIMIT && isDigit(bytes[at]!)) at++
  const digits = at - start
  if (digits === 0 || bytes[start] === 0x30 || at + 3 >= end || bytes[at] !== 0x20 || bytes[at + 1] !== 0x3c) return 0
  at += 2
  const priority = at
  while (at < end && at - priority < 3 && isDigit(bytes[at]!)) at++
  return at > priority && at < end && bytes[at] === 0x3e ? digits : 0
}

function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && isDigit(bytes[at]!)) at++
  return at > start && (at === end || bytes[at] === 0x20)
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
