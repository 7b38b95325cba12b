import { MICROS_PER_QUARTER } from '../base/time.ts'
import type { ExemptionLook, Judged, Ruling } from '../model/finding.ts'
import type { Exemption, Policy, PolicyScope, Rule } from '../model/policy.ts'
import type { Signature } from '../model/signature.ts'
import {
  type Circumstances,
  datesText,
  HINDRANCES,
  type Hindrance,
  hindranceOf,
  hindranceText,
  narrowingText,
} from './hindrance.ts'
import { specificity } from './specificity.ts'

/** An app as rules name it. */
export type RuledApp = Pick<Signature, 'id' | 'category'>

/** What a policy says of an app under certain circumstances. */
export interface Ruled {
  readonly ruling: Judged<Ruling>
  /** It may go outside the tunnel. */
  readonly splitTunnel: boolean
  /** Those that name the app or its category, where a rule prohibits it: those that counted first, then the near ones. */
  readonly exemptions: readonly ExemptionLook[]
}

/** A rule that names an app or its category, and the ruling that it gives. */
export interface PlannedRule {
  readonly rule: Rule
  readonly ruling: Judged<Ruling>
}

interface Plan {
  /** The more specific first; of equally specific ones those that prohibit, then in the order of the file. */
  readonly rules: readonly PlannedRule[]
  readonly exemptions: readonly Exemption[]
}

const NO_LOOKS: readonly ExemptionLook[] = []

/**
 * The ruling on an app in a quarter-hour. Whatever a policy dates begins and ends on quarter-hours, so that nothing
 * counts for a part of one.
 */
export function ruleOn(policy: Policy, app: RuledApp, seen: Circumstances): Ruled {
  if (seen.quarter * MICROS_PER_QUARTER < policy.inForce) {
    const since = `${policy.inForceText} (${policy.timezone})`
    const reason = `The policy is in force only from ${since} on.`
    return { ruling: { value: 'not-in-force', rule: 'not-in-force', reason }, splitTunnel: false, exemptions: NO_LOOKS }
  }
  const { rules, exemptions } = planFor(policy, app)
  const planned = rules.find(({ rule }) => hindranceOf(rule, seen, policy) === undefined)
  if (planned === undefined) {
    const named = `${app.id} or ${app.category}`
    const reason =
      rules.length === 0
        ? `No rule names ${named}.`
        : `No rule that names ${named} counts for whom, where and when it was.`
    return { ruling: { value: 'permitted', rule: 'no-rule', reason }, splitTunnel: false, exemptions: NO_LOOKS }
  }
  const { rule, ruling } = planned
  if (rule.ruling === 'permitted' || exemptions.length === 0) {
    return { ruling, splitTunnel: rule.splitTunnel, exemptions: NO_LOOKS }
  }
  const looked = exemptions.map((exemption) => ({ exemption, hindrance: hindranceOf(exemption, seen, policy) }))
  const looks = looked.toSorted((a, b) => distance(a.hindrance) - distance(b.hindrance))
  const counted = looks[0]!.hindrance === undefined ? looks[0]!.exemption : undefined
  return {
    ruling:
      counted === undefined ? ruling : { value: 'exempt', rule: counted.name, reason: exemptReason(counted, rule) },
    splitTunnel: counted?.splitTunnel === true,
    exemptions: looks.map(({ exemption, hindrance }) => ({
      name: exemption.name,
      applies: hindrance === undefined,
      reason: hindrance === undefined ? 'It counted.' : hindranceText(hindrance, exemption, policy),
    })),
  }
}

/** The rules that name an app or its category, in the order in which they are asked. */
export function rulesFor(policy: Policy, app: RuledApp): readonly PlannedRule[] {
  return planFor(policy, app).rules
}

/** Every sighting asks, of few apps. */
const plans = new WeakMap<Policy, Map<string, Plan>>()

function planFor(policy: Policy, app: RuledApp): Plan {
  let known = plans.get(policy)
  if (known === undefined) {
    known = new Map()
    plans.set(policy, known)
  }
  const key = `${app.id} ${app.category}`
  let plan = known.get(key)
  if (plan === undefined) {
    plan = planOf(policy, app)
    known.set(key, plan)
  }
  return plan
}

function planOf(policy: Policy, app: RuledApp): Plan {
  const names = ({ apps, categories }: PolicyScope) => apps.includes(app.id) || categories.includes(app.category)
  const rank = (rule: Rule) => specificity(rule, rule.apps.includes(app.id)) * 2 + Number(rule.ruling === 'prohibited')
  const rules = policy.rules
    .filter(names)
    .toSorted((a, b) => rank(b) - rank(a) || Number(a.splitTunnel) - Number(b.splitTunnel))
    .map((rule) => ({ rule, ruling: { value: rule.ruling, rule: rule.name, reason: ruleReason(rule, app) } }))
  return { rules, exemptions: policy.exemptions.filter(names) }
}

function ruleReason(rule: Rule, app: RuledApp): string {
  const named = rule.apps.includes(app.id) ? `the app ${app.id}` : `the category ${app.category}`
  const cited = [rule.version, datesText(rule)].filter((part) => part !== '').join('; ')
  const because = rule.reason === '' ? '' : `: ${rule.reason}`
  return `The rule "${rule.name}"${cited === '' ? '' : ` (${cited})`} names ${named}${narrowingText(rule)}${because}.`
}

function exemptReason(exemption: Exemption, rule: Rule): string {
  const { name, approver, reference, reason } = exemption
  const granted = `${datesText(exemption)}; granted by ${approver}, ${reference}`
  return `The exemption "${name}" (${granted}) lifts the rule "${rule.name}"${narrowingText(exemption)}: ${reason}.`
}

function distance(hindrance: Hindrance | undefined): number {
  return hindrance === undefined ? -1 : HINDRANCES.indexOf(hindrance)
}
