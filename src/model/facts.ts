import type { Day, Micros, Quarter } from '../base/time.ts'
import type { Action, Means } from './observation.ts'
import type { Reading } from './reading.ts'

/** A stored sighting as judgement is given it. */
export interface StoredSighting {
  readonly reading: Reading
  /**
   * The address that it was made at: `address-` and its tag (or the device or user, where the input has no address).
   */
  readonly client: string
  readonly network: string
  readonly app: string
  readonly indicator: string
  readonly means: Means
  readonly action: Action
  readonly quarter: Quarter
  readonly mask: number
  readonly count: number
  readonly bytesUp: number
  readonly bytesDown: number
  readonly first: Micros
  readonly last: Micros
  readonly firstAt: number
  readonly lastAt: number
}

export interface StoredMark {
  readonly reading: Reading
  /** The address whose tunnel it is, as sightings name it. */
  readonly client: string
  readonly gateway: string
  readonly quarter: Quarter
  readonly mask: number
  readonly count: number
  readonly firstAt: number
}

/**
 * All that is known of one subject on one UTC day: its sightings, and the marks of the addresses it was seen at.
 * Ordered by quarter, indicator, means, action, input and content, so that judgement sees the same on every machine.
 */
export interface SubjectDay {
  readonly day: Day
  /** The user that inputs named, else the device, else the address: `user-`, `device-` or `address-` and its tag. */
  readonly subject: string
  /** What outputs show: the subject's short pseudonym, or the identity where the store keeps identities clear. */
  readonly label: string
  readonly sightings: readonly StoredSighting[]
  /** Of the day, and of the last and first hour of its neighbours. */
  readonly marks: readonly StoredMark[]
}
