import { describe, expect, test } from 'vitest'
import { orderOfShares, protectShares, withoutSmallest } from '../../../src/report/board/suppress-shares.ts'
import { numbers, outcomes } from './possible.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e']
const row = (key: string, value: number, size?: number) => ({ key, value, people: value, ...(size && { size }) })
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

describe('whoever knows how many there are of each and how many did it in all learns of none that all or few did', () => {
  test.each([
    [3, [8, 9, 10, 11]],
    [3, [6, 6, 6, 6, 6]],
    [3, [7, 9, 14, undefined]],
    [4, [8, 12, 13, undefined]],
    [5, [11, 12, 13, 14]],
    [3, [20, 20, undefined]],
    [3, [20, 30]],
  ])('held back below %i, of these: %j', (least, sizes) => {
    // Where nothing says how many there are, more than the others have in all is like any other number.
    const most = sizes.map((size) => size ?? 24)
    const rows = (values: readonly number[]) => values.map((value, n) => row(KEYS[n]!, value, sizes[n]))
    const among = [...numbers(most)].filter((values) => sum(values) >= least)
    const candidates = sizes.includes(undefined) ? among.filter((values) => sum(values) <= 24) : among
    const publish = (values: readonly number[]) => {
      const told = protectShares(rows(values), { least, order: KEYS.slice(0, sizes.length) })
      return `${sum(values)}: ${told === null ? 'nothing' : told.map(({ value }) => value ?? 'held').join(' ')}`
    }
    const isFew = (value: number) => value > 0 && value < least
    const isNearlyAll = (value: number, cell: number) => value >= least && value > (sizes[cell] ?? 99) - least
    const range = (from: number, until: number) => Array.from({ length: until - from + 1 }, (_, n) => from + n)
    const identity = (values: readonly number[]) => values
    const few = outcomes(candidates, identity, publish, isFew)
    const nearlyAll = outcomes(candidates, identity, publish, isNearlyAll)
    expect(few.length).toBeGreaterThan(100)
    // What the sum of all and the sizes tell by themselves nothing can hold back.
    const bySum = new Map(
      outcomes(candidates, identity, (v) => String(sum(v)), isFew).map((s) => [s.output, s.possible]),
    )
    const given: string[] = []
    for (const [seen, of] of [
      ...few.map((one) => [one, () => range(1, least - 1)] as const),
      ...nearlyAll.map((one) => [one, (size: number) => range(Math.max(least, size - least + 1), size)] as const),
    ]) {
      const known = bySum.get(seen.output.split(':')[0]!)!
      for (const cell of seen.small) {
        const expected = of(sizes[cell] ?? 0).filter((value) => known[cell]!.has(value))
        const left = expected.filter((value) => seen.possible[cell]!.has(value))
        // A table of which nothing is told leaves at least as many numbers as there are small ones.
        const enough = seen.output.includes('nothing')
          ? seen.possible[cell]!.size >= Math.min(least - 1, known[cell]!.size)
          : left.length === expected.length
        if (!enough) given.push(`${seen.output}: ${KEYS[cell]} is one of ${[...seen.possible[cell]!]}`)
      }
    }
    expect(given).toEqual([])
  })
})

test('a number that leaves few of a directorate is held back as a small one is, and one more beside it', () => {
  const rows = [row('audit', 11, 12), row('health', 40, 300), row('legal', 12, 90), row('', 9)]
  const told = protectShares(rows, { least: 5, order: ['legal', 'health', 'audit', ''] })
  expect(told?.map(({ value }) => value)).toEqual([null, 40, null, 9])
  expect(told?.[1]).toEqual({ key: 'health', value: 40, size: 300 })
})

test('directorates of few people are one with those that no register has', () => {
  const rows = [row('audit', 3, 9), row('health', 40, 300), row('visitors', 2), row('', 4)]
  expect(withoutSmallest(rows, 5)).toEqual([row('health', 40, 300), row('', 9)])
})

test('beside others goes first who was last published far from nought and from all, then the largest', () => {
  const rows = [row('audit', 1, 20), row('health', 40, 300), row('legal', 12, 90), row('works', 60, 400)]
  const before = [
    [
      { key: 'audit', value: 16 },
      { key: 'health', value: 70 },
      { key: 'legal', value: 20 },
    ],
  ]
  expect(orderOfShares(before, rows, 5)).toEqual(['legal', 'health', 'works', 'audit'])
  expect(orderOfShares([], rows, 5)).toEqual(['works', 'health', 'legal', 'audit'])
})
