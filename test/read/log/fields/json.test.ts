import { describe, expect, it } from 'vitest'
import { JsonFields } from '../../../../src/read/log/fields/json.ts'
import { fc } from '../../../property.ts'
import { LIST, parse } from './parse.ts'

function read(wanted: readonly string[], text: string, within?: string) {
  return parse(new JsonFields(wanted, { within }), wanted, text)
}

describe('JSON fields', () => {
  it.each([
    [
      'plain values',
      ['s', 'n', 't', 'z'],
      '{"s":"a","n":-1.5e3,"t":true,"z":null}',
      { s: 'a', n: '-1.5e3', t: 'true' },
    ],
    ['white space anywhere', ['a', 'b.c'], ' { "a" :\t1 ,\n"b" : { "c" : "d" } } ', { a: '1', 'b.c': 'd' }],
    ['keys that hold dots', ['a.b.c'], '{"a.b":{"c":1}}', { 'a.b.c': '1' }],
    ['keys that are all dots', ['a.b.c'], '{"a.b.c":1}', { 'a.b.c': '1' }],
    ['lists of plain values', ['a'], '{"a":["x",1,null,{"y":2},["z"]]}', { a: `x${LIST}1` }],
    ['one element', ['a.1.b'], '{"a":[{"b":1},{"b":2}]}', { 'a.1.b': '2' }],
    [
      'all elements, in step',
      ['a.*.b', 'a.*.c'],
      '{"a":[{"b":1},{"c":2},{"b":3,"c":4}]}',
      { 'a.*.b': `1${LIST}${LIST}3`, 'a.*.c': `${LIST}2${LIST}4` },
    ],
    ['one and all', ['a.*.b', 'a.0.b'], '{"a":[{"b":1},{"b":2}]}', { 'a.*.b': `1${LIST}2`, 'a.0.b': '1' }],
    ['the last of equal keys', ['a'], '{"a":1,"a":2}', { a: '2' }],
    ['escapes', ['a', 'b'], '{"x":"\\"","a":"\\"\\\\\\/\\n\\u00e9\\ud83d\\ude00","b":"c"}', { a: '"\\/\né😀', b: 'c' }],
    ['half a surrogate', ['a'], '{"a":"\\ud83dx"}', { a: '\ufffdx' }],
    ['what no escape is', ['a'], '{"a":"\\x\\u12"}', { a: '\\x\\u12' }],
    ['elements with a line end left empty', ['a'], '{"a":["b\\nc","d"]}', { a: `${LIST}d` }],
    ['empty things', ['a', 'b', 'c'], '{"a":{},"b":[],"c":""}', {}],
    ['brackets in strings that are passed over', ['b'], '{"a":{"x":"}]{[\\""},"b":1}', { b: '1' }],
  ])('read %s', (_, wanted, text, expected) => {
    expect(read(wanted, text)).toEqual(expected)
  })

  it('read what a collector put under a key, with it and without', () => {
    expect(read(['a', 'sourcetype'], '{"sourcetype":"x","event":{"a":1}}', 'event')).toEqual({
      a: '1',
      sourcetype: 'x',
    })
    expect(read(['a'], '{"a":1}', 'event')).toEqual({ a: '1' })
  })

  it.each(['', '  '])('skip an empty record: %j', (text) => {
    expect(read(['a'], text)).toBe('skip')
  })

  it.each([
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":"1',
    '{"a":1,',
    '{"a":1}x',
    '{"a":1}{',
    '[1]',
    '{a:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":[1}',
    '{"a":[1 2]}',
    '{"a":"\n"}',
  ])('refuse %j', (text) => {
    expect(read(['a'], text)).toBe('bad_json')
  })

  it('say of any object what JSON.parse says', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'a.b', 'é', 'long key', '')
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        tie('object'),
        fc.array(fc.string(), { maxLength: 3 }),
      ),
      object: fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    })).object
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(0, 1),
        fc.constantFrom('a', 'b', 'a.b', 'c.a', 'c.c.b', 'é'),
        (object, indent, name) => {
          const text = JSON.stringify(object, undefined, indent)
          const found = lookUp(JSON.parse(text) as object, name)
          const said = read([name], text)
          if (found !== undefined) expect(said).toEqual(found === '' ? {} : { [name]: found })
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('end on any bytes', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\\u',
      'd83d',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      'null',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = `{"a":${pieces.join('')}`
        const said = read(['a', 'b.*.a', 'a.0'], text)
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if (isJson) expect(typeof said).toBe('object')
      }),
      { numRuns: 3000 },
    )
  })
})

/** The text of a plain value at a path; undefined where there are several ways to it, or none. */
function lookUp(object: object, name: string): string | undefined {
  const steps = name.split('.')
  const ways: unknown[] = []
  const walk = (at: unknown, rest: readonly string[]) => {
    if (rest.length === 0) ways.push(at)
    else if (typeof at === 'object' && at !== null && !Array.isArray(at)) {
      for (let length = 1; length <= rest.length; length++) {
        const key = rest.slice(0, length).join('.')
        if (Object.hasOwn(at, key)) walk((at as Record<string, unknown>)[key], rest.slice(length))
      }
    }
  }
  walk(object, steps)
  const [value] = ways
  if (ways.length !== 1) return undefined
  if (typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(value)
  return typeof value === 'string' ? value : undefined
}
