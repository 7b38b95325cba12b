import { scaleBand, scaleLinear } from 'd3-scale'
import { line as lineThrough } from 'd3-shape'
import { grouped } from '../../base/text.ts'
import type { Day } from '../../base/time.ts'
import type { Figure } from '../../model/board.ts'
import { type Drawing, filled, LABEL_SIZE, label, line, type Mark, round } from './drawing.ts'
import { shortDay } from './words.ts'

export interface TrendWeek {
  readonly monday: Day
  readonly people: Figure
  readonly bypass: Figure
  /** No input tells of it: nothing is drawn. */
  readonly blind: boolean
}

/** A day of the policy, by the letter that the text explains. */
export interface TrendDate {
  readonly letter: string
  readonly day: Day
}

const WIDTH = 720
const HEIGHT = 300
const LEFT = 46
const RIGHT = 12
const TOP = 54
const BOTTOM = 34
/** Width of a bold capital, about. */
const LETTER = 10

/** People week by week as hatched bars, those who bypassed as a line with dots, dates as dashed lines with letters. */
export function trendChart(weeks: readonly TrendWeek[], dates: readonly TrendDate[]): Drawing {
  const x = scaleBand<Day>()
    .domain(weeks.map(({ monday }) => monday))
    .range([LEFT, WIDTH - RIGHT])
    .paddingInner(0.25)
    .paddingOuter(0.15)
  const most = Math.max(4, ...weeks.map(({ people, bypass }) => Math.max(people ?? 0, bypass ?? 0)))
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP])
  const marks: Mark[] = []
  for (const tick of y.ticks(4).filter(Number.isInteger)) {
    marks.push(line(LEFT, y(tick), WIDTH - RIGHT, y(tick), tick === 0 ? 'axis' : 'grid'))
    marks.push(label(LEFT - 6, y(tick) + 4, grouped(tick), 'end'))
  }
  const every = Math.ceil(weeks.length / 10)
  for (const [n, { monday, people, blind }] of weeks.entries()) {
    const left = x(monday)!
    if (people === null && !blind) marks.push(label(left + x.bandwidth() / 2, y(0) - 4, '×', 'middle'))
    if (people !== null) marks.push(...filled(left, y(people), x.bandwidth(), y(0) - y(people), 'hatched'))
    if (n % every === 0) marks.push(label(left + x.bandwidth() / 2, HEIGHT - BOTTOM + 18, shortDay(monday), 'middle'))
  }
  const centre = ({ monday }: TrendWeek) => round(x(monday)! + x.bandwidth() / 2)
  const path = lineThrough<TrendWeek>()
    .digits(1)
    .defined(({ bypass }) => bypass !== null)
    .x(centre)
    .y(({ bypass }) => round(y(bypass!)))(weeks)
  if (path !== null) marks.push({ kind: 'path', d: path, stroke: 'thick' })
  for (const week of weeks.filter(({ bypass }) => bypass !== null)) {
    marks.push({ kind: 'dot', x: centre(week), y: round(y(week.bypass!)) })
  }
  marks.push(...dateMarks(weeks, dates, x), ...legend())
  return { width: WIDTH, height: HEIGHT, marks }
}

function dateMarks(
  weeks: readonly TrendWeek[],
  dates: readonly TrendDate[],
  x: { (monday: Day): number | undefined; step(): number },
): Mark[] {
  const places = new Map<number, string>()
  for (const { letter, day } of dates) {
    const week = weeks.find(({ monday }) => day >= monday && day < monday + 7)
    if (week === undefined) continue
    const at = round(x(week.monday)! + ((day - week.monday) / 7) * x.step())
    places.set(at, `${places.get(at) ?? ''}${letter}`)
  }
  let free = 0
  return [...places].flatMap(([at, letters]) => {
    // Days that lie close to each other have their letters side by side.
    const left = Math.max(at - (letters.length * LETTER) / 2, free)
    free = left + letters.length * LETTER + 3
    return [line(at, TOP - 10, at, HEIGHT - BOTTOM, 'dashed'), label(left, TOP - 14, letters, 'start', true)]
  })
}

function legend(): Mark[] {
  const at = LABEL_SIZE
  return [
    ...filled(LEFT, at - 11, 22, 12, 'hatched'),
    label(LEFT + 28, at, 'people who used such an app'),
    { kind: 'path', d: `M${LEFT + 232} ${at - 5}L${LEFT + 258} ${at - 5}`, stroke: 'thick' },
    { kind: 'dot', x: LEFT + 245, y: at - 5 },
    label(LEFT + 266, at, 'of these, past the VPN'),
    label(LEFT + 430, at, '×  held back'),
  ]
}
