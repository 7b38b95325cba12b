import { describe, expect, it } from 'vitest'
import { RECORD_LIMIT } from '../../../../src/read/log/framing/records.ts'
import { fc } from '../../../property.ts'
import { frame } from './frame.ts'

const JSON_RECORDS = { kind: 'json' } as const
const UNDER = { kind: 'json', under: ['Records'] } as const

describe('JSON records', () => {
  it.each([
    ['one a line', '{"a":1}\n{"a":2}\r\n\n{"a":3}', ['{"a":1}', '{"a":2}', '{"a":3}'], [1, 2, 4]],
    [
      'over many lines',
      '{\n  "a": {\n    "b": 1\n  }\n}\n{\n"c":2\n}\n',
      ['{\n  "a": {\n    "b": 1\n  }\n}', '{\n"c":2\n}'],
      [1, 6],
    ],
    ['in a list', '[{"a":1},{"a":2}]', ['{"a":1}', '{"a":2}'], [1, 1]],
    ['in a list over lines', '[\n{"a":1},\n{"a":2}\n]\n', ['{"a":1}', '{"a":2}'], [2, 3]],
    ['side by side', '{"a":1}{"a":2}\n{"a":3} {"a":4}\n', ['{"a":1}', '{"a":2}', '{"a":3} {"a":4}'], [1, 1, 2]],
    ['in lists one after the other', '[{"a":1}]\n[{"a":2}]\n', ['{"a":1}', '{"a":2}'], [1, 2]],
    [
      'between lines that are none',
      'Nov 21 fw {"a":1}\n{"a":2}\nend\n',
      ['Nov 21 fw {"a":1}', '{"a":2}', 'end'],
      [1, 2, 3],
    ],
    [
      'between lines with a time in brackets',
      '[2026-11-21] a\n[{"a":1}]\n[12',
      ['[2026-11-21] a', '{"a":1}', '[12'],
      [1, 2, 3],
    ],
    ['with brackets in strings', '{"a":"}{\\"]"}\n', ['{"a":"}{\\"]"}'], [1]],
    ['behind a byte order mark', '\xef\xbb\xbf{"a":1}\n', ['{"a":1}'], [1]],
  ])('%s', async (_, text, texts, numbers) => {
    for (const step of [1, 3, text.length]) {
      const framed = await frame(JSON_RECORDS, text, step)
      expect(framed.numbers).toEqual(numbers)
      expect(framed.texts).toEqual(texts)
      expect(framed.oddities).toEqual([])
    }
  })

  it.each([
    ['the list behind a key', '{"Records":[{"a":1},{"a":2}]}', ['{"a":1}', '{"a":2}']],
    [
      'what stands around it passed over',
      '{"n":{"Records":3},"Records": [ {"a":1} ],"next":{"b":[2]}}\n{"Records":[{"a":2}]}',
      ['{"a":1}', '{"a":2}'],
    ],
    [
      'many such objects side by side',
      '{"Records":[{"a":1}]}{"Records":[{"a":2}]}{"Records":[]}{"Records":[{"a":3}]}{"Records":[{"a":4}]}',
      ['{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}'],
    ],
    ['an object without the key as a record', '{"a":1}\n{"Records":[{"a":2}]}', ['{"a":1}', '{"a":2}']],
    ['the key only in its place', '{"x":{"Records":[1]}}', ['{"x":{"Records":[1]}}']],
  ])('give %s', async (_, text, texts) => {
    for (const step of [1, text.length]) expect((await frame(UNDER, text, step)).texts).toEqual(texts)
  })

  it('find a list behind several keys', async () => {
    const framing = { kind: 'json', under: ['hits', 'hits'] } as const
    expect((await frame(framing, '{"took":1,"hits":{"total":2,"hits":[{"a":1},{"a":2}]}}')).texts).toEqual([
      '{"a":1}',
      '{"a":2}',
    ])
  })

  it.each([
    ['within a string', '{"a":"b\n{"a":2}\n', ['{"a":2}']],
    ['behind a comma', '{"a":1,\n{"a":2}\n', ['{"a":2}']],
    ['behind a value', '{"a":1\n{"a":2}\n{"a":3}\n', ['{"a":2}', '{"a":3}']],
    ['within a list', '[{"a":1},{"a":\n{"a":2}]', ['{"a":1}']],
    ['with brackets that do not fit', '{"a":[}\n{"a":2}\n', ['{"a":[}', '{"a":2}']],
  ])('go on behind damage %s', async (_, text, texts) => {
    const framed = await frame(JSON_RECORDS, text)
    expect(framed.texts).toEqual(texts)
  })

  it('leave out what is longer than a record, and go on behind it', async () => {
    const text = `{\n"a":"${'x'.repeat(RECORD_LIMIT)}"}\n{"a":2}\n`
    const framed = await frame(JSON_RECORDS, text)
    expect(framed.texts).toEqual(['{"a":2}'])
    expect(framed.oddities).toEqual([['record_too_long', 1]])
  })

  it('do not take an object that was cut for a record', async () => {
    expect(await frame(JSON_RECORDS, '{"a":1}\n{"a":')).toMatchObject({
      texts: ['{"a":1}'],
      oddities: [['json_cut', 1]],
    })
  })

  it('give the same whatever the reads and the window', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\n',
      ',',
      ':',
      '{"a":1}',
      '{"Records":[',
      'x',
      ' ',
      '\r\n',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), async (pieces, step) => {
        const text = pieces.join('')
        for (const framing of [JSON_RECORDS, UNDER]) {
          expect(await frame(framing, text, step)).toEqual(await frame(framing, text))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('give back any objects that were written, however they were laid out', async () => {
    const value = fc.object({ maxDepth: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 8 }),
        fc.constantFrom(0, 2),
        fc.boolean(),
        async (values, indent, asList) => {
          const texts = values.map((one) => JSON.stringify(one, undefined, indent))
          const text = asList ? `[${texts.join(',\n')}]` : texts.map((one) => `${one}\n`).join('')
          const framed = await frame(JSON_RECORDS, Buffer.from(text, 'utf8'), 11)
          expect(framed.texts.map((one) => JSON.parse(Buffer.from(one, 'latin1').toString('utf8')))).toEqual(
            texts.map((one) => JSON.parse(one)),
          )
        },
      ),
      { numRuns: 300 },
    )
  })
})
