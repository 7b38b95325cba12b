import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { messageOf, OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type Day, formatDay } from '../base/time.ts'
import { enterAudit } from './audited.ts'
import { boardFacts, type FactsOptions, type Months } from './board-facts.ts'
import { today } from './clock.ts'
import { writePieces } from './export-file.ts'
import { keyOptions, loadRules, policyOption, signatureOptions, storeOption, withOptions } from './options.ts'
import { parseDay } from './parse-day.ts'
import { sendHeads } from './send-heads.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'

interface ReportOptions extends SignatureChoice, FactsOptions {
  readonly from: Day
  readonly against?: 'previous'
  readonly html?: string
  readonly pdf?: string
  readonly font?: string
  readonly force?: true
}

/** Months side by side in one report, those it is held against included. */
const MONTHS = 12

/** `offchannel report`: for those who decide, and do not read findings. */
export function addReportCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('report')
    .summary('write a report for a governance board')
    .description(
      'Writes what happened in one or more calendar months (UTC) for a governance board, as one HTML file that needs no other, or as a PDF. Small numbers are held back; the store remembers what was published, and a month is told with the same numbers in every later report. See docs/report.md.',
    )
    .requiredOption('--from <day>', 'the first day of a month (YYYY-MM-DD, UTC)', parseDay)
    .requiredOption('--until <day>', 'the last day of a month', parseDay)
    .addOption(new Option('--against <period>', 'beside as many months before').choices(['previous']))
    .option('--html <file>', 'HTML file to write')
    .option('--pdf <file>', 'PDF file to write')
    .option('--font <file>', 'TrueType or OpenType font for the PDF, instead of DejaVu Sans')
    .option('--force', 'replace the files if there are some')
    .addOption(
      new Option('--least <people>', 'hold back numbers of fewer people than this').default(5).argParser(parseLeast),
    )
    .option('--subjects', 'list subjects by pseudonym: such a report is confidential')
    .option('--draft', 'try it: nothing is remembered as published, and the report says so; also of a month under way')
    .option('--date <day>', 'that the report carries (default: today)', parseDay)
    .addHelpText(
      'after',
      `
Examples:
  offchannel report --policy policy.yaml --from 2026-10-01 --until 2026-10-31 --against previous --pdf october.pdf
  offchannel report --policy policy.yaml --from 2026-11-01 --until 2026-11-30 --draft --html november.html`,
    )
  withOptions(command, policyOption().makeOptionMandatory(), storeOption(), ...keyOptions(), ...signatureOptions())
  command.action(async (options: ReportOptions) => {
    await writeReport(options, terminal)
    await sendHeads(options.store, terminal)
  })
}

async function writeReport(options: ReportOptions, terminal: Terminal): Promise<void> {
  if (options.html === undefined && options.pdf === undefined) {
    throw new OffchannelError('usage', 'nothing to write: give --html FILE, --pdf FILE or both')
  }
  const { monthAfter } = await import('../report/board/words.ts')
  const months = monthsOf(options, monthAfter)
  const { signatures, policy } = await loadRules(options, terminal)
  const { from, until, draft = false, subjects = false } = options
  const asked = { from: formatDay(from), until: formatDay(until), draft, subjects }
  await enterAudit(options.store, 'report', asked, terminal)
  const { PublicationDesk } = await import('../store/published.ts')
  const desk = PublicationDesk.open(options.store, options.draft !== true)
  try {
    const facts = await boardFacts(desk, options, months, policy, signatures, terminal)
    const { boardDocument } = await import('../report/board/board.ts')
    const document = boardDocument(facts)
    const force = options.force && { force: options.force }
    if (options.html !== undefined) {
      const { boardHtml } = await import('../report/board/html.ts')
      await writePieces([boardHtml(document)], { output: options.html, ...force }, terminal)
    }
    if (options.pdf !== undefined) {
      const { boardPdf } = await import('../report/board/pdf.ts')
      const regular = fontOf(options.font ?? dejaVu('DejaVuSans.ttf'))
      const fonts = { regular, bold: options.font === undefined ? fontOf(dejaVu('DejaVuSans-Bold.ttf')) : regular }
      await writePieces([await boardPdf(document, fonts)], { output: options.pdf, ...force }, terminal)
    }
    const files = [options.html, options.pdf].flatMap((file) => file ?? []).map(harmless)
    terminal.note(`Report of ${document.period}: ${files.join(', ')}.`)
  } finally {
    desk.close()
  }
}

function monthsOf(options: ReportOptions, monthAfter: (day: Day, months: number) => Day): Months {
  const { from, until, against, draft, date } = options
  if (monthAfter(from, 0) !== from || monthAfter(until + 1, 0) !== until + 1 || until < from) {
    const last = monthAfter(Math.max(from, until), 1) - 1
    throw new OffchannelError(
      'usage',
      `a report is of whole calendar months: give --from ${formatDay(monthAfter(from, 0))} --until ${formatDay(last)}`,
    )
  }
  if (until >= today() && !draft) {
    throw new OffchannelError('usage', `${formatDay(until)} is not over: wait until then, or try it with --draft`)
  }
  if (date !== undefined && date > today()) {
    throw new OffchannelError('usage', `--date ${formatDay(date)}: is still to come: give the day of the report`)
  }
  const own: Day[] = []
  for (let month = from; month <= until && own.length <= MONTHS; month = monthAfter(month, 1)) own.push(month)
  const before = against === undefined ? [] : own.map((month) => monthAfter(month, -own.length))
  if (before.length + own.length > MONTHS) {
    throw new OffchannelError('usage', `a report holds ${MONTHS} months at most, those before included: ask for fewer`)
  }
  return { before, own }
}

/** A file of the font that comes with the program (https://dejavu-fonts.github.io/). */
function dejaVu(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)
}

function fontOf(file: string): Buffer {
  try {
    const bytes = readFileSync(file)
    if (['00010000', '74727565', '4f54544f'].includes(bytes.toString('hex', 0, 4))) return bytes
  } catch (thrown) {
    throw new OffchannelError('usage', `${harmless(file)}: cannot be read: ${messageOf(thrown)}`, { cause: thrown })
  }
  throw new OffchannelError('usage', `${harmless(file)}: is no TrueType or OpenType font: give a .ttf or .otf file`)
}

function parseLeast(text: string): number {
  const least = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (least < 3) throw new InvalidArgumentError('write a number from 3 to 999.')
  return least
}
