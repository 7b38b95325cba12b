import type { Grade, Judged } from '../model/finding.ts'
import { type IndicatorType, NAME_TYPES, type Role, type Signature } from '../model/signature.ts'
import { type Basis, basisOf, type Hit } from './hits.ts'

interface GradeRule {
  readonly rule: string
  readonly value: Grade
  applies(evidence: Evidence): boolean
  readonly reason: string
}

interface GradeFacts {
  readonly signature: Signature
  /** The UTC day, as an ISO date. */
  readonly day: string
  /** Those that count for the app (`contextReason`). */
  readonly hits: readonly Hit[]
}

/** A kind of evidence: however often it was seen, it says the same. */
interface Kind {
  readonly basis: Basis
  readonly type: IndicatorType
  readonly role: Role
  readonly distinctive: boolean
}

interface Evidence {
  readonly signature: Signature
  readonly day: string
  readonly kinds: readonly Kind[]
}

/** What raises a grade at all; the first that applies decides, unless a cap does. */
export const GRADE_RULES: readonly GradeRule[] = [
  {
    rule: 'distinctive-flow',
    value: 'confirmed',
    applies: hasDistinctive('named', 'bytes', 'program'),
    reason: 'Traffic, or an attempt at it, named or spoke what only this app uses.',
  },
  {
    rule: 'agreeing-kinds',
    value: 'confirmed',
    applies: ({ kinds }) => {
      const flows = kinds.filter(isFlow)
      return flows.some((kind) => kind.distinctive && flows.some((other) => supports(kind, other)))
    },
    reason: 'Traffic was known by its server alone, and traffic that the app is known by in another way agrees.',
  },
  {
    rule: 'correlated-flow',
    value: 'probable',
    applies: hasDistinctive('correlated'),
    reason:
      'Traffic that named nothing went to an address that DNS had told this client for a name that only this app uses.',
  },
  {
    rule: 'certificate',
    value: 'probable',
    applies: hasDistinctive('certificate'),
    reason: 'A server showed a certificate for what only this app uses; one certificate can serve other names, too.',
  },
  {
    rule: 'network-flow',
    value: 'probable',
    applies: hasDistinctive('network'),
    reason: 'Traffic that named nothing went to a network in which only this app has its servers.',
  },
  {
    rule: 'distinctive-lookup',
    value: 'probable',
    applies: hasDistinctive('lookup'),
    reason: 'A name that only this app uses was looked up; traffic to it was not seen.',
  },
  {
    rule: 'two-supporting',
    value: 'probable',
    applies: ({ kinds }) => kinds.some((kind) => isFlow(kind) && kinds.some((other) => supports(kind, other))),
    reason: 'Two different hits support each other, at least one of them on traffic.',
  },
  {
    rule: 'two-supporting-lookups',
    value: 'indicative',
    applies: ({ kinds }) => kinds.some((kind) => kinds.some((other) => supports(kind, other))),
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
export function gradeOf({ signature, day, hits }: GradeFacts): Judged<Grade> | undefined {
  const evidence = { signature, day, kinds: kindsOf(hits) }
  const raised = GRADE_RULES.find((rule) => rule.applies(evidence))
  if (raised === undefined) return undefined
  const { value, rule, reason } = GRADE_CAPS.find((cap) => cap.applies(evidence)) ?? raised
  return { value, rule, reason }
}

function kindsOf(hits: readonly Hit[]): readonly Kind[] {
  const kinds = new Map<string, Kind>()
  for (const hit of hits) {
    const { type, role, strength } = hit.match.indicator
    const basis = basisOf(hit)
    // A fingerprint is other programs' as well, whatever a signature calls it.
    const distinctive = strength === 'distinctive' && basis !== 'fingerprint'
    const key = `${basis} ${type} ${role} ${distinctive}`
    if (!kinds.has(key)) kinds.set(key, { basis, type, role, distinctive })
  }
  return [...kinds.values()]
}

function hasDistinctive(...bases: readonly Basis[]): (evidence: Evidence) => boolean {
  return ({ kinds }) => kinds.some(({ basis, distinctive }) => distinctive && bases.includes(basis))
}

function isFlow({ basis }: Kind): boolean {
  return basis !== 'lookup' && basis !== 'fingerprint'
}

/** Not even two of them tell more than that a server or a program is one that the app may use. */
const WEAK: ReadonlySet<Basis> = new Set(['network', 'certificate', 'fingerprint'])

/**
 * Whether two kinds of evidence say more than one of them does: they are of another type or role, not both weak, and
 * neither says again what the other says of the same flow or look-up.
 */
function supports(kind: Kind, other: Kind): boolean {
  if (kind.type === other.type && kind.role === other.role) return false
  if (WEAK.has(kind.basis) && WEAK.has(other.basis)) return false
  return !repeats(kind, other) && !repeats(other, kind)
}

/**
 * A certificate repeats the name that its server was asked for. A fingerprint beside a look-up is a greeting to anybody.
 */
function repeats(kind: Kind, other: Kind): boolean {
  if (kind.basis === 'certificate') return NAME_TYPES.includes(other.type)
  return kind.basis === 'fingerprint' && other.basis === 'lookup'
}
