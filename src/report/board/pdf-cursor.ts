import { A4, BOLD, INK, MARGIN, type Pdf, REGULAR, WIDTH } from './pdf-paper.ts'

export type Element = ReturnType<Pdf['struct']>

/** Where a page ends. */
export const BOTTOM = A4.height - 64

/** A place on a page of a tagged document that moves down as things are written, and on to the next page. */
export class PdfCursor {
  readonly pdf: Pdf
  y = MARGIN

  constructor(pdf: Pdf) {
    this.pdf = pdf
  }

  /** Words over the whole width, in sizes and distances of points; on the next page where this one has no room. */
  words(
    parent: Element,
    tag: string,
    words: string,
    { size, bold = false, before = 0, after }: { size: number; bold?: boolean; before?: number; after: number },
  ): void {
    this.pdf.font(bold ? BOLD : REGULAR).fontSize(size)
    const height = this.pdf.heightOfString(words, { width: WIDTH })
    this.y += before
    this.room(height)
    this.tagged(parent, tag, () => this.text(words, MARGIN, this.y, WIDTH))
    this.y += height + after
  }

  /** Draws at a place, below which nothing is moved. */
  text(text: string, x: number, y: number, width: number, align: 'left' | 'right' = 'left'): void {
    this.pdf.fillColor(INK).text(text, x, y, { width, align })
  }

  /** One piece of content with what it is. */
  tagged(parent: Element, tag: string, draw: () => void): void {
    parent.add(this.pdf.struct(tag, {}, [draw]))
  }

  /** An element that others are put into; its end is for the caller. */
  child(parent: Element, tag: string): Element {
    const element = this.pdf.struct(tag)
    parent.add(element)
    return element
  }

  /** What is for the eye only. */
  artifact(draw: () => void): void {
    this.pdf.markContent('Artifact', { type: 'Layout' })
    draw()
    this.pdf.endMarkedContent()
  }

  /** Turns the page where so much does not fit on it any more. */
  room(height: number): void {
    if (this.y + height > BOTTOM) this.nextPage()
  }

  nextPage(): void {
    this.pdf.addPage()
    this.y = MARGIN
  }
}
