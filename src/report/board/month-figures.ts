import {
  ACTIVITY_ROWS,
  type CountedRow,
  type CountedWeek,
  type Figure,
  type FigureTable,
  type MonthCounts,
  type MonthFigures,
  ROUTE_ROWS,
} from '../../model/board.ts'
import { isSmall, orderAfter, protectAlone, protectOverlapping, protectParts } from './suppress.ts'

/**
 * What may be published of a month, the small numbers held back. It depends on the counts of the month, on `least` and
 * on what is published of the months before, the latest first.
 */
export function monthFigures(counts: MonthCounts, least: number, before: readonly MonthFigures[]): MonthFigures {
  const { people } = counts
  // With so few people every row is small, and the rows together would give their number.
  const tooFew = isSmall(people, least)
  const parts = (rows: readonly CountedRow[], order: readonly string[]) =>
    tooFew ? null : protectParts(rows, { least, order })
  const ordered = (table: 'groups' | 'networks' | 'apps') =>
    orderAfter(
      before.map((month) => month[table]),
      counts[table].map(({ key }) => key),
    )
  const routes = parts(counts.routes, ROUTE_ROWS.toReversed())
  const bypass = routes?.find(({ key }) => key === 'bypass')?.value ?? null
  const found = counts.states.reduce((all, { value }) => all + value, 0)
  const states = protectParts(counts.states, { least, order: counts.states.map(({ key }) => key) })
  return {
    month: counts.month,
    least,
    people: tooFew ? null : people,
    routes,
    activities: parts(counts.activities, ACTIVITY_ROWS.toReversed()),
    groups: parts(counts.groups, ordered('groups')),
    networks: parts(counts.networks, ordered('networks')),
    apps: tooFew ? null : protectOverlapping(counts.apps, people, { least, order: ordered('apps') }, false),
    exemptions: protectAlone(counts.exemptions, least),
    findings: states === null || states.every(({ value }) => value === null) ? null : found,
    states,
    weeks: weekFigures(counts.weeks, tooFew ? 0 : people, bypass ?? 0, least),
    registers: counts.registers.map(({ name, entries, seen }) => ({
      name,
      entries,
      seen: isSmall(seen, least) || isSmall(entries - seen, least) ? null : seen,
    })),
  }
}

/**
 * Weeks of a month: the people of the month are in at least one of them, and those that bypassed too; of each week the
 * others are those that did not. The first weeks are held back first.
 */
function weekFigures(
  weeks: readonly CountedWeek[],
  people: number,
  bypass: number,
  least: number,
): MonthFigures['weeks'] {
  const order = weeks.map(({ monday }) => String(monday))
  const rows = (of: (week: CountedWeek) => readonly [value: number, people: number]) =>
    weeks.map((week): CountedRow => ({ key: String(week.monday), value: of(week)[0], people: of(week)[1] }))
  const using = protectOverlapping(
    rows((week) => [week.people, week.people]),
    people,
    { least, order },
    true,
  )
  const hidden = new Set(order.filter((key) => figureOf(using, key) === null))
  const past = protectOverlapping(
    rows((week) => {
      const others = week.people - week.bypass
      const small = hidden.has(String(week.monday)) || isSmall(week.bypass, least) || isSmall(others, least)
      // Whatever has to be held back counts as one person: it is the number of people that decides.
      return [week.bypass, small ? 1 : week.bypass]
    }),
    bypass,
    { least, order },
    true,
  )
  return weeks.map(({ monday }) => ({
    monday,
    people: figureOf(using, String(monday)),
    bypass: hidden.has(String(monday)) ? null : figureOf(past, String(monday)),
  }))
}

function figureOf(table: FigureTable, key: string): Figure {
  return table?.find((row) => row.key === key)?.value ?? null
}
