import { LAST_TIME } from '../base/time.ts'
import type { Placer, Reporter, Sections } from './checks.ts'
import { didYouMean } from './did-you-mean.ts'
import { isTimeZone } from './in-force.ts'
import { type PlacedRule, periodOf, placeRules } from './placed-rules.ts'
import type { PolicyFile } from './schema.ts'
import { specificity } from './specificity.ts'
import { weeklyOverlap } from './weekly.ts'
import type { Path } from './yaml-source.ts'

type RuleFile = PolicyFile['rules'][number]
type ExemptionFile = PolicyFile['exemptions'][number]

/** Reports what is wrong with rules and exemptions: what they name, their times, and rules that contradict. */
export function checkRules(sections: Sections, report: Reporter, place: Placer): void {
  const { rules = [], versions = [], exemptions = [], groups = [], timezone = 'UTC' } = sections
  const all = [
    ...rules.map((rule, i) => ({ path: ['rules', i] as Path, rule })),
    ...versions.flatMap((version, i) => version.rules.map((rule, j) => ({ path: ['versions', i, 'rules', j], rule }))),
  ]
  for (const { path, rule } of all) {
    checkNames(rule, path, sections, report)
    if (rule['split-tunnel'] && rule.ruling === 'prohibited') {
      report([...path, 'split-tunnel'], 'goes only with ruling: permitted: remove one of the two')
    }
  }
  for (const [i, exemption] of exemptions.entries()) {
    checkNames(exemption, ['exemptions', i], sections, report)
    const zone = isTimeZone(timezone) ? timezone : 'UTC'
    periodOf(exemption, { from: 0, until: LAST_TIME }, zone, ['exemptions', i], report)
  }
  checkContradictions(placeRules(sections, report), groups, report, place)
}

function checkNames(scope: RuleFile | ExemptionFile, path: Path, sections: Sections, report: Reporter): void {
  if (scope.apps.length === 0 && scope.categories.length === 0) {
    report(path, 'names nothing: write apps or categories')
  }
  for (const list of ['networks', 'groups'] as const) {
    const names = sections[list]?.map(({ name }) => name)
    for (const [i, name] of scope[list].entries()) {
      if (names === undefined || names.includes(name)) continue
      const advice = didYouMean(name, names) || `: add it to ${list}, or remove it here`
      report([...path, list, i], `${JSON.stringify(name)} is not the name of a ${list.slice(0, -1)}${advice}`)
    }
  }
}

/** Two rules that are equally specific for an app, hold for somebody at the same time, and say different things. */
function checkContradictions(
  placed: readonly PlacedRule[],
  groups: PolicyFile['groups'],
  report: Reporter,
  place: Placer,
): void {
  const members = new Map(groups.map(({ name, users, devices }) => [name, [users, devices]]))
  const meet = (one: string, other: string) =>
    one === other ||
    members.get(one)?.some((list, kind) => list.some((name) => members.get(other)?.[kind]?.includes(name)))
  const share = (some: readonly string[], others: readonly string[], same: (a: string, b: string) => unknown) =>
    some.length === 0 || others.length === 0 || some.some((one) => others.some((other) => same(one, other)))
  const equal = (one: string, other: string) => one === other
  const contradict = (one: PlacedRule, other: PlacedRule, namesApp: boolean) =>
    (one.rule.ruling !== other.rule.ruling || one.rule['split-tunnel'] !== other.rule['split-tunnel']) &&
    one.from < other.until &&
    other.from < one.until &&
    specificity(one.rule, namesApp) === specificity(other.rule, namesApp) &&
    share(one.rule.groups, other.rule.groups, meet) &&
    share(one.rule.networks, other.rule.networks, equal) &&
    share(one.rule.routes, other.rule.routes, equal) &&
    weeklyOverlap(one.rule.weekly, other.rule.weekly)
  const named = new Map<string, { readonly path: Path; readonly rule: PlacedRule }[]>()
  for (const rule of placed) {
    for (const list of ['apps', 'categories'] as const) {
      for (const [i, name] of rule.rule[list].entries()) {
        const path = [...rule.path, list, i]
        const key = `${list} ${name}`
        const before = named.get(key) ?? []
        named.set(key, before)
        const other = before.find((earlier) => contradict(earlier.rule, rule, list === 'apps'))
        if (other === undefined) before.push({ path, rule })
        else report(path, `${JSON.stringify(name)} is ruled otherwise by ${place(other.path)}: ${adviceFor(rule)}`)
      }
    }
  }
}

function adviceFor({ rule }: PlacedRule): string {
  return rule.from === undefined
    ? 'keep it in one rule'
    : 'keep it in one rule, or let that one end (until) before this begins'
}
