import { describe, expect, test } from 'vitest'
import { ACTIVITY_ROWS, type CountedRow, type MonthCounts, ROUTE_ROWS } from '../../../src/model/board.ts'
import { monthFigures } from '../../../src/report/board/month-figures.ts'
import { outcomes } from './possible.ts'

// Every month that so few people can make, whoever does what in which week: what several tables tell together.
const LEAST = 3
const MONTH = 20_000

/** Of somebody: the weeks with use, and those of them past the VPN. */
interface Doing {
  readonly route: (typeof ROUTE_ROWS)[number]
  readonly weeks: readonly number[]
  readonly past: readonly number[]
}

const SOME_WEEKS = [[0], [1], [0, 1]]
const DOINGS: readonly Doing[] = SOME_WEEKS.flatMap((weeks): Doing[] => [
  { route: 'untold', weeks, past: [] },
  { route: 'inside', weeks, past: [] },
  ...SOME_WEEKS.filter((past) => past.every((week) => weeks.includes(week))).map(
    (past): Doing => ({ route: 'bypass', weeks, past }),
  ),
])

/** How many do each of these things, in every way that makes so many people. */
function* crowds(people: number, kinds: number): Generator<number[], void, undefined> {
  if (kinds === 1) yield [people]
  else for (let n = 0; n <= people; n++) for (const rest of crowds(people - n, kinds - 1)) yield [n, ...rest]
}

const row = (key: string, value: number): CountedRow => ({ key, value, people: value })

function countsOf(crowd: readonly number[]): MonthCounts {
  const count = (which: (doing: Doing) => boolean) =>
    DOINGS.reduce((sum, doing, n) => (which(doing) ? sum + crowd[n]! : sum), 0)
  const people = count(() => true)
  return {
    month: MONTH,
    people,
    routes: ROUTE_ROWS.map((key) =>
      row(
        key,
        count(({ route }) => route === key),
      ),
    ),
    activities: ACTIVITY_ROWS.map((key, n) => row(key, n === 0 ? people : 0)),
    groups: [],
    networks: [row('office', people)],
    apps: [row('palaver', people)],
    exemptions: [],
    states: [],
    weeks: [0, 1].map((week) => ({
      monday: MONTH + 7 * week,
      people: count(({ weeks }) => weeks.includes(week)),
      bypass: count(({ past }) => past.includes(week)),
    })),
    registers: [],
  }
}

/** Who went which way, then of each week all, those past the VPN and the others. */
function cellsOf({ routes, weeks }: MonthCounts): number[] {
  return [
    ...routes.map(({ value }) => value),
    ...weeks.flatMap(({ people, bypass }) => [people, bypass, people - bypass]),
  ]
}

const NAMES = [
  ...ROUTE_ROWS,
  ...[1, 2].flatMap((week) => [`week ${week}`, `past in week ${week}`, `others in week ${week}`]),
]
/** Of all numbers these have room for each small one; of the others the exact number does not follow. */
const FREE = ['bypass', 'untold', 'inside', 'week 1', 'week 2']

describe('ways, weeks and ways by week together give no small number', () => {
  test.each([3, 4, 5, 6, 7, 8])('of %i people', (people) => {
    const told = (counts: MonthCounts) => {
      const { people: all, routes, weeks } = monthFigures(counts, LEAST, [])
      return JSON.stringify([all, routes?.map(({ value }) => value), weeks.map((week) => [week.people, week.bypass])])
    }
    const candidates = [...crowds(people, DOINGS.length)].map(countsOf)
    const isSmall = (value: number) => value > 0 && value < LEAST
    const given = outcomes(candidates, cellsOf, told, isSmall).flatMap(({ output, possible, small }) =>
      [...small]
        .filter((cell) => {
          const all = possible[cell]!
          return FREE.includes(NAMES[cell]!) ? [1, 2].some((value) => !all.has(value)) : all.size === 1
        })
        .map((cell) => `${output}: ${NAMES[cell]} is one of ${[...possible[cell]!]}`),
    )
    expect(given).toEqual([])
  })
})

test('a week that began before the month does not tell of that month, of which nothing is told', () => {
  const counts = countsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9])
  const early = { monday: MONTH - 3, people: 11, bypass: 10 }
  const [first, second] = monthFigures({ ...counts, weeks: [early, ...counts.weeks] }, LEAST, []).weeks
  expect([first?.people, first?.bypass]).toEqual([null, null])
  expect(second?.people).toBe(9)
})

describe('an exemption', () => {
  const exempt = (value: number, people: number, within: MonthCounts['exemptions'][number]['within'] = []) => {
    const counts = {
      ...countsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, people]),
      networks: [row('a', people - 5), row('b', 5)],
    }
    const told = monthFigures({ ...counts, exemptions: [{ ...row('press', value), within }] }, LEAST, [])
    return told.exemptions?.[0]?.value
  }

  test('that nearly everybody used is held back: the others would be told', () => {
    expect(exempt(10, 20)).toBe(10)
    expect(exempt(18, 20)).toBeNull()
    expect(exempt(20, 20)).toBe(20)
  })

  test('is held back where it leaves few of its network, or where its network is held back', () => {
    const within = [{ table: 'networks' as const, key: 'b' }]
    expect(exempt(4, 20, within)).toBeNull()
    expect(exempt(5, 20, within)).toBe(5)
    expect(exempt(5, 6, within)).toBeNull()
  })
})

test('who is in no register does not follow from how much of a register was seen', () => {
  const counts = countsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60])
  const sized = (key: string, value: number) => ({ ...row(key, value), size: 90 })
  const registers = [{ name: 'staff', entries: 270, seen: 50 }]
  const seen = (values: readonly number[]) =>
    monthFigures(
      { ...counts, groups: [...['a', 'b', 'c'].map((key, n) => sized(key, values[n]!)), row('', 12)], registers },
      LEAST,
      [],
    ).registers[0]?.seen
  expect(seen([20, 20, 8])).toBe(50)
  expect(seen([30, 17, 1])).toBeNull()
})

test('of findings of few people nothing is told, however many they are', () => {
  const counts = countsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6])
  const states = [
    { key: 'open', value: 30, people: 2 },
    { key: 'closed', value: 40, people: 2 },
  ]
  const { findings, states: told } = monthFigures({ ...counts, states }, LEAST, [])
  expect([findings, told]).toEqual([null, null])
})
