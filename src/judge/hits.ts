import { formatDay, QUARTERS_PER_DAY } from '../base/time.ts'
import type { StoredSighting } from '../model/facts.ts'
import type { Means } from '../model/observation.ts'
import { type Match, NAME_TYPES } from '../model/signature.ts'

/** A sighting with what the signatures say of its indicator now. */
export interface Hit {
  readonly sighting: StoredSighting
  readonly match: Match
}

/**
 * Why a sighting is behind no verdict. visitor: seen in a network of visitors. unmanaged: a register says so of
 * the user or device. unknown-indicator: the signatures no
 * longer have it. withdrawn: it was taken back. government-vpn: the tunnel itself. expired: not valid any more on that
 * day. marketing: the app's site for everybody. shared: a host that the app shares with others. ambiguous: context only.
 * supporting-alone: a single hit of those that need a second one.
 */
export type SetAsideReason =
  | 'visitor'
  | 'unmanaged'
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

/**
 * What ties a sighting to its app. named: the flow named a host. bytes: what the flow itself spoke. program: a log names
 * the program that asked. correlated: the flow named nothing, and this client was last told by DNS that its server's
 * address is that name's. certificate: what the server showed. network: the server's address alone. lookup: no flow at
 * all. fingerprint: how a greeting was composed, which other programs compose alike.
 */
export type Basis = 'named' | 'bytes' | 'program' | 'correlated' | 'certificate' | 'network' | 'lookup' | 'fingerprint'

/** What ties a hit to its app, by the type of its indicator and the means. */
export function basisOf(hit: Hit): Basis {
  const { type } = hit.match.indicator
  const { means } = hit.sighting
  if (type === 'alpn' || type === 'ja4') return 'fingerprint'
  if (isLookup(hit)) return 'lookup'
  if (type === 'network') return 'network'
  if (type === 'application') return 'program'
  if (type === 'issuer' || means === 'tls-certificate') return 'certificate'
  if (!NAME_TYPES.includes(type)) return 'bytes'
  return NAMELESS.has(means) ? 'correlated' : 'named'
}

/** Means that name no host: where an indicator of a name matched all the same, DNS had told the address. */
const NAMELESS: ReadonlySet<Means> = new Set(['address', 'call', 'vpn'])

/** Why a hit says nothing for its app, whatever else was seen; undefined where it counts. */
export function contextReason({ sighting, match }: Hit): SetAsideReason | undefined {
  const { signature, indicator } = match
  if (indicator.withdrawn !== undefined) return 'withdrawn'
  if (signature.category === 'government-vpn') return 'government-vpn'
  const { validUntil } = indicator
  if (validUntil !== undefined && validUntil < formatDay(Math.floor(sighting.quarter / QUARTERS_PER_DAY)))
    return 'expired'
  if (indicator.role === 'marketing' || indicator.role === 'shared') return indicator.role
  return indicator.strength === 'ambiguous' ? 'ambiguous' : undefined
}
