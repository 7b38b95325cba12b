import { formatDay, QUARTERS_PER_DAY } from '../base/time.ts'
import type { StoredSighting } from '../model/facts.ts'
import type { Match } from '../model/signature.ts'

/** A sighting with what the signatures say of its indicator now. */
export interface Hit {
  readonly sighting: StoredSighting
  readonly match: Match
}

/**
 * Why a sighting is behind no verdict. visitor: seen in a network of visitors. unknown-indicator: the signatures no
 * longer have it. withdrawn: it was taken back. government-vpn: the tunnel itself. expired: not valid any more on that
 * day. marketing: the app's site for everybody. shared: a host that the app shares with others. ambiguous: context only.
 * supporting-alone: a single hit of those that need a second one.
 */
export type SetAsideReason =
  | 'visitor'
  | 'unknown-indicator'
  | 'withdrawn'
  | 'government-vpn'
  | 'expired'
  | 'marketing'
  | 'shared'
  | 'ambiguous'
  | 'supporting-alone'

/** A look-up of a name, as opposed to a flow. */
export function isLookup({ sighting }: Hit): boolean {
  return sighting.means === 'dns-query' || sighting.means === 'dns-answer'
}

/** Why a hit says nothing for its app, whatever else was seen; undefined where it counts. */
export function contextReason({ sighting, match }: Hit): SetAsideReason | undefined {
  const { signature, indicator } = match
  if (indicator.withdrawn !== undefined) return 'withdrawn'
  if (signature.category === 'government-vpn') return 'government-vpn'
  const day = formatDay(Math.floor(sighting.quarter / QUARTERS_PER_DAY))
  if (indicator.validUntil !== undefined && indicator.validUntil < day) return 'expired'
  if (indicator.role === 'marketing' || indicator.role === 'shared') return indicator.role
  return indicator.strength === 'ambiguous' ? 'ambiguous' : undefined
}
