import { describe, expect, test } from 'vitest'
import type { FigureTable } from '../../../src/model/board.ts'
import { orderAfter, protectAlone, protectOverlapping, protectParts } from '../../../src/report/board/suppress.ts'
import { numbers, outcomes } from './possible.ts'

const KEYS = ['a', 'b', 'c', 'd']
const rowsOf = (values: readonly number[]) => values.map((value, n) => ({ key: KEYS[n]!, value, people: value }))
const shown = (table: FigureTable) => (table === null ? 'nothing' : table.map(({ value }) => value ?? 'held').join(' '))

/** Of each small number that is held back the small values that it cannot have been, by what is published. */
function givenAway(
  candidates: Iterable<number[]>,
  publish: (values: readonly number[]) => string,
  least: number,
): string[] {
  const small = (value: number) => value > 0 && value < least
  return outcomes(candidates, (values) => values, publish, small).flatMap(({ output, possible, small }) =>
    [...small].flatMap((cell) =>
      Array.from({ length: least - 1 }, (_, n) => n + 1)
        .filter((value) => !possible[cell]!.has(value))
        .map((value) => `${output}: ${KEYS[cell]} is not ${value}`),
    ),
  )
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

describe('a small number may have been any small number, to whoever knows this code and goes through all tables', () => {
  test.each([
    [2, 3, 24],
    [3, 3, 24],
    [4, 3, 18],
    [3, 4, 26],
    [3, 5, 34],
  ])('of %i rows that add up, fewer than %i held back, up to %i people', (cells, least, most) => {
    const candidates = [...numbers(Array(cells).fill(most))].filter(
      (values) => sum(values) <= most && sum(values) >= least,
    )
    const publish = (values: readonly number[]) =>
      `${sum(values)}: ${shown(protectParts(rowsOf(values), { least, order: KEYS }))}`
    expect(givenAway(candidates, publish, least)).toEqual([])
  })

  test.each([
    [2, 3, 12],
    [3, 3, 12],
    [4, 3, 8],
    [3, 5, 14],
  ])('of %i rows that overlap, fewer than %i held back, up to %i people', (cells, least, most) => {
    const found: string[] = []
    for (let people = least; people <= most; people++) {
      const candidates = [...numbers(Array(cells).fill(people))].filter((values) => sum(values) >= people)
      const publish = (values: readonly number[]) =>
        shown(protectOverlapping(rowsOf(values), people, { least, order: KEYS }, true))
      found.push(...givenAway(candidates, publish, least).map((what) => `${people} people, ${what}`))
    }
    expect(found).toEqual([])
  })

  test('the attack finds what the smallest of the other rows gives away', () => {
    const smallest = (values: readonly number[]) => {
      const order = rowsOf(values)
        .sort((a, b) => a.value - b.value)
        .map(({ key }) => key)
      return `${sum(values)}: ${shown(protectParts(rowsOf(values), { least: 3, order }))}`
    }
    const candidates = [...numbers([24, 24, 24])].filter((values) => sum(values) <= 24 && sum(values) >= 3)
    expect(givenAway(candidates, smallest, 3)).not.toEqual([])
  })

  test('the attack finds what is held back alone', () => {
    const alone = (values: readonly number[]) => `${sum(values)}: ${shown(protectAlone(rowsOf(values), 3))}`
    expect(givenAway(numbers([8, 8, 8]), alone, 3)).not.toEqual([])
  })
})

test('nothing is held back where nothing is small, and zero is not small', () => {
  expect(shown(protectParts(rowsOf([5, 0, 40]), { least: 5, order: KEYS }))).toBe('5 0 40')
  expect(shown(protectOverlapping(rowsOf([5, 0, 40]), 40, { least: 5, order: KEYS }, false))).toBe('5 0 40')
})

test('beside a small number the first of the order is held back, and more until there is room for doubt', () => {
  expect(shown(protectParts(rowsOf([3, 30, 40, 50]), { least: 5, order: ['c', 'b', 'a', 'd'] }))).toBe(
    'held 30 held 50',
  )
  expect(shown(protectParts(rowsOf([3, 6, 40, 50]), { least: 5, order: KEYS }))).toBe('held held held 50')
  expect(shown(protectParts(rowsOf([1, 1, 1, 4]), { least: 5, order: KEYS }))).toBe('nothing')
})

test('of rows that overlap another one is held back only where the rest would be the small ones', () => {
  expect(shown(protectOverlapping(rowsOf([2, 30, 40]), 60, { least: 5, order: KEYS }, false))).toBe('held 30 40')
  expect(shown(protectOverlapping(rowsOf([2, 30, 40]), 72, { least: 5, order: KEYS }, false))).toBe('held held 40')
})

test('of findings no row is held back alone, however many a few people have', () => {
  const rows = [
    { key: 'open', value: 300, people: 90 },
    { key: 'closed', value: 40, people: 3 },
    { key: 'suppressed', value: 0, people: 0 },
  ]
  expect(shown(protectParts(rows, { least: 5, order: ['open', 'closed', 'suppressed'] }))).toBe('held held 0')
})

test('the order begins with the smaller by what was last published, and never asks the numbers of the month', () => {
  const before = [
    [
      { key: 'b', value: 20 },
      { key: 'c', value: null },
    ],
    null,
    [
      { key: 'b', value: 3 },
      { key: 'c', value: 30 },
      { key: 'd', value: 7 },
    ],
  ]
  expect(orderAfter(before, KEYS)).toEqual(['d', 'b', 'c', 'a'])
  expect(orderAfter([], KEYS)).toEqual(KEYS)
})
