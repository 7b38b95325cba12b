import {
  ACTIVITY_ROWS,
  type CountedRow,
  type CountedWeek,
  type ExemptRow,
  type Figure,
  type FigureTable,
  type MonthCounts,
  type MonthFigures,
  ROUTE_ROWS,
} from '../../model/board.ts'
import { isSmall, orderAfter, protectAlone, protectOverlapping, protectParts } from './suppress.ts'
import { orderOfShares, protectShares, withoutSmallest } from './suppress-shares.ts'

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
  const shares = () => {
    const rows = withoutSmallest(counts.groups, least)
    const told = before.map(({ groups }) => groups)
    return tooFew ? null : protectShares(rows, { least, order: orderOfShares(told, rows, least) })
  }
  const routes = parts(counts.routes, ROUTE_ROWS.toReversed())
  const found = counts.states.reduce((all, { value }) => all + value, 0)
  // All findings together may be of few people where those of every state are.
  const states =
    found === 0 || counts.states.some((row) => row.people >= least)
      ? protectParts(counts.states, { least, order: counts.states.map(({ key }) => key) })
      : null
  const tables = {
    groups: counts.groups.some(({ size }) => size !== undefined) ? shares() : parts(counts.groups, ordered('groups')),
    networks: parts(counts.networks, ordered('networks')),
    apps: tooFew ? null : protectOverlapping(counts.apps, people, { least, order: ordered('apps') }, false),
  }
  // Whoever no register has is among the others of the directorates: at least those whom registers have not seen.
  const tellsOfOthers = (seen: number) =>
    seen < people &&
    (tables.groups ?? [{ key: '', value: null }]).some(({ key, value }) => key === '' && value === null)
  return {
    month: counts.month,
    least,
    people: tooFew ? null : people,
    routes,
    activities: parts(counts.activities, ACTIVITY_ROWS.toReversed()),
    ...tables,
    exemptions: protectAlone(exemptionRows(counts, tables, least), least),
    findings: states === null ? null : found,
    states,
    weeks: weekFigures(counts.weeks, tooFew ? 0 : people, figureOf(routes, 'bypass'), least),
    registers: counts.registers.map(({ name, entries, seen }) => ({
      name,
      entries,
      seen: isSmall(seen, least) || isSmall(entries - seen, least) || tellsOfOthers(seen) ? null : seen,
    })),
  }
}

/** A month of which no input tells: not even nought is told of it, and it is not published. */
export function blindMonth({ month, weeks }: MonthCounts, least: number): MonthFigures {
  const tables = { routes: null, activities: null, groups: null, networks: null, apps: null, exemptions: null }
  const blind = weeks.map(({ monday }) => ({ monday, people: null, bypass: null }))
  return { month, least, people: null, ...tables, findings: null, states: null, weeks: blind, registers: [] }
}

/**
 * Who used an exemption, those to be held back as one person. A number that leaves only a few of everybody, or of a row
 * that it is within, would tell how many did the same without exemption; one within a row that is held back, how large
 * that is at least.
 */
function exemptionRows(
  { exemptions, people: all }: MonthCounts,
  tables: Pick<MonthFigures, ExemptRow['within'][number]['table']>,
  least: number,
): CountedRow[] {
  return exemptions.map(({ key, value, people, within }) => {
    const wholes = [all, ...within.map((row) => figureOf(tables[row.table], row.key))]
    const tells = wholes.some((whole) => whole === null || isSmall(whole - value, least))
    return { key, value, people: value > 0 && tells ? 1 : people }
  })
}

/**
 * Weeks of a month: the people of the month are in at least one of them. The first weeks are held back first. They are
 * known by their number beside that of the month: a week that began before the month is held back where it has more
 * people, which would tell of the month before. Those who bypassed are told of every week or of none: those who did not
 * are in some week, so that two weeks and the month may tell of a third. Nor are they told where they are not told of the
 * month, which has at least as many.
 */
function weekFigures(
  weeks: readonly CountedWeek[],
  people: number,
  bypass: Figure,
  least: number,
): MonthFigures['weeks'] {
  const order = weeks.map(({ monday }) => String(monday))
  const using = protectOverlapping(
    weeks.map((week): CountedRow => {
      // Whatever has to be held back counts as one person: it is the number of people that decides.
      return { key: String(week.monday), value: week.people, people: week.people > people ? 1 : week.people }
    }),
    people,
    { least, order },
    true,
  )
  const told = weeks.map(({ monday, bypass }) => ({ monday, people: figureOf(using, String(monday)), bypass }))
  const unfit = (week: { readonly people: Figure; readonly bypass: number }) =>
    week.people === null || isSmall(week.bypass, least) || isSmall(week.people - week.bypass, least)
  const holdBypass = bypass === null || told.some((week) => week.bypass > bypass || unfit(week))
  return holdBypass ? told.map((week) => ({ ...week, bypass: null })) : told
}

function figureOf(table: FigureTable, key: string): Figure {
  return table?.find((row) => row.key === key)?.value ?? null
}
