import { describe, expect, it } from 'vitest'
import { fc } from '../../../property.ts'
import { frame } from './frame.ts'

const CSV = { kind: 'csv', delimiters: ',;' } as const

describe('CSV records', () => {
  it.each([
    ['rows', 'a,b\r\nc,d\n', ['a,b', 'c,d'], [1, 2]],
    ['a field over lines', 'a,"b\nc",d\ne\n', ['a,"b\nc",d', 'e'], [1, 3]],
    ['doubled quotes', 'a,"b""\n""c"\nd\n', ['a,"b""\n""c"', 'd'], [1, 3]],
    ['a quote within a field', 'a,b"c\nd,e"f\n', ['a,b"c', 'd,e"f'], [1, 2]],
    ['no end of the last row', 'a,"b"', ['a,"b"'], [1]],
    ['spaces around quotes', 'a, "b\nc" ,d\n', ['a, "b\nc" ,d'], [1]],
  ])('hold %s', async (_, text, texts, numbers) => {
    for (const step of [1, 2, text.length]) {
      const framed = await frame(CSV, text, step)
      expect(framed.texts).toEqual(texts)
      expect(framed.numbers).toEqual(numbers)
      expect(framed.oddities).toEqual([])
    }
  })

  it.each([
    ['followed by more than a delimiter', 'a,"b\nc,"d"\ne\n', ['a,"b', 'c,"d"', 'e']],
    ['with no other behind it', 'a,"b\nc\nd\n', ['a,"b', 'c', 'd']],
    [
      'for more lines than a field has',
      `a,"b\n${'c\n'.repeat(200)}d,"e"\n`,
      ['a,"b', ...Array<string>(200).fill('c'), 'd,"e"'],
    ],
    ['for more bytes than a field has', `a,"b\n${'c'.repeat(70_000)}\nd,"e"\n`, ['a,"b', 'c'.repeat(70_000), 'd,"e"']],
  ])('take a quote for a character %s', async (_, text, texts) => {
    const framed = await frame(CSV, text)
    expect(framed.texts).toEqual(texts)
    expect(framed.oddities).toEqual([['csv_quote_unbalanced', 1]])
  })

  it('give back any rows that were written, whatever the reads', async () => {
    const cell = fc
      .array(fc.constantFrom('a', '"', '\n', ',', ' ', 'é'), { maxLength: 8 })
      .map((parts) => parts.join(''))
    const row = fc.array(cell, { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), fc.integer({ min: 1, max: 9 }), async (rows, step) => {
        const texts = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
        const framed = await frame(CSV, texts.map((text) => `${text}\n`).join(''), step)
        expect(framed.texts).toEqual(texts)
      }),
      { numRuns: 500 },
    )
  })
})
