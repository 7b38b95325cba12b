import type { Activity, Grade, Judged, Ruling, Severity } from '../model/finding.ts'
import type { SeverityRow } from '../model/policy.ts'
import type { PolicyFile } from './schema.ts'

export interface SeverityFacts {
  readonly ruling: Ruling
  readonly bypass: boolean
  /** All of it was blocked. */
  readonly blocked: boolean
  readonly activity: Activity
  readonly grade: Grade
}

interface SeverityRule {
  readonly rule: string
  readonly value: Severity
  applies(facts: SeverityFacts): boolean
  readonly reason: string
}

/** The first that applies decides. */
export const SEVERITY_RULES: readonly SeverityRule[] = [
  {
    rule: 'site-visit',
    value: 'none',
    applies: ({ activity }) => activity === 'site-visit',
    reason: "A visit to the app's public site is no use of the app.",
  },
  {
    rule: 'prohibited-blocked',
    value: 'low',
    applies: ({ ruling, blocked }) => ruling === 'prohibited' && blocked,
    reason: 'The app is prohibited, and all of it was blocked.',
  },
  {
    rule: 'prohibited-bypass',
    value: 'high',
    applies: ({ ruling, bypass }) => ruling === 'prohibited' && bypass,
    reason: 'The app is prohibited, and it bypassed the government VPN.',
  },
  {
    rule: 'prohibited',
    value: 'medium',
    applies: ({ ruling }) => ruling === 'prohibited',
    reason: 'The app is prohibited; a bypass of the government VPN was not shown.',
  },
  {
    rule: 'permitted-bypass',
    value: 'medium',
    applies: ({ ruling, bypass }) => ruling === 'permitted' && bypass,
    reason: 'The app is permitted, but it bypassed the government VPN.',
  },
  {
    rule: 'exempt-bypass',
    value: 'medium',
    applies: ({ ruling, bypass }) => ruling === 'exempt' && bypass,
    reason: 'An exemption lets the app be used, but not go outside the government VPN.',
  },
  {
    rule: 'nothing-minded',
    value: 'none',
    applies: () => true,
    reason: 'The policy minds neither the app nor the way it took.',
  },
]

/** One step lower where the grade is indicative; what is minded at all stays low. */
const LOWERED: Readonly<Record<Severity, Severity>> = { high: 'medium', medium: 'low', low: 'low', none: 'none' }

/**
 * The severity, by the first rule that applies; by the first row that fits where the policy has a table of its own,
 * which says itself what an indicative grade changes.
 */
export function severityOf(facts: SeverityFacts, table?: readonly SeverityRow[]): Judged<Severity> {
  if (table !== undefined) {
    // That there is one for every case was checked when the policy was read.
    const row = table.find((candidate) => severityFits(candidate, facts))!
    const because = row.reason === '' ? '' : `: ${row.reason}`
    return { value: row.severity, rule: row.name, reason: `By the policy's own table, row "${row.name}"${because}.` }
  }
  const { value, rule, reason } = SEVERITY_RULES.find((candidate) => candidate.applies(facts))!
  const lowered = facts.grade === 'indicative' ? LOWERED[value] : value
  const because = lowered === value ? '' : ' One step lower, as the evidence is indicative only.'
  return { value: lowered, rule, reason: reason + because }
}

/** Whether a row is about such a case. */
export function severityFits(row: SeverityRow, { ruling, activity, grade, bypass, blocked }: SeverityFacts): boolean {
  return (
    (row.rulings.length === 0 || row.rulings.includes(ruling)) &&
    (row.activities.length === 0 || row.activities.includes(activity)) &&
    (row.grades.length === 0 || row.grades.includes(grade)) &&
    (row.bypass ?? bypass) === bypass &&
    (row.blocked ?? blocked) === blocked
  )
}

/** A row as the file writes it. */
export function toSeverityRow(row: NonNullable<PolicyFile['severity']>[number]): SeverityRow {
  return { ...row, bypass: row.bypass, blocked: row.blocked, reason: row.reason ?? '' }
}
