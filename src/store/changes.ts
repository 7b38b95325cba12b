import type { Finding, Verdict } from '../model/finding.ts'
import type { FindingChange, Said } from '../model/revision.ts'

/** What a finding says; its revision is the store's. */
export type SaidFinding = Omit<Finding, 'revision'>

/** Changes kept of one revision; the others are counted. */
const CHANGES_KEPT = 40

/** Characters kept of a value: a rule or network is named by whoever wrote the policy. */
const VALUE_KEPT = 80

/** Told by the store, or by the verdicts, or changed by every new policy though the finding says what it said. */
const LEFT_OUT: ReadonlySet<string> = new Set(['id', 'revision', 'verdicts', 'policy'])

/** Lists that say how many more there were in a field of their own. */
const OMITTED: Readonly<Record<string, string>> = { evidence: 'evidenceOmitted', sessions: 'sessionsOmitted' }

/**
 * What `after` says differently than `before`, whatever fields they have: qualities by value, rule and reason, lists by
 * how many they hold, verdicts paired by what they are about. None where only the policy's hash differs.
 */
export function changesBetween(
  before: SaidFinding,
  after: SaidFinding,
): { readonly changes: readonly FindingChange[]; readonly more: number } {
  const all = fieldChanges('', before, after, LEFT_OUT)
  for (const [old, now] of paired(before.verdicts, after.verdicts)) {
    if (old === undefined) all.push({ verdict: now!.route.value, of: 'verdict', from: null, to: now!.minutes })
    else if (now === undefined) all.push({ verdict: old.route.value, of: 'verdict', from: old.minutes, to: null })
    else all.push(...fieldChanges(now.route.value, old, now, new Set(Object.values(OMITTED))))
  }
  return { changes: all.slice(0, CHANGES_KEPT), more: Math.max(0, all.length - CHANGES_KEPT) }
}

function fieldChanges(verdict: string, before: object, after: object, leftOut: ReadonlySet<string>): FindingChange[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>]
  const changes: FindingChange[] = []
  for (const of of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (leftOut.has(of) || (isSame(old[of], now[of]) && isSame(omittedOf(of, old), omittedOf(of, now)))) continue
    const parts = partsOf(of, now)
    const before = partsOf(of, old)
    const part = Math.max(
      parts.findIndex(({ value }, n) => value !== before[n]!.value),
      0,
    )
    const [from, to] = [said(before[part]!.value), said(parts[part]!.value)]
    // A list whose length stays, and an object, are only said to have changed.
    const differ = from !== to
    changes.push({ verdict, of: parts[part]!.name, from: differ ? from : null, to: differ ? to : null })
  }
  return changes
}

/** Whether both would be the same JSON; one of them may have been read from it. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const isSameIn = (key: string) => isSame(left[key], right[key])
  return Object.keys(left).every(isSameIn) && Object.keys(right).every(isSameIn)
}

function omittedOf(of: string, object: Record<string, unknown>): number {
  const omitted = object[OMITTED[of] ?? '']
  return typeof omitted === 'number' ? omitted : 0
}

/** The parts of a field that are compared one after the other; the first that differs is the change. */
function partsOf(of: string, object: Record<string, unknown>): { readonly name: string; readonly value: unknown }[] {
  const value = object[of]
  const judged = (typeof value === 'object' ? value : {}) as Partial<
    Record<'value' | 'rule' | 'reason', unknown>
  > | null
  const isJudged = judged !== null && 'rule' in judged
  const whole = Array.isArray(value) ? value.length + omittedOf(of, object) : value
  return [
    { name: of, value: isJudged ? judged.value : whole },
    { name: `${of} rule`, value: isJudged ? judged.rule : undefined },
    { name: `${of} reason`, value: isJudged ? judged.reason : undefined },
  ]
}

function said(value: unknown): Said {
  if (typeof value === 'string') return value.length <= VALUE_KEPT ? value : `${value.slice(0, VALUE_KEPT)}…`
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** Those about the same first, then in their order, the worst first; what is left over has no other. */
function paired(
  before: readonly Verdict[],
  after: readonly Verdict[],
): (readonly [old: Verdict | undefined, now: Verdict | undefined])[] {
  const old = [...before]
  const partners = after.map((now) => {
    const same = old.findIndex((one) => aboutOf(one) === aboutOf(now))
    return same < 0 ? undefined : old.splice(same, 1)[0]
  })
  const pairs = after.map((now, n) => [partners[n] ?? old.shift(), now] as const)
  return [...pairs, ...old.map((one) => [one, undefined] as const)]
}

function aboutOf({ route, ruling, blocked, bypass }: Verdict): string {
  return `${route.value} ${ruling.value} ${blocked} ${bypass}`
}
