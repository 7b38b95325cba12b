import { grouped } from '../../base/text.ts'
import type { Figure, FigureTable, MonthFigures } from '../../model/board.ts'
import { type Bar, barChart } from './bar-chart.ts'
import { type Block, chart, table, text } from './document.ts'
import type { BoardFacts } from './facts.ts'
import { and, bounded, columnNames, figureOfMonth, figureText, inHundred, monthName } from './words.ts'

/** Rows that are shown of a table; the others are counted. */
const ROWS = 20

/** A table of every month, and what it is called. */
export interface MonthTable {
  readonly title: string
  /** Over the heads of the rows. */
  readonly head: string
  /** What a row is: `app`. */
  readonly noun: string
  readonly nameOf: (key: string) => string
  readonly of: (month: MonthFigures) => FigureTable
  /** Rows in this order, also those without a number; else the largest of the last month first. */
  readonly keys?: readonly string[]
}

/** A chart of the last month beside the one before it, and a table of all months: of what is published. */
export function monthBlocks(facts: BoardFacts, one: MonthTable): Block[] {
  const months = [...facts.before, ...facts.months]
  const last = months.at(-1)!
  const keys = one.keys ?? sortedKeys(months, one.of)
  const { blindMonths } = facts
  const seen = months.filter(({ month }) => !blindMonths.includes(month))
  const previous = months.slice(-2, -1).find((month) => seen.includes(month))
  const empty = seen.filter((month) => one.of(month) === null)
  const whole =
    empty.length === 0
      ? []
      : [
          text(
            `All of ${and(empty.map(({ month }) => monthName(month)))} is held back here, because the numbers are small.`,
          ),
        ]
  if (seen.length === empty.length) return seen.length === 0 ? [text('No input tells of these months.')] : whole
  if (keys.length === 0) return [...whole, text('Nothing was seen.')]
  const { shown, more } = bounded(keys, ROWS)
  const bars = shown.map(
    (key): Bar => ({
      label: one.nameOf(key),
      now: figureOf(one.of(last), key),
      before: previous && figureOf(one.of(previous), key),
    }),
  )
  // Without a bar there is nothing to look at.
  const drawn = seen.includes(last) && bars.some(({ now, before }) => (now ?? 0) > 0 || (before ?? 0) > 0)
  const names = [monthName(last.month), previous && monthName(previous.month)] as const
  const sizes = new Map((one.of(last) ?? []).flatMap(({ key, size }) => (size === undefined ? [] : [[key, size]])))
  const sized = sizes.size > 0
  const columns = [one.head, ...columnNames(months), ...(sized ? ['Registered', `Share, ${names[0]}`] : [])]
  const rows = shown.map((key) => [
    one.nameOf(key),
    ...months.map((month) => figureOfMonth(figureOf(one.of(month), key), month.month, blindMonths)),
    ...(sized ? sizeTexts(figureOf(one.of(last), key), sizes.get(key)) : []),
  ])
  const rest =
    more === 0 ? [] : [text(`And ${more} more ${one.noun}${more === 1 ? '' : 's'}, which this table has no room for.`)]
  return [
    ...whole,
    ...(drawn
      ? [chart({ title: one.title, alternative: inWords(bars, names[0]), drawing: barChart(bars, ...names) })]
      : []),
    table({ caption: `${one.title}, people by month`, columns, rows, numbers: true }),
    ...rest,
  ]
}

/** How many there are and the share of them; more than there are in the registers are no share of these. */
function sizeTexts(value: Figure, size: number | undefined): string[] {
  if (size === undefined) return ['not known', 'not known']
  const share = value === null ? figureText(null) : value > size ? 'not known' : inHundred(value, size)
  return [grouped(size), share]
}

/** Nobody where a table was told and does not have the row. */
function figureOf(table: FigureTable, key: string): Figure {
  if (table === null) return null
  const row = table.find((one) => one.key === key)
  return row === undefined ? 0 : row.value
}

/** The largest of the last month first; what is held back after what is told, then by name. */
function sortedKeys(months: readonly MonthFigures[], of: MonthTable['of']): string[] {
  const keys = new Set(months.flatMap((month) => (of(month) ?? []).map(({ key }) => key)))
  const last = of(months.at(-1)!)
  const rank = (key: string) => figureOf(last, key) ?? -1
  return [...keys].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))
}

function inWords(bars: readonly Bar[], month: string): string {
  const parts = bars.slice(0, 5).map(({ label, now }) => `${label} ${figureText(now)}`)
  return `A bar for each row, ${month}: ${and(parts)}${bars.length > 5 ? ', and others' : ''}. The table below has all numbers.`
}
