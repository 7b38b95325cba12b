import Table from 'cli-table3'
import { harmless } from '../base/text.ts'
import type { Style } from './style.ts'

/** A cell: lines of text, each with the style it is shown in. */
export type Cell = readonly (string | { readonly text: string; readonly style: Parameters<Style>[0] })[]

const NARROWEST = 6
const PADDING = 2

/**
 * A table no wider than `width`: where it would be, the widest column gives way until it fits, and what is too long for its
 * column ends in `…`. Control characters in cells are made harmless.
 */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[], width: number, style: Style): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.flatMap((row) => row[column]!.map((line) => textOf(line).length))),
  )
  const borders = head.length + 1 + PADDING * head.length
  while (widths.reduce((sum, one) => sum + one, borders) > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= NARROWEST) break
    widths[widest]!--
  }
  const table = new Table({
    head: head.map((title, column) => style('bold', cut(title, widths[column]!))),
    colWidths: widths.map((one) => one + PADDING),
    style: { head: [], border: [] },
  })
  for (const row of rows) {
    table.push(
      row.map((cell, column) =>
        cell
          .map((line) => {
            const text = cut(textOf(line), widths[column]!)
            return typeof line === 'string' ? text : style(line.style, text)
          })
          .join('\n'),
      ),
    )
  }
  return table.toString()
}

function textOf(line: Cell[number]): string {
  return harmless(typeof line === 'string' ? line : line.text)
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
