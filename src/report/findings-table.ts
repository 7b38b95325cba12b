import { formatDay, formatMinute } from '../base/time.ts'
import { plural } from '../base/text.ts'
import type { Finding } from '../model/finding.ts'
import { SEVERITY_STYLE, type Style } from './style.ts'
import { type Cell, renderTable } from './table.ts'

/** Digits of a finding's id that tables show; `show` takes them. */
export const SHORT_ID = 10

/** Findings as a table, two lines each, the verdict that decides the severity as headline. */
export function findingsTable(findings: readonly Finding[], width: number, style: Style): string {
  const head = ['Finding', 'Client', 'App', 'Route', 'Evidence', 'Minutes', 'When (UTC)']
  return renderTable(head, findings.map(row), width, style)
}

function row(finding: Finding): readonly Cell[] {
  const verdict = finding.verdicts[0]!
  const severity = verdict.severity.value
  const severityStyle = SEVERITY_STYLE[severity]
  const others = finding.verdicts.length - 1
  return [
    [{ text: severity, style: severityStyle }, { text: finding.id.slice(0, SHORT_ID), style: 'dim' }],
    [finding.client, { text: finding.network === '' ? 'no known network' : finding.network, style: 'dim' }],
    [finding.appName, { text: finding.category, style: 'dim' }],
    [
      { text: verdict.bypass ? `${verdict.route.value}, bypass` : verdict.route.value, style: severityStyle },
      verdict.blocked ? `${verdict.ruling.value}, blocked` : verdict.ruling.value,
    ],
    [verdict.grade.value, verdict.activity.value],
    [String(verdict.minutes), { text: others > 0 ? `+${plural(others, 'verdict')}` : '', style: 'dim' }],
    [formatDay(finding.day), `${formatMinute(verdict.first).slice(11)}–${formatMinute(verdict.last).slice(11)}`],
  ]
}
