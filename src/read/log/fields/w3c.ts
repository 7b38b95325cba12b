import { latin1 } from '../../../base/bytes.ts'
import type { RecordResult } from '../../../model/reader.ts'
import { CsvFields } from './csv.ts'
import type { FieldParser, RecordFields } from './record-fields.ts'

const TAB = 0x09
const HASH = 0x23
const FIELDS = '#fields:'

const NO_HEADER: RecordResult = { bad: 'no_header' }

export interface W3cOptions {
  /** The columns where no `#Fields:` line comes, as when a relay took it away. */
  readonly columns?: readonly string[] | undefined
}

/**
 * The W3C Extended Log File Format (https://www.w3.org/TR/WD-logfile.html): `#Fields:` names the columns and may come
 * again with others; spaces separate them, or tabs where the row holds one, and a value in quotes holds its own quotes
 * doubled. Other directives are left aside.
 */
export class W3cFields implements FieldParser {
  readonly #wanted: readonly string[]
  #columns: readonly string[] = []
  #spaced: CsvFields | undefined
  #tabbed: CsvFields | undefined

  constructor(wanted: readonly string[], options: W3cOptions = {}) {
    this.#wanted = wanted
    if (options.columns !== undefined) this.#begin(options.columns)
  }

  parse(bytes: Uint8Array, start: number, end: number, fields: RecordFields): RecordResult {
    if (start === end) return 'skip'
    if (bytes[start] === HASH) {
      const line = latin1(bytes, start, end)
      if (line.slice(0, FIELDS.length).toLowerCase() === FIELDS) {
        const names = line.slice(FIELDS.length).trim()
        // Between tabs, names may hold spaces.
        this.#begin(names.split(names.includes('\t') ? /[ ]*\t[ ]*/ : / +/))
      }
      return 'skip'
    }
    let at = start
    while (at < end && bytes[at] !== TAB) at++
    const rows = at < end ? this.#tabbed : this.#spaced
    return rows === undefined ? NO_HEADER : rows.parse(bytes, start, end, fields)
  }

  header(): string {
    return this.#columns.join(' ')
  }

  #begin(columns: readonly string[]): void {
    this.#columns = columns
    this.#spaced = new CsvFields(this.#wanted, { header: columns, delimiter: ' ' })
    this.#tabbed = new CsvFields(this.#wanted, { header: columns, delimiter: '\t' })
  }
}
