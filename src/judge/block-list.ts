import { type Day, formatDay, QUARTERS_PER_DAY } from '../base/time.ts'
import type { BlockedName, BlockList } from '../model/block-list.ts'
import type { Policy } from '../model/policy.ts'
import { type Indicator, NAME_TYPES, type Signature, type SignatureSet } from '../model/signature.ts'
import { hindranceOf } from './hindrance.ts'
import { ruleOn, rulesFor } from './rulings.ts'

type Ruled = 'prohibited' | 'partly' | 'free'

const NAME = /^[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+$/

/**
 * The names by which the apps are known that a policy prohibits on a day whoever and wherever one is: distinctive ones
 * that are neither withdrawn nor expired, without public sites and servers of several apps. A name that an app has as
 * well that is not prohibited is left out, and so is a suffix that such an app has a name under.
 */
export function blockList(policy: Policy, { signatures, hash }: SignatureSet, day: Day): BlockList {
  const ruled = new Map(signatures.map((app) => [app.id, ruledOn(policy, app, day)]))
  const free = signatures
    .filter(({ id }) => ruled.get(id) !== 'prohibited')
    .flatMap((app) => app.indicators.filter((indicator) => isName(indicator, day)))
  const taken = new Set(free.flatMap(({ value }) => [...parentsOf(value)]))
  const suffixes = new Set(free.filter(({ type }) => type === 'suffix').map(({ value }) => value))
  const names: BlockedName[] = []
  const shared: string[] = []
  for (const app of signatures.filter(({ id }) => ruled.get(id) === 'prohibited')) {
    for (const indicator of app.indicators) {
      if (!isName(indicator, day) || !isOwn(indicator) || !NAME.test(indicator.value)) continue
      const { value } = indicator
      const others = indicator.type === 'suffix' ? taken.has(value) : free.some((one) => one.value === value)
      // Under the suffix of a free app a more specific name of this app is this app's.
      if (others || suffixes.has(value)) shared.push(value)
      else {
        const type = indicator.type as BlockedName['type']
        names.push({ app: app.id, appName: app.name, revision: app.revision, type, value })
      }
    }
  }
  return {
    day,
    names: names.sort((a, b) => compare(a.app, b.app) || compare(a.type, b.type) || compare(a.value, b.value)),
    shared: [...new Set(shared)].sort(compare),
    partly: [...ruled].filter(([, how]) => how === 'partly').map(([id]) => id),
    policy: policy.hash,
    signatures: hash,
  }
}

function ruledOn(policy: Policy, app: Signature, day: Day): Ruled {
  // Noon: what a policy dates begins and ends at the midnights of its own zone, mostly.
  const quarter = day * QUARTERS_PER_DAY + QUARTERS_PER_DAY / 2
  const nobody = { quarter, network: '', groups: new Set<string>(), route: 'unknown' } as const
  const { ruling } = ruleOn(policy, app, nobody)
  if (ruling.value === 'prohibited' && app.category !== 'government-vpn') return 'prohibited'
  if (ruling.value === 'not-in-force') return 'free'
  // Rules that are asked before the one that decides, and count for some networks, groups, routes or hours.
  for (const { rule } of rulesFor(policy, app)) {
    if (rule.name === ruling.rule) break
    const hindrance = hindranceOf(rule, nobody, policy)
    if (rule.ruling === 'prohibited' && hindrance !== 'not-yet' && hindrance !== 'over') return 'partly'
  }
  return 'free'
}

function isName({ type, withdrawn, validUntil }: Indicator, day: Day): boolean {
  return (
    NAME_TYPES.includes(type) && withdrawn === undefined && (validUntil === undefined || validUntil >= formatDay(day))
  )
}

function isOwn({ strength, role }: Indicator): boolean {
  return strength === 'distinctive' && role !== 'marketing' && role !== 'shared'
}

/** A name and all names above it. */
function* parentsOf(name: string): Generator<string, void, undefined> {
  yield name
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) yield name.slice(dot + 1)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
