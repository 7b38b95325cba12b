import { harmless, plural } from '../base/text.ts'
import { formatDay, formatMicros, formatMinute } from '../base/time.ts'
import type { Evidence, Finding, Judged, SessionEvidence, Verdict } from '../model/finding.ts'
import { evidenceCommands } from './evidence-command.ts'
import { changesOf, unknownsOf } from './finding-story.ts'
import { SEVERITY_STYLE, type Style } from './style.ts'

/** Of each verdict, so that the story is told on one screen; `--json` has all that it cites. */
const EVIDENCE_SHOWN = 5

/**
 * One finding in words: what was seen and where, each judged quality with its rule and reason, the exemptions looked at,
 * what is not known and what would change the verdict, the evidence and how to see it with another tool.
 */
export function findingText(finding: Finding, style: Style): string {
  const severity = finding.verdicts[0]!.severity.value
  const group = finding.group === undefined ? '' : `, ${harmless(finding.group)}`
  const lines = [
    `${style('bold', finding.id)} ${style('dim', `revision ${finding.revision}`)}  ${style(SEVERITY_STYLE[severity], severity)}`,
    `${harmless(finding.client)} ${verbOf(finding)} ${harmless(finding.appName)} (${finding.category}) on ${formatDay(finding.day)}`,
    `network ${finding.network === '' ? 'none that the policy knows' : harmless(finding.network)}, subject ${finding.scope}${group}`,
  ]
  if (finding.whose !== undefined) {
    const { value, rule, reason } = finding.whose
    lines.push(`who ${value}: ${harmless(reason)} ${style('dim', `[${rule}]`)}`)
  }
  for (const verdict of finding.verdicts) lines.push('', ...verdictLines(finding, verdict, style))
  lines.push('', style('dim', `judged under the policy with hash ${finding.policy.slice(0, 16)}`))
  return lines.join('\n')
}

function verdictLines(finding: Finding, verdict: Verdict, style: Style): string[] {
  const when = `${formatMinute(verdict.first)} to ${formatMinute(verdict.last).slice(11)} UTC`
  const lines = [`${style('bold', headingOf(verdict))}: ${plural(verdict.minutes, 'active minute')}, ${when}`]
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
  for (const note of verdict.notes ?? []) lines.push(`  ${'note'.padEnd(9)} ${harmless(note)}`)
  for (const { name, applies, reason } of verdict.exemptions ?? []) {
    lines.push(`  exemption ${style(applies ? 'bold' : 'dim', harmless(name))}: ${harmless(reason)}`)
  }
  if (verdict.exemptionsOmitted) lines.push(`    and ${plural(verdict.exemptionsOmitted, 'more exemption')}`)
  const unknowns = unknownsOf(finding, verdict)
  if (unknowns.length > 0) lines.push(`  not known ${unknowns.join('; ')}`)
  lines.push(`  otherwise with ${changesOf(finding, verdict).join('; ')}`)
  lines.push('  evidence')
  const shown = verdict.evidence.slice(0, EVIDENCE_SHOWN)
  for (const evidence of shown) lines.push(...evidenceLines(evidence, style))
  const more = verdict.evidence.length - shown.length + verdict.evidenceOmitted
  if (more > 0) lines.push(`    and ${plural(more, 'more sighting')}`)
  for (const command of evidenceCommands(shown)) lines.push(`    $ ${command}`)
  for (const session of verdict.sessions ?? []) lines.push(...sessionLines(session, style))
  if (verdict.sessionsOmitted)
    lines.push(`    and ${plural(verdict.sessionsOmitted, 'more tunnel or lease', 'more tunnels and leases')}`)
  return lines
}

function headingOf({ bypass, blocked, activity }: Verdict): string {
  if (blocked) return 'Blocked attempts'
  if (bypass) return 'Bypass of the VPN'
  if (activity.value === 'site-visit') return "Visit to the app's site"
  return activity.value === 'background' ? 'Background traffic' : 'Use'
}

/** Nobody is said to have used what was only there. */
function verbOf({ verdicts }: Finding): string {
  if (verdicts.every(({ blocked }) => blocked)) return 'tried to reach'
  const uses = verdicts.some(({ activity: { value } }) => value !== 'background' && value !== 'site-visit')
  return uses ? 'used' : 'was seen with'
}

function sessionLines({ kind, from, until, gateway, protocol, first, last }: SessionEvidence, style: Style): string[] {
  const what = [protocol, kind, gateway === '' ? '' : `at ${gateway}`].filter((part) => part !== '').join(' ')
  const rest = first.input === last.input ? `${last.line}` : `${harmless(last.input)}, line ${last.line}`
  const at = first.input === last.input && first.line === last.line ? '' : ` and ${rest}`
  const where = first.line === 0 ? 'a record behind the end of a period of pseudonyms' : `line ${first.line}${at}`
  return [
    `    ${harmless(what)}: ${formatMinute(from)} to ${formatMinute(until)} UTC`,
    style('dim', `      ${harmless(first.input)}, ${where}`),
  ]
}

/** 0 is a record behind the end of a period of pseudonyms, which is not told. */
function placeText(unit: Evidence['unit'], firstAt: number, lastAt: number): string {
  if (firstAt === 0) return `begun in the period of pseudonyms before${lastAt === 0 ? '' : `, ${unit} ${lastAt}`}`
  return firstAt === lastAt ? `${unit} ${firstAt}` : `${unit}s ${firstAt} to ${lastAt}`
}

function evidenceLines(evidence: Evidence, style: Style): string[] {
  const { unit, firstAt, lastAt } = evidence
  const at = placeText(unit, firstAt, lastAt)
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
