import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Day } from '../base/time.ts'
import type { MonthFigures } from '../model/board.ts'
import type { Policy } from '../model/policy.ts'
import type { StoredReading } from '../model/reading.ts'
import { NO_REGISTERS, type Register, type Registers } from '../model/register.ts'
import type { SignatureSet } from '../model/signature.ts'
import type { BoardFacts } from '../report/board/facts.ts'
import type { DaySpan } from '../store/board-query.ts'
import type { PublicationDesk } from '../store/published.ts'
import { now, today } from './clock.ts'
import { type KeyChoice, keyOf } from './key-source.ts'
import { loadRegisters } from './registers.ts'
import type { Terminal } from './terminal.ts'

/** What the facts of a report depend on beside its months. */
export interface FactsOptions extends KeyChoice {
  readonly policy: string
  readonly until: Day
  readonly least: number
  readonly subjects?: true
  readonly draft?: true
  readonly date?: Day
}

/** Months before one whose published numbers say which rows are held back beside small ones. */
const EARLIER = 12

/** Subjects that a report lists. */
const SUBJECTS = 200

/** First days of the months: those that the report is held against, and its own. */
export interface Months {
  readonly before: readonly Day[]
  readonly own: readonly Day[]
}

/**
 * What a report is made of. Months that nobody has published are counted and published, unless it is a draft. Throws
 * `usage` where the findings are not those of this policy.
 */
export async function boardFacts(
  desk: PublicationDesk,
  options: FactsOptions,
  { before, own }: Months,
  policy: Policy,
  signatures: SignatureSet,
  terminal: Terminal,
): Promise<BoardFacts> {
  const { monthAfter, monthName } = await import('../report/board/words.ts')
  const { coveredApps } = await import('../report/board/covered.ts')
  const { monthCounts } = await import('../report/board/month-counts.ts')
  const { blindMonth, monthFigures } = await import('../report/board/month-figures.ts')
  const spanOf = (month: Day) => ({ from: month, until: monthAfter(month, 1) - 1 })
  const all = [...before, ...own]
  const span = { from: all[0]!, until: options.until }
  const judgedBy = desk.judgedBy(span)
  if (judgedBy !== undefined && judgedBy !== policy.hash) {
    throw new OffchannelError(
      'usage',
      `${harmless(options.store)}: was judged by another policy than ${harmless(options.policy)}: run \`offchannel judge\` with it first`,
    )
  }
  const unjudged = desk.unjudged()
  if (unjudged > 0 && !options.draft) {
    throw new OffchannelError(
      'usage',
      `${harmless(options.store)}: ${plural(unjudged, 'day of a subject is', 'days of subjects are')} not judged yet: run \`offchannel judge\` first`,
    )
  }
  const known = await registersFor(desk, policy, options)
  const figures = new Map<Day, MonthFigures>()
  for (const month of all) {
    const published = desk.published(month)
    if (published !== undefined) figures.set(month, published.figures)
  }
  const missing = all.filter((month) => !figures.has(month))
  const readings = desk.readings()
  const blindMonths = missing.filter((month) => !readings.some((one) => tellsOf(one, spanOf(month))))
  const covered = coveredApps(policy)
  const [first, last] = missing.length > 0 ? [missing[0]!, spanOf(missing.at(-1)!).until] : [span.from, span.until]
  let subjects: BoardFacts['subjects']
  if (missing.length > 0 || options.subjects) {
    // The weeks of a month begin up to six days before it; subjects are those of the report's own months.
    const counted = {
      from: Math.min(first, options.subjects ? own[0]! : first) - 6,
      until: Math.max(last, options.until),
    }
    const counts = desk.counting(counted, covered, (reader) => {
      if (options.subjects) {
        const found = reader.subjects({ from: own[0]!, until: options.until }, SUBJECTS)
        subjects = { list: found.slice(0, SUBJECTS), more: found.length > SUBJECTS }
      }
      return missing.map((month) => reader.month(spanOf(month), today()))
    })
    const earlier = (month: Day) =>
      Array.from({ length: EARLIER }, (_, n) => monthAfter(month, -1 - n)).flatMap(
        (one) => figures.get(one) ?? desk.published(one)?.figures ?? [],
      )
    for (const one of counts) {
      const registers = { groups: groupSizes(known), seen: seenIn(desk, known, spanOf(one.month)) }
      const full = monthCounts(one, policy, registers)
      const isBlind = blindMonths.includes(one.month)
      const made = isBlind ? blindMonth(full, options.least) : monthFigures(full, options.least, earlier(one.month))
      figures.set(one.month, options.draft || isBlind ? made : desk.publish(made, now()).figures)
    }
  }
  if (blindMonths.length > 0 && !options.draft) {
    terminal.note(
      `No input tells of ${blindMonths.map(monthName).join(', ')}: not published, so inputs may still be read.`,
    )
  }
  if (missing.length < all.length) {
    const again = plural(all.length - missing.length, 'month was', 'months were')
    terminal.note(`${again} published before, and told with the same numbers.`)
  }
  return {
    policy,
    signatures,
    months: own.map((month) => figures.get(month)!),
    before: before.map((month) => figures.get(month)!),
    coverage: desk.overview(span),
    inputs: readings.filter((one) => tellsOf(one, span)).length,
    blindMonths,
    undatedInputs: readings.filter(({ firstDay }) => firstDay === undefined).length,
    unjudged,
    subjects,
    rotation: desk.rotation,
    day: options.date ?? today(),
    draft: options.draft === true,
  }
}

function tellsOf({ firstDay, lastDay }: StoredReading, { from, until }: DaySpan): boolean {
  return firstDay !== undefined && lastDay !== undefined && firstDay <= until && lastDay >= from
}

/** Only a policy with registers needs the store's key. */
async function registersFor(desk: PublicationDesk, policy: Policy, choice: FactsOptions): Promise<Registers> {
  if (policy.registers.length === 0) return NO_REGISTERS
  const key = await keyOf(choice)
  desk.joinUnder(key)
  return loadRegisters(policy, key)
}

function seenIn(
  desk: PublicationDesk,
  { list }: Registers,
  { from, until }: DaySpan,
): { name: string; entries: number; seen: number }[] {
  if (list.length === 0) return []
  const { seen } = desk.seenSubjects(from, until)
  return list.map(({ name, entries }) => ({
    name,
    entries: entries.length,
    seen: entries.filter((names) => names.some((one) => seen.has(one))).length,
  }))
}

/** Users of each directorate; where no register of users names any, devices. */
function groupSizes({ list, subjects }: Registers): Map<string, number> {
  for (const kind of ['users', 'devices'] as const) {
    const sizes = new Map<string, number>()
    for (const register of list.filter(({ holds }) => holds === kind)) addSizes(register, subjects, sizes)
    if (sizes.size > 0) return sizes
  }
  return new Map()
}

function addSizes({ entries }: Register, subjects: Registers['subjects'], sizes: Map<string, number>): void {
  for (const [name] of entries) {
    const group = subjects.get(name!)?.group ?? ''
    if (group !== '') sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
}
