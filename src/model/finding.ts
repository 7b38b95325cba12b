import type { Day, Micros } from '../base/time.ts'
import type { MarkKind } from './mark.ts'
import type { Action, Means } from './observation.ts'
import type { Scope } from './policy.ts'
import type { Category, Role, Strength } from './signature.ts'

export const ROUTES = ['government', 'permitted-split', 'split-tunnel', 'no-tunnel', 'unknown'] as const
export type Route = (typeof ROUTES)[number]

export const RULINGS = ['prohibited', 'permitted', 'exempt', 'not-in-force'] as const
export type Ruling = (typeof RULINGS)[number]

/** Weakest last. */
export const GRADES = ['confirmed', 'probable', 'indicative'] as const
export type Grade = (typeof GRADES)[number]

export const ACTIVITIES = ['site-visit', 'background', 'messaging', 'media', 'call', 'registration'] as const
export type Activity = (typeof ACTIVITIES)[number]

/** Worst first. none: nothing that the policy minds. */
export const SEVERITIES = ['high', 'medium', 'low', 'none'] as const
export type Severity = (typeof SEVERITIES)[number]

/**
 * How it is known who the subject was. named: by the input. leased: by a log of leases or tunnels. address: nobody is
 * known. unresolved: logs tell of two at once.
 */
export type Whose = 'named' | 'leased' | 'address' | 'unresolved'

/** A judged quality, the named rule that gave it and its reason in one sentence. */
export interface Judged<T> {
  readonly value: T
  readonly rule: string
  readonly reason: string
}

/** What is said of one app, one client and one route on one day. */
export interface Verdict {
  readonly route: Judged<Route>
  /** On route split-tunnel or no-tunnel from a managed network, neither blocked nor a mere visit to the app's site. */
  readonly bypass: boolean
  readonly ruling: Judged<Ruling>
  readonly grade: Judged<Grade>
  readonly activity: Judged<Activity>
  readonly severity: Judged<Severity>
  /** Active minutes of the day on this route, each counted once. */
  readonly minutes: number
  readonly first: Micros
  readonly last: Micros
  /** All of it was blocked. */
  readonly blocked: boolean
  /** At most 20 sightings, by time: of each indicator the first ones. */
  readonly evidence: readonly Evidence[]
  /** How many more there were. */
  readonly evidenceOmitted: number
  /**
   * The tunnels and leases in logs that the route, or whose it was, rests on: at most 20, by time. Absent where it
   * rests on none.
   */
  readonly sessions?: readonly SessionEvidence[]
  /** How many more there were; absent where there were none. */
  readonly sessionsOmitted?: number
  /**
   * Where a rule prohibits the app: the exemptions that name it or its category, at most 5, those that counted first.
   * Absent where none does.
   */
  readonly exemptions?: readonly ExemptionLook[]
  /** How many more there were; absent where there were none. */
  readonly exemptionsOmitted?: number
  /** What in the evidence speaks against itself, and what stands beside it: sentences. Absent where nothing does. */
  readonly notes?: readonly string[]
}

/** An exemption that was looked at. */
export interface ExemptionLook {
  readonly name: string
  readonly applies: boolean
  /** A sentence. */
  readonly reason: string
}

/** A tunnel or lease behind a verdict, as logs told it. */
export interface SessionEvidence {
  readonly kind: MarkKind
  readonly from: Micros
  readonly until: Micros
  /** '' where no record named it. */
  readonly gateway: string
  readonly protocol: string
  /**
   * The records that tell of its first and its last sign; the same where there is one. Line 0 is one behind the end of a
   * period of pseudonyms, which is not told.
   */
  readonly first: { readonly input: string; readonly line: number }
  readonly last: { readonly input: string; readonly line: number }
}

/** A sighting behind a verdict, with what the signature said of it when it was judged. */
export interface Evidence {
  readonly indicator: string
  readonly role: Role
  readonly strength: Strength
  readonly means: Means
  readonly action: Action
  readonly input: string
  /** captures have frames, logs lines. */
  readonly unit: 'frame' | 'line'
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
  readonly bytesUp: number
  readonly bytesDown: number
  readonly first: Micros
  readonly last: Micros
}

/** One subject, one app, one UTC day. */
export interface Finding {
  /** `f-` and 16 hexadecimal digits: a hash of client, app and day. */
  readonly id: string
  readonly revision: number
  readonly day: Day
  /** Pseudonym, or the identity where the store keeps identities clear. */
  readonly client: string
  readonly app: string
  readonly appName: string
  readonly category: Category
  readonly network: string
  readonly scope: Scope
  /** Its directorate by a register of the policy; absent where none names one. */
  readonly group?: string
  /** Absent where an earlier version of offchannel judged. */
  readonly whose?: Judged<Whose>
  /** By route, the worst first: it gives the headline. */
  readonly verdicts: readonly Verdict[]
  /** Hash of the policy it was judged under. */
  readonly policy: string
}
