import { MICROS_PER_QUARTER, type Quarter } from '../base/time.ts'
import type { Judged, Ruling } from '../model/finding.ts'
import type { Policy, Rule } from '../model/policy.ts'
import type { Signature } from '../model/signature.ts'

/**
 * The policy's rule for an app: one that names the app beats one that names its category; undefined where none does.
 */
export function ruleFor(policy: Policy, { id, category }: Signature): Rule | undefined {
  return (
    policy.rules.find(({ apps }) => apps.includes(id)) ??
    policy.rules.find(({ categories }) => categories.includes(category))
  )
}

/** The ruling on an app in a quarter-hour. Policies begin on quarter-hours, so none is in force for a part of one. */
export function ruleOn(policy: Policy, signature: Signature, quarter: Quarter): Judged<Ruling> {
  if (quarter * MICROS_PER_QUARTER < policy.inForce) {
    const since = `${policy.inForceText} (${policy.timezone})`
    return { value: 'not-in-force', rule: 'not-in-force', reason: `The policy is in force only from ${since} on.` }
  }
  const rule = ruleFor(policy, signature)
  if (rule === undefined) {
    return { value: 'permitted', rule: 'no-rule', reason: `No rule names ${signature.id} or ${signature.category}.` }
  }
  const named = rule.apps.includes(signature.id) ? `the app ${signature.id}` : `the category ${signature.category}`
  const because = rule.reason === '' ? '' : `: ${rule.reason}`
  return { value: rule.ruling, rule: rule.name, reason: `The rule "${rule.name}" names ${named}${because}.` }
}
