import { expect, test } from 'vitest'
import { columnNeeds, columnWidths } from '../../../src/report/board/pdf-columns.ts'
import { fc } from '../../property.ts'

test('columns make up the width, and none is narrower than its longest word while all have room for theirs', () => {
  const need = fc.record({ word: fc.integer({ min: 1, max: 60 }), more: fc.integer({ min: 0, max: 200 }) })
  fc.assert(
    fc.property(fc.array(need, { minLength: 1, maxLength: 15 }), fc.boolean(), (some, numbers) => {
      const needs = some.map(({ word, more }) => ({ word, line: word + more }))
      const widths = columnWidths(needs, numbers, 483)
      expect(widths.reduce((all, one) => all + one, 0)).toBeCloseTo(483)
      const room = needs.reduce((all, { word }) => all + word, 0) <= 483
      for (const [n, width] of widths.entries()) {
        expect(width).toBeGreaterThan(0)
        if (room) expect(width).toBeGreaterThan(needs[n]!.word - 0.001)
      }
    }),
  )
})

test('a head may go over lines, a cell wants one, and no text has the whole table', () => {
  const measured = (text: string, bold: boolean) => text.length * (bold ? 2 : 1)
  const needs = columnNeeds(['a head', 'two words'], [['some cell', 'x'.repeat(90)]], 100, measured)
  expect(needs).toEqual([
    { word: 8, line: 12 },
    { word: 30, line: 60 },
  ])
})
