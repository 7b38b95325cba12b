import { harmless, plural } from '../base/text.ts'
import { formatDay, formatMinute } from '../base/time.ts'
import type { ReviewedFinding } from '../model/review.ts'
import { SEVERITY_STYLE, type Style } from './style.ts'
import { type Cell, type Line, renderTable } from './table.ts'

/** Digits of a finding's id that tables show; `show` takes them. */
export const SHORT_ID = 10

/** Below this width a table would cut everything: findings are told in lines instead. */
const TABLE_WIDTH = 90

/**
 * Findings with the verdict that decides the severity as headline: as a table, two lines each and a third where it was
 * reviewed, or where it is narrow in lines.
 */
export function findingsTable(findings: readonly ReviewedFinding[], width: number, style: Style): string {
  const rows = findings.map(row)
  if (width < TABLE_WIDTH) return rows.map((cells) => stacked(cells, style)).join('\n')
  const head = ['Finding', 'Client', 'App', 'Route', 'Ruling', 'Activity', 'When (UTC)']
  return renderTable(head, rows, width, style, { keep: [0, 1] })
}

function row(finding: ReviewedFinding): readonly Cell[] {
  const verdict = finding.verdicts[0]!
  const severity = verdict.severity.value
  const severityStyle = SEVERITY_STYLE[severity]
  const state = finding.review === undefined || finding.review.value === 'open' ? [] : [dim(finding.review.value)]
  const others = finding.verdicts.length - 1
  const minutes = plural(verdict.minutes, 'minute')
  const outcome = verdict.bypass ? 'bypass' : verdict.blocked ? 'blocked' : ''
  return [
    [{ text: severity, style: severityStyle }, finding.id.slice(0, SHORT_ID), ...state],
    [finding.client, dim(finding.network === '' ? 'no known network' : finding.network)],
    [finding.appName, dim(finding.category)],
    [
      { text: verdict.route.value, style: severityStyle },
      { text: outcome, style: severityStyle },
    ],
    [verdict.ruling.value, dim(verdict.grade.value)],
    [verdict.activity.value, dim(others > 0 ? `${minutes} +${others}` : minutes)],
    [`${formatMinute(verdict.first).slice(11)}–${formatMinute(verdict.last).slice(11)}`, dim(formatDay(finding.day))],
  ]
}

/** The same cells, a line for the first lines of all, one for the second, one for the third where there is any. */
function stacked(cells: readonly Cell[], style: Style): string {
  const line = (number: number) =>
    cells
      .map((cell) => cell[number] ?? '')
      .filter((one) => one !== '' && (typeof one === 'string' || one.text !== ''))
      .map((one) => (typeof one === 'string' ? harmless(one) : style(one.style, harmless(one.text))))
      .join('  ')
  return [0, 1, 2]
    .map(line)
    .filter((text) => text !== '')
    .join('\n  ')
}

function dim(text: string): Line {
  return { text, style: 'dim' }
}
