import { latin1 } from '../../base/bytes.ts'
import type { HostPlace } from '../../base/line-scan/line-scan.ts'
import type { RecordResult } from '../../model/reader.ts'
import { unescapeZeek, type ZeekFields } from './zeek-fields.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
// What Zeek writes where it was not told otherwise.
const TAB = 0x09
const LIST_SEPARATOR = 0x2c
const UNSET = Buffer.from('-')
const EMPTY = Buffer.from('(empty)')

/**
 * Zeek's ASCII log: lines of columns under a `#` header that names separators, path and fields, and that may come again
 * with other fields in the same file (https://docs.zeek.org/en/master/log-formats.html).
 */
export class ZeekTable {
  path = ''
  /** As the last `#fields` line named them. */
  names: readonly string[] = []
  readonly #wanted: readonly string[]
  /** For each column the index of the wanted field, or -1. */
  #columns = new Int16Array(0)
  /** -1 for a separator of several bytes, which no row can be split by. */
  #separator = TAB
  #listSeparator = LIST_SEPARATOR
  #unset: Uint8Array = UNSET
  #empty: Uint8Array = EMPTY

  /** After `cell`: where it stands. */
  start = 0
  end = 0

  constructor(wanted: readonly string[]) {
    this.#wanted = wanted
  }

  /**
   * Takes a line that begins with `#`; what it does not know (`#types`, `#open`, `#close`, a comment) is left aside.
   */
  header(bytes: Uint8Array, start: number, end: number): void {
    const line = latin1(bytes, start, end)
    if (line.startsWith('#separator ')) {
      this.#begin(single(unescaped(line.slice(11))))
      return
    }
    if (this.#separator < 0) return
    const [key, ...values] = line.split(String.fromCharCode(this.#separator))
    const value = unescaped(values[0] ?? '')
    if (key === '#set_separator') this.#listSeparator = single(value)
    else if (key === '#empty_field') this.#empty = value
    else if (key === '#unset_field') this.#unset = value
    else if (key === '#path') this.path = latin1(value, 0, value.length)
    else if (key === '#fields') {
      this.names = values
      this.#columns = Int16Array.from(values, (name) => this.#wanted.indexOf(name))
    }
  }

  /** A new header begins: nothing of an earlier one counts any more. */
  #begin(separator: number): void {
    this.path = ''
    this.names = []
    this.#columns = new Int16Array(0)
    this.#separator = separator
    this.#listSeparator = LIST_SEPARATOR
    this.#unset = UNSET
    this.#empty = EMPTY
  }

  /** The header in force, as a text. */
  get state(): string {
    const texts = [this.#unset, this.#empty].map((bytes) => latin1(bytes, 0, bytes.length))
    return JSON.stringify([this.path, this.names, this.#separator, this.#listSeparator, ...texts])
  }

  /** Where the cell of a wanted field stands in the rows that follow; undefined where there is none. */
  place(field: number): HostPlace | undefined {
    const column = this.#columns.indexOf(field)
    const separator = this.#separator
    const parts = separator >= 0 && separator !== NEWLINE && separator !== CARRIAGE_RETURN
    return column >= 0 && parts ? { kind: 'cell', separator, column } : undefined
  }

  /** Finds the cell of a wanted field in a row, its separator behind it; false where there is none. */
  cell(bytes: Uint8Array, start: number, end: number, field: number): boolean {
    const column = this.#columns.indexOf(field)
    const separator = this.#separator
    let at = start
    for (let i = 0; i < column; i++) {
      while (at < end && bytes[at] !== separator) at++
      at++
    }
    this.start = at
    while (at < end && bytes[at] !== separator) at++
    this.end = at
    return column >= 0 && at < end
  }

  /** Fills `fields` from a row, which has every column of the header: with fewer it was cut, maybe within a name. */
  row(bytes: Uint8Array, start: number, end: number, fields: ZeekFields): RecordResult {
    const columns = this.#columns
    if (this.#separator < 0) return { bad: 'unknown_separator' }
    if (columns.length === 0) return { bad: 'no_header' }
    fields.bytes = bytes
    fields.listSeparator = this.#listSeparator
    fields.starts.fill(0)
    fields.ends.fill(0)
    let column = 0
    let from = start
    for (let i = start; i <= end; i++) {
      if (i < end && bytes[i] !== this.#separator) continue
      if (column === columns.length) return { bad: 'wrong_field_count' }
      const field = columns[column++]!
      if (field >= 0 && !isText(bytes, from, i, this.#unset) && !isText(bytes, from, i, this.#empty)) {
        fields.starts[field] = from
        fields.ends[field] = i
      }
      from = i + 1
    }
    return column === columns.length ? 'ok' : { bad: 'wrong_field_count' }
  }
}

function unescaped(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'latin1')
  return unescapeZeek(bytes, 0, bytes.length)
}

function single(bytes: Uint8Array): number {
  return bytes.length === 1 ? bytes[0]! : -1
}

function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  let i = 0
  while (i < text.length && bytes[start + i] === text[i]) i++
  return i === text.length
}
