import type { Chunks } from '../../../base/chunks.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Damage } from '../../../model/reader.ts'
import { breakOf, RECORD_LIMIT, type Records } from './records.ts'
import { beginText } from './text-beginning.ts'

const NEWLINE = 0x0a
const SPACE = 0x20
const MORE_THAN = 0x3e

/**
 * Cuts a text into XML elements of one name, whatever stands around them, over lines or side by side. One that another
 * begins in was cut (`xml_damaged`), and so was one that the text ends in (`xml_cut`); longer ones than a record are left
 * out (`record_too_long`).
 */
export class ElementRecords implements Records {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  number = 0
  damage: Damage | undefined = undefined
  unterminated = false
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  readonly #open: Buffer
  readonly #close: Buffer
  #begun = false
  /** The line on which the window's unread bytes begin. */
  #line = 1
  /** The window's unread bytes begin with the element. */
  #isInside = false
  /** How many unread bytes are known to hold neither an end nor a further beginning. */
  #searched = 0

  constructor(chunks: Chunks, oddities: Oddities, name: string) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
    this.#open = Buffer.from(`<${name}`)
    this.#close = Buffer.from(`</${name}>`)
  }

  next(): boolean {
    if (!this.#begun && !this.#begin()) return false
    while (this.#isInside || this.#find()) {
      const cut = this.#cut()
      if (cut === 'record') return true
      if (cut === 'wait') break
    }
    if (this.#chunks.ended && this.#isInside) {
      this.#oddities.count('xml_cut')
      this.unterminated = true
      this.#isInside = false
      this.#chunks.start = this.#chunks.end
    }
    return false
  }

  async more(): Promise<boolean> {
    const chunks = this.#chunks
    if (this.damage !== undefined) return false
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

  /** Moves to the next beginning of an element; false where there is none in the window. */
  #find(): boolean {
    const chunks = this.#chunks
    const found = this.#nextOpening(chunks.start)
    // What may be the beginning of a beginning stays.
    this.#pass(found >= 0 ? found : Math.max(chunks.start, chunks.end - this.#open.length))
    if (found < 0 && chunks.ended) chunks.start = chunks.end
    this.#isInside = found >= 0
    this.#searched = this.#open.length
    return this.#isInside
  }

  /** Takes the element that the window begins with. */
  #cut(): 'record' | 'wait' | 'other' {
    const chunks = this.#chunks
    const { start, end } = chunks
    const from = start + this.#searched
    const close = Buffer.prototype.indexOf.call(this.bytes, this.#close, from)
    const isWhole = close >= 0 && close + this.#close.length <= end
    const again = this.#nextOpening(from)
    if (again >= 0 && (!isWhole || again < close)) return this.#leave('xml_damaged', again)
    const length = (isWhole ? close + this.#close.length : end) - start
    if (length > RECORD_LIMIT) return this.#leave('record_too_long', start + length)
    if (!isWhole) {
      this.#searched = Math.max(this.#open.length, length - this.#close.length)
      return 'wait'
    }
    this.start = start
    this.end = start + length
    this.number = this.#line
    this.#pass(this.end)
    this.#isInside = false
    return 'record'
  }

  #leave(oddity: string, at: number): 'other' {
    this.#oddities.count(oddity)
    this.#pass(at)
    this.#isInside = false
    return 'other'
  }

  /** Where an element begins, its name not the beginning of a longer one; -1 where none does in the window. */
  #nextOpening(from: number): number {
    const { end } = this.#chunks
    let at = from
    while (true) {
      at = Buffer.prototype.indexOf.call(this.bytes, this.#open, at)
      const behind = at + this.#open.length
      if (at < 0 || behind >= end) return -1
      if (this.bytes[behind]! <= SPACE || this.bytes[behind] === MORE_THAN) return at
      at = behind
    }
  }

  /** Consumes the window up to a place, and counts its lines. */
  #pass(to: number): void {
    const chunks = this.#chunks
    for (let at = chunks.start; at < to; at++) if (this.bytes[at] === NEWLINE) this.#line++
    chunks.start = to
  }
}
