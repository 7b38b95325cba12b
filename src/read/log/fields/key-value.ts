import type { RecordResult } from '../../../model/reader.ts'
import { KeyTable } from './key-table.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const OPEN = 0x5b
const BACKSLASH = 0x5c
const CLOSE = 0x5d

const BAD: RecordResult = { bad: 'no_keys' }

export interface KeyValueOptions {
  /** What stands between two pairs, beside spaces: `,` `;` `|` or TAB; a space where nothing is said. */
  readonly separator?: string | undefined
  /** Between key and value; `=` where nothing is said. */
  readonly assign?: string | undefined
  /** Values without quotes may hold spaces: each runs to the next key. */
  readonly spaces?: boolean | undefined
  /** A record without any pair is a message of another kind; bad where nothing is said. */
  readonly others?: 'skip' | undefined
}

/**
 * `key=value key="a value" key='…'`: a value without quotes runs to the next separator. In quotes a backslash keeps the
 * next quote from ending the value, and two quotes in a row stand for one. What is no pair (a message in front, a word
 * alone) is passed over, and so are brackets around all pairs, with a word in front of them (`syslog[a:"1"; b:"2"]`). The
 * last of equal keys counts.
 */
export class KeyValueFields implements FieldParser {
  readonly #keys: KeyTable<number>
  readonly #separator: number
  readonly #assign: number
  readonly #spaces: boolean
  readonly #without: RecordResult

  constructor(wanted: readonly string[], options: KeyValueOptions = {}) {
    this.#keys = new KeyTable(wanted.map((name, field) => [name, field] as const))
    this.#separator = (options.separator ?? ' ').charCodeAt(0)
    this.#assign = (options.assign ?? '=').charCodeAt(0)
    this.#spaces = options.spaces === true
    this.#without = options.others ?? BAD
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    const separator = this.#separator
    const assign = this.#assign
    let pairs = 0
    // A quote that nothing closed closes nothing further on either: so no byte is looked at for every pair.
    let unclosed = 0
    let at = start
    while (at < end) {
      while (at < end && (bytes[at] === SPACE || bytes[at] === separator)) at++
      const keyStart = at
      for (; at < end; at++) {
        const byte = bytes[at]!
        if (byte === assign || byte === separator || byte === SPACE) break
      }
      let keyEnd = at
      // `key = value`
      if (bytes[at] === SPACE && at + 1 < end && bytes[at + 1] === assign) at++
      if (at >= end || bytes[at] !== assign) continue
      at++
      if (separator !== SPACE) while (at < end && bytes[at] === SPACE) at++
      let keyFrom = pairs++ === 0 ? behindBracket(bytes, keyStart, keyEnd) : keyStart
      if (keyEnd - keyFrom > 1 && bytes[keyFrom] === QUOTE && bytes[keyEnd - 1] === QUOTE) {
        keyFrom++
        keyEnd--
      }
      const field = this.#keys.find(bytes, keyFrom, keyEnd) ?? -1
      const quote = at < end && (bytes[at] === QUOTE || bytes[at] === APOSTROPHE) ? bytes[at]! : 0
      const close = quote > 0 && quote !== unclosed ? closingQuote(bytes, at + 1, end, quote, separator) : -1
      if (quote > 0 && close < 0) unclosed = quote
      if (close > 0) {
        if (field >= 0) setQuoted(bytes, at + 1, close, quote, fields, field)
        at = close + 1
        continue
      }
      const from = at
      if (this.#spaces) at = beforeKey(bytes, at, end, assign)
      else while (at < end && bytes[at] !== separator) at++
      let to = at
      while (to > from && bytes[to - 1] === SPACE) to--
      if (field >= 0) fields.set(field, from, to)
    }
    if (pairs > 0) return 'ok'
    return start === end ? 'skip' : this.#without
  }
}

/**
 * Where the quote stands that ends a value: the first that no backslash escapes and that a separator or the end follows,
 * as some products leave quotes within a value as they are. -1 without.
 */
function closingQuote(bytes: Uint8Array, start: number, end: number, quote: number, separator: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === BACKSLASH) at++
    else if (byte === quote) {
      if (at + 1 === end || isBehindValue(bytes[at + 1]!, separator)) return at
      if (at + 2 === end && bytes[at + 1] === CLOSE) return at
      if (bytes[at + 1] !== quote) continue
      at++
      if (at + 1 === end || isBehindValue(bytes[at + 1]!, separator)) return at
    }
  }
  return -1
}

/** Where the word begins that the next `=` stands behind, less the space before it. */
function beforeKey(bytes: Uint8Array, start: number, end: number, assign: number): number {
  let space = -1
  for (let at = start; at < end; at++) {
    if (bytes[at] === SPACE) space = at
    else if (bytes[at] === assign && space >= 0 && at > space + 1) return space
  }
  return end
}

/** Where the first key begins, behind a bracket around all pairs. */
function behindBracket(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === OPEN) return at + 1
  return start
}

function isBehindValue(byte: number, separator: number): boolean {
  if (byte === separator) return true
  return separator !== TAB && (byte === SPACE || byte === 0x2c || byte === 0x3b)
}

/** The value between quotes, its escapes undone only where there are any. */
export function setQuoted(
  bytes: Uint8Array,
  start: number,
  end: number,
  quote: number,
  fields: RecordFields,
  field: number,
): void {
  let at = start
  while (at < end && bytes[at] !== BACKSLASH && bytes[at] !== quote) at++
  if (at === end) {
    fields.set(field, start, end)
    return
  }
  const from = fields.decode(end - start)
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    const next = i + 1 < end ? bytes[i + 1]! : 0
    // A backslash before anything else is one: `DOMAIN\user`.
    const isEscape =
      (byte === BACKSLASH && (next === quote || next === BACKSLASH)) || (byte === quote && next === quote)
    fields.put(isEscape ? next : byte)
    if (isEscape) i++
  }
  fields.setDecoded(field, from)
}
