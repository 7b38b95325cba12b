import { describe, expect, it } from 'vitest'
import { CefFields } from '../../../../src/read/log/fields/cef.ts'
import { ColumnsFields } from '../../../../src/read/log/fields/columns.ts'
import { CsvFields } from '../../../../src/read/log/fields/csv.ts'
import { JsonFields } from '../../../../src/read/log/fields/json.ts'
import { KeyValueFields } from '../../../../src/read/log/fields/key-value.ts'
import { LeefFields } from '../../../../src/read/log/fields/leef.ts'
import { type FieldParser, RecordFields } from '../../../../src/read/log/fields/record-fields.ts'
import { SyslogFields } from '../../../../src/read/log/fields/syslog.ts'
import { TextFields } from '../../../../src/read/log/fields/text.ts'
import { RECORD_LIMIT } from '../../../../src/read/log/framing/records.ts'

const WANTED = ['a', 'b', 'a.*.b', 'a.0', 'label:x', 'sd.a', 'text.kind']

const PARSERS: Readonly<Record<string, () => FieldParser>> = {
  json: () => new JsonFields(WANTED),
  csv: () => new CsvFields(WANTED, { header: WANTED }),
  keyValue: () => new KeyValueFields(WANTED),
  keyValueWithSpaces: () => new KeyValueFields(WANTED, { spaces: true }),
  columns: () => new ColumnsFields(WANTED, { columns: WANTED }),
  cef: () => new CefFields(WANTED),
  leef: () => new LeefFields(WANTED),
  syslog: () => new SyslogFields(WANTED, new KeyValueFields(WANTED)),
  text: () => new TextFields(WANTED, { templates: { x: ['{a} aaab {b} c', 'a{a}aab{b}c'] } }),
}

const BEGINNINGS = ['', '{"a":', '{"a":[', 'CEF:0|v|p|1|2|n|3|', 'LEEF:1.0|v|p|1|e|', '<13>1 - - - - - ']
const PIECES = [
  '"',
  'a="x ',
  "a='x ",
  '"x,',
  ',"',
  '""',
  '[',
  '{',
  '[{"b":1},',
  '[x a="',
  '\\',
  '\\"',
  'a=',
  'a a=',
  'a',
  ' ',
  '|',
  '=',
  '<13>',
  'cs1Label=x ',
  '|a',
  '|a=',
  '[a="x";',
]

describe('a record as long as records may be', () => {
  it.each(Object.keys(PARSERS))('is read by %s in a time that grows with its length alone', (name) => {
    const parser = PARSERS[name]!()
    const fields = new RecordFields(WANTED.length)
    for (const beginning of BEGINNINGS) {
      for (const piece of PIECES) {
        const text = beginning + piece.repeat((RECORD_LIMIT - beginning.length) / piece.length)
        const bytes = Buffer.from(text, 'latin1')
        const began = performance.now()
        fields.begin(bytes, 0, bytes.length)
        parser.parse(bytes, 0, bytes.length, fields)
        expect([piece, performance.now() - began < 500]).toEqual([piece, true])
      }
    }
  })
})
