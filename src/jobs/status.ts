import type { Severity } from '../model/finding.ts'

/**
 * How a store and its jobs are, as `status --json` and the summary of a run say it. Times are RFC 3339 in UTC, lengths
 * of time seconds; what is not known is left out.
 */
export interface Status {
  readonly time: string
  readonly store: {
    readonly file: string
    /** With its write-ahead log. */
    readonly bytes: number
    readonly schema: number
    readonly identities: string
    /** Whether a run is writing to it. */
    readonly busy: boolean
    readonly readings: number
    readonly sightings: number
    readonly subjects: number
    /** Subject-days that wait for judgement. */
    readonly dirty: number
    readonly firstDay?: string
    readonly lastDay?: string
  }
  /** How many there are of each severity, reviewed ones included. */
  readonly findings: Readonly<Record<Severity, number>>
  /** The last run of each job, the latest first. */
  readonly runs: readonly RunStatus[]
  readonly inputs: readonly InputStatus[]
  /** What was last purged, by `run`, `watch` or by hand; absent before the first time. */
  readonly purge?: PurgeStatus
  /** The receivers that job files name, by job and name. */
  readonly outputs: readonly OutputStatus[]
  /** What inputs could not show, summed up. */
  readonly gaps: readonly { readonly reason: string; readonly count: number; readonly inputs: number }[]
}

/** The last run of a job. */
export interface RunStatus {
  /** '' for a sweep from the command line. */
  readonly job: string
  /** `broken-off`: it was killed, or the machine went down; the next run takes up what it left. */
  readonly state: 'running' | 'ended' | 'broken-off'
  readonly started: string
  readonly ended?: string
  readonly status?: number
  readonly inputs: number
  readonly read: number
  readonly bytes: number
  readonly records: number
  readonly problems: number
  readonly told: readonly string[]
}

/** What was last purged. */
export interface PurgeStatus {
  readonly time: string
  readonly reason: string
  /** How many of what: `sightings`, `findings`. */
  readonly taken: Readonly<Record<string, number>>
}

/** A receiver of a job. */
export interface OutputStatus {
  readonly job: string
  readonly name: string
  /** Messages: that wait, that it has got, that were given up. */
  readonly waiting: number
  readonly delivered: number
  readonly dead: number
  /** Judgement of the oldest that waits. */
  readonly since?: string
  readonly lastDelivery?: string
  /** Why the last attempt failed; before `retryAt` no run tries again. */
  readonly error?: string
  readonly retryAt?: string
}

/** A group of inputs of a job. */
export interface InputStatus {
  readonly job: string
  readonly name: string
  readonly every?: number
  readonly lastRead?: string
  /** Seconds since something new was read; since the group was first known where nothing was. */
  readonly lag: number
  readonly overdueSince?: string
}
