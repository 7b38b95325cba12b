import { grouped } from '../../base/text.ts'
import type { MonthFigures } from '../../model/board.ts'
import { flowOutcomes } from '../flows-text.ts'
import type { Answer } from './document.ts'
import type { BoardFacts } from './facts.ts'
import { dayInZone } from './policy-dates.ts'
import { and, inHundred, longDay, monthName, named } from './words.ts'

/** Weeks whose middle is compared, on either side. */
const WEEKS = 4

/** Registers that a sentence names. */
const REGISTERS = 5

type Week = MonthFigures['weeks'][number]

/** What a board asks first, answered from nothing but what is published. */
export function answersOf(facts: BoardFacts): Answer[] {
  return [
    { question: 'Is use falling since the rule came into force?', sentences: useAnswer(facts), framed: false },
    { question: 'How much of it goes past the VPN?', sentences: bypassAnswer(facts), framed: false },
    { question: 'What could we not see?', sentences: unseenAnswer(facts), framed: true },
  ]
}

function useAnswer({ policy, months, before, blindMonths }: BoardFacts): string[] {
  const seen = [...before, ...months].filter(({ month }) => !blindMonths.includes(month))
  const weeks = seen.flatMap((month) => month.weeks)
  const inForce = dayInZone(policy.inForce, policy)
  const start = weeks.filter(({ monday }) => monday + 7 <= inForce).slice(-WEEKS)
  const end = weeks.filter(({ monday }) => monday >= inForce).slice(-WEEKS)
  const rule = `The rule came into force on ${longDay(inForce)}.`
  const here = `These weeks end before the rule comes into force on ${longDay(inForce)}.`
  if (told(start).length >= 2 && told(end).length >= 2) {
    return [
      rule,
      `In ${weeksText(start)} before it, ${middleText(start)} people a week used an app that it prohibits; in ${weeksText(end, 'last')} of this report, it was ${middleText(end)} a week.`,
      changeText(start, end),
    ]
  }
  const [first, last] = [weeks.slice(0, WEEKS), weeks.slice(-WEEKS)]
  const since = weeks.length > 0 && weeks[0]!.monday < inForce && inForce > weeks.at(-1)!.monday + 6 ? here : rule
  if (weeks.length < 2 * WEEKS || told(first).length < 2 || told(last).length < 2) {
    return [since, `There are too few weeks with enough people in this report to say whether use rises or falls.`]
  }
  return [
    since,
    `This report has no weeks on both sides of that day. In ${weeksText(first)} of it, ${middleText(first)} people a week used an app that the rule prohibits; in ${weeksText(last, 'last')}, it was ${middleText(last)} a week.`,
    changeText(first, last),
  ]
}

function bypassAnswer({ months, blindMonths }: BoardFacts): string[] {
  const { month, people, routes, least } = months.at(-1)!
  const name = monthName(month)
  if (blindMonths.includes(month)) return [`No input tells of ${name}, so nothing can be said of it.`]
  if (people === 0) return [`In ${name}, nobody was seen using an app that the rule prohibits.`]
  if (people === null)
    return [`In ${name}, fewer than ${least} people used such an app: too few to say which way they took.`]
  const figure = (key: string) => routes?.find((row) => row.key === key)?.value ?? null
  const [bypass, untold] = [figure('bypass'), figure('untold')]
  const used = `In ${name}, ${grouped(people)} people used an app that the rule prohibits.`
  const past =
    bypass === null
      ? 'How many of them went past the VPN is held back, because the number, or one that could be worked out from it, is small.'
      : bypass === 0
        ? 'None of them was seen going past the VPN.'
        : `${grouped(bypass)} of them, or ${inHundred(bypass, people)}, went past the government VPN at least once.`
  const rest =
    untold === null || untold === 0 ? [] : [`Of ${grouped(untold)} others it could not be told which way they took.`]
  return [used, past, ...rest]
}

function unseenAnswer({ coverage, inputs, blindMonths, draft, unjudged, months }: BoardFacts): string[] {
  const { all, rows } = flowOutcomes(coverage)
  const registers = months
    .at(-1)!
    .registers.filter(({ seen }) => seen !== null)
    .slice(0, REGISTERS)
  const sentences = [
    inputs === 0
      ? 'No input of these days is in the store, so nothing could be seen at all.'
      : 'Only what passed a sensor or stands in a log could be seen. A phone on its own mobile connection, and anything away from our networks, is not in these numbers.',
  ]
  if (blindMonths.length > 0 && inputs > 0) {
    const names = and(blindMonths.map(monthName))
    sentences.push(`No input tells of ${names}, so this report has no numbers there.`)
  }
  if (all > 0) {
    const nameless = rows.filter(({ words }) => !words.startsWith('named:')).reduce((sum, { count }) => sum + count, 0)
    sentences.push(`Of all connections in the captures, ${inHundred(nameless, all)} did not name the server plainly.`)
  }
  if (registers.length > 0) {
    const of = registers.map(
      ({ name, entries, seen }) => `${grouped(seen!)} of ${grouped(entries)} in the register "${named(name)}"`,
    )
    sentences.push(
      `In ${monthName(months.at(-1)!.month)}, there was a sign of ${and(of)}. Of the others nothing was seen, so nothing can be said of them.`,
    )
  }
  if (unjudged > 0 && draft) sentences.push('Some of what was read has not been judged yet.')
  return sentences
}

function told(weeks: readonly Week[]): number[] {
  return weeks.flatMap(({ people }) => people ?? [])
}

/** To a half: the middle one, or between the two in the middle. */
function middle(weeks: readonly Week[]): number {
  const sorted = told(weeks).sort((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half) - 1]!) / 2
}

function middleText(weeks: readonly Week[]): string {
  return `typically ${grouped(Math.round(middle(weeks)))}`
}

function weeksText(weeks: readonly Week[], which: 'first' | 'last' | '' = ''): string {
  const left = weeks.length - told(weeks).length
  const words = `the ${which === '' ? '' : `${which} `}${weeks.length} weeks`
  return left === 0 ? words : `${words} (${left} of them held back)`
}

function changeText(start: readonly Week[], end: readonly Week[]): string {
  const [before, after] = [middle(start), middle(end)]
  if (before === 0) return after === 0 ? 'Nobody was seen then or now.' : 'Use has begun since.'
  const percent = Math.round((100 * (after - before)) / before)
  if (Math.abs(percent) < 10) return 'Use is about the same: the difference is less than 10 percent.'
  return `Use has ${percent < 0 ? 'fallen' : 'risen'} by about ${Math.abs(percent)} percent.`
}
