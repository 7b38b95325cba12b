import { MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import type { StoredSighting } from '../model/facts.ts'
import type { Judged, Route, Ruling } from '../model/finding.ts'
import type { Policy, Scope } from '../model/policy.ts'
import { type Hit, isLookup } from './hits.ts'
import type { KnownSessions } from './known-sessions.ts'
import { placesOf, scopeOf } from './places.ts'
import { isOutside, routeOf } from './routes.ts'
import { ruleFor, ruleOn } from './rulings.ts'
import type { Session } from './sessions.ts'
import type { Tunnels } from './tunnels.ts'

/** Those minutes of a hit that took one route. */
export interface Passage {
  readonly hit: Hit
  /** Bit n: minute n of the sighting's quarter-hour. */
  readonly mask: number
  readonly route: Judged<Route>
  readonly ruling: Judged<Ruling>
  readonly scope: Scope
  /** The tunnels and leases in logs that the route, or whose it was, rests on. */
  readonly sessions: readonly Session[]
}

/** What is known of tunnels and leases on a subject's day. */
export interface Known {
  /** As captures show them. */
  readonly tunnels: Tunnels
  /** As logs tell of them. */
  readonly sessions: KnownSessions
}

/** The hits of one app on one day, each cut into passages where a tunnel came up or went down in its quarter-hour. */
export function cutByRoute(hits: readonly Hit[], policy: Policy, known: Known): readonly Passage[] {
  const flows = hits.filter((hit) => !isLookup(hit)).flatMap((hit) => passagesOf(hit, false, policy, known))
  const flowOutside = flows.some(({ route }) => isOutside(route.value))
  return hits.flatMap((hit) => passagesOf(hit, flowOutside, policy, known))
}

/** The first and last instant of a passage, as closely as the sighting's own and the minutes tell. */
export function spanOf({ hit, mask }: Passage): { first: Micros; last: Micros } {
  return cutTo(hit.sighting, mask)!
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
  const { tunnels, sessions } = known
  const places = placesOf(policy)
  const network = places.network(sighting.network)
  const ruling = ruleOn(policy, match.signature, sighting.quarter)
  const facts = {
    network,
    vantage: places.input(sighting.reading.input)?.vantage,
    log: sighting.reading.kind === 'log',
    gateways: policy.gateways.length > 0,
    lookup: isLookup(hit),
    flowOutside,
    splitAllowed: ruling.value === 'permitted' && ruleFor(policy, match.signature)?.splitTunnel === true,
    tunnelAddress: false,
    tunnelUp: false,
  }
  const inside = sighting.mask & sessions.insideMinutes(sighting)
  const logged = sighting.mask & ~inside & sessions.outsideMinutes(sighting, network !== undefined)
  const shown = sighting.mask & ~inside & tunnels.upMinutes(sighting.reading.id, sighting.client, sighting.quarter)
  const ways = [
    { mask: inside, route: routeOf({ ...facts, tunnelAddress: true }) },
    // A tunnel that a log tells of was recognised without a gateway's address.
    { mask: logged, route: routeOf({ ...facts, tunnelUp: true, gateways: true }) },
    { mask: shown & ~logged, route: routeOf({ ...facts, tunnelUp: true }) },
    { mask: sighting.mask & ~(inside | logged | shown), route: routeOf(facts) },
  ].filter(({ mask }) => mask !== 0)
  // Most routes do not depend on a tunnel.
  const byRule = Map.groupBy(ways, ({ route }) => route.rule)
  return [...byRule.values()].map((same) => {
    const mask = same.reduce((all, way) => all | way.mask, 0)
    const { route } = same[0]!
    return {
      hit,
      mask,
      route,
      ruling,
      scope: scopeOf(network),
      sessions: sessions.behind(sighting, mask, route, network !== undefined),
    }
  })
}
