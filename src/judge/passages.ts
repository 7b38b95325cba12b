import { MICROS_PER_MINUTE, type Micros, type Quarter } from '../base/time.ts'
import type { StoredSighting } from '../model/facts.ts'
import type { ExemptionLook, Judged, Route, Ruling } from '../model/finding.ts'
import type { Policy, RuleRoute, Scope } from '../model/policy.ts'
import { type Hit, isLookup } from './hits.ts'
import type { KnownSessions } from './known-sessions.ts'
import { OTHER_GATEWAY } from './other-gateway.ts'
import { placesOf } from './places.ts'
import { isOutside, type RouteFacts, routeOf } from './routes.ts'
import { type Ruled, ruleOn } from './rulings.ts'
import type { Scopes } from './scopes.ts'
import type { Session } from './sessions.ts'
import type { Tunnels } from './tunnels.ts'

/** Those minutes of a hit that took one route. */
export interface Passage {
  readonly hit: Hit
  /** Bit n: minute n of the sighting's quarter-hour. */
  readonly mask: number
  readonly route: Judged<Route>
  readonly ruling: Judged<Ruling>
  /** Those that the ruling looked at. */
  readonly exemptions: readonly ExemptionLook[]
  readonly scope: Scope
  /** The tunnels and leases in logs that the route, or whose it was, rests on. */
  readonly sessions: readonly Session[]
}

/** What is known of tunnels and leases on a subject's day. */
export interface Known {
  /** The policy's groups that the subject is in. */
  readonly groups: ReadonlySet<string>
  /** As captures show them. */
  readonly tunnels: Tunnels
  /** As logs tell of them. */
  readonly sessions: KnownSessions
  /** Whose the subject is. */
  readonly scopes: Scopes
}

/** The hits of one app on one day, each cut into passages where a tunnel came up or went down in its quarter-hour. */
export function cutByRoute(hits: readonly Hit[], policy: Policy, known: Known): readonly Passage[] {
  const flows = new Map<Hit, readonly Passage[]>()
  for (const hit of hits) if (!isLookup(hit)) flows.set(hit, passagesOf(hit, false, policy, known))
  const flowOutside = [...flows.values()].some((passages) => passages.some(({ route }) => isOutside(route.value)))
  if (flowOutside) return hits.flatMap((hit) => passagesOf(hit, true, policy, known))
  return hits.flatMap((hit) => flows.get(hit) ?? passagesOf(hit, false, policy, known))
}

/** The first and last instant of a passage, as closely as the sighting's own and the minutes tell. */
export function spanOf({ hit, mask }: Passage): { first: Micros; last: Micros } {
  return cutTo(hit.sighting, mask)!
}

/** How many minutes masks of quarter-hours hold, each once. */
export function spannedMinutes(masks: Iterable<{ readonly quarter: Quarter; readonly mask: number }>): number {
  const byQuarter = new Map<Quarter, number>()
  for (const { quarter, mask } of masks) byQuarter.set(quarter, (byQuarter.get(quarter) ?? 0) | mask)
  let minutes = 0
  for (const mask of byQuarter.values()) {
    for (let rest = mask; rest !== 0; rest &= rest - 1) minutes++
  }
  return minutes
}

/** A sighting in those minutes of it alone: undefined where that is none. Its counts and bytes cannot be divided. */
export function cutTo(sighting: StoredSighting, mask: number): StoredSighting | undefined {
  const { first, last, quarter } = sighting
  if (mask === sighting.mask) return sighting
  if (mask === 0) return undefined
  const start = quarter * 15 * MICROS_PER_MINUTE
  const lowest = 31 - Math.clz32(mask & -mask)
  const highest = 31 - Math.clz32(mask)
  return {
    ...sighting,
    mask,
    first: Math.max(first, start + lowest * MICROS_PER_MINUTE),
    last: Math.min(last, start + (highest + 1) * MICROS_PER_MINUTE - 1),
  }
}

function passagesOf(hit: Hit, flowOutside: boolean, policy: Policy, known: Known): readonly Passage[] {
  const { sighting, match } = hit
  const { client, network: networkName, quarter, reading } = sighting
  const { groups, tunnels, sessions, scopes } = known
  const places = placesOf(policy)
  const network = places.network(networkName)
  const facts: RouteFacts = {
    otherGateway: match.signature === OTHER_GATEWAY,
    network,
    vantage: places.input(reading.input)?.vantage,
    log: reading.kind === 'log',
    gateways: policy.gateways.length > 0,
    lookup: isLookup(hit),
    flowOutside,
    splitAllowed: false,
    tolerance: policy.clockTolerance,
    tunnelAddress: undefined,
    tunnelUp: undefined,
  }
  const inside = sessions.insideMinutes(sighting)
  const outside = sessions.outsideMinutes(sighting, network !== undefined)
  const shown = tunnels.upMinutes(reading.id, client, quarter)
  let left = sighting.mask
  const ways: { mask: number; route: Judged<Route>; ruled: Ruled }[] = []
  const take = (mask: number, facts: RouteFacts) => {
    const taken = left & mask
    if (taken === 0) return
    left &= ~taken
    const straight = routeOf(facts)
    const ruled = ruleOn(policy, match.signature, {
      quarter,
      network: networkName,
      groups,
      // No rule has let it go outside yet.
      route: straight.value as RuleRoute,
    })
    const route = ruled.splitTunnel && isOutside(straight.value) ? routeOf({ ...facts, splitAllowed: true }) : straight
    const same = ways.find((way) => way.route.rule === route.rule && way.ruled.ruling.rule === ruled.ruling.rule)
    // Most routes do not depend on a tunnel.
    if (same !== undefined) same.mask |= taken
    else ways.push({ mask: taken, route, ruled })
  }
  take(inside.sure, { ...facts, tunnelAddress: 'sure' })
  take(inside.edge, { ...facts, tunnelAddress: 'edge' })
  // A tunnel that a log tells of was recognised without a gateway's address.
  take(outside.sure, { ...facts, tunnelUp: 'sure', gateways: true })
  take(shown, { ...facts, tunnelUp: 'sure' })
  take(outside.edge, { ...facts, tunnelUp: 'edge', gateways: true })
  take(left, facts)
  const scope = scopes.of(sighting)
  return ways.map(({ mask, route, ruled }) => ({
    hit,
    mask,
    route,
    ruling: ruled.ruling,
    exemptions: ruled.exemptions,
    scope,
    sessions: sessions.behind(sighting, mask, route, network !== undefined),
  }))
}
