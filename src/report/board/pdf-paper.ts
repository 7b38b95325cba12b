import type PDFDocument from 'pdfkit'

export type Pdf = InstanceType<typeof PDFDocument>

/** In points. */
export const A4 = { width: 595.28, height: 841.89 }
export const MARGIN = 56
/** Of a line of text. */
export const WIDTH = A4.width - 2 * MARGIN
export const INK = '#1a1a1a'
/** The names under which a document has its fonts. */
export const REGULAR = 'text'
export const BOLD = 'strong'
