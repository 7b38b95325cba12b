import type { BoardTable } from './document.ts'
import { columnNeeds, columnWidths } from './pdf-columns.ts'
import { BOTTOM, type Element, type PdfCursor } from './pdf-cursor.ts'
import { BOLD, INK, MARGIN, REGULAR, WIDTH } from './pdf-paper.ts'

/** Rows of a table that stays on one page. */
const SHORT = 12
/** Rows that are not left alone. */
const TOGETHER = 4

/** Writes tables with what each cell is; the heads stand on every page. */
export class PdfTable {
  readonly #cursor: PdfCursor

  constructor(cursor: PdfCursor) {
    this.#cursor = cursor
  }

  write(parent: Element, { caption, columns, rows, numbers }: BoardTable): void {
    const size = columns.length > 8 ? 7.5 : 9.5
    const measured = (text: string, bold: boolean) =>
      this.#cursor.pdf
        .font(bold ? BOLD : REGULAR)
        .fontSize(size)
        .widthOfString(text) +
      gap(columns.length) +
      1
    const widths = columnWidths(columnNeeds(columns, rows, WIDTH, measured), numbers, WIDTH)
    const heads = this.#heightOf(columns, widths, size, true)
    const own = this.#cursor.child(parent, 'Table')
    this.#cursor.y += 4
    const heights = rows.map((row) => this.#heightOf(row, widths, size, false))
    // A short table is not torn apart.
    this.#cursor.room(heads + 20 + (rows.length <= SHORT ? heights.reduce((all, height) => all + height, 0) : 60))
    this.#cursor.words(own, 'Caption', caption, { size: 10.5, bold: true, after: 3 })
    const head = this.#cursor.child(own, 'THead')
    this.#row(head, columns, { widths, size, numbers, height: heads, isHead: true })
    head.end()
    const body = this.#cursor.child(own, 'TBody')
    const early = this.#earlyBreak(heights)
    for (const [n, row] of rows.entries()) {
      const height = heights[n]!
      if (n === early || this.#cursor.y + height > BOTTOM) {
        this.#cursor.nextPage()
        // For the eye only: to a reader the table has one head.
        this.#cursor.pdf.markContent('Artifact', { type: 'Layout' })
        this.#cells(columns, { widths, size, numbers, isHead: true }, (draw) => draw())
        this.#cursor.pdf.endMarkedContent()
        this.#rule(heads, true)
      }
      this.#row(body, row, { widths, size, numbers, height, isHead: false })
    }
    body.end()
    own.end()
    this.#cursor.y += 10
  }

  /** The row before which the page is turned so that the last ones do not stand alone on the next; -1 for none. */
  #earlyBreak(heights: readonly number[]): number {
    let [y, fit] = [this.#cursor.y, 0]
    while (fit < heights.length && y + heights[fit]! <= BOTTOM) y += heights[fit++]!
    const over = heights.length - fit
    return over > 0 && over < TOGETHER ? heights.length - TOGETHER : -1
  }

  #row(
    parent: Element,
    cells: readonly string[],
    layout: { widths: readonly number[]; size: number; numbers: boolean; height: number; isHead: boolean },
  ): void {
    const row = this.#cursor.child(parent, 'TR')
    this.#cells(cells, layout, (draw, n) => {
      const scope = layout.isHead ? 'Column' : n === 0 ? 'Row' : undefined
      // Of the types `scope` is missing.
      const options = (scope === undefined ? {} : { scope }) as object
      row.add(this.#cursor.pdf.struct(scope === undefined ? 'TD' : 'TH', options, [draw]))
    })
    row.end()
    this.#rule(layout.height, layout.isHead)
  }

  #cells(
    cells: readonly string[],
    { widths, size, numbers, isHead }: { widths: readonly number[]; size: number; numbers: boolean; isHead: boolean },
    each: (draw: () => void, n: number) => void,
  ): void {
    const at = this.#cursor.y + 3
    let x = MARGIN
    for (const [n, cell] of cells.entries()) {
      const [left, width] = [x, widths[n]! - gap(widths.length)]
      each(() => {
        this.#cursor.pdf.font(isHead ? BOLD : REGULAR).fontSize(size)
        this.#cursor.text(cell, left, at, width, numbers && n > 0 ? 'right' : 'left')
      }, n)
      x += widths[n]!
    }
  }

  #rule(height: number, strong: boolean): void {
    this.#cursor.y += height
    const at = this.#cursor.y
    this.#cursor.artifact(() =>
      this.#cursor.pdf
        .lineWidth(strong ? 1.2 : 0.5)
        .strokeColor(strong ? INK : '#757575')
        .moveTo(MARGIN, at)
        .lineTo(MARGIN + WIDTH, at)
        .stroke(),
    )
  }

  #heightOf(cells: readonly string[], widths: readonly number[], size: number, bold: boolean): number {
    this.#cursor.pdf.font(bold ? BOLD : REGULAR).fontSize(size)
    const heights = cells.map((cell, n) =>
      this.#cursor.pdf.heightOfString(cell, { width: widths[n]! - gap(widths.length) }),
    )
    return Math.max(...heights) + 6
  }
}

/** Between two columns. */
function gap(columns: number): number {
  return columns > 8 ? 4 : 8
}
