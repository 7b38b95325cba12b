import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'

/** What stands in one row of a register. */
export interface RegisterRow {
  /** `laptops.csv:7`: where it stands, for messages. */
  readonly place: string
  /** Of each field that is asked for its texts: '' where it has none, several where it is a JSON list. */
  readonly values: readonly (readonly string[])[]
}

/** More than any government has of either. */
export const ROW_LIMIT = 2_000_000

const SEPARATORS = [',', ';', '\t'] as const

interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * The rows of a register: CSV with a header (RFC 4180; separated by comma, semicolon or tab), JSON objects a line, or
 * one JSON list of objects. Throws `policy_invalid` with the place of what is wrong.
 */
export function registerRows(text: string, file: string, fields: readonly string[]): readonly RegisterRow[] {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text
  const first = content.trimStart()[0]
  if (first === undefined) throw refused(file, 'is empty: export the register again')
  if (first === '[') return listRows(content, file, fields)
  if (first === '{') return lineRows(content, file, fields)
  return csvRows(content, file, fields)
}

function csvRows(text: string, file: string, fields: readonly string[]): readonly RegisterRow[] {
  const columnsBy = SEPARATORS.map((separator) => {
    const names = headerOf(text, separator, file)
    return { separator, names, columns: fields.map((field) => names.indexOf(field)) }
  })
  const known = columnsBy.find(({ columns }) => columns.every((column) => column >= 0))
  if (known === undefined) {
    const { names, columns } = columnsBy.reduce((a, b) => (b.names.length > a.names.length ? b : a))
    const missing = fields[columns.indexOf(-1)]!
    const shown = names.slice(0, 20).map((name) => JSON.stringify(name))
    throw refused(`${file}:1`, `has no column ${JSON.stringify(missing)}: the policy can name ${shown.join(', ')}`)
  }
  const rows: RegisterRow[] = []
  let header = true
  for (const { line, cells } of csvRecords(text, known.separator, file)) {
    const blank = cells.length === 1 && cells[0]!.trim() === ''
    if (!header && !blank) {
      const place = `${file}:${line}`
      if (cells.length !== known.names.length) {
        const counted = `${cells.length} of ${known.names.length} columns`
        throw refused(place, `has ${counted}: check its quotes and separators`)
      }
      push(
        rows,
        place,
        known.columns.map((column) => [cells[column]!]),
      )
    }
    header = false
  }
  return rows
}

/** The names of the columns; none where this separator does not go with the header's quotes. */
function headerOf(text: string, separator: string, file: string): readonly string[] {
  try {
    const { value: header } = csvRecords(text, separator, file).next()
    return header?.cells.map((cell) => cell.trim()) ?? []
  } catch {
    return []
  }
}

/** The records of a CSV text with the line that each begins on. */
function* csvRecords(text: string, separator: string, file: string): Generator<CsvRecord, undefined, undefined> {
  let line = 1
  let at = 0
  while (at < text.length) {
    const begins = line
    const cells: string[] = []
    for (let ended = false; !ended; ) {
      let cell = ''
      const quoted = text[at] === '"'
      if (quoted) {
        const close = closingQuote(text, at + 1)
        if (close < 0) throw refused(`${file}:${begins}`, 'has a quote that is never closed: export the register again')
        cell = text.slice(at + 1, close).replaceAll('""', '"')
        line += cell.split('\n').length - 1
        at = close + 1
      }
      const end = cellEnd(text, at, separator)
      const rest = text.slice(at, end)
      if (quoted && rest.trim() !== '') {
        throw refused(`${file}:${begins}`, 'has text behind a closing quote: export the register again')
      }
      if (!quoted) cell = rest
      ended = text[end] !== separator
      at = end + 1
      cells.push(ended && cell.endsWith('\r') ? cell.slice(0, -1) : cell)
    }
    yield { line: begins, cells }
    line++
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function cellEnd(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at++
  return at
}

function lineRows(text: string, file: string, fields: readonly string[]): readonly RegisterRow[] {
  const rows: RegisterRow[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const place = `${file}:${i + 1}`
    push(rows, place, valuesOf(parsed(line, place), place, fields))
  }
  return rows
}

function listRows(text: string, file: string, fields: readonly string[]): readonly RegisterRow[] {
  const rows: RegisterRow[] = []
  for (const [i, entry] of (parsed(text, file) as readonly unknown[]).entries()) {
    const place = `${file}: entry ${i + 1}`
    push(rows, place, valuesOf(entry, place, fields))
  }
  return rows
}

function parsed(json: string, place: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw refused(place, 'is not JSON: write CSV with a header, one JSON object a line, or a list of objects')
  }
}

function valuesOf(entry: unknown, place: string, fields: readonly string[]): readonly (readonly string[])[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw refused(place, 'is no JSON object: write one for each subject')
  }
  return fields.map((field) => {
    const value: unknown = Object.hasOwn(entry, field) ? (entry as Readonly<Record<string, unknown>>)[field] : ''
    return (Array.isArray(value) ? value : [value]).map((one: unknown) => {
      if (typeof one === 'string') return one
      if (one === null) return ''
      throw refused(place, `${JSON.stringify(field)} is no text: write text or a list of texts`)
    })
  })
}

function push(rows: RegisterRow[], place: string, values: readonly (readonly string[])[]): void {
  if (rows.length === ROW_LIMIT) throw refused(place, `is behind ${ROW_LIMIT} rows: split the register`)
  rows.push({ place, values })
}

/** What is wrong with a register, on one line that is safe to show. */
export function refused(place: string, message: string): OffchannelError {
  return new OffchannelError('policy_invalid', harmless(`${place}: ${message}`))
}
