import { expect, test } from 'vitest'
import { JsonFields } from '../../../../src/read/log/fields/json.ts'
import { JsonScan } from '../../../../src/read/log/fields/json-scan/json-scan.ts'
import { RecordFields } from '../../../../src/read/log/fields/record-fields.ts'
import { fc } from '../../../property.ts'

const KEYS = ['a', 'b', 'list', 'deep', 'name', 'a.b', 'längst']
const WANTED = [
  'a',
  'b',
  'a.b',
  'deep.name',
  'list',
  'list.*.name',
  'list.0.name',
  'list.1',
  'deep.list.*.a',
  'längst',
  'b.*.b',
]

/** A parser that has read as many records as it takes until it would rather scan. */
function warm(parser: JsonFields): JsonFields {
  const fields = new RecordFields(WANTED.length)
  const record = Buffer.from('{}')
  for (let i = 0; i < 300; i++) {
    fields.begin(record, 0, record.length)
    parser.parse(record, 0, record.length, fields)
  }
  return parser
}

/** A parser for which there is no memory to scan in. */
function slow(): JsonFields {
  const { Memory } = WebAssembly
  try {
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError('could not allocate memory')
      }
    } as unknown as typeof Memory
    return warm(new JsonFields(WANTED))
  } finally {
    WebAssembly.Memory = Memory
  }
}

const scanning = warm(new JsonFields(WANTED))
const reading = slow()

let scanned = 0
const { read } = JsonScan.prototype
JsonScan.prototype.read = function (...args) {
  const isRead = read.apply(this, args)
  if (isRead) scanned++
  return isRead
}

function parsed(parser: JsonFields, bytes: Buffer, start: number) {
  const fields = new RecordFields(WANTED.length)
  fields.begin(bytes, start, bytes.length)
  const result = parser.parse(bytes, start, bytes.length, fields)
  const found = result === 'ok' ? WANTED.map((_, i) => [fields.isThere(i), fields.text(i)]) : undefined
  return { result, found, dropped: result === 'ok' ? fields.dropped : 0 }
}

const leaf = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    'www.example.org',
    'a"b',
    'back\\slash',
    'two\nlines',
    'ü',
    'a text that is longer than sixteen bytes are',
  ),
  fc.constantFrom(0, 443, -1.5e10, true, false, null),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 3, arbitrary: leaf },
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}))
const object = fc.array(fc.tuple(fc.constantFrom(...KEYS), value), { maxLength: 6 })
/** Written in the ways that products do: keys may come twice, and there may be spaces. */
const record = fc.tuple(object, fc.constantFrom('', ' ', '\t', ' \r\n')).map(([entries, space]) => {
  const members = entries.map(
    ([key, of]) => `${space}${JSON.stringify(key)}${space}:${space}${JSON.stringify(of)}${space}`,
  )
  return `${space}{${members.join(',')}${space}}${space}`
})

test('a record that is scanned gives what it does byte by byte', () => {
  fc.assert(
    fc.property(record, fc.nat({ max: 3 }), (text, start) => {
      const bytes = Buffer.from('x'.repeat(start) + text)
      expect(parsed(scanning, bytes, start)).toEqual(parsed(reading, bytes, start))
    }),
    { numRuns: 1000 },
  )
  expect(scanned).toBeGreaterThan(500)
})

test('a damaged record gives what it does byte by byte', () => {
  const bytes = fc.constantFrom(...Buffer.from('"\\{}[],:\n x0n\0'), 0xff)
  fc.assert(
    fc.property(record, fc.array(fc.tuple(fc.nat(), bytes), { maxLength: 3 }), fc.nat(), (text, changes, cut) => {
      const damaged = Buffer.from(text)
      for (const [at, byte] of changes) damaged[at % damaged.length] = byte
      const part = damaged.subarray(0, damaged.length - (cut % 8))
      expect(parsed(scanning, part, 0)).toEqual(parsed(reading, part, 0))
    }),
    { numRuns: 2000 },
  )
})

test('a list of more values than are kept, and a record that is too long for it, are read all the same', () => {
  const before = scanned
  for (const text of [`{"list":[${'1,'.repeat(5000)}1]}`, `{"a":"${'x'.repeat(140_000)}"}`, '['.repeat(100_000)]) {
    const bytes = Buffer.from(text)
    expect(parsed(scanning, bytes, 0)).toEqual(parsed(reading, bytes, 0))
  }
  expect(scanned).toBe(before)
})

test('what is asked for may be more than there is room for', () => {
  const wanted = Array.from({ length: 400 }, (_, i) => `key-${i}.below`)
  const parser = warm(new JsonFields(wanted))
  const fields = new RecordFields(wanted.length)
  const bytes = Buffer.from('{"key-399":{"below":"x"}}')
  const before = scanned
  fields.begin(bytes, 0, bytes.length)
  expect(parser.parse(bytes, 0, bytes.length, fields)).toBe('ok')
  expect(fields.text(399)).toBe('x')
  expect(scanned).toBe(before)
})
