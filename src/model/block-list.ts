import type { Day } from '../base/time.ts'
import type { IndicatorType } from './signature.ts'

/** A name by which one prohibited app is known, and no app that is not. */
export interface BlockedName {
  readonly app: string
  readonly appName: string
  /** Of its signature. */
  readonly revision: number
  readonly type: Extract<IndicatorType, 'exact' | 'suffix' | 'pattern'>
  /** As `Indicator.value`: letters, digits, `-`, `_` and dots, in a pattern `*` as well. */
  readonly value: string
}

/** What a policy prohibits everybody on a day, as names. */
export interface BlockList {
  readonly day: Day
  /** By app, type and value. */
  readonly names: readonly BlockedName[]
  /** Names of the prohibited apps that were left out because an app that is not prohibited has them as well. */
  readonly shared: readonly string[]
  /** Ids of apps that are prohibited for some only, by network, group, route or hours: none of their names is here. */
  readonly partly: readonly string[]
  /** Hash of the policy. */
  readonly policy: string
  /** Hash of the signatures. */
  readonly signatures: string
}
