import type { Network as Cidr } from '../base/cidr.ts'
import type { Micros } from '../base/time.ts'
import type { Activity, Grade, Ruling, Severity } from './finding.ts'
import type { RegisterDeclaration } from './register.ts'
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
  /** What logs call it, beside its name and addresses. */
  readonly names: readonly string[]
}

export interface InputDeclaration {
  /** Glob on the input's path with `/` separators; the last declaration that matches counts. */
  readonly match: string
  readonly vantage: Vantage
  readonly site: string
  /** Name of the gateway that the log is of: the tunnels in it end there. '' where the policy names none. */
  readonly gateway: string
}

export interface Exclusions {
  readonly cidrs: readonly Cidr[]
  /** Canonical user names. */
  readonly users: readonly string[]
}

/** Subjects that rules and exemptions name together. */
export interface PolicyGroup {
  readonly name: string
  /** Canonical names. */
  readonly users: readonly string[]
  /** As the policy wrote them. */
  readonly devices: readonly string[]
  /** Of the registers: whoever belongs to one of them. */
  readonly directorates: readonly string[]
  /** Those users and devices as facts name them, `user-` and the tag; empty until a store's key has given them. */
  readonly members: ReadonlySet<string>
}

/** The routes that a rule can be about: `permitted-split` is itself what a rule gives. */
export const RULE_ROUTES = ['government', 'split-tunnel', 'no-tunnel', 'unknown'] as const
export type RuleRoute = (typeof RULE_ROUTES)[number]

/** A time of each week on the clocks of the policy's zone, in minutes from Monday 00:00; `until` is not in it. */
export interface WeeklyWindow {
  readonly from: number
  /** Less than `from` where the window goes over the end of the week. */
  readonly until: number
  /** As the policy wrote it. */
  readonly text: string
}

/** What a rule or an exemption is about. Empty lists narrow nothing. */
export interface PolicyScope {
  readonly name: string
  readonly apps: readonly string[]
  readonly categories: readonly Category[]
  /** Names of networks that the client is in. */
  readonly networks: readonly string[]
  readonly groups: readonly string[]
  readonly routes: readonly RuleRoute[]
  /** The first instant, and the one at which it has ended. */
  readonly from: Micros
  readonly until: Micros
  /** As the policy wrote them; '' where it did not. */
  readonly fromText: string
  readonly untilText: string
  readonly weekly: readonly WeeklyWindow[]
  /** The app may go outside the tunnel. */
  readonly splitTunnel: boolean
  readonly reason: string
}

export type RuleRuling = 'prohibited' | 'permitted'

export interface Rule extends PolicyScope {
  readonly ruling: RuleRuling
  /** The version of the policy that it stands in, `version "2", in force from 2026-09-01`; '' where there is one only. */
  readonly version: string
}

/** Lets somebody do for a time what a rule prohibits. */
export interface Exemption extends PolicyScope {
  readonly approver: string
  readonly reference: string
}

/** A row of the policy's own table of severities. What is left out or empty narrows nothing. */
export interface SeverityRow {
  readonly name: string
  readonly severity: Severity
  readonly rulings: readonly Ruling[]
  readonly activities: readonly Activity[]
  readonly grades: readonly Grade[]
  readonly bypass: boolean | undefined
  readonly blocked: boolean | undefined
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
  /** How far the clocks of two inputs may differ. */
  readonly clockTolerance: Micros
  readonly registers: readonly RegisterDeclaration[]
  readonly groups: readonly PolicyGroup[]
  readonly rules: readonly Rule[]
  readonly exemptions: readonly Exemption[]
  /** Replaces the table of the program; undefined where the policy has none. */
  readonly severity: readonly SeverityRow[] | undefined
  /** Of the whole file: findings say under which policy they were judged. */
  readonly hash: string
  /** Where it came from, for messages; '' for the built-in one. */
  readonly file: string
}
