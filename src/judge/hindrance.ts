import { MICROS_PER_QUARTER, type Quarter } from '../base/time.ts'
import type { Policy, PolicyScope, RuleRoute } from '../model/policy.ts'
import { inWeekly } from './weekly.ts'

/** What decides, beside the app, whether a rule or an exemption counts for something that was seen. */
export interface Circumstances {
  readonly quarter: Quarter
  /** Name of the policy's network that the client was in; '' for none. */
  readonly network: string
  /** The policy's groups that the subject is in. */
  readonly groups: ReadonlySet<string>
  /** The route, before the policy is asked whether the app may take it. */
  readonly route: RuleRoute
}

/** Why a rule or an exemption does not count, the nearest miss first. */
export const HINDRANCES = ['hours', 'not-yet', 'over', 'route', 'network', 'group'] as const
export type Hindrance = (typeof HINDRANCES)[number]

/** The first thing that keeps a rule or an exemption from counting; undefined where it counts. */
export function hindranceOf(
  scope: PolicyScope,
  { quarter, network, groups, route }: Circumstances,
  { timezone }: Policy,
): Hindrance | undefined {
  if (scope.groups.length > 0 && !scope.groups.some((name) => groups.has(name))) return 'group'
  if (scope.networks.length > 0 && !scope.networks.includes(network)) return 'network'
  if (scope.routes.length > 0 && !scope.routes.includes(route)) return 'route'
  const time = quarter * MICROS_PER_QUARTER
  if (time < scope.from) return 'not-yet'
  if (time >= scope.until) return 'over'
  if (scope.weekly.length > 0 && !inWeekly(scope.weekly, quarter, timezone)) return 'hours'
  return undefined
}

/** The same as a sentence. */
export function hindranceText(hindrance: Hindrance, scope: PolicyScope, { timezone }: Policy): string {
  switch (hindrance) {
    case 'group':
      return `It counts only for ${narrowed('group', scope.groups)}.`
    case 'network':
      return `It counts only in ${narrowed('network', scope.networks)}.`
    case 'route':
      return `It counts only on the route ${scope.routes.join(' or ')}.`
    case 'not-yet':
      return scope.fromText === ''
        ? 'Its version of the policy was not yet in force.'
        : `It counts only from ${scope.fromText} on (${timezone}).`
    case 'over':
      return scope.untilText === ''
        ? 'A later version of the policy had replaced it.'
        : `It had ended: it counted until ${scope.untilText} (${timezone}).`
    case 'hours':
      return `It counts only at ${hoursText(scope)} (${timezone}).`
  }
}

/** ` for the group "press" in the network "home" …`: what narrows a rule beside the app; '' where nothing does. */
export function narrowingText(scope: PolicyScope): string {
  const parts = [
    scope.groups.length === 0 ? '' : `for ${narrowed('group', scope.groups)}`,
    scope.networks.length === 0 ? '' : `in ${narrowed('network', scope.networks)}`,
    scope.routes.length === 0 ? '' : `on the route ${scope.routes.join(' or ')}`,
    scope.weekly.length === 0 ? '' : `at ${hoursText(scope)}`,
  ]
  return parts
    .filter((part) => part !== '')
    .map((part) => ` ${part}`)
    .join('')
}

/** `from 2026-03-01 until 2026-06-30`; '' where it names no date. */
export function datesText({ fromText, untilText }: PolicyScope): string {
  return [fromText === '' ? '' : `from ${fromText}`, untilText === '' ? '' : `until ${untilText}`]
    .filter((part) => part !== '')
    .join(' ')
}

function narrowed(noun: string, names: readonly string[]): string {
  return `the ${noun} ${names.map((name) => JSON.stringify(name)).join(' or ')}`
}

function hoursText({ weekly }: PolicyScope): string {
  return weekly.map(({ text }) => text).join(' or ')
}
