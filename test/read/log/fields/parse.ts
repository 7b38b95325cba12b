import { type FieldParser, LIST_SEPARATOR, RecordFields } from '../../../../src/read/log/fields/record-fields.ts'

/** The wanted fields of one record that stands in the middle of other bytes; absent where unset. A list as a list. */
export function parse(parser: FieldParser, wanted: readonly string[], text: string): Record<string, string> | string {
  const record = Buffer.from(text, 'utf8')
  const window = Buffer.concat([Buffer.from('"},='), record, Buffer.from('"},= x=y')])
  const fields = new RecordFields(wanted.length)
  fields.begin(window, 4, 4 + record.length)
  const result = parser.parse(window, 4, 4 + record.length, fields)
  if (result !== 'ok') return typeof result === 'string' ? result : result.bad
  return valuesOf(fields, wanted)
}

export function valuesOf(fields: RecordFields, wanted: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [field, name] of wanted.entries()) {
    if (fields.isSet(field)) values[name] = Buffer.from(fields.text(field), 'latin1').toString('utf8')
  }
  return values
}

export const LIST = String.fromCharCode(LIST_SEPARATOR)
