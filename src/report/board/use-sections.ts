import { grouped } from '../../base/text.ts'
import { ACTIVITY_ROWS, ROUTE_ROWS } from '../../model/board.ts'
import { type Block, chart, list, type Section, table, text } from './document.ts'
import type { BoardFacts } from './facts.ts'
import { monthBlocks } from './month-table.ts'
import { dateText, policyDates } from './policy-dates.ts'
import { spanOf } from './span.ts'
import { trendChart } from './trend-chart.ts'
import { bounded, figureOfMonth, inHundred, longDay, monthName, named } from './words.ts'

const ROUTE_WORDS: Readonly<Record<string, string>> = {
  bypass: 'Past the VPN',
  untold: 'Could not be told',
  inside: 'Inside, or allowed out',
}

const ACTIVITY_WORDS: Readonly<Record<string, string>> = {
  call: 'Made calls',
  use: 'Used it, no calls seen',
  background: 'Only installed',
}

/** People week by week with the dates of the policy. */
export function trendSection(facts: BoardFacts): Section {
  const weeks = [...facts.before, ...facts.months].flatMap(({ month, weeks }) => {
    const blind = facts.blindMonths.includes(month)
    return weeks.map((week) => ({ ...week, month, blind }))
  })
  const { shown, more } = bounded(policyDates(facts.policy, ...spanOf(facts)), 26)
  const dates = shown.map((date, n) => ({ ...date, letter: String.fromCharCode(65 + n) }))
  const told = weeks.flatMap(({ people }) => people ?? [])
  const range =
    told.length === 0
      ? 'None is told.'
      : `From ${grouped(Math.min(...told))} to ${grouped(Math.max(...told))} people a week.`
  return {
    id: 'trend',
    heading: 'Use week by week',
    blocks: [
      text(
        'How many people used an app that the rule prohibits, in each week from Monday to Sunday. A week belongs to the month of its Sunday.',
      ),
      chart({
        title: 'People by week',
        alternative: `Bars for ${weeks.length} weeks, and a line for those who went past the VPN. ${range} The table below has all numbers.`,
        drawing: trendChart(weeks, dates),
      }),
      ...(weeks.some(({ bypass, blind }) => bypass === null && !blind)
        ? [text('Where the line breaks off, the numbers are held back.')]
        : []),
      ...(dates.length === 0 ? [] : [list(dates.map((date) => `${date.letter}: ${dateText(date)}`))]),
      ...(more === 0 ? [] : [text(`And ${more} more dates.`)]),
      table({
        caption: 'People by week',
        columns: ['Week from', 'Used such an app', 'Of these, past the VPN'],
        rows: weeks.map(({ monday, people, bypass, month }) => [
          longDay(monday),
          figureOfMonth(people, month, facts.blindMonths),
          figureOfMonth(bypass, month, facts.blindMonths),
        ]),
        numbers: true,
      }),
    ],
  }
}

/** People by app. */
export function appsSection(facts: BoardFacts): Section {
  const names = new Map(facts.signatures.signatures.map(({ id, name }) => [id, name]))
  return {
    id: 'apps',
    heading: 'Which apps',
    blocks: [
      text('One person may use several apps, so the rows add up to more than the people.'),
      ...monthBlocks(facts, {
        title: 'Apps',
        head: 'App',
        noun: 'app',
        nameOf: (key) => named(names.get(key) ?? key),
        of: ({ apps }) => apps,
      }),
    ],
  }
}

/** People by the way they took. */
export function routesSection(facts: BoardFacts): Section {
  return {
    id: 'routes',
    heading: 'Inside or past the VPN',
    blocks: [
      text(
        'Each person counts once, by the worst that was seen in the month. Past the VPN means: from a device of ours, outside its tunnel, where the policy does not let the app go.',
      ),
      ...monthBlocks(facts, {
        title: 'Ways that were taken',
        head: 'Way',
        noun: 'way',
        nameOf: (key) => ROUTE_WORDS[key]!,
        of: ({ routes }) => routes,
        keys: ROUTE_ROWS,
      }),
    ],
  }
}

/** People by directorate, where registers name any, and by network. */
export function placesSection(facts: BoardFacts): Section {
  const groups = facts.policy.registers.every(({ group }) => group === '') ? [] : directorateBlocks(facts)
  return {
    id: 'places',
    heading: groups.length === 0 ? 'Networks' : 'Directorates and networks',
    blocks: [
      ...groups,
      text('Each person counts in the network in which most of the use was seen.'),
      ...monthBlocks(facts, {
        title: 'Networks',
        head: 'Network',
        noun: 'network',
        nameOf: (key) => (key === '' ? 'In no network of the policy' : named(key)),
        of: ({ networks }) => networks,
      }),
    ],
  }
}

function directorateBlocks(facts: BoardFacts): Block[] {
  const { groups, month, least } = facts.months.at(-1)!
  const sizes = (groups ?? []).flatMap(({ size }) => size ?? [])
  const others = groups?.find(({ key }) => key === '')?.value ?? null
  const people = facts.months.at(-1)!.people
  const inside = people === null || others === null ? null : people - others
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const share =
    inside === null || inside > all
      ? []
      : [
          text(
            `In ${monthName(month)}, ${grouped(inside)} of the ${grouped(all)} in these directorates used an app that the rule prohibits: ${inHundred(inside, all)}.`,
          ),
        ]
  return [
    text(
      `Each person counts in the directorate that the registers name. "All others" are in no register, or in a directorate of fewer than ${2 * least} people. A number is held back as well where nearly all of a directorate are in it.`,
    ),
    ...share,
    ...monthBlocks(facts, {
      title: 'Directorates',
      head: 'Directorate',
      noun: 'directorate',
      nameOf: (key) => (key === '' ? 'All others' : named(key)),
      of: (month) => month.groups,
    }),
  ]
}

/** People by what they did. */
export function activitySection(facts: BoardFacts): Section {
  return {
    id: 'activity',
    heading: 'Used, or only installed',
    blocks: [
      text(
        'An app that is installed contacts its servers by itself. Each person counts once, by the most that was seen in the month.',
      ),
      ...monthBlocks(facts, {
        title: 'What was done',
        head: 'Activity',
        noun: 'row',
        nameOf: (key) => ACTIVITY_WORDS[key]!,
        of: ({ activities }) => activities,
        keys: ACTIVITY_ROWS,
      }),
    ],
  }
}
