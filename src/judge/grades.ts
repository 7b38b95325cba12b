import type { Grade, Judged } from '../model/finding.ts'
import type { Signature } from '../model/signature.ts'
import { type Hit, isLookup } from './hits.ts'

interface GradeRule {
  readonly rule: string
  readonly value: Grade
  applies(evidence: GradeFacts): boolean
  readonly reason: string
}

interface GradeFacts {
  readonly signature: Signature
  /** The UTC day, as an ISO date. */
  readonly day: string
  /** Those that count for the app (`contextReason`). */
  readonly hits: readonly Hit[]
}

/** What raises a grade at all; the first that applies decides, unless a cap does. */
export const GRADE_RULES: readonly GradeRule[] = [
  {
    rule: 'distinctive-flow',
    value: 'confirmed',
    applies: ({ hits }) => hits.some((hit) => isDistinctive(hit) && !isLookup(hit)),
    reason: 'Traffic, or an attempt at it, went to what only this app uses.',
  },
  {
    rule: 'distinctive-lookup',
    value: 'probable',
    applies: ({ hits }) => hits.some(isDistinctive),
    reason: 'A name that only this app uses was looked up; traffic to it was not seen.',
  },
  {
    rule: 'two-supporting',
    value: 'probable',
    applies: ({ hits }) => hits.some((hit) => !isLookup(hit)) && twoDiffer(hits),
    reason: 'Two different hits support each other, at least one of them on traffic.',
  },
  {
    rule: 'two-supporting-lookups',
    value: 'indicative',
    applies: ({ hits }) => twoDiffer(hits),
    reason: 'Two different names that support each other were looked up; traffic to them was not seen.',
  },
]

/** What holds any grade down to indicative; the first that applies decides. */
export const GRADE_CAPS: readonly GradeRule[] = [
  {
    rule: 'experimental',
    value: 'indicative',
    applies: ({ signature }) => signature.maturity === 'experimental',
    reason: "The app's signature is not yet proved on real traffic, so that it is indicative at most.",
  },
  {
    rule: 'retired',
    value: 'indicative',
    applies: ({ signature, day }) => signature.retiredOn !== undefined && day > signature.retiredOn,
    reason: 'The app was out of service by then: a stale client still tries, or its names are used again.',
  },
]

/** Where what was seen on one route raises nothing, but the app was recognised by the rest of the day. */
export const REST_OF_DAY: Judged<Grade> = {
  value: 'indicative',
  rule: 'rest-of-day',
  reason: 'What was seen here raises nothing alone; the app was recognised by the rest of that day.',
}

/** The grade of hits that count for one app on one day; undefined where they raise nothing. */
export function gradeOf(facts: GradeFacts): Judged<Grade> | undefined {
  const raised = GRADE_RULES.find((rule) => rule.applies(facts))
  if (raised === undefined) return undefined
  const { value, rule, reason } = GRADE_CAPS.find((cap) => cap.applies(facts)) ?? raised
  return { value, rule, reason }
}

function isDistinctive({ match }: Hit): boolean {
  return match.indicator.strength === 'distinctive'
}

/** Whether two of the hits are of different type or role. */
function twoDiffer(hits: readonly Hit[]): boolean {
  const [first, ...others] = hits.map(({ match }) => match.indicator)
  return others.some(({ type, role }) => type !== first!.type || role !== first!.role)
}
