import type { Cell as SheetCell } from 'write-excel-file/node'
import { OffchannelError } from '../../base/errors.ts'
import { grouped } from '../../base/text.ts'
import { type Cell, COLUMN_NAMES, rowsOf } from '../finding-rows.ts'
import { withoutTimes } from '../zip-times.ts'
import type { FindingsFormat } from './export-format.ts'

/** A sheet is made in memory; a spreadsheet has room for a million rows, and people for fewer. */
const MOST_ROWS = 50_000

/** A cell takes no more (Excel specifications and limits). */
const LONGEST_TEXT = 32_767

/**
 * The rows of CSV on one sheet. Texts are stored as texts, so that nothing in them is a formula. Throws `usage` where
 * there are too many rows.
 */
export const xlsx: FindingsFormat = {
  of: 'findings',
  name: 'xlsx',
  title: 'findings as an Excel workbook, a row for each verdict',
  documentation: 'https://ecma-international.org/publications-and-standards/standards/ecma-376/',
  binary: true,
  async *write(findings) {
    const rows: SheetCell[][] = [COLUMN_NAMES.map((value) => ({ value, fontWeight: 'bold' }))]
    for (const finding of findings) {
      for (const row of rowsOf(finding)) rows.push(row.map(sheetCell))
      if (rows.length > MOST_ROWS) {
        const limit = `more than ${grouped(MOST_ROWS)} rows`
        throw new OffchannelError(
          'usage',
          `${limit}: choose fewer with --from, --until, --app or --severity, or take csv`,
        )
      }
    }
    const { default: writeXlsxFile } = await import('write-excel-file/node')
    const sheet = { sheet: 'Findings', stickyRowsCount: 1, columns: COLUMN_NAMES.map(() => ({ width: 18 })) }
    yield withoutTimes(await writeXlsxFile(rows, sheet).toBuffer())
  },
}

function sheetCell(value: Cell): SheetCell {
  if (typeof value === 'number') return { type: Number, value }
  if (typeof value === 'boolean') return { type: Boolean, value }
  return value === '' ? null : { type: String, value: value.slice(0, LONGEST_TEXT) }
}
