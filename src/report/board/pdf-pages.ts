import type { Answer, Block, BoardChart, BoardDocument, Section } from './document.ts'
import type { Drawing } from './drawing.ts'
import { BOTTOM, type Element, PdfCursor } from './pdf-cursor.ts'
import { drawMark } from './pdf-marks.ts'
import { INK, MARGIN, type Pdf, REGULAR, WIDTH } from './pdf-paper.ts'
import { PdfTable } from './pdf-table.ts'

/** In points: a shorter list is not torn apart. */
const LONG_LIST = 240

/** Writes a document down the page and on to the next, each piece with what it is for whoever reads by ear. */
export class PdfPages {
  readonly #pdf: Pdf
  readonly #cursor: PdfCursor
  readonly #root: Element

  constructor(pdf: Pdf) {
    this.#pdf = pdf
    this.#cursor = new PdfCursor(pdf)
    this.#root = pdf.struct('Document')
    pdf.addStructure(this.#root)
  }

  /** All but the foot of each page. */
  write({ title, organisation, period, date, mark, answers, sections }: BoardDocument): void {
    this.#pdf.outline.addItem('Answers')
    this.#cursor.words(this.#root, 'H1', title, { size: 22, bold: true, after: 4 })
    this.#cursor.words(this.#root, 'P', organisation, { size: 13, after: 2 })
    this.#cursor.words(this.#root, 'P', period, { size: 13, after: 2 })
    this.#cursor.words(this.#root, 'P', `Report of ${date}.`, { size: 11, after: 4 })
    if (mark !== '') this.#cursor.words(this.#root, 'P', mark, { size: 12, bold: true, after: 10 })
    for (const answer of answers) this.#answer(answer)
    for (const section of sections) this.#section(section)
    this.#root.end()
  }

  #answer({ question, sentences, framed }: Answer): void {
    this.#pdf.font(REGULAR).fontSize(12)
    const height = sentences.reduce((all, text) => all + this.#pdf.heightOfString(text, { width: WIDTH }) + 5, 40)
    this.#cursor.room(Math.min(height, BOTTOM - MARGIN))
    const top = this.#cursor.y + 6
    this.#cursor.words(this.#root, 'H2', question, { size: 15, bold: true, before: 12, after: 4 })
    for (const sentence of sentences) this.#cursor.words(this.#root, 'P', sentence, { size: 12, after: 5 })
    // Over two pages there is no frame.
    if (!framed || this.#cursor.y < top) return
    const [bottom, out] = [this.#cursor.y + 2, 10]
    this.#cursor.artifact(() =>
      this.#pdf
        .lineWidth(2)
        .strokeColor(INK)
        .rect(MARGIN - out, top, WIDTH + 2 * out, bottom - top)
        .stroke(),
    )
    this.#cursor.y += 10
  }

  #section({ heading, blocks }: Section): void {
    const own = this.#cursor.child(this.#root, 'Sect')
    this.#cursor.room(45 + this.#opening(blocks))
    this.#pdf.outline.addItem(heading)
    this.#cursor.words(own, 'H2', heading, { size: 15, bold: true, before: 16, after: 6 })
    for (const [n, block] of blocks.entries()) {
      if (block.kind === 'text') this.#cursor.room(this.#opening(blocks.slice(n)))
      this.#block(own, block)
    }
    own.end()
  }

  /** Height of what must not be parted from its heading: texts, and the chart or the head of a table behind them. */
  #opening(blocks: readonly Block[]): number {
    const end = blocks.findIndex(({ kind }) => kind === 'chart' || kind === 'table')
    const texts = (end < 0 ? blocks : blocks.slice(0, end)).map((block) => {
      this.#pdf.font(REGULAR).fontSize(10.5)
      if (block.kind === 'text') return this.#pdf.heightOfString(block.text, { width: WIDTH }) + 6
      const items = block.kind === 'list' ? block.items : []
      const height = items.reduce((all, item) => all + this.#pdf.heightOfString(item, { width: WIDTH - 14 }) + 3, 0)
      return height < LONG_LIST ? height : 30
    })
    const first = blocks[end]
    return texts.reduce((all, height) => all + height, 0) + (first === undefined ? 0 : heightOf(first))
  }

  #block(parent: Element, block: Block): void {
    if (block.kind === 'text') this.#cursor.words(parent, 'P', block.text, { size: 10.5, after: 6 })
    else if (block.kind === 'list') this.#list(parent, block.items)
    else if (block.kind === 'table') new PdfTable(this.#cursor).write(parent, block.table)
    else this.#chart(parent, block.chart)
  }

  #list(parent: Element, items: readonly string[]): void {
    const own = this.#cursor.child(parent, 'L')
    for (const item of items) {
      const text = item
      this.#pdf.font(REGULAR).fontSize(10.5)
      const height = this.#pdf.heightOfString(text, { width: WIDTH - 14 })
      this.#cursor.room(height)
      const entry = this.#cursor.child(own, 'LI')
      const at = this.#cursor.y
      this.#cursor.tagged(entry, 'Lbl', () => this.#cursor.text('•', MARGIN, at, 12))
      this.#cursor.tagged(entry, 'LBody', () => this.#cursor.text(text, MARGIN + 14, at, WIDTH - 14))
      entry.end()
      this.#cursor.y += height + 3
    }
    own.end()
    this.#cursor.y += 4
  }

  #chart(parent: Element, { title, alternative, drawing }: BoardChart): void {
    const scale = WIDTH / drawing.width
    const height = chartHeight({ drawing })
    this.#cursor.room(height + 30)
    this.#cursor.words(parent, 'P', title, { size: 10.5, bold: true, after: 4 })
    const top = this.#cursor.y
    const figure = this.#pdf.struct(
      'Figure',
      { alt: alternative, bbox: [MARGIN, top, MARGIN + WIDTH, top + height], placement: 'Block' } as object,
      [() => this.#draw(drawing, top, scale)],
    )
    parent.add(figure)
    this.#cursor.y += height + 10
  }

  #draw({ marks }: Drawing, top: number, scale: number): void {
    this.#pdf.save()
    this.#pdf.translate(MARGIN, top).scale(scale)
    for (const mark of marks) drawMark(this.#pdf, mark)
    this.#pdf.restore()
  }
}

/** About: of a chart all of it, of a table what stands on one page. */
function heightOf(block: Block): number {
  if (block.kind === 'chart') return chartHeight(block.chart) + 22
  return block.kind === 'table' ? 60 + 20 * Math.min(block.table.rows.length, 12) : 0
}

function chartHeight({ drawing }: Pick<BoardChart, 'drawing'>): number {
  return (drawing.height * WIDTH) / drawing.width
}
