import { MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import type { Judged, Route, Ruling } from '../model/finding.ts'
import type { Policy, Scope } from '../model/policy.ts'
import { type Hit, isLookup } from './hits.ts'
import { placesOf, scopeOf } from './places.ts'
import { isOutside, routeOf } from './routes.ts'
import { ruleFor, ruleOn } from './rulings.ts'
import type { Tunnels } from './tunnels.ts'

/** Those minutes of a hit that took one route. */
export interface Passage {
  readonly hit: Hit
  /** Bit n: minute n of the sighting's quarter-hour. */
  readonly mask: number
  readonly route: Judged<Route>
  readonly ruling: Judged<Ruling>
  readonly scope: Scope
}

/** The hits of one app on one day, each cut into passages where a tunnel came up or went down in its quarter-hour. */
export function cutByRoute(hits: readonly Hit[], policy: Policy, tunnels: Tunnels): readonly Passage[] {
  const flows = hits.filter((hit) => !isLookup(hit)).flatMap((hit) => passagesOf(hit, false, policy, tunnels))
  const flowOutside = flows.some(({ route }) => isOutside(route.value))
  return hits.flatMap((hit) => passagesOf(hit, flowOutside, policy, tunnels))
}

/** The first and last instant of a passage, as closely as the sighting's own and the minutes tell. */
export function spanOf({ hit, mask }: Passage): { first: Micros; last: Micros } {
  const { first, last, quarter } = hit.sighting
  if (mask === hit.sighting.mask) return { first, last }
  const start = quarter * 15 * MICROS_PER_MINUTE
  const lowest = 31 - Math.clz32(mask & -mask)
  const highest = 31 - Math.clz32(mask)
  return {
    first: Math.max(first, start + lowest * MICROS_PER_MINUTE),
    last: Math.min(last, start + (highest + 1) * MICROS_PER_MINUTE - 1),
  }
}

function passagesOf(hit: Hit, flowOutside: boolean, policy: Policy, tunnels: Tunnels): readonly Passage[] {
  const { sighting, match } = hit
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
  }
  const up = sighting.mask & tunnels.upMinutes(sighting.reading.id, sighting.client, sighting.quarter)
  const down = sighting.mask & ~up
  const whenUp = routeOf({ ...facts, tunnelUp: true })
  const whenDown = routeOf({ ...facts, tunnelUp: false })
  const passage = (mask: number, route: Judged<Route>) => ({ hit, mask, route, ruling, scope: scopeOf(network) })
  // Most routes do not depend on a tunnel.
  if (whenUp.rule === whenDown.rule) return [passage(sighting.mask, whenUp)]
  return [passage(up, whenUp), passage(down, whenDown)].filter(({ mask }) => mask !== 0)
}
