import type { Activity, Grade, Judged, Ruling, Severity } from '../model/finding.ts'

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
    rule: 'nothing-minded',
    value: 'none',
    applies: () => true,
    reason: 'The policy minds neither the app nor the way it took.',
  },
]

/** One step lower where the grade is indicative; what is minded at all stays low. */
const LOWERED: Readonly<Record<Severity, Severity>> = { high: 'medium', medium: 'low', low: 'low', none: 'none' }

/** The severity, by the first rule that applies. */
export function severityOf(facts: SeverityFacts): Judged<Severity> {
  const { value, rule, reason } = SEVERITY_RULES.find((candidate) => candidate.applies(facts))!
  const lowered = facts.grade === 'indicative' ? LOWERED[value] : value
  const because = lowered === value ? '' : ' One step lower, as the evidence is indicative only.'
  return { value: lowered, rule, reason: reason + because }
}
