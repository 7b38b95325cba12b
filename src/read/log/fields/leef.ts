import type { RecordResult } from '../../../model/reader.ts'
import { CefFields } from './cef.ts'
import { KeyTable } from './key-table.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const TAB = 0x09
const EQUALS = 0x3d
const PIPE = 0x7c
const SEARCHED = 512

const BAD: RecordResult = { bad: 'no_leef' }
const HEADER = ['vendor', 'product', 'version', 'eventId']

/**
 * IBM's Log Event Extended Format: `LEEF:1.0|vendor|product|version|id|key=value…`, tabs between the pairs; 2.0 names
 * another delimiter behind the id, as a character or as `x09`. Some products write bars for tabs, others spaces: then a
 * value runs to the next key. The header's fields are `vendor product version eventId`.
 */
export class LeefFields implements FieldParser {
  readonly #keys: KeyTable<number>
  readonly #header: readonly number[]
  readonly #spaced: CefFields

  constructor(wanted: readonly string[]) {
    this.#keys = new KeyTable(wanted.map((name, field) => [name, field] as const))
    this.#header = HEADER.map((name) => wanted.indexOf(name))
    this.#spaced = new CefFields(wanted)
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    if (start === end) return 'skip'
    let at = versionStart(bytes, start, end)
    if (at < 0) return BAD
    const hasDelimiter = bytes[at] === 0x32
    at = pipe(bytes, at, end) + 1
    for (const field of this.#header) {
      const to = pipe(bytes, at, end)
      if (to === end) return BAD
      if (field >= 0) fields.set(field, at, to)
      at = to + 1
    }
    let delimiter = TAB
    if (hasDelimiter) {
      const to = pipe(bytes, at, Math.min(end, at + 6))
      // Some write 2.0 and leave the delimiter out.
      if (to < end && bytes[to] === PIPE && !hasEquals(bytes, at, to)) {
        delimiter = delimiterOf(bytes, at, to)
        at = to + 1
      }
    }
    // Some write bars or spaces for tabs.
    if (delimiter === TAB && !bytes.subarray(at, end).includes(TAB)) {
      if (!hasBarredPair(bytes, at, end)) {
        this.#spaced.extension(bytes, at, end, fields)
        return 'ok'
      }
      delimiter = PIPE
    }
    this.#pairs(bytes, at, end, delimiter, fields)
    return 'ok'
  }

  #pairs(bytes: Uint8Array, start: number, end: number, delimiter: number, fields: RecordFields): void {
    let at = start
    while (at < end) {
      const from = at
      let equals = -1
      while (at < end && bytes[at] !== delimiter) {
        if (equals < 0 && bytes[at] === EQUALS) equals = at
        at++
      }
      const field = equals < 0 ? undefined : this.#keys.find(bytes, from, equals)
      if (field !== undefined) fields.set(field, equals + 1, at)
      at++
    }
  }
}

function pipe(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== PIPE) at++
  return at
}

/** Whether `|key=` stands somewhere. */
function hasBarredPair(bytes: Uint8Array, start: number, end: number): boolean {
  let isKey = false
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === PIPE) isKey = true
    else if (byte === EQUALS && isKey && bytes[at - 1] !== PIPE) return true
    else if (!isKeyByte(byte)) isKey = false
  }
  return false
}

function isKeyByte(byte: number): boolean {
  const letter = byte | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x2e
}

function hasEquals(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === EQUALS && end - start > 1) return true
  return false
}

/** `^`, `x5E` or `0x5E`; a tab where it is none of them. */
function delimiterOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1) return bytes[start]!
  const text = String.fromCharCode(...bytes.subarray(start, end)).toLowerCase()
  const code = text.startsWith('0x') ? text.slice(2) : text.startsWith('x') ? text.slice(1) : ''
  return /^[0-9a-f]{1,2}$/.test(code) ? Number.parseInt(code, 16) : TAB
}

/** Where the version begins, behind `LEEF:`; -1 without. */
function versionStart(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end - 6, start + SEARCHED)
  for (let at = start; at <= last; at++) {
    if (bytes[at] !== 0x4c || bytes[at + 1] !== 0x45 || bytes[at + 2] !== 0x45 || bytes[at + 3] !== 0x46) continue
    if (bytes[at + 4] === 0x3a) return at + 5
  }
  return -1
}
