import type { Policy } from '../../model/policy.ts'

/** The apps that a report is about. */
export interface Covered {
  readonly apps: readonly string[]
  /** Of the categories all but these. */
  readonly others: readonly string[]
  readonly categories: readonly string[]
}

/**
 * The apps that a rule prohibits to anybody, also before it came into force, so that before and after can be compared:
 * by name, or by category where no rule permits the app by name.
 */
export function coveredApps({ rules }: Policy): Covered {
  const of = (ruling: string) => rules.filter((rule) => rule.ruling === ruling)
  const apps = [...new Set(of('prohibited').flatMap((rule) => rule.apps))]
  return {
    apps,
    others: [...new Set(of('permitted').flatMap((rule) => rule.apps))].filter((app) => !apps.includes(app)),
    categories: [...new Set(of('prohibited').flatMap((rule) => rule.categories))],
  }
}
