import type { RecordResult } from '../../../model/reader.ts'
import { setQuoted } from './key-value.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const TAB = 0x09
const SPACE = 0x20
const QUOTE = 0x22
const OPEN = 0x5b
const BACKSLASH = 0x5c
const CLOSE = 0x5d

const FEW: RecordResult = { bad: 'too_few_fields' }

export interface ColumnsOptions {
  /** Names of the columns in their order; '' for one that is not needed. What follows the last is left aside. */
  readonly columns: readonly string[]
  /** Rows with fewer are bad; all of them where nothing is said. */
  readonly atLeast?: number | undefined
}

/**
 * Columns between runs of spaces or tabs, as in the logs of Apache and its like: a column in quotes may hold spaces and
 * `\"`, one in brackets spaces.
 */
export class ColumnsFields implements FieldParser {
  readonly #columns: Int16Array
  readonly #atLeast: number

  constructor(wanted: readonly string[], options: ColumnsOptions) {
    this.#columns = Int16Array.from(options.columns, (name) => (name === '' ? -1 : wanted.indexOf(name)))
    this.#atLeast = options.atLeast ?? options.columns.length
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    const columns = this.#columns
    let column = 0
    let at = start
    while (column < columns.length) {
      while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
      if (at === end) break
      const field = columns[column++]!
      const first = bytes[at]!
      const close =
        first === QUOTE ? closing(bytes, at + 1, end, QUOTE) : first === OPEN ? closing(bytes, at + 1, end, CLOSE) : -1
      if (close >= 0) {
        if (field >= 0 && first === QUOTE) setQuoted(bytes, at + 1, close, QUOTE, fields, field)
        else if (field >= 0) fields.set(field, at + 1, close)
        at = close + 1
        continue
      }
      const from = at
      while (at < end && bytes[at] !== SPACE && bytes[at] !== TAB) at++
      if (field >= 0) fields.set(field, from, at)
    }
    if (column >= this.#atLeast) return 'ok'
    return column === 0 ? 'skip' : FEW
  }
}

/** Where a quoted or bracketed column ends: a space or the end of the record follows. -1 without. */
function closing(bytes: Uint8Array, start: number, end: number, close: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++
    else if (bytes[at] === close && (at + 1 === end || bytes[at + 1] === SPACE || bytes[at + 1] === TAB)) return at
  }
  return -1
}
