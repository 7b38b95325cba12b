import type { Day } from '../base/time.ts'
import type { Severity } from './finding.ts'

/**
 * What can be kept for a time of its own. facts: sightings, marks, answers, leases and tunnels. evidence: frames and lines
 * in the locker. reviews: also suppressions and statements, of findings that are gone.
 */
export const RETENTION_CLASSES = ['facts', 'evidence', 'findings', 'reviews', 'runs', 'audit'] as const
export type RetentionClass = (typeof RETENTION_CLASSES)[number]

/** Of each class the first day that stays; those that are not named stay whole. */
export type Retention = Readonly<Partial<Record<RetentionClass, Day>>>

/** What a purge would take out, or took out, of one table. */
export interface PurgeLine {
  readonly of: RetentionClass
  /** In words, several of them: `sightings`. */
  readonly what: string
  readonly count: number
  /** Of those that go, in UTC; undefined where none does. */
  readonly firstDay: Day | undefined
  readonly lastDay: Day | undefined
  /** As old, and kept by a hold. */
  readonly held: number
}

/** What was last purged, and why. */
export interface LastPurge {
  readonly at: number
  readonly reason: string
  /** How many of what, in words: `sightings`. */
  readonly taken: Readonly<Record<string, number>>
}

/** Later than any day that a store can have. */
export const NO_END: Day = 100_000

/** Keeps what it is about from being purged or erased. */
export interface Hold {
  readonly seq: number
  readonly at: number
  readonly author: string
  readonly reason: string
  /** '' for every app. */
  readonly app: string
  /** As `Finding.client`; '' for everybody. */
  readonly client: string
  /** Both included. */
  readonly firstDay: Day
  readonly lastDay: Day
  /** Absent while it holds. */
  readonly lifted?: { readonly at: number; readonly author: string; readonly reason: string }
}

/** What somebody says of a finding: a correction that stands beside it. */
export interface FindingStatement {
  readonly seq: number
  readonly finding: string
  readonly at: number
  readonly author: string
  readonly text: string
  /** The finding's then. */
  readonly revision: number
}

/** So many findings of a day that are no longer there. */
export interface Tombstone {
  readonly why: 'purged' | 'erased'
  readonly day: Day
  readonly app: string
  readonly severity: Severity
  readonly bypass: boolean
  readonly findings: number
}
