import type { CountedRow, FigureTable } from '../../model/board.ts'
import { isSmall, type Protection, withHeld } from './suppress.ts'

/** What is told of a row beside its number: of which kind it is. The number lies between these, both included. */
interface Span {
  readonly from: number
  readonly until: number
  /** So few people, or all but so few of those there are, that it must be held back. */
  readonly sensitive: boolean
}

/** Fewer rows than this leave too little doubt when one of them has to be held back. */
const ROWS = 4

/**
 * The rows of which registers tell so few people that nearly every number would have to be held back are one with
 * those of which none tells. Which they are follows from the registers, never from what people did.
 */
export function withoutSmallest(rows: readonly CountedRow[], least: number): CountedRow[] {
  const large = rows.filter(({ size = 0 }) => size >= 2 * least)
  const rest = rows.filter((row) => !large.includes(row))
  const sum = rest.reduce((all, { value }) => all + value, 0)
  return [...large, { key: '', value: sum, people: sum }]
}

/**
 * Rows that add up to a number that is published, and of which registers say how many people there are. A number is
 * held back as well where all of them did it or all but a few: it would tell of each of them. One more row is held
 * back beside, which follows from `order`. No row can be more than its people, so the rows held back must leave room
 * on both sides of what they come to together: each may then be anything that its kind allows, by all that is known.
 * Null where they do not, where there is no other row, or where there are few rows at all.
 */
export function protectShares(rows: readonly CountedRow[], { least, order }: Protection): FigureTable {
  const spans = new Map(rows.filter(({ value }) => value > 0).map((row) => [row.key, spanOf(row, least)]))
  const held = new Set([...spans].filter(([, { sensitive }]) => sensitive).map(([key]) => key))
  if (held.size === 0) return withHeld(rows, held)
  if (rows.length < ROWS) return null
  const needed = Math.max(...[...held].map((key) => spans.get(key)!.until - spans.get(key)!.from))
  const next = order.find((key) => spans.has(key) && !held.has(key))
  if (next === undefined) return null
  held.add(next)
  const sum = (of: (key: string) => number) => [...held].reduce((all, key) => all + of(key), 0)
  const values = new Map(rows.map(({ key, value }) => [key, value]))
  const all = sum((key) => values.get(key)!)
  const below = all - sum((key) => spans.get(key)!.from)
  const above = sum((key) => spans.get(key)!.until) - all
  return below >= needed && above >= needed ? withHeld(rows, held) : null
}

/**
 * The order in which rows are held back beside others: those whose last published number was far from nought and from
 * all, the smaller first; then the largest by the registers, then by name. `before` is the latest first.
 */
export function orderOfShares(before: readonly FigureTable[], rows: readonly CountedRow[], least: number): string[] {
  const known = new Map<string, number>()
  for (const { key, value } of before.flatMap((table) => table ?? [])) {
    if (value !== null && !known.has(key)) known.set(key, value)
  }
  const rank = ({ key, size = Number.POSITIVE_INFINITY }: CountedRow): number => {
    const value = known.get(key) ?? 0
    return value >= 3 * least && size - value >= 3 * least ? value : Number.POSITIVE_INFINITY
  }
  const sizeOf = ({ size }: CountedRow) => size ?? Number.POSITIVE_INFINITY
  return rows
    .toSorted((a, b) => compare(rank(a), rank(b)) || compare(sizeOf(b), sizeOf(a)) || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key)
}

/** More people than the registers know of say that these do not tell how many there are. */
function spanOf({ value, people, size }: CountedRow, least: number): Span {
  const most = size === undefined || size < value ? Number.POSITIVE_INFINITY : size
  if (isSmall(people, least)) return { from: 1, until: Math.min(least - 1, most), sensitive: true }
  if (most - value < least) return { from: Math.max(least, most - least + 1), until: most, sensitive: true }
  return { from: least, until: most - least, sensitive: false }
}

/** As subtraction would, also of what has no end. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
