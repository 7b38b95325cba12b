import { expect, test } from 'vitest'
import {
  type CountedRow,
  type FigureTable,
  type MonthCounts,
  type MonthFigures,
  PART_TABLES,
} from '../../../src/model/board.ts'
import { monthFigures } from '../../../src/report/board/month-figures.ts'
import { fc } from '../../property.ts'

const LEAST = 5
const MONTH = 20_000

/** What somebody did in a month: each number is a place in a table. */
interface Person {
  readonly route: number
  readonly activity: number
  readonly group: number
  readonly network: number
  readonly apps: readonly number[]
  readonly weeks: readonly number[]
  readonly days: number
}

const skewed = (places: number) => fc.integer({ min: 0, max: places * places - 1 }).map((n) => Math.floor(Math.sqrt(n)))
const person: fc.Arbitrary<Person> = fc.record({
  route: skewed(3),
  activity: skewed(3),
  group: skewed(6),
  network: skewed(4),
  apps: fc.uniqueArray(skewed(7), { minLength: 1, maxLength: 3 }),
  weeks: fc.uniqueArray(skewed(4), { minLength: 1, maxLength: 4 }),
  days: fc.integer({ min: 1, max: 20 }),
})
const people = fc.array(person, { minLength: 0, maxLength: 80, size: 'max' })

function rows(
  people: readonly Person[],
  of: (one: Person) => readonly string[],
  keys: readonly string[] = [],
): CountedRow[] {
  const counts = new Map(keys.map((key) => [key, 0]))
  for (const key of people.flatMap(of)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts].map(([key, value]) => ({ key, value, people: value }))
}

function countsOf(people: readonly Person[], month: number): MonthCounts {
  const routes = ['bypass', 'untold', 'inside']
  const activities = ['call', 'use', 'background']
  return {
    month,
    people: people.length,
    routes: rows(people, ({ route }) => [routes[route]!], routes),
    activities: rows(people, ({ activity }) => [activities[activity]!], activities),
    groups: rows(people, ({ group }) => [`group ${group}`]),
    networks: rows(people, ({ network }) => [`network ${network}`]),
    apps: rows(people, ({ apps }) => apps.map((app) => `app ${app}`)),
    exemptions: rows(people, ({ group }) => (group === 0 ? ['press'] : []), ['press']).map((row) => ({
      ...row,
      within: [{ table: 'groups' as const, key: 'group 0' }],
    })),
    // Everybody has as many findings as there are days on which they were seen.
    states: rows(people, ({ activity }) => [`state ${activity}`]).map((row) => ({
      ...row,
      value: people.filter(({ activity }) => row.key === `state ${activity}`).reduce((sum, { days }) => sum + days, 0),
    })),
    weeks: [0, 1, 2, 3].map((week) => {
      const seen = people.filter(({ weeks }) => weeks.includes(week))
      return { monday: month + 7 * week, people: seen.length, bypass: seen.filter(({ route }) => route === 0).length }
    }),
    registers: [{ name: 'laptops', entries: 100, seen: people.length }],
  }
}

interface Equation {
  readonly cells: readonly string[]
  readonly sum: number
}

/** All that whoever has these reports can write down of cells that add up to a number that is told. */
function equations(reports: readonly (readonly MonthFigures[])[]): Equation[] {
  return reports.flat().flatMap((month) => {
    const known = (name: string, table: FigureTable, total: number | null): Equation[] => {
      if (table === null || total === null) return []
      const told = table.reduce((all, { value }) => all + (value ?? 0), 0)
      const cells = table.filter(({ value }) => value === null).map(({ key }) => `${month.month} ${name} ${key}`)
      return [{ cells, sum: total - told }]
    }
    return [
      ...PART_TABLES.flatMap((name) => known(name, month[name], month.people)),
      ...known('states', month.states, month.findings),
      ...month.weeks.flatMap(({ monday, people, bypass }) =>
        known(
          'week',
          [
            { key: `${monday} bypass`, value: bypass },
            { key: `${monday} others`, value: bypass === null || people === null ? null : people - bypass },
          ],
          people,
        ),
      ),
    ]
  })
}

/** Cells that follow from the equations: the reduced row echelon form has a row with that cell alone. */
function solved(all: readonly Equation[]): string[] {
  const names = [...new Set(all.flatMap(({ cells }) => cells))]
  const matrix = all.map(({ cells, sum }) => [...names.map((name) => Number(cells.includes(name))), sum])
  let top = 0
  for (let column = 0; column < names.length && top < matrix.length; column++) {
    const pivot = matrix.findIndex((row, n) => n >= top && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) continue
    ;[matrix[top], matrix[pivot]] = [matrix[pivot]!, matrix[top]!]
    const by = matrix[top]![column]!
    matrix[top] = matrix[top]!.map((value) => value / by)
    for (const [n, row] of matrix.entries()) {
      const factor = n === top ? 0 : row[column]!
      if (factor !== 0) matrix[n] = row.map((value, k) => value - factor * matrix[top]![k]!)
    }
    top++
  }
  return matrix.flatMap((row) => {
    const left = names.filter((_, n) => Math.abs(row[n]!) > 1e-9)
    return left.length === 1 ? left : []
  })
}

/** Months one after the other, each knowing what was published before. */
function publish(months: readonly (readonly Person[])[]): MonthFigures[] {
  const published: MonthFigures[] = []
  for (const [n, people] of months.entries()) {
    published.push(monthFigures(countsOf(people, MONTH + 28 * n), LEAST, published.toReversed()))
  }
  return published
}

test('subtracting in several reports of overlapping periods gives no number that was held back', () => {
  fc.assert(
    fc.property(people, people, people, (first, second, third) => {
      const [a, b, c] = publish([first, second, third]) as [MonthFigures, MonthFigures, MonthFigures]
      // A month by itself, the quarter, two pairs that overlap, and the first one once more.
      const all = equations([[a], [a, b, c], [a, b], [b, c], [a]])
      expect(solved(all)).toEqual([])
      for (const { cells, sum } of all) {
        // Each of them is at least 1, and nothing else is known: it may be anything up to what the others leave.
        if (cells.length > 0 && !cells[0]!.includes(' week ')) expect(sum - cells.length).toBeGreaterThanOrEqual(LEAST)
      }
    }),
    { numRuns: 300 },
  )
})

test('no number of fewer people than the least is told, nor a total of so few', () => {
  fc.assert(
    fc.property(people, (some) => {
      const counts = countsOf(some, MONTH)
      const told = monthFigures(counts, LEAST, [])
      const tables = [...PART_TABLES, 'apps', 'exemptions', 'states'] as const
      const numbers = [told.people, ...tables.flatMap((name) => (told[name] ?? []).map(({ value }) => value))]
      const weeks = told.weeks.flatMap((week) => [
        week.people,
        week.bypass,
        (week.people ?? 0) - (week.bypass ?? week.people ?? 0),
      ])
      for (const number of [...numbers, ...weeks]) expect(number === null || number === 0 || number >= LEAST).toBe(true)
      // Whatever is told is true.
      for (const name of tables) {
        for (const { key, value } of told[name] ?? []) {
          if (value !== null) expect(value).toBe(counts[name].find((row) => row.key === key)!.value)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('a directorate cannot be narrowed down by how many belong to each and how many there are in all', () => {
  const directorate = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.nat())
    .map(([size, n]) => ({ size, value: n % (size + 1) }))
  let held = 0
  fc.assert(
    fc.property(
      fc.array(directorate, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 30 }),
      (some, others) => {
        const sized = some.map(({ size, value }, n) => ({ key: `group ${n}`, value, people: value, size }))
        const people = sized.reduce((all, { value }) => all + value, others)
        fc.pre(people >= LEAST)
        const groups = [...sized, { key: '', value: others, people: others }]
        const told = monthFigures({ ...countsOf([], MONTH), people, groups }, LEAST, []).groups ?? []
        const secret = told.filter(({ value }) => value === null)
        const sum = people - told.reduce((all, { value }) => all + (value ?? 0), 0)
        for (const { key, value, size = Number.POSITIVE_INFINITY } of told) {
          if (value !== null) {
            expect(value === 0 || (value >= LEAST && size - value >= LEAST)).toBe(true)
            continue
          }
          held++
          const rest = secret.filter((row) => row.key !== key)
          // Of the others held back each is at least 1, and none more than belong to it.
          const most = Math.min(size, sum - rest.length)
          const least = Math.max(1, sum - rest.reduce((all, row) => all + (row.size ?? Number.POSITIVE_INFINITY), 0))
          const real = groups.find((row) => row.key === key)!.value
          if (key === '') continue
          if (real < LEAST) expect([least, most >= LEAST - 1]).toEqual([1, true])
          if (size - real < LEAST) expect([least <= size - LEAST + 1, most]).toEqual([true, size])
        }
      },
    ),
    { numRuns: 1000 },
  )
  expect(held).toBeGreaterThan(100)
})

test('what is told of a quiet month of a large department is nearly all', () => {
  const some = Array.from(
    { length: 200 },
    (_, n): Person => ({
      route: n % 3,
      activity: n % 3,
      group: n % 6,
      network: n % 4,
      apps: [n % 7],
      weeks: [n % 4],
      days: 1,
    }),
  )
  const told = monthFigures(countsOf(some, MONTH), LEAST, [])
  expect(JSON.stringify(told)).not.toContain('null')
})
