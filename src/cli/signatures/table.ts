import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from '../terminal.ts'

/** No column becomes narrower than this to make the table fit. */
const NARROWEST = 6

/** A table as wide as the terminal at most: the widest columns wrap. */
export async function table(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => stripVTControlCharacters(row[i]!).length)),
  )
  const frame = 3 * head.length + 1
  for (let over = widths.reduce((sum, width) => sum + width, frame) - terminal.width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= NARROWEST) break
    widths[widest]!--
  }
  const made = new Table({
    head: [...head],
    colWidths: widths.map((width) => width + 2),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true },
  })
  // Wrapping would cut through the escape codes of a coloured cell.
  const coloured = (cell: string) => stripVTControlCharacters(cell) !== cell
  made.push(...rows.map((row) => row.map((cell) => (coloured(cell) ? { content: cell, wordWrap: false } : cell))))
  return made.toString()
}
