import { scaleBand, scaleLinear } from 'd3-scale'
import { grouped } from '../../base/text.ts'
import type { Figure } from '../../model/board.ts'
import { type Drawing, filled, LABEL_SIZE, label, line, type Mark } from './drawing.ts'

export interface Bar {
  readonly label: string
  readonly now: Figure
  /** Undefined where nothing is compared. */
  readonly before: Figure | undefined
}

const WIDTH = 720
const LEFT = 230
const RIGHT = 110
const CHARACTERS = 32

/**
 * A bar for each row with its number beside it, the month's solid, the one before hatched below it; the words stand for
 * what is held back.
 */
export function barChart(bars: readonly Bar[], now: string, before: string | undefined): Drawing {
  const top = 28
  const rowHeight = before === undefined ? 28 : 44
  const height = top + bars.length * rowHeight + 6
  const x = scaleLinear()
    .domain([0, Math.max(1, ...bars.map((bar) => Math.max(bar.now ?? 0, bar.before ?? 0)))])
    .range([LEFT, WIDTH - RIGHT])
  const y = scaleBand<number>()
    .domain(bars.map((_, n) => n))
    .range([top, top + bars.length * rowHeight])
    .paddingInner(0.3)
    .paddingOuter(0.15)
  const marks: Mark[] = [
    ...filled(LEFT, 2, 22, 12, 'solid'),
    label(LEFT + 28, LABEL_SIZE, now),
    line(LEFT, top - 4, LEFT, height - 4, 'axis'),
  ]
  if (before !== undefined) {
    marks.push(...filled(LEFT + 200, 2, 22, 12, 'hatched'), label(LEFT + 228, LABEL_SIZE, before))
  }
  for (const [n, bar] of bars.entries()) {
    const each = y.bandwidth() / (before === undefined ? 1 : 2)
    const rows = [
      [bar.now, 'solid'] as const,
      ...(before === undefined ? [] : [[bar.before ?? null, 'hatched'] as const]),
    ]
    for (const [k, [value, fill]] of rows.entries()) {
      const at = y(n)! + k * each
      if (value !== null) marks.push(...filled(LEFT, at, x(value) - LEFT, each - 2, fill))
      marks.push(
        label((value === null ? LEFT : x(value)) + 6, at + each / 2 + 3, value === null ? 'held back' : grouped(value)),
      )
    }
    marks.push(label(LEFT - 8, y(n)! + y.bandwidth() / 2 + 4, shortened(bar.label), 'end'))
  }
  return { width: WIDTH, height, marks }
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length <= CHARACTERS ? text : `${characters.slice(0, CHARACTERS - 1).join('')}…`
}
