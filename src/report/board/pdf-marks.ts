import { LABEL_SIZE, type Mark } from './drawing.ts'
import { BOLD, INK, type Pdf, REGULAR } from './pdf-paper.ts'

/** Draws one mark of a chart where the axes of the page have been moved to. */
export function drawMark(pdf: Pdf, mark: Mark): void {
  pdf.strokeColor(INK).undash()
  switch (mark.kind) {
    case 'rect':
      pdf.lineWidth(1).rect(mark.x, mark.y, mark.w, mark.h)
      if (mark.fill === 'solid') pdf.fillAndStroke('#1f3a5f', INK)
      else pdf.fillAndStroke('#ffffff', INK)
      return
    case 'line':
      if (mark.stroke === 'dashed') pdf.lineWidth(2).dash(6, { space: 4 })
      else pdf.lineWidth(1).strokeColor(mark.stroke === 'grid' ? '#c4c4c4' : INK)
      pdf.moveTo(mark.x1, mark.y1).lineTo(mark.x2, mark.y2).stroke()
      return
    case 'path':
      pdf
        .lineWidth(mark.stroke === 'thick' ? 3 : 0.7)
        .path(mark.d)
        .stroke()
      return
    case 'dot':
      pdf.lineWidth(1.5).circle(mark.x, mark.y, 5).fillAndStroke(INK, '#ffffff')
      return
    case 'label': {
      const text = mark.text
      pdf.font(mark.bold ? BOLD : REGULAR).fontSize(LABEL_SIZE)
      const width = pdf.widthOfString(text)
      const x = mark.anchor === 'start' ? mark.x : mark.anchor === 'end' ? mark.x - width : mark.x - width / 2
      pdf.fillColor(INK).text(text, x, mark.y - LABEL_SIZE * 0.75, { lineBreak: false })
    }
  }
}
