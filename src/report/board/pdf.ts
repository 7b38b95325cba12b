import PDFDocument from 'pdfkit'
import type { BoardDocument } from './document.ts'
import { PdfPages } from './pdf-pages.ts'
import { A4, BOLD, MARGIN, type Pdf, REGULAR, WIDTH } from './pdf-paper.ts'

/** TrueType or OpenType fonts, as their files. */
export interface Fonts {
  readonly regular: Uint8Array
  readonly bold: Uint8Array
}

/**
 * The same as a PDF: tagged, with bookmarks, title and language, heads of tables marked as such, charts with their
 * alternative texts. The bytes depend on the document and the fonts alone. PDF/UA (ISO 14289-1) asks for embedded fonts:
 * of these the letters that occur are.
 */
export async function boardPdf(document: BoardDocument, fonts: Fonts): Promise<Uint8Array> {
  const { title, organisation, period, date, day, mark } = document
  const time = new Date(day * 86_400_000)
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 40 },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    // Of the types this subset is missing.
    ...({ subset: 'PDF/UA' } as object),
    info: {
      Title: `${title}: ${organisation}, ${period}`,
      Author: organisation,
      Creator: 'offchannel',
      Producer: 'offchannel',
      CreationDate: time,
      ModDate: time,
    },
  })
  const chunks: Uint8Array[] = []
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  pdf.registerFont(REGULAR, fonts.regular as Buffer)
  pdf.registerFont(BOLD, fonts.bold as Buffer)
  new PdfPages(pdf).write(document)
  footers(pdf, `${mark} ${organisation}, ${period}, report of ${date}.`.trim())
  pdf.end()
  await done
  return Buffer.concat(chunks)
}

/** The number of each page and what it is of, which a reader of the document passes over. */
function footers(pdf: Pdf, words: string): void {
  const { count } = pdf.bufferedPageRange()
  for (let n = 0; n < count; n++) {
    pdf.switchToPage(n)
    pdf.markContent('Artifact', { type: 'Pagination' })
    pdf.font(REGULAR).fontSize(7.5).fillColor('#404040')
    pdf.text(words, MARGIN, A4.height - 52, { width: WIDTH - 45, height: 11, ellipsis: true })
    pdf.text(`${n + 1} of ${count}`, MARGIN + WIDTH - 45, A4.height - 52, {
      width: 45,
      align: 'right',
      lineBreak: false,
    })
    pdf.endMarkedContent()
  }
}
