import { describe, expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import type { RegisterDeclaration } from '../../src/model/register.ts'
import { Clients } from '../../src/subjects/clients.ts'
import { registerRows } from '../../src/subjects/register-rows.ts'
import { joinRegisters } from '../../src/subjects/registers.ts'
import { fc } from '../property.ts'

const clients = new Clients(new Uint8Array(32), false)
const device = (name: string) => `device-${clients.device(name)!.tag}`
const user = (name: string) => `user-${clients.user(name)!.tag}`

const LAPTOPS: RegisterDeclaration = {
  name: 'laptops',
  file: 'laptops.csv',
  holds: 'devices',
  scope: 'managed',
  fields: ['Host name', 'MAC'],
  group: 'Directorate',
}
const STAFF: RegisterDeclaration = { ...LAPTOPS, name: 'staff', file: 'staff.csv', holds: 'users', fields: ['login'] }

const join = (...texts: readonly (readonly [RegisterDeclaration, string])[]) =>
  joinRegisters(
    texts.map(([declaration, text]) => ({ declaration, text })),
    clients,
  )

const rows = (text: string, fields: readonly string[] = ['name', 'mac']) =>
  registerRows(text, 'r', fields).map(({ place, values }) => `${place} ${values.map((all) => all.join('+')).join('|')}`)

describe('the rows of a register', () => {
  test.each([
    ['commas', 'mac,name\n0200.5e10.0001,a\n0200.5e10.0002,b\n'],
    ['semicolons', 'mac;name\n0200.5e10.0001;a\n0200.5e10.0002;b'],
    ['tabs and the line ends of Windows', 'mac\tname\r\n0200.5e10.0001\ta\r\n0200.5e10.0002\tb\r\n'],
    ['a byte order mark and quotes', '\ufeff"mac","name"\n"0200.5e10.0001","a"\n0200.5e10.0002,"b"\n'],
  ])('are read from CSV with %s', (_, text) =>
    expect(rows(text)).toEqual(['r:2 a|0200.5e10.0001', 'r:3 b|0200.5e10.0002']),
  )

  test('have the line that they begin on, also behind a cell of two lines and an empty line', () => {
    expect(rows('name,note,mac\n"a ""one""","two\nlines",m1\n\nb,,m2\n')).toEqual(['r:2 a "one"|m1', 'r:5 b|m2'])
  })

  test('are read from objects a line, where what is absent or null is empty and a list is several', () => {
    const text = '{"name":"a","mac":["m1","m2"],"more":1}\n\n{"mac":null}\n'
    expect(rows(text)).toEqual(['r:1 a|m1+m2', 'r:3 |'])
  })

  test('are read from one list of objects', () => {
    expect(rows('[{"name":"a"},\n {"name":"b","mac":"m"}]')).toEqual(['r: entry 1 a|', 'r: entry 2 b|m'])
  })

  test.each([
    ['', 'r: is empty: export the register again'],
    ['name,serial\na,1\n', 'r:1: has no column "mac": the policy can name "name", "serial"'],
    ['name,mac\na,b,c\n', 'r:2: has 3 of 2 columns: check its quotes and separators'],
    ['name,mac\na\n', 'r:2: has 1 of 2 columns: check its quotes and separators'],
    ['name,mac\n"a,b\n', 'r:2: has a quote that is never closed: export the register again'],
    ['name,mac\n"a"b,c\n', 'r:2: has text behind a closing quote: export the register again'],
    [
      '{"name":"a"}\n{"name":\n',
      'r:2: is not JSON: write CSV with a header, one JSON object a line, or a list of objects',
    ],
    ['[1]', 'r: entry 1: is no JSON object: write one for each subject'],
    ['{"name":7}', 'r:1: "name" is no text: write text or a list of texts'],
  ])('say what is wrong with %j, and where', (text, message) => expect(() => rows(text)).toThrow(message))

  test('give rows or one line that says what is wrong, whatever the text', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('name,mac\n', '"', ',', 'a', '\n', '\u001b[2J', '{', '[', '{"name":"a"}'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (some) => {
        try {
          rows(some)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OffchannelError)
          expect((thrown as Error).message).toMatch(/^r\P{Cc}*: \P{Cc}+$/u)
        }
      }),
    )
  })
})

describe('registers', () => {
  test('know a device by each of its names in any spelling, and a user with the directorate', () => {
    const { subjects, list } = join(
      [LAPTOPS, 'Host name,MAC,Directorate\nLAPTOP-7,02-00-5E-10-00-07,Harbour\nLAPTOP-8,,\n,,\n'],
      [STAFF, 'login;Directorate\nEXAMPLE\\Alice;Registry\n'],
    )
    const harbour = { register: 'laptops', scope: 'managed', group: 'Harbour' }
    expect(subjects.get(device('laptop-7'))).toEqual(harbour)
    expect(subjects.get(device('0200.5e10.0007'))).toEqual(harbour)
    expect(subjects.get(user('alice@example'))).toEqual({ register: 'staff', scope: 'managed', group: 'Registry' })
    expect(subjects.get(device('alice@example'))).toBeUndefined()
    expect(list.map(({ name, entries, nameless }) => [name, entries.length, nameless])).toEqual([
      ['laptops', 2, 1],
      ['staff', 1, 0],
    ])
  })

  test('that say the same of one subject twice, or no directorate once, do not contradict each other', () => {
    const { subjects } = join([LAPTOPS, 'Host name,MAC,Directorate\na,m1,\na,m2,Harbour\nA,m3,\n'])
    expect(subjects.get(device('a'))?.group).toBe('Harbour')
  })

  test('that contradict each other are refused with both places', () => {
    const header = 'Host name,MAC,Directorate'
    expect(() => join([LAPTOPS, `${header}\na,m1,Harbour\nb,m1,Registry\n`])).toThrow(
      'laptops.csv:3: says managed, "Registry" of a subject that stands in laptops.csv:2 (managed, "Harbour"): correct one of the two',
    )
    const phones = { ...LAPTOPS, file: 'phones.csv', scope: 'unmanaged' } as const
    expect(() => join([LAPTOPS, `${header}\na,m1,\n`], [phones, `${header}\na,m1,\n`])).toThrow(
      'phones.csv:2: says unmanaged of a subject that stands in laptops.csv:2 (managed): correct one of the two',
    )
  })

  test('have a hash that does not change with the order of rows, and does with what they say', () => {
    const of = (...lines: readonly string[]) => join([STAFF, ['login,Directorate', ...lines].join('\n')]).hash
    expect(of('a,x', 'b,y')).toBe(of('b,y', 'a,x'))
    expect(of('a,x', 'b,y')).not.toBe(of('a,x', 'b,z'))
  })
})
