import type { PolicyScope } from '../model/policy.ts'

/** What narrows a rule. */
export type Narrowing = Readonly<Record<'groups' | 'networks' | 'routes' | 'weekly', readonly unknown[]>>

/** What narrows a rule beside the app, what decides first first. */
const NARROWINGS = ['groups', 'networks', 'routes', 'weekly'] as const satisfies readonly (keyof PolicyScope)[]

/**
 * How specific a rule is for an app: the higher wins. That it names the app, not its category, decides first; then that
 * it is for certain groups, networks, routes and hours of the week, in this order. Dates make nothing more specific.
 */
export function specificity(scope: Narrowing, namesApp: boolean): number {
  return NARROWINGS.reduce((sum, key) => sum * 2 + Number(scope[key].length > 0), Number(namesApp))
}
