import Table from 'cli-table3'
import { harmless } from '../base/text.ts'
import type { Style } from './style.ts'

/** A line of a cell, with the style it is shown in. */
export type Line = string | { readonly text: string; readonly style: Parameters<Style>[0] }

/** Lines of a cell; dim ones are cut first where there is no room. */
export type Cell = readonly Line[]

const NARROWEST = 6
const PADDING = 2

/**
 * A table no wider than `width`: where it would be, dim lines are cut first, then the widest column gives way, those
 * that `keep` names last. What is too long for its column ends in `…`, or goes on in the next line where `wrap` names
 * the column. Control characters in cells are made harmless.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number,
  style: Style,
  { wrap = -1, keep = [] }: { readonly wrap?: number; readonly keep?: readonly number[] } = {},
): string {
  const widths = columnWidths(head, rows, width, keep)
  const table = new Table({
    head: head.map((title, column) => style('bold', cut(title, widths[column]!))),
    colWidths: widths.map((one) => one + PADDING),
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    table.push(
      row.map((cell, column) =>
        cell
          .flatMap((line) => {
            const text = textOf(line)
            const parts = column === wrap ? wrapped(text, widths[column]!) : [cut(text, widths[column]!)]
            return typeof line === 'string' ? parts : parts.map((part) => style(line.style, part))
          })
          .join('\n'),
      ),
    )
  }
  return table.toString()
}

function columnWidths(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number,
  keep: readonly number[],
): number[] {
  const room = width - (head.length + 1) - PADDING * head.length
  const longest = (column: number, lines: (cell: Cell) => Cell) =>
    rows.reduce(
      (most, row) => lines(row[column]!).reduce((more, line) => Math.max(more, textOf(line).length), most),
      head[column]!.length,
    )
  const wanted = head.map((_, column) => longest(column, (cell) => cell))
  const least = head.map((_, column) => longest(column, (cell) => cell.filter((line) => !isDim(line))))
  const widths = [...wanted]
  const shrink = (floor: (column: number) => number) => {
    while (widths.reduce((sum, one) => sum + one, 0) > room) {
      let widest = -1
      for (const [column, one] of widths.entries()) {
        if (one > floor(column) && (widest < 0 || one > widths[widest]!)) widest = column
      }
      if (widest < 0) return
      widths[widest]!--
    }
  }
  shrink((column) => least[column]!)
  shrink((column) => (keep.includes(column) ? least[column]! : NARROWEST))
  shrink(() => NARROWEST)
  return widths
}

function isDim(line: Line): boolean {
  return typeof line !== 'string' && line.style === 'dim'
}

function textOf(line: Line): string {
  return harmless(typeof line === 'string' ? line : line.text)
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** Breaks at spaces where there are any. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > 0 ? space : width
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return [...lines, rest]
}
