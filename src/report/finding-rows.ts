import { harmless } from '../base/text.ts'
import { formatDay, formatMicros } from '../base/time.ts'
import type { Finding, Verdict } from '../model/finding.ts'
import type { ReviewedFinding } from '../model/review.ts'

/** A cell of a table: texts are harmless; '' where nothing is known. */
export type Cell = string | number | boolean

interface Column {
  readonly name: string
  readonly of: (finding: ReviewedFinding, verdict: Verdict) => Cell
}

/** The columns of a table of findings with a row for each verdict, as docs/exports.md explains them. */
const COLUMNS: readonly Column[] = [
  { name: 'finding', of: ({ id }) => id },
  { name: 'revision', of: ({ revision }) => revision },
  { name: 'day', of: ({ day }) => formatDay(day) },
  { name: 'client', of: ({ client }) => harmless(client) },
  { name: 'whose', of: ({ whose }) => whose?.value ?? '' },
  { name: 'app', of: ({ app }) => app },
  { name: 'app_name', of: ({ appName }) => harmless(appName) },
  { name: 'category', of: ({ category }) => category },
  { name: 'network', of: ({ network }) => harmless(network) },
  { name: 'scope', of: ({ scope }) => scope },
  { name: 'group', of: ({ group }) => harmless(group ?? '') },
  { name: 'state', of: ({ review }) => review?.value ?? 'open' },
  { name: 'severity', of: (_, { severity }) => severity.value },
  { name: 'route', of: (_, { route }) => route.value },
  { name: 'bypass', of: (_, { bypass }) => bypass },
  { name: 'ruling', of: (_, { ruling }) => ruling.value },
  { name: 'ruling_by', of: (_, { ruling }) => harmless(ruling.rule) },
  { name: 'grade', of: (_, { grade }) => grade.value },
  { name: 'activity', of: (_, { activity }) => activity.value },
  { name: 'blocked', of: (_, { blocked }) => blocked },
  { name: 'minutes', of: (_, { minutes }) => minutes },
  { name: 'first', of: (_, { first }) => formatMicros(first) },
  { name: 'last', of: (_, { last }) => formatMicros(last) },
  { name: 'sightings', of: (_, { evidence, evidenceOmitted }) => evidence.length + evidenceOmitted },
  { name: 'reason', of: (_, verdict) => harmless(reasonOf(verdict)) },
  { name: 'policy', of: ({ policy }) => policy },
  { name: 'statements', of: ({ statements = [] }) => harmless(statements.map(({ text }) => text).join(' | ')) },
]

export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ name }) => name)

/** The rows of a finding: one for each verdict, the worst first. */
export function rowsOf(finding: ReviewedFinding): Cell[][] {
  return finding.verdicts.map((verdict) => COLUMNS.map(({ of }) => of(finding, verdict)))
}

/** Why it was ruled, which way it went and how sure that is, in sentences. */
export function reasonOf({ ruling, route, grade }: Verdict): string {
  return `${ruling.reason} ${route.reason} ${grade.reason}`
}

/** `WhatsApp by address-k3f0ga2c on 2026-05-12: split-tunnel, prohibited, confirmed` */
export function titleOf({ appName, client, day }: Finding, { route, ruling, grade }: Verdict): string {
  return harmless(`${appName} by ${client} on ${formatDay(day)}: ${route.value}, ${ruling.value}, ${grade.value}`)
}
