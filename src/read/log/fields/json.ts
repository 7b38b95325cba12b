import type { RecordResult } from '../../../model/reader.ts'
import { unescapeJson } from './json-escapes.ts'
import { type Place, place } from './json-places.ts'
import { JsonScan } from './json-scan/json-scan.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

/** Records after which it pays to make what reads the rest faster. */
const WARM = 256

const BAD: RecordResult = { bad: 'bad_json' }

export interface JsonOptions {
  /** A key whose object's fields have their names without it as well: a collector put it around the record. */
  readonly within?: string | undefined
}

/**
 * A record that is one JSON object (RFC 8259). Wanted names are paths: `dns.question.name`, `answers.0.rdata`,
 * `answers.*.rdata` (a list, one value for each element, empty where it has none). A list of plain values is joined, the
 * last of equal keys counts, null is unset. What is not wanted is passed over and only looked at for its brackets.
 */
export class JsonFields implements FieldParser {
  readonly #root: Place
  /** 1 for a field whose name has a `*`: what is found is a value of a list. */
  readonly #isListed: Uint8Array
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0
  /** Whether the string read last holds a backslash. */
  #isEscaped = false
  #fields!: RecordFields
  #count = 0
  #scan: JsonScan | undefined

  constructor(wanted: readonly string[], options: JsonOptions = {}) {
    const { within } = options
    const names = wanted.map((name, field) => ({ steps: name.split('.'), field }))
    const wrapped = within === undefined ? [] : names.map(({ steps, field }) => ({ steps: [within, ...steps], field }))
    this.#root = place([...names, ...wrapped])
    this.#isListed = Uint8Array.from(wanted, (name) => (name.split('.').includes('*') ? 1 : 0))
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    if (this.#count < WARM && ++this.#count === WARM) this.#scan = JsonScan.open(this.#root, this.#isListed)
    if (this.#scan?.read(bytes, start, end, fields)) {
      fields.join()
      return 'ok'
    }
    this.#bytes = bytes
    this.#end = end
    this.#fields = fields
    const first = skipSpace(bytes, start, end)
    if (first === end) return 'skip'
    if (bytes[first] !== OPEN) return BAD
    const behind = this.#object(first, this.#root)
    if (behind < 0 || skipSpace(bytes, behind, end) < end) return BAD
    fields.join()
    return 'ok'
  }

  // Each of these reads what begins at a place and gives the place behind it, or -1 where it is not what it should be.

  #object(start: number, place: Place): number {
    const keys = place.keys
    if (keys === undefined) return this.#nested(start)
    const bytes = this.#bytes
    const end = this.#end
    let at = skipSpace(bytes, start + 1, end)
    if (at < end && bytes[at] === CLOSE) return at + 1
    while (at < end && bytes[at] === QUOTE) {
      const from = at + 1
      at = this.#string(at)
      if (at < 0) return -1
      const below = keys.find(bytes, from, at - 1)
      if (at < end && bytes[at] !== COLON) at = skipSpace(bytes, at, end)
      if (at >= end || bytes[at] !== COLON) return -1
      at = this.#value(at + 1, below)
      if (at < 0) return -1
      if (at < end && bytes[at]! <= SPACE) at = skipSpace(bytes, at, end)
      if (at >= end) return -1
      if (bytes[at] === CLOSE) return at + 1
      if (bytes[at] !== COMMA) return -1
      at++
      if (at < end && bytes[at] !== QUOTE) at = skipSpace(bytes, at, end)
    }
    return -1
  }

  #value(start: number, place: Place | undefined): number {
    const bytes = this.#bytes
    const at = start < this.#end && bytes[start]! <= SPACE ? skipSpace(bytes, start, this.#end) : start
    if (at >= this.#end) return -1
    const first = bytes[at]!
    if (first === QUOTE) {
      const behind = this.#string(at)
      if (behind > 0 && place !== undefined) this.#keep(place, at + 1, behind - 1, false)
      return behind
    }
    if (first === OPEN) return place === undefined ? this.#nested(at) : this.#object(at, place)
    if (first === OPEN_LIST) return place === undefined ? this.#nested(at) : this.#list(at, place)
    return this.#plain(at, place, false)
  }

  #list(start: number, place: Place): number {
    if (place.fields.length === 0 && place.each === undefined && place.elements.size === 0) return this.#nested(start)
    const bytes = this.#bytes
    const end = this.#end
    let at = skipSpace(bytes, start + 1, end)
    if (at < end && bytes[at] === CLOSE_LIST) return at + 1
    for (let index = 0; at < end; index++) {
      const below = place.elements.get(index) ?? place.each
      if (below !== undefined) {
        at = this.#value(at, below)
        for (let i = 0; i < place.listed.length; i++) this.#fields.pad(place.listed[i]!, index + 1)
      } else at = this.#element(at, place)
      if (at < 0) return -1
      at = skipSpace(bytes, at, end)
      if (at < end && bytes[at] === CLOSE_LIST) return at + 1
      if (at >= end || bytes[at] !== COMMA) return -1
      at = skipSpace(bytes, at + 1, end)
    }
    return -1
  }

  /** An element of a list whose plain values are wanted. */
  #element(at: number, place: Place): number {
    const first = this.#bytes[at]!
    if (first === OPEN || first === OPEN_LIST) return this.#nested(at)
    if (first !== QUOTE) return this.#plain(at, place, true)
    const behind = this.#string(at)
    if (behind > 0) this.#keep(place, at + 1, behind - 1, true)
    return behind
  }

  /** Numbers, true, false, null: their text, to where a value can end. */
  #plain(start: number, place: Place | undefined, isElement: boolean): number {
    const bytes = this.#bytes
    let at = start
    while (at < this.#end) {
      const byte = bytes[at]!
      const isText = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a)
      if (!isText && byte !== 0x2d && byte !== 0x2e && byte !== 0x2b && byte !== 0x45) break
      at++
    }
    if (at === start) return -1
    if (place === undefined) return at
    // null
    if (bytes[start] === 0x6e) {
      for (const field of place.fields)
        if (!isElement && this.#isListed[field] === 0) this.#fields.set(field, start, start)
      return at
    }
    this.#isEscaped = false
    this.#keep(place, start, at, isElement)
    return at
  }

  #string(start: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let isEscaped = false
    for (let at = start + 1; at < end; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        this.#isEscaped = isEscaped
        return at + 1
      }
      if (byte === BACKSLASH) {
        isEscaped = true
        at++
      } else if (byte === 0x0a) return -1
    }
    return -1
  }

  /** An object or list of which nothing is wanted. */
  #nested(start: number): number {
    const bytes = this.#bytes
    const end = this.#end
    let depth = 0
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        for (at++; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
      } else if (byte === OPEN || byte === OPEN_LIST) depth++
      else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return at + 1
    }
    return -1
  }

  #keep(place: Place, start: number, end: number, isElement: boolean): void {
    const fields = this.#fields
    for (let i = 0; i < place.fields.length; i++) {
      const field = place.fields[i]!
      const isListed = isElement || this.#isListed[field] === 1
      if (!this.#isEscaped) {
        if (isListed) fields.add(field, start, end)
        else fields.set(field, start, end)
        continue
      }
      const from = fields.decode(end - start)
      unescapeJson(this.#bytes, start, end, fields)
      if (isListed) fields.addDecoded(field, from)
      else fields.setDecoded(field, from)
    }
  }
}

/** Where the next byte stands that is no white space, or `end`. */
function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte > SPACE || (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return at
    at++
  }
  return end
}
