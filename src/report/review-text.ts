import { harmless } from '../base/text.ts'
import { formatDay, formatMinute } from '../base/time.ts'
import { gravityText, type Review, type ReviewAction, type Standing, type Suppression } from '../model/review.ts'
import type { Style } from './style.ts'

/** Lines of a note on the screen; the others are counted. */
const LINES_SHOWN = 20

const DID: Readonly<Record<ReviewAction, string>> = {
  acknowledge: 'acknowledged',
  note: 'wrote to',
  close: 'closed',
  reopen: 'reopened',
}

/** How a finding stands and what was done to it, the oldest first. */
export function reviewText({ value, rule, reason }: Standing, reviews: readonly Review[], style: Style): string {
  const head = `${style('bold', 'Review')}: ${style('bold', value)}: ${harmless(reason)} ${style('dim', `[${rule}]`)}`
  return [head, ...reviews.flatMap((review) => reviewLines(review).map((line) => `  ${line}`))].join('\n')
}

/** `2026-11-22 10:00 UTC  alice closed revision 2 (medium)`, and the text below. */
export function reviewLines({ at, author, action, revision, gravity, holder, text }: Review): string[] {
  const whose = holder === '' ? '' : ` of ${harmless(holder)}`
  const did = `${harmless(author)} ${DID[action]} revision ${revision}${whose} (${gravityText(gravity)})`
  return [`${formatMinute(at)} UTC  ${did}`, ...textLines(text)]
}

/** What a suppression covers, until when, and who made it. */
export function suppressionText(suppression: Suppression, style: Style): string {
  const { seq, at, author, finding, app, client, until, gravity, reason, lifted } = suppression
  const whose = client === '' ? ', every client' : ` of ${harmless(client)}`
  const what = finding === '' ? `${harmless(app)}${whose}` : harmless(finding)
  return [
    `${style('bold', `${seq}`)}  ${what}: until ${formatDay(until)}, what is ${gravityText(gravity)} at most`,
    `   ${formatMinute(at)} UTC  ${harmless(author)} suppressed it`,
    ...textLines(reason).map((line) => `   ${line}`),
    ...(lifted === undefined
      ? []
      : [
          `   ${formatMinute(lifted.at)} UTC  ${harmless(lifted.author)} lifted it`,
          ...textLines(lifted.reason).map((line) => `   ${line}`),
        ]),
  ].join('\n')
}

/** Each line behind a mark, so that none can be taken for a line of the program's. */
function textLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split(/\r\n|\n/)
  const shown = lines.slice(0, LINES_SHOWN).map((line) => `  > ${harmless(line)}`)
  return lines.length > LINES_SHOWN ? [...shown, `  and ${lines.length - LINES_SHOWN} more lines (--json)`] : shown
}
