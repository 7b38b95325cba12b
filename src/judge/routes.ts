import { plural } from '../base/text.ts'
import { MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import type { Judged, Route } from '../model/finding.ts'
import type { PolicyNetwork, Vantage } from '../model/policy.ts'

/** What is known of a sighting's way in those of its minutes in which the tunnel was up, or was not. */
export interface RouteFacts {
  /** It is a tunnel to a gateway that is not the policy's. */
  readonly otherGateway: boolean
  /** The policy's network that the client was in. */
  readonly network: PolicyNetwork | undefined
  /** undefined where no declaration of the policy matches the input. */
  readonly vantage: Vantage | undefined
  /** The input is a log, which holds what its product chose to record. */
  readonly log: boolean
  /** The policy names at least one gateway. */
  readonly gateways: boolean
  /** The client's address is one that a tunnel had given it, by a log; edge: as far as clocks may differ. */
  readonly tunnelAddress: 'sure' | 'edge' | undefined
  /** This input shows a tunnel of this client as up in these minutes, or a log one of the subject. */
  readonly tunnelUp: 'sure' | 'edge' | undefined
  /** How far the clocks of two inputs may differ. */
  readonly tolerance: Micros
  /** The sighting is a look-up of a name. */
  readonly lookup: boolean
  /** Beside look-ups, a flow of this app was seen outside the tunnel on that day. */
  readonly flowOutside: boolean
  /** The rule in force lets this app go outside the tunnel. */
  readonly splitAllowed: boolean
}

interface RouteRule {
  readonly rule: string
  readonly value: Route
  applies(facts: RouteFacts): boolean
  reason(facts: RouteFacts): string
}

/** What the vantages that cannot tell the route have in common is that a tunnel would not pass them. */
const BLIND_VANTAGES: Readonly<Partial<Record<Vantage, string>>> = {
  perimeter: 'A sensor at the perimeter does not show whether a client elsewhere had a tunnel up.',
  'office-lan': 'A sensor in the office network does not show whether a client elsewhere had a tunnel up.',
  resolver: 'A resolver is asked for names; it does not show the way that the traffic then took.',
  proxy: 'A proxy does not show the way that clients reach it by.',
}

/** The first that applies decides. From `no-declaration` on, the client's address alone did not show the route. */
export const ROUTE_RULES: readonly RouteRule[] = [
  {
    rule: 'other-gateway',
    value: 'unknown',
    applies: ({ otherGateway }) => otherGateway,
    reason: () => "A log tells of a tunnel to a gateway that is not the policy's: what is inside it cannot be seen.",
  },
  {
    rule: 'vpn-pool',
    value: 'government',
    applies: ({ network }) => network?.kind === 'vpn-pool',
    reason: ({ network }) => `The client's network "${network!.name}" is a pool of the government VPN.`,
  },
  {
    rule: 'egress-network',
    value: 'government',
    applies: ({ network }) => network?.kind === 'vpn-egress',
    reason: ({ network }) =>
      `The client's network "${network!.name}" is what the government VPN's traffic leaves from.`,
  },
  {
    rule: 'egress-vantage',
    value: 'government',
    applies: ({ vantage }) => vantage === 'vpn-egress',
    reason: () => 'It was seen where traffic leaves the government VPN.',
  },
  {
    rule: 'managed-perimeter',
    value: 'government',
    applies: ({ network }) =>
      network?.scope === 'managed' && (network.kind === 'office' || network.kind === 'perimeter'),
    reason: ({ network }) => `The client's network "${network!.name}" is inside the managed perimeter.`,
  },
  {
    rule: 'tunnel-address',
    value: 'government',
    applies: ({ tunnelAddress }) => tunnelAddress === 'sure',
    reason: () => "By a log the client's address was one that a tunnel to the government VPN had given it.",
  },
  {
    rule: 'tunnel-address-edge',
    value: 'government',
    applies: ({ tunnelAddress }) => tunnelAddress === 'edge',
    reason: ({ tolerance }) =>
      `Within ${minutes(tolerance)}, by which clocks may differ, the client's address was one that a tunnel to the government VPN had given it by a log.`,
  },
  {
    rule: 'no-declaration',
    value: 'unknown',
    applies: ({ vantage }) => vantage === undefined,
    reason: () => "The policy's inputs do not say where this input was taken, so it cannot show the route.",
  },
  {
    rule: 'blind-vantage',
    value: 'unknown',
    applies: ({ vantage }) => BLIND_VANTAGES[vantage!] !== undefined,
    reason: ({ vantage }) => BLIND_VANTAGES[vantage!]!,
  },
  {
    rule: 'no-gateways',
    value: 'unknown',
    applies: ({ gateways }) => !gateways,
    reason: () => 'The policy names no gateways, so a tunnel could not have been recognised.',
  },
  {
    rule: 'lookup-outside-tunnel',
    value: 'unknown',
    applies: ({ lookup, flowOutside, tunnelUp }) => lookup && !flowOutside && tunnelUp === 'sure',
    reason: () =>
      'A name was looked up outside the tunnel while it was up, so that the look-up leaked; that does not show where the traffic then went.',
  },
  {
    rule: 'lookup-alone',
    value: 'unknown',
    applies: ({ lookup, flowOutside }) => lookup && !flowOutside,
    reason: () => 'A name was looked up outside the tunnel; that does not show where the traffic then went.',
  },
  {
    rule: 'split-allowed',
    value: 'permitted-split',
    applies: ({ splitAllowed }) => splitAllowed,
    reason: () => 'It went outside the tunnel, where the policy lets this app go.',
  },
  {
    rule: 'tunnel-up',
    value: 'split-tunnel',
    applies: ({ tunnelUp }) => tunnelUp === 'sure',
    reason: () => 'A tunnel to the government VPN was up in these minutes, and this went outside it.',
  },
  {
    rule: 'tunnel-edge',
    value: 'split-tunnel',
    applies: ({ tunnelUp }) => tunnelUp === 'edge',
    reason: ({ tolerance }) =>
      `By a log a tunnel to the government VPN came up or went down within ${minutes(tolerance)}, by which clocks may differ: it counts as up, and this went outside it.`,
  },
  {
    rule: 'log-without-tunnel',
    value: 'unknown',
    applies: ({ log }) => log,
    reason: () => 'A log without a tunnel in these minutes does not show that none was up.',
  },
  {
    rule: 'tunnel-down',
    value: 'no-tunnel',
    applies: () => true,
    reason: () => 'A tunnel to the government VPN would have been seen here, and none was up in these minutes.',
  },
]

/** The route, by the first rule that applies. */
export function routeOf(facts: RouteFacts): Judged<Route> {
  const rule = ROUTE_RULES.find((candidate) => candidate.applies(facts))!
  return { value: rule.value, rule: rule.rule, reason: rule.reason(facts) }
}

function minutes(tolerance: Micros): string {
  return plural(tolerance / MICROS_PER_MINUTE, 'minute')
}

/** Seen outside the government VPN, allowed or not. */
export function isOutside(route: Route): boolean {
  return route === 'permitted-split' || route === 'split-tunnel' || route === 'no-tunnel'
}
