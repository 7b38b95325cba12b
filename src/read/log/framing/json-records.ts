import type { Chunks } from '../../../base/chunks.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Damage } from '../../../model/reader.ts'
import { ObjectScan } from './object-scan.ts'
import { breakOf, RECORD_LIMIT, type Records } from './records.ts'
import { beginText } from './text-beginning.ts'

const NEWLINE = 0x0a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d
const COMMA = 0x2c
const JOINT = Buffer.from('}{')
/** In place of a byte: what goes on is the rest of the objects around a list. */
const WITHIN_REST = -2

/**
 * Cuts a text into JSON objects: one a line, over many lines, side by side, the elements of a list, also of a list that
 * stands behind keys (`under`) in an object around it. What does not begin as an object is taken by lines. After damage
 * the next line that begins an object goes on (`json_damaged`); what is longer than a record is left out
 * (`record_too_long`).
 */
export class JsonRecords implements Records {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  number = 0
  damage: Damage | undefined = undefined
  unterminated = false
  readonly #chunks: Chunks
  readonly #oddities: Oddities
  readonly #under: readonly Uint8Array[]
  readonly #scan: ObjectScan
  /** The line on which the window's unread bytes begin. */
  #line = 1
  #begun = false
  /** Between the brackets of a list of records. */
  #isInList = false
  /** Objects around that list, whose rest is passed over when it ends. */
  #around = 0
  #mode: 'between' | 'object' | 'rest' | 'recovery' = 'between'
  /** How many unread bytes are known to hold no line end. */
  #searched = 0
  #joint = -1

  constructor(chunks: Chunks, oddities: Oddities, under: readonly string[] = []) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
    this.#under = under.map((key) => Uint8Array.from(Buffer.from(key, 'utf8')))
    this.#scan = new ObjectScan(chunks.bytes)
  }

  next(): boolean {
    const chunks = this.#chunks
    if (!this.#begun && !this.#begin()) return false
    while (chunks.start < chunks.end) {
      if (this.#mode === 'recovery') {
        if (!this.#recover()) break
      } else if (this.#mode === 'object') {
        const cut = this.#object()
        if (cut === 'record') return true
        if (cut === 'wait') break
      } else if (this.#mode === 'rest') {
        if (!this.#rest()) break
      } else {
        const first = this.#between()
        if (first === WITHIN_REST) continue
        if (first < 0) break
        if (first === OPEN) {
          const cut = this.#objectOfOneLine()
          if (cut === 'record') return true
          if (cut === 'wait') break
          this.#mode = 'object'
          this.#scan.begin(0)
        } else if (!this.#text()) break
        else if (this.#mode === 'between') return true
      }
    }
    return chunks.ended && this.#last()
  }

  async more(): Promise<boolean> {
    const chunks = this.#chunks
    if (this.damage !== undefined) return false
    this.#joint = -1
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

  /**
   * Passes over what stands between records; gives the first byte of one, -1 where there is none in the window, and
   * `WITHIN_REST` behind a list's end.
   */
  #between(): number {
    const chunks = this.#chunks
    const { bytes } = this
    let at = chunks.start
    while (at < chunks.end) {
      const byte = bytes[at]!
      if (byte === NEWLINE) this.#line++
      else if (byte === OPEN_LIST && !this.#isInList) {
        if (at + 1 === chunks.end && !chunks.ended) break
        if (at + 1 < chunks.end && isOfWord(bytes[at + 1]!)) {
          chunks.start = at
          this.number = this.#line
          return byte
        }
        this.#isInList = true
      } else if (byte === CLOSE_LIST && this.#isInList) {
        this.#isInList = false
        if (this.#around > 0) {
          chunks.start = at + 1
          this.#scan.begin(this.#around)
          this.#mode = 'rest'
          return WITHIN_REST
        }
      } else if (byte > 0x20 && byte !== COMMA) {
        chunks.start = at
        this.number = this.#line
        return byte
      }
      at++
    }
    chunks.start = at
    return -1
  }

  /** Takes an object that stands on a line of its own; any other is scanned, once the end of the line has come. */
  #objectOfOneLine(): 'record' | 'scan' | 'wait' {
    const chunks = this.#chunks
    const { bytes } = this
    if (this.#isInList || this.#under.length > 0) return 'scan'
    const found = Buffer.prototype.indexOf.call(bytes, NEWLINE, chunks.start + this.#searched)
    if (found < 0 || found >= chunks.end) {
      this.#searched = chunks.end - chunks.start
      const waits = !chunks.ended && this.#searched <= RECORD_LIMIT
      if (!waits) this.#searched = 0
      return waits ? 'wait' : 'scan'
    }
    this.#searched = 0
    if (found - chunks.start > RECORD_LIMIT) return 'scan'
    let end = found
    while (bytes[end - 1]! <= 0x20) end--
    if (bytes[end - 1] !== CLOSE || this.#jointFrom(chunks.start) < end) return 'scan'
    this.#take(chunks.start, end)
    return 'record'
  }

  /** Where two objects stand side by side, at or behind `start`; searched for once in a window. */
  #jointFrom(start: number): number {
    if (this.#joint < start) {
      const found = Buffer.prototype.indexOf.call(this.bytes, JOINT, start)
      this.#joint = found < 0 ? Number.POSITIVE_INFINITY : found
    }
    return this.#joint
  }

  /** Goes on with the object that begins at the front of the window. */
  #object(): 'record' | 'wait' | 'other' {
    const chunks = this.#chunks
    const scan = this.#scan
    const isOutermost = !this.#isInList
    const result = scan.run(chunks.start, chunks.end, isOutermost ? this.#under : NO_KEYS)
    if (result === 'whole' && scan.length <= RECORD_LIMIT) {
      const { start } = chunks
      this.#mode = 'between'
      this.#line += scan.newlines
      this.#take(start, start + scan.length)
      return 'record'
    }
    if (result === 'list') {
      this.#line += scan.newlines
      chunks.start += scan.length
      this.#isInList = true
      this.#around = scan.depth
      this.#mode = 'between'
      return 'other'
    }
    if (result === 'wait' && scan.length <= RECORD_LIMIT) return 'wait'
    this.#oddities.count(result === 'damaged' ? 'json_damaged' : 'record_too_long')
    this.#line += scan.newlines
    chunks.start += scan.length
    // Damage that is the beginning of a line's own object is where the next record begins.
    const goesOn = result === 'whole' || (result === 'damaged' && scan.isAtObject)
    this.#mode = goesOn ? 'between' : 'recovery'
    this.#searched = 0
    return 'other'
  }

  /** Passes over what stands behind the list in the objects around it; false where more must be read. */
  #rest(): boolean {
    const chunks = this.#chunks
    const scan = this.#scan
    const result = scan.run(chunks.start, chunks.end, NO_KEYS)
    this.#line += scan.newlines
    chunks.start += scan.length
    scan.forget()
    if (result === 'wait') return false
    this.#around = 0
    this.#mode = result === 'whole' ? 'between' : 'recovery'
    if (result !== 'whole') this.#oddities.count('json_damaged')
    return true
  }

  /** Moves to the next line that begins with an object; false where more must be read. */
  #recover(): boolean {
    const chunks = this.#chunks
    while (true) {
      const found = Buffer.prototype.indexOf.call(this.bytes, NEWLINE, chunks.start)
      if (found < 0 || found + 1 >= chunks.end) {
        // The newline itself stays, to be found again with what follows it.
        chunks.start = found >= 0 && found < chunks.end && !chunks.ended ? found : chunks.end
        return false
      }
      chunks.start = found + 1
      this.#line++
      if (this.bytes[found + 1] !== OPEN) continue
      this.#mode = 'between'
      this.#isInList = false
      this.#around = 0
      return true
    }
  }

  /** Takes a line that is no object; false where its end has not come. */
  #text(): boolean {
    const chunks = this.#chunks
    const found = Buffer.prototype.indexOf.call(this.bytes, NEWLINE, chunks.start + this.#searched)
    const isWhole = found >= 0 && found < chunks.end
    const length = (isWhole ? found : chunks.end) - chunks.start
    if (length > RECORD_LIMIT || this.#isInList) {
      this.#oddities.count(this.#isInList ? 'json_damaged' : 'record_too_long')
      this.#mode = 'recovery'
      return true
    }
    this.#searched = isWhole ? 0 : length
    if (!isWhole) return false
    this.#takeText(found)
    return true
  }

  #takeText(end: number): void {
    const { start } = this.#chunks
    let last = end
    while (last > start && this.bytes[last - 1]! <= 0x20) last--
    this.#take(start, last)
  }

  #take(start: number, end: number): void {
    this.start = start
    this.end = end
    this.#chunks.start = end
  }

  /** What is left at the end: a line without its newline, or an object that was cut. */
  #last(): boolean {
    const chunks = this.#chunks
    if (chunks.start === chunks.end) return false
    this.unterminated = true
    const isText = this.#mode === 'between' && chunks.failure === undefined
    if (isText) this.#takeText(chunks.end)
    else if (this.#mode === 'object') this.#oddities.count('json_cut')
    chunks.start = chunks.end
    return isText
  }
}

const NO_KEYS: readonly Uint8Array[] = []

/** What no list of objects begins with, but a line that has its time in brackets. */
function isOfWord(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
}
