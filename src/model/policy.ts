import type { Network as Cidr } from '../base/cidr.ts'
import type { Micros } from '../base/time.ts'
import type { Category } from './signature.ts'

export const NETWORK_KINDS = ['vpn-pool', 'vpn-egress', 'perimeter', 'office', 'home', 'guest', 'mobile'] as const
export type NetworkKind = (typeof NETWORK_KINDS)[number]

/** managed: the organisation's own devices. mixed: one cannot tell. visitor: nobody's finding. */
export const NETWORK_SCOPES = ['managed', 'mixed', 'visitor'] as const
export type NetworkScope = (typeof NETWORK_SCOPES)[number]

export type Scope = 'managed' | 'unmanaged' | 'unknown'

/** Where a sensor or log source stands; it decides which routes it can show at all. */
export const VANTAGES = [
  'vpn-egress',
  'perimeter',
  'office-lan',
  'access-network',
  'device',
  'resolver',
  'proxy',
] as const
export type Vantage = (typeof VANTAGES)[number]

export interface PolicyNetwork {
  readonly name: string
  readonly kind: NetworkKind
  readonly scope: NetworkScope
  /** '' where the policy names none. */
  readonly site: string
  readonly cidrs: readonly Cidr[]
}

export interface Gateway {
  readonly name: string
  readonly cidrs: readonly Cidr[]
}

export interface InputDeclaration {
  /** Glob on the input's path with `/` separators; the last declaration that matches counts. */
  readonly match: string
  readonly vantage: Vantage
  readonly site: string
}

export interface Exclusions {
  readonly cidrs: readonly Cidr[]
  /** Canonical user names. */
  readonly users: readonly string[]
}

export type RuleRuling = 'prohibited' | 'permitted'

export interface Rule {
  readonly name: string
  readonly ruling: RuleRuling
  /** A rule that names apps is more specific than one that names categories. */
  readonly apps: readonly string[]
  readonly categories: readonly Category[]
  /** The app may go outside the tunnel. */
  readonly splitTunnel: boolean
  readonly reason: string
}

export interface Policy {
  readonly organisation: string
  /** Before this instant nothing is prohibited. */
  readonly inForce: Micros
  /** As the policy wrote it, in its time zone. */
  readonly inForceText: string
  readonly timezone: string
  readonly sites: readonly { readonly id: string; readonly name: string }[]
  readonly networks: readonly PolicyNetwork[]
  readonly gateways: readonly Gateway[]
  readonly exclusions: Exclusions
  readonly inputs: readonly InputDeclaration[]
  readonly rules: readonly Rule[]
  /** Of the whole file: findings say under which policy they were judged. */
  readonly hash: string
  /** Where it came from, for messages; '' for the built-in one. */
  readonly file: string
}
