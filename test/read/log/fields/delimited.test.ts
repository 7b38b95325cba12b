import { describe, expect, it } from 'vitest'
import { ColumnsFields } from '../../../../src/read/log/fields/columns.ts'
import { CsvFields } from '../../../../src/read/log/fields/csv.ts'
import { KeyValueFields } from '../../../../src/read/log/fields/key-value.ts'
import type { FieldParser } from '../../../../src/read/log/fields/record-fields.ts'
import { W3cFields } from '../../../../src/read/log/fields/w3c.ts'
import { fc } from '../../../property.ts'
import { parse } from './parse.ts'

const ABC = ['a', 'b', 'c'] as const

function lines(parser: FieldParser, ...texts: readonly string[]) {
  return texts.map((text) => parse(parser, ABC, text))
}

describe('CSV fields', () => {
  it.each([
    ['1,2,3', { a: '1', b: '2', c: '3' }],
    ['1,,', { a: '1' }],
    [' 1 , "2" ,"3 "', { a: '1', b: '2', c: '3 ' }],
    ['"1,""x""","2\n3",', { a: '1,"x"', b: '2\n3' }],
    ['1,x"y,"z', { a: '1', b: 'x"y', c: '"z' }],
    ['1,2,3,4', { a: '1', b: '2', c: '3' }],
    ['1', 'too_few_fields'],
    ['', 'skip'],
    ['# comment', 'skip'],
  ])('are read from %j', (text, expected) => {
    expect(lines(new CsvFields(ABC, { header: ABC }), text)).toEqual([expected])
  })

  it('have their names from the header, in any order and case, with its delimiter, and from a later one', () => {
    const parser = new CsvFields(ABC, { header: true })
    expect(lines(parser, '"C"; x ;A', '3;0;1', '"C"; x ;A', '4;0;2')).toEqual([
      'skip',
      { c: '3', a: '1' },
      'skip',
      { c: '4', a: '2' },
    ])
    expect(lines(new CsvFields(ABC, { header: true }), '1,2,3')).toEqual(['no_header'])
    expect(lines(new CsvFields(ABC, { header: true }), 'a,b,a', '1,2,3')).toEqual(['skip', { a: '1', b: '2' }])
  })

  it('give back any row that was written', () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.trim())
    fc.assert(
      fc.property(cell, cell, cell, (a, b, c) => {
        const row = [a, b, c].map((text) => `"${text.replaceAll('"', '""')}"`).join(',')
        const expected = Object.fromEntries(Object.entries({ a, b, c }).filter(([, text]) => text !== ''))
        expect(lines(new CsvFields(ABC, { header: ABC }), row)).toEqual([expected])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('key=value fields', () => {
  it('are missing in messages of another kind, where such are to be expected', () => {
    expect(lines(new KeyValueFields(ABC), 'eth0: link up')).toEqual(['no_keys'])
    expect(lines(new KeyValueFields(ABC, { others: 'skip' }), 'eth0: link up', 'a=1')).toEqual(['skip', { a: '1' }])
  })

  it.each([
    ['[a:"1"; b:"x; y"; c:"[z\\]"]', { a: '1', b: 'x; y', c: '[z\\]' }],
    ['syslog[a:"1"; b:"2"; ]', { a: '1', b: '2' }],
    ['[a:"1"; b::"2 [3]."; c:"4";]', { a: '1', b: ':"2 [3]."', c: '4' }],
    ['a:"1"; [b:"2"; c:"3]"', { a: '1', c: '3]' }],
  ])('may stand in brackets: %j', (text, expected) => {
    expect(lines(new KeyValueFields(ABC, { separator: ';', assign: ':' }), text)).toEqual([expected])
  })

  it('hold spaces without quotes, where they may, up to the next key', () => {
    const parser = new KeyValueFields(ABC, { spaces: true })
    expect(lines(parser, 'a=two words b= c=x=1&y =2', 'a= b=1 2  c="3 4" d', 'x=a b=c d')).toEqual([
      { a: 'two words', c: 'x=1&y =2' },
      { b: '1 2', c: '3 4' },
      { b: 'c d' },
    ])
  })

  const spaced = () => new KeyValueFields(ABC)
  it.each([
    ['a=1 b="2 x" c=\'3\'', { a: '1', b: '2 x', c: '3' }],
    ['message in front a=1  b= c=3', { a: '1', c: '3' }],
    ['a="x\\"y" b="\\\\" c="DOM\\user"', { a: 'x"y', b: '\\', c: 'DOM\\user' }],
    ['a="say "hi"now" b=2', { a: 'say "hi"now', b: '2' }],
    ['a=""x"" b=2', { a: '"x"', b: '2' }],
    ['a="" b=""', {}],
    ['a="never closed b=2', { a: '"never', b: '2' }],
    ['"a"=1 b=x=y', { a: '1', b: 'x=y' }],
    ['a=1 a=2', { a: '2' }],
    ['no pairs at all', 'no_keys'],
    ['', 'skip'],
  ])('are read from %j', (text, expected) => {
    expect(lines(spaced(), text)).toEqual([expected])
  })

  it('have other separators and signs between', () => {
    expect(lines(new KeyValueFields(ABC, { separator: ',' }), 'a=1 x, b="2,y" ,c = 3')).toEqual([
      { a: '1 x', b: '2,y', c: '3' },
    ])
    expect(lines(new KeyValueFields(ABC, { separator: '|', assign: ':' }), 'a:1|b: 2 |c:3:4')).toEqual([
      { a: '1', b: '2', c: '3:4' },
    ])
    expect(lines(new KeyValueFields(ABC, { separator: '\t' }), 'a=x "y" z\tb="1" 2"\tc=3')).toEqual([
      { a: 'x "y" z', b: '1" 2', c: '3' },
    ])
  })
})

describe('W3C fields', () => {
  it('have their names from the last #Fields line, between spaces or tabs', () => {
    const parser = new W3cFields(ABC)
    const texts = ['#Software: x', '1 2', '#Fields: a c b', '1 "3 ""x""" 2', '4\t6 7\t5', '#Fields: b a', '2 1', '']
    expect(lines(parser, ...texts)).toEqual([
      'skip',
      'no_header',
      'skip',
      { a: '1', c: '3 "x"', b: '2' },
      { a: '4', c: '6 7', b: '5' },
      'skip',
      { b: '2', a: '1' },
      'skip',
    ])
  })

  it('have names with spaces where tabs stand between them', () => {
    const parser = new W3cFields(['a b', 'c'])
    const read = (text: string) => parse(parser, ['a b', 'c'], text)
    expect([read('#Fields: c\ta b'), read('1\t2 3')]).toEqual(['skip', { c: '1', 'a b': '2 3' }])
  })
})

describe('columns', () => {
  it.each([
    ['1 2 3 more', { a: '1', b: '2', c: '3' }],
    ['  1   [2 x]  "3 \\"y\\""', { a: '1', b: '2 x', c: '3 "y"' }],
    ['1 [2 "3', { a: '1', b: '[2', c: '"3' }],
    ['1 2', 'too_few_fields'],
    ['', 'skip'],
  ])('are read from %j', (text, expected) => {
    expect(lines(new ColumnsFields(ABC, { columns: ABC }), text)).toEqual([expected])
  })
})

describe('every parser', () => {
  it('ends on any bytes, with its fields within the record', () => {
    const piece = fc.constantFrom(
      'a',
      'b=',
      '"',
      '""',
      "'",
      ',',
      ';',
      '\t',
      ' ',
      '\\',
      '[',
      ']',
      '#Fields: a',
      '=',
      '\n',
      '|',
    )
    const parsers: readonly (() => FieldParser)[] = [
      () => new CsvFields(ABC, { header: ABC }),
      () => new CsvFields(ABC, { header: true }),
      () => new KeyValueFields(ABC),
      () => new KeyValueFields(ABC, { separator: ',' }),
      () => new W3cFields(ABC, { columns: ABC }),
      () => new ColumnsFields(ABC, { columns: ABC }),
    ]
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        for (const make of parsers) {
          const said = parse(make(), ABC, text)
          if (typeof said === 'string') expect(said).toMatch(/^[a-z_]+$/)
          else for (const value of Object.values(said)) expect(value.length).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
