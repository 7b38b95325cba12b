import { latin1 } from '../../../base/bytes.ts'
import type { RecordResult } from '../../../model/reader.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const SPACE = 0x20
const QUOTE = 0x22
const HASH = 0x23

const NO_HEADER: RecordResult = { bad: 'no_header' }
const FEW: RecordResult = { bad: 'too_few_fields' }

export interface CsvOptions {
  /** The names of the columns, or `true` where the first line (and any later one like it) names them. */
  readonly header: true | readonly string[]
  /** `,` `;` TAB or `|`; where nothing is said, the one that the header holds most of. */
  readonly delimiter?: string | undefined
  /** Rows with fewer columns are bad; without it, with fewer than half of the header's. */
  readonly atLeast?: number | undefined
}

const DELIMITERS = [0x2c, 0x3b, 0x09, 0x7c]

/**
 * Rows of a table (RFC 4180). Names of a header are compared without regard to case and to spaces around them, a name
 * that comes twice means its first column. A header may come again, with other columns. A quote that is not closed is
 * a character like others.
 */
export class CsvFields implements FieldParser {
  readonly #wanted: readonly string[]
  readonly #options: CsvOptions
  /** For each column the wanted fields' index, or -1. */
  #columns: Int16Array
  #atLeast: number
  #delimiter: number
  /** The header as it stood, to know it again. */
  #header: Uint8Array | undefined = undefined

  constructor(wanted: readonly string[], options: CsvOptions) {
    this.#wanted = wanted.map(plainName)
    this.#options = options
    const names = options.header === true ? [] : options.header
    this.#columns = this.#columnsOf(names)
    this.#delimiter = (options.delimiter ?? ',').charCodeAt(0)
    this.#atLeast = options.atLeast ?? Math.ceil(names.length / 2)
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    if (start === end) return 'skip'
    if (this.#options.header === true) {
      if (this.#header === undefined || isText(bytes, start, end, this.#header)) return this.#begin(bytes, start, end)
    } else if (bytes[start] === HASH) return 'skip'
    const columns = this.#columns
    if (columns.length === 0) return NO_HEADER
    const delimiter = this.#delimiter
    let column = 0
    let at = start
    while (true) {
      const field = column < columns.length ? columns[column]! : -1
      column++
      at = cell(bytes, at, end, delimiter, field, fields)
      if (at >= end) break
      at++
    }
    return column < this.#atLeast ? FEW : 'ok'
  }

  header(): string {
    return this.#header === undefined ? '' : latin1(this.#header, 0, this.#header.length)
  }

  /** Takes a line that names the columns; one that names none of the wanted is no header. */
  #begin(bytes: Uint8Array, start: number, end: number): RecordResult {
    const line = latin1(bytes, bytes[start] === HASH ? start + 1 : start, end)
    const delimiter = this.#options.delimiter?.charCodeAt(0) ?? mostOf(line)
    const names = line.split(String.fromCharCode(delimiter)).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    const columns = this.#columnsOf(names)
    if (columns.every((field) => field < 0)) return bytes[start] === HASH ? 'skip' : NO_HEADER
    this.#columns = columns
    this.#delimiter = delimiter
    this.#atLeast = this.#options.atLeast ?? Math.ceil(names.length / 2)
    this.#header = Uint8Array.prototype.slice.call(bytes, start, end)
    return 'skip'
  }

  #columnsOf(names: readonly string[]): Int16Array {
    const seen = new Set<number>()
    return Int16Array.from(names, (name) => {
      const field = this.#wanted.indexOf(plainName(name))
      if (seen.has(field)) return -1
      seen.add(field)
      return field
    })
  }
}

function plainName(name: string): string {
  return name.trim().toLowerCase()
}

function mostOf(line: string): number {
  const counts = DELIMITERS.map((byte) => line.split(String.fromCharCode(byte)).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}

function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  let i = 0
  while (i < text.length && bytes[start + i] === text[i]) i++
  return i === text.length
}

/** Reads the cell that begins at `at` into a field, spaces around it left off; gives where its delimiter stands. */
function cell(
  bytes: Uint8Array,
  at: number,
  end: number,
  delimiter: number,
  field: number,
  fields: RecordFields,
): number {
  let from = at
  while (from < end && bytes[from] === SPACE) from++
  if (from < end && bytes[from] === QUOTE) {
    let doubled = false
    for (let i = from + 1; i < end; i++) {
      if (bytes[i] !== QUOTE) continue
      if (i + 1 < end && bytes[i + 1] === QUOTE) {
        doubled = true
        i++
        continue
      }
      let next = i + 1
      while (next < end && bytes[next] === SPACE && delimiter !== SPACE) next++
      if (next < end && bytes[next] !== delimiter) break
      if (field >= 0) setCell(bytes, from + 1, i, doubled, field, fields)
      return next
    }
  }
  let to = from
  while (to < end && bytes[to] !== delimiter) to++
  const next = to
  while (to > from && bytes[to - 1] === SPACE) to--
  if (field >= 0) fields.set(field, from, to)
  return next
}

function setCell(
  bytes: Uint8Array,
  start: number,
  end: number,
  doubled: boolean,
  field: number,
  fields: RecordFields,
): void {
  if (!doubled) {
    fields.set(field, start, end)
    return
  }
  const from = fields.decode(end - start)
  for (let i = start; i < end; i++) {
    fields.put(bytes[i]!)
    if (bytes[i] === QUOTE) i++
  }
  fields.setDecoded(field, from)
}
