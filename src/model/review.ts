import type { Day, Micros } from '../base/time.ts'
import type { Finding, Judged, Severity } from './finding.ts'
import type { FindingStatement } from './retention.ts'

/** How a finding stands with those who work on it. */
export const REVIEW_STATES = ['open', 'acknowledged', 'closed', 'suppressed'] as const
export type ReviewState = (typeof REVIEW_STATES)[number]

export const REVIEW_ACTIONS = ['acknowledge', 'note', 'close', 'reopen'] as const
export type ReviewAction = (typeof REVIEW_ACTIONS)[number]

/** How grave a finding is: what a decision on it was made on, and what it has become is held against. */
export interface Gravity {
  readonly severity: Severity
  readonly bypass: boolean
}

/** `medium`, `high and a bypass` */
export function gravityText({ severity, bypass }: Gravity): string {
  return bypass ? `${severity} and a bypass` : severity
}

/** What somebody did to one finding. It is never changed or taken back: another one follows it. */
export interface Review {
  /** 1 and up, in the order in which they were recorded. */
  readonly seq: number
  /** `Finding.id`: the finding may be gone, and come back. */
  readonly finding: string
  /** Whose the finding was then: the user or device, as `Finding.client`; '' where it was an address's. */
  readonly holder: string
  readonly at: Micros
  readonly author: string
  readonly action: ReviewAction
  /** The reason, or the note; '' where an acknowledgement has none. */
  readonly text: string
  /** The finding's revision that was looked at. */
  readonly revision: number
  /** The finding's then. */
  readonly gravity: Gravity
}

/** Keeps findings out of sight until a day: one of them, or those of an app, or of an app and a client. */
export interface Suppression {
  /** 1 and up: what it is lifted by. */
  readonly seq: number
  readonly at: Micros
  readonly author: string
  /** `Finding.id`; '' where it is not about one finding. */
  readonly finding: string
  /** Whose that finding was then, as `Review.holder`. */
  readonly holder: string
  /** '' where it is about one finding. */
  readonly app: string
  /** As `Finding.client`; '' for every client. */
  readonly client: string
  /** The last day, in UTC, on which it holds. */
  readonly until: Day
  /** Of the gravest finding that it covered when it was made: what is graver is not covered. */
  readonly gravity: Gravity
  readonly reason: string
  /** Absent while nobody has ended it before its day. */
  readonly lifted?: { readonly at: Micros; readonly author: string; readonly reason: string }
}

/** What can be asked of a finding without reading its body. */
export interface FindingHead extends Gravity {
  readonly id: string
  readonly app: string
  readonly client: string
  /** The user or device whose it is; '' where it is an address's. */
  readonly holder: string
  /** Ids of findings that are gone, and of which this one has all or a part: what was done to them counts. */
  readonly succeeds?: readonly string[]
}

/** The state of a finding, the rule that gave it (docs/reviewing.md) and its reason in a sentence. */
export type Standing = Judged<ReviewState>

/** Whether it is left out of what is still to be dealt with. */
export function isSettled({ value }: Standing): boolean {
  return value === 'closed' || value === 'suppressed'
}

/** A finding with how it stands; without where nobody has decided on it. */
export interface ReviewedFinding extends Finding {
  /** Ids of findings that are gone, and of which this one has all or a part; absent where there are none. */
  readonly succeeds?: readonly string[]
  readonly review?: Standing
  /** What was said of it; absent where nothing was. */
  readonly statements?: readonly FindingStatement[]
}
