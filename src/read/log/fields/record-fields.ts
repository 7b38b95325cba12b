import { latin1 } from '../../../base/bytes.ts'
import type { RecordResult } from '../../../model/reader.ts'

/** Between the values of a field that holds a list. No value holds one: such values are left out. */
export const LIST_SEPARATOR = 0x0a

/** Values of lists in one record; those beyond are dropped. */
const LIST_LIMIT = 4096

/** Cuts one record into fields: `skip` for what holds none (a header, a comment, an empty line). */
export interface FieldParser {
  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult
  /** The header that rows are read by, as a text; no such method where there is none. */
  readonly header?: () => string
}

/**
 * The wanted fields of one record by their index in the list of wanted names, however it was written:
 * `bytes[starts[i]…ends[i])`, an empty range where the field is unset, empty or missing. Nothing is copied but what had
 * to be decoded; then the whole record is, so that all ranges stay within one array.
 */
export class RecordFields {
  /** The record's own bytes, or this view's copy of them with what was decoded behind. */
  bytes: Uint8Array = new Uint8Array(0)
  /** Values of this record's lists that were left out, because there are too many. */
  dropped = 0
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly #count: number
  /** The record as `begin` was given it. */
  #start = 0
  #end = 0
  /** How far ranges of the record stand further in the front since it was copied. */
  #shift = 0
  #scratch: Uint8Array = new Uint8Array(0)
  #isCopied = false
  /** Where in the scratch the next decoded byte goes. */
  #top = 0
  #listed = 0
  // Made when the first list is met: most formats have none.
  #listFields = new Int16Array(0)
  #listStarts = new Int32Array(0)
  #listEnds = new Int32Array(0)
  /** How many values each field's list has. */
  readonly #listCounts: Int32Array

  constructor(count: number) {
    this.#count = count
    this.starts = new Int32Array(count)
    this.ends = new Int32Array(count)
    this.#listCounts = new Int32Array(count)
  }

  /** Forgets the record before: every field is unset. All that follows is about `bytes[start…end)`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.#start = start
    this.#end = end
    this.#shift = 0
    this.#isCopied = false
    if (this.#listed > 0) this.#listCounts.fill(0)
    this.#listed = 0
    this.dropped = 0
    const { starts, ends } = this
    for (let i = 0; i < this.#count; i++) {
      starts[i] = 0
      ends[i] = 0
    }
  }

  isSet(field: number): boolean {
    return this.starts[field]! < this.ends[field]!
  }

  /** Whether the record has the field at all, with a value or without. */
  isThere(field: number): boolean {
    return this.ends[field]! > 0
  }

  /** Of one character a byte; '' where the field is unset. */
  text(field: number): string {
    return latin1(this.bytes, this.starts[field]!, this.ends[field]!)
  }

  /** Sets a field to a range of the record, by its place in the record's own bytes. */
  set(field: number, start: number, end: number): void {
    this.starts[field] = start - this.#shift
    this.ends[field] = end - this.#shift
  }

  unset(field: number): void {
    this.starts[field] = 0
    this.ends[field] = 0
  }

  /** Begins a decoded value, of at most `length` bytes; gives where it begins. `put` adds bytes, `setDecoded` ends it. */
  decode(length: number): number {
    if (!this.#isCopied) this.#copy()
    if (this.#top + length > this.#scratch.length) this.#grow(this.#top + length)
    return this.#top
  }

  put(byte: number): void {
    this.#scratch[this.#top++] = byte
  }

  /** Makes what was put since `decode` gave `from` the value of a field. */
  setDecoded(field: number, from: number): void {
    this.starts[field] = from
    this.ends[field] = this.#top
  }

  /** Adds a range of the record to a field's list. */
  add(field: number, start: number, end: number): void {
    this.#add(field, start - this.#shift, end - this.#shift)
  }

  addDecoded(field: number, from: number): void {
    this.#add(field, from, this.#top)
  }

  /** Fills a field's list with empty values up to a length, so that lists of one array stay in step. */
  pad(field: number, count: number): void {
    while (this.#listCounts[field]! < count && this.#listed < LIST_LIMIT) this.#add(field, 0, 0)
  }

  /** Joins the lists: to be called once, when the record has been read. */
  join(): void {
    if (this.#listed === 0) return
    for (let field = 0; field < this.#count; field++) {
      if (this.#listCounts[field]! > 0) this.#join(field)
    }
  }

  #join(field: number): void {
    let length = 0
    for (let i = 0; i < this.#listed; i++) {
      if (this.#listFields[i] === field) length += this.#listEnds[i]! - this.#listStarts[i]! + 1
    }
    const from = this.decode(length)
    let first = true
    for (let i = 0; i < this.#listed; i++) {
      if (this.#listFields[i] !== field) continue
      if (!first) this.put(LIST_SEPARATOR)
      first = false
      // A value with a separator in it would pass for two.
      const start = this.#listStarts[i]!
      const end = this.#listEnds[i]!
      let at = start
      while (at < end && this.#scratch[at] !== LIST_SEPARATOR) at++
      if (at === end) for (at = start; at < end; at++) this.put(this.#scratch[at]!)
    }
    this.setDecoded(field, from)
  }

  #add(field: number, start: number, end: number): void {
    if (this.#listed === LIST_LIMIT) {
      this.dropped++
      return
    }
    if (this.#listFields.length === 0) {
      this.#listFields = new Int16Array(LIST_LIMIT)
      this.#listStarts = new Int32Array(LIST_LIMIT)
      this.#listEnds = new Int32Array(LIST_LIMIT)
    }
    this.#listFields[this.#listed] = field
    this.#listStarts[this.#listed] = start
    this.#listEnds[this.#listed] = end
    this.#listed++
    this.#listCounts[field]!++
  }

  /** Copies the record to the front of the scratch, and moves all ranges with it. */
  #copy(): void {
    const length = this.#end - this.#start
    if (2 * length > this.#scratch.length) this.#scratch = new Uint8Array(4 * length + 1024)
    const scratch = this.#scratch
    scratch.set(this.bytes.subarray(this.#start, this.#end), 0)
    for (let i = 0; i < this.#count; i++) {
      if (this.starts[i]! === this.ends[i]!) continue
      this.starts[i]! -= this.#start
      this.ends[i]! -= this.#start
    }
    for (let i = 0; i < this.#listed; i++) {
      if (this.#listStarts[i]! === this.#listEnds[i]!) continue
      this.#listStarts[i]! -= this.#start
      this.#listEnds[i]! -= this.#start
    }
    this.#shift = this.#start
    this.#top = length
    this.#isCopied = true
    this.bytes = scratch
  }

  #grow(length: number): void {
    const scratch = new Uint8Array(2 * length)
    scratch.set(this.#scratch.subarray(0, this.#top), 0)
    this.#scratch = scratch
    this.bytes = scratch
  }
}
