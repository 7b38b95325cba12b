import { grouped, harmless } from '../../base/text.ts'
import type { Day } from '../../base/time.ts'
import type { Figure } from '../../model/board.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const LENGTH = 80

/** `1 November 2026` */
export function longDay(day: Day): string {
  const date = dateOf(day)
  return `${date.getUTCDate()} ${monthName(day)}`
}

/** `5 Oct` */
export function shortDay(day: Day): string {
  const date = dateOf(day)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]!.slice(0, 3)}`
}

/** `October 2026` */
export function monthName(day: Day): string {
  const date = dateOf(day)
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** Over the columns of a table: `October 2026`, where there are many `Oct 2026`. */
export function columnNames(months: readonly { readonly month: Day }[]): string[] {
  const names = months.map(({ month }) => monthName(month))
  return names.length <= 6 ? names : names.map((name) => name.replace(/^(...)[a-z]*/, '$1'))
}

/** The first day of the month that so many months later follows the month of this day. */
export function monthAfter(day: Day, months: number): Day {
  const date = dateOf(day)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / 86_400_000
}

/** A name from data as a report shows it: without what cannot be seen, and not without end. */
export function named(name: string): string {
  const characters = [...harmless(name.toWellFormed())]
  return characters.length <= LENGTH ? characters.join('') : `${characters.slice(0, LENGTH - 1).join('')}…`
}

/** A number as tables show it. */
export function figureText(value: Figure): string {
  return value === null ? 'held back' : grouped(value)
}

/** The same of a month, of which there may be no input at all. */
export function figureOfMonth(value: Figure, month: Day, blindMonths: readonly Day[]): string {
  return blindMonths.includes(month) ? 'no input' : figureText(value)
}

/** `40 in 100`, of what is not 0; neither end is reached by rounding. */
export function inHundred(part: number, whole: number): string {
  const share = (100 * part) / whole
  if (part > 0 && share < 1) return 'fewer than 1 in 100'
  if (part < whole && share > 99) return 'more than 99 in 100'
  return `${Math.round(share)} in 100`
}

/** `a, b and c` */
export function and(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** The first ones, and how many more there are. */
export function bounded<T>(all: readonly T[], limit: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: all.slice(0, limit), more: Math.max(0, all.length - limit) }
}

function dateOf(day: Day): Date {
  return new Date(day * 86_400_000)
}
