import { harmless, plural } from '../base/text.ts'
import { formatDay, formatMicros, formatMinute } from '../base/time.ts'
import type { Evidence, Finding, Judged, SessionEvidence, Verdict } from '../model/finding.ts'
import { SEVERITY_STYLE, type Style } from './style.ts'

/** One finding in words: what was seen and where, each judged quality with its rule and reason, the evidence. */
export function findingText(finding: Finding, style: Style): string {
  const severity = finding.verdicts[0]!.severity.value
  const lines = [
    `${style('bold', finding.id)} ${style('dim', `revision ${finding.revision}`)}  ${style(SEVERITY_STYLE[severity], severity)}`,
    `${harmless(finding.client)} used ${harmless(finding.appName)} (${finding.category}) on ${formatDay(finding.day)}`,
    `network ${finding.network === '' ? 'none that the policy knows' : harmless(finding.network)}, subject ${finding.scope}`,
  ]
  for (const verdict of finding.verdicts) lines.push('', ...verdictLines(verdict, style))
  lines.push('', style('dim', `judged under the policy with hash ${finding.policy.slice(0, 16)}`))
  return lines.join('\n')
}

function verdictLines(verdict: Verdict, style: Style): string[] {
  const when = `${formatMinute(verdict.first)} to ${formatMinute(verdict.last).slice(11)} UTC`
  const lines = [
    `${style('bold', verdict.bypass ? 'Bypass of the VPN' : 'Use')}: ${plural(verdict.minutes, 'active minute')}, ${when}${
      verdict.blocked ? ', all of it blocked' : ''
    }`,
  ]
  const judged: [string, Judged<string>][] = [
    ['severity', verdict.severity],
    ['route', verdict.route],
    ['ruling', verdict.ruling],
    ['grade', verdict.grade],
    ['activity', verdict.activity],
  ]
  for (const [quality, { value, rule, reason }] of judged) {
    lines.push(
      `  ${quality.padEnd(9)} ${style('bold', harmless(value))}: ${harmless(reason)} ${style('dim', `[${harmless(rule)}]`)}`,
    )
  }
  lines.push('  evidence')
  for (const evidence of verdict.evidence) lines.push(...evidenceLines(evidence, style))
  if (verdict.evidenceOmitted > 0) lines.push(`    and ${plural(verdict.evidenceOmitted, 'more sighting')}`)
  for (const session of verdict.sessions ?? []) lines.push(...sessionLines(session, style))
  if (verdict.sessionsOmitted)
    lines.push(`    and ${plural(verdict.sessionsOmitted, 'more tunnel or lease', 'more tunnels and leases')}`)
  return lines
}

function sessionLines({ kind, from, until, gateway, protocol, first, last }: SessionEvidence, style: Style): string[] {
  const what = [protocol, kind, gateway === '' ? '' : `at ${gateway}`].filter((part) => part !== '').join(' ')
  const rest = first.input === last.input ? `${last.line}` : `${harmless(last.input)}, line ${last.line}`
  const at = first.input === last.input && first.line === last.line ? '' : ` and ${rest}`
  return [
    `    ${harmless(what)}: ${formatMinute(from)} to ${formatMinute(until)} UTC`,
    style('dim', `      ${harmless(first.input)}, line ${first.line}${at}`),
  ]
}

function evidenceLines(evidence: Evidence, style: Style): string[] {
  const { unit, firstAt, lastAt } = evidence
  const at = firstAt === lastAt ? `${unit} ${firstAt}` : `${unit}s ${firstAt} to ${lastAt}`
  const traffic = [
    plural(evidence.count, 'time'),
    evidence.bytesUp >= 0 ? `${plural(evidence.bytesUp, 'byte')} up` : '',
    evidence.bytesDown >= 0 ? `${plural(evidence.bytesDown, 'byte')} down` : '',
    evidence.action,
  ].filter((part) => part !== '')
  return [
    `    ${evidence.means} ${harmless(evidence.indicator.split(' ').slice(1).join(' '))} (${evidence.role}, ${evidence.strength}): ${traffic.join(', ')}`,
    style('dim', `      ${formatMicros(evidence.first)}  ${harmless(evidence.input)}, ${at}`),
  ]
}
