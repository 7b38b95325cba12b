import type { Answer, Block, BoardChart, BoardDocument, BoardTable, Section } from './document.ts'
import type { Drawing } from './drawing.ts'
import { columnNeeds, columnWidths } from './pdf-columns.ts'
import { drawMark } from './pdf-marks.ts'
import { A4, BOLD, INK, MARGIN, type Pdf, REGULAR, WIDTH } from './pdf-paper.ts'

type Element = ReturnType<Pdf['struct']>

const BOTTOM = A4.height - 64
/** Rows of a table that stays on one page. */
const SHORT = 12
/** Rows that are not left alone. */
const TOGETHER = 4

/** Writes a document down the page and on to the next, each piece with what it is for whoever reads by ear. */
export class PdfPages {
  readonly #pdf: Pdf
  readonly #root: Element
  #y = MARGIN

  constructor(pdf: Pdf) {
    this.#pdf = pdf
    this.#root = pdf.struct('Document')
    pdf.addStructure(this.#root)
  }

  /** All but the foot of each page. */
  write({ title, organisation, period, date, mark, answers, sections }: BoardDocument): void {
    this.#pdf.outline.addItem('Answers')
    this.#words(this.#root, 'H1', title, { size: 22, bold: true, after: 4 })
    this.#words(this.#root, 'P', organisation, { size: 13, after: 2 })
    this.#words(this.#root, 'P', period, { size: 13, after: 2 })
    this.#words(this.#root, 'P', `Report of ${date}.`, { size: 11, after: 4 })
    if (mark !== '') this.#words(this.#root, 'P', mark, { size: 12, bold: true, after: 10 })
    for (const answer of answers) this.#answer(answer)
    for (const section of sections) this.#section(section)
    this.#root.end()
  }

  #answer({ question, sentences, framed }: Answer): void {
    this.#pdf.font(REGULAR).fontSize(12)
    const height = sentences.reduce((all, text) => all + this.#pdf.heightOfString(text, { width: WIDTH }) + 5, 40)
    this.#room(Math.min(height, BOTTOM - MARGIN))
    const top = this.#y + 6
    this.#words(this.#root, 'H2', question, { size: 15, bold: true, before: 12, after: 4 })
    for (const sentence of sentences) this.#words(this.#root, 'P', sentence, { size: 12, after: 5 })
    // Over two pages there is no frame.
    if (!framed || this.#y < top) return
    const [bottom, out] = [this.#y + 2, 10]
    this.#artifact(() =>
      this.#pdf
        .lineWidth(2)
        .strokeColor(INK)
        .rect(MARGIN - out, top, WIDTH + 2 * out, bottom - top)
        .stroke(),
    )
    this.#y += 10
  }

  #section({ heading, blocks }: Section): void {
    const own = this.#child(this.#root, 'Sect')
    this.#room(45 + this.#opening(blocks))
    this.#pdf.outline.addItem(heading)
    this.#words(own, 'H2', heading, { size: 15, bold: true, before: 16, after: 6 })
    for (const block of blocks) this.#block(own, block)
    own.end()
  }

  /** Height of what must not be parted from its heading: texts, and the chart or the head of a table behind them. */
  #opening(blocks: readonly Block[]): number {
    const end = blocks.findIndex(({ kind }) => kind === 'chart' || kind === 'table')
    const texts = (end < 0 ? blocks : blocks.slice(0, end)).map((block) => {
      this.#pdf.font(REGULAR).fontSize(10.5)
      return block.kind === 'text' ? this.#pdf.heightOfString(block.text, { width: WIDTH }) + 6 : 30
    })
    const first = blocks[end]
    const shown = first?.kind === 'chart' ? chartHeight(first.chart) + 22 : 120
    return texts.reduce((all, height) => all + height, 0) + (first === undefined ? 0 : shown)
  }

  #block(parent: Element, block: Block): void {
    if (block.kind === 'text') this.#words(parent, 'P', block.text, { size: 10.5, after: 6 })
    else if (block.kind === 'list') this.#list(parent, block.items)
    else if (block.kind === 'table') this.#table(parent, block.table)
    else this.#chart(parent, block.chart)
  }

  #words(
    parent: Element,
    tag: string,
    words: string,
    {
      size,
      bold = false,
      before = 0,
      after,
      keep = 0,
    }: { size: number; bold?: boolean; before?: number; after: number; keep?: number },
  ): void {
    const text = words
    this.#pdf.font(bold ? BOLD : REGULAR).fontSize(size)
    const height = this.#pdf.heightOfString(text, { width: WIDTH })
    this.#y += before
    this.#room(height + keep)
    this.#tagged(parent, tag, () => this.#text(text, MARGIN, this.#y, WIDTH))
    this.#y += height + after
  }

  #list(parent: Element, items: readonly string[]): void {
    const own = this.#child(parent, 'L')
    for (const item of items) {
      const text = item
      this.#pdf.font(REGULAR).fontSize(10.5)
      const height = this.#pdf.heightOfString(text, { width: WIDTH - 14 })
      this.#room(height)
      const entry = this.#child(own, 'LI')
      const at = this.#y
      this.#tagged(entry, 'Lbl', () => this.#text('•', MARGIN, at, 12))
      this.#tagged(entry, 'LBody', () => this.#text(text, MARGIN + 14, at, WIDTH - 14))
      entry.end()
      this.#y += height + 3
    }
    own.end()
    this.#y += 4
  }

  #table(parent: Element, { caption, columns, rows, numbers }: BoardTable): void {
    const size = columns.length > 8 ? 7.5 : 9.5
    const measured = (text: string, bold: boolean) =>
      this.#pdf
        .font(bold ? BOLD : REGULAR)
        .fontSize(size)
        .widthOfString(text) +
      gap(columns.length) +
      1
    const widths = columnWidths(columnNeeds(columns, rows, WIDTH, measured), numbers, WIDTH)
    const heads = this.#heightOf(columns, widths, size, true)
    const own = this.#child(parent, 'Table')
    this.#y += 4
    const heights = rows.map((row) => this.#heightOf(row, widths, size, false))
    // A short table is not torn apart.
    this.#room(heads + 20 + (rows.length <= SHORT ? heights.reduce((all, height) => all + height, 0) : 60))
    this.#words(own, 'Caption', caption, { size: 10.5, bold: true, after: 3 })
    const head = this.#child(own, 'THead')
    this.#row(head, columns, { widths, size, numbers, height: heads, isHead: true })
    head.end()
    const body = this.#child(own, 'TBody')
    const early = this.#earlyBreak(heights)
    for (const [n, row] of rows.entries()) {
      const height = heights[n]!
      if (n === early || this.#y + height > BOTTOM) {
        this.#nextPage()
        // For the eye only: to a reader the table has one head.
        this.#pdf.markContent('Artifact', { type: 'Layout' })
        this.#cells(columns, { widths, size, numbers, isHead: true }, (draw) => draw())
        this.#pdf.endMarkedContent()
        this.#rule(heads, true)
      }
      this.#row(body, row, { widths, size, numbers, height, isHead: false })
    }
    body.end()
    own.end()
    this.#y += 10
  }

  /** The row before which the page is turned so that the last ones do not stand alone on the next; -1 for none. */
  #earlyBreak(heights: readonly number[]): number {
    let [y, fit] = [this.#y, 0]
    while (fit < heights.length && y + heights[fit]! <= BOTTOM) y += heights[fit++]!
    const over = heights.length - fit
    return over > 0 && over < TOGETHER ? heights.length - TOGETHER : -1
  }

  #row(
    parent: Element,
    cells: readonly string[],
    layout: { widths: readonly number[]; size: number; numbers: boolean; height: number; isHead: boolean },
  ): void {
    const row = this.#child(parent, 'TR')
    this.#cells(cells, layout, (draw, n) => {
      const scope = layout.isHead ? 'Column' : n === 0 ? 'Row' : undefined
      // Of the types `scope` is missing.
      const options = (scope === undefined ? {} : { scope }) as object
      row.add(this.#pdf.struct(scope === undefined ? 'TD' : 'TH', options, [draw]))
    })
    row.end()
    this.#rule(layout.height, layout.isHead)
  }

  #cells(
    cells: readonly string[],
    { widths, size, numbers, isHead }: { widths: readonly number[]; size: number; numbers: boolean; isHead: boolean },
    each: (draw: () => void, n: number) => void,
  ): void {
    const at = this.#y + 3
    let x = MARGIN
    for (const [n, cell] of cells.entries()) {
      const [left, width] = [x, widths[n]! - gap(widths.length)]
      each(() => {
        this.#pdf.font(isHead ? BOLD : REGULAR).fontSize(size)
        this.#text(cell, left, at, width, numbers && n > 0 ? 'right' : 'left')
      }, n)
      x += widths[n]!
    }
  }

  #rule(height: number, strong: boolean): void {
    this.#y += height
    const at = this.#y
    this.#artifact(() =>
      this.#pdf
        .lineWidth(strong ? 1.2 : 0.5)
        .strokeColor(strong ? INK : '#757575')
        .moveTo(MARGIN, at)
        .lineTo(MARGIN + WIDTH, at)
        .stroke(),
    )
  }

  #heightOf(cells: readonly string[], widths: readonly number[], size: number, bold: boolean): number {
    this.#pdf.font(bold ? BOLD : REGULAR).fontSize(size)
    const heights = cells.map((cell, n) => this.#pdf.heightOfString(cell, { width: widths[n]! - gap(widths.length) }))
    return Math.max(...heights) + 6
  }

  #chart(parent: Element, { title, alternative, drawing }: BoardChart): void {
    const scale = WIDTH / drawing.width
    const height = chartHeight({ drawing })
    this.#room(height + 30)
    this.#words(parent, 'P', title, { size: 10.5, bold: true, after: 4 })
    const top = this.#y
    const figure = this.#pdf.struct(
      'Figure',
      { alt: alternative, bbox: [MARGIN, top, MARGIN + WIDTH, top + height], placement: 'Block' } as object,
      [() => this.#draw(drawing, top, scale)],
    )
    parent.add(figure)
    this.#y += height + 10
  }

  #draw({ marks }: Drawing, top: number, scale: number): void {
    this.#pdf.save()
    this.#pdf.translate(MARGIN, top).scale(scale)
    for (const mark of marks) drawMark(this.#pdf, mark)
    this.#pdf.restore()
  }

  #text(text: string, x: number, y: number, width: number, align: 'left' | 'right' = 'left'): void {
    this.#pdf.fillColor(INK).text(text, x, y, { width, align })
  }

  #tagged(parent: Element, tag: string, draw: () => void): void {
    parent.add(this.#pdf.struct(tag, {}, [draw]))
  }

  #child(parent: Element, tag: string): Element {
    const element = this.#pdf.struct(tag)
    parent.add(element)
    return element
  }

  #artifact(draw: () => void): void {
    this.#pdf.markContent('Artifact', { type: 'Layout' })
    draw()
    this.#pdf.endMarkedContent()
  }

  #room(height: number): void {
    if (this.#y + height > BOTTOM) this.#nextPage()
  }

  #nextPage(): void {
    this.#pdf.addPage()
    this.#y = MARGIN
  }
}

function chartHeight({ drawing }: Pick<BoardChart, 'drawing'>): number {
  return (drawing.height * WIDTH) / drawing.width
}

/** Between two columns. */
function gap(columns: number): number {
  return columns > 8 ? 4 : 8
}
