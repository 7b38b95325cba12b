import type { Quarter } from '../base/time.ts'
import type { Client, Sighting } from './sighting.ts'

/**
 * A fact: in the minutes of the mask packets went between this client and a gateway of the government VPN. Tunnels, the
 * intervals in which one was up, are derived from marks at judgement.
 */
export interface Mark {
  readonly client: Client
  /** Name of the gateway in the policy. */
  readonly gateway: string
  readonly quarter: Quarter
  /** Bit n: packets in minute n of the quarter-hour. */
  mask: number
  count: number
  /** Frame of the first. */
  firstAt: number
}

/** A fact: in this quarter-hour this client was told this address for this name that matched. */
export interface Answer {
  readonly client: Client
  /** As `base/address.ts` writes addresses. */
  readonly address: string
  readonly indicator: string
  readonly app: string
  /** Microseconds since the epoch: the first answer, and when the last to expire expires. */
  start: number
  until: number
}

/** A fact: what an input could or could not show. Reasons are stable snake_case names; counts add up over batches. */
export interface Coverage {
  readonly reason: string
  readonly count: number
}

/**
 * The facts of a part of an input. Merging is OR on masks, sums on counts, the earlier first and the later last, so any
 * order and grouping of batches of one reading gives the same facts.
 */
export interface Batch {
  readonly sightings: readonly Sighting[]
  readonly marks: readonly Mark[]
  readonly answers: readonly Answer[]
  readonly coverage: readonly Coverage[]
}
