/** What a column needs: its widest cell on one line, and its longest word. */
export interface ColumnNeed {
  readonly line: number
  readonly word: number
}

/**
 * Widths of columns that make up the given width. Numbers stand in columns of one width, together no less than half of it,
 * and the first has the rest; where there is too little room each gives way, but not below its longest word as long as all
 * have room for theirs.
 */
export function columnWidths(needs: readonly ColumnNeed[], numbers: boolean, width: number): number[] {
  const [first, ...others] = needs
  if (first === undefined) return []
  const widest = Math.max(0, ...others.map(({ line }) => line))
  const half = width / 2 / others.length
  if (numbers && first.line + Math.max(widest, half) * others.length <= width) {
    const each = Math.max(widest, half)
    return [width - each * others.length, ...others.map(() => each)]
  }
  const lines = sum(needs, ({ line }) => line)
  if (lines <= width) return needs.map(({ line }) => (line * width) / lines)
  const words = sum(needs, ({ word }) => word)
  if (words >= width) return needs.map(({ word }) => (word * width) / words)
  return needs.map(({ line, word }) => word + ((line - word) * (width - words)) / (lines - words))
}

/** What the columns of a table need; a name that is too long is broken. */
export function columnNeeds(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  measured: (text: string, bold: boolean) => number,
): ColumnNeed[] {
  return columns.map((column, n) => {
    const cells = rows.map((row) => row[n] ?? '')
    const words = cells.flatMap((cell) => cell.split(' ')).map((word) => measured(word, false))
    // A head may go over several lines.
    const word = Math.max(...column.split(' ').map((part) => measured(part, true)), ...words)
    const line = Math.max(
      word,
      ...cells.map((cell) => measured(cell, false)),
      Math.min(measured(column, true), width / 5),
    )
    return { line: Math.min(line, width * 0.6), word: Math.min(word, width * 0.3) }
  })
}

function sum(needs: readonly ColumnNeed[], of: (need: ColumnNeed) => number): number {
  return needs.reduce((all, need) => all + of(need), 0)
}
