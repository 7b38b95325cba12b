import type { Micros, Quarter } from '../base/time.ts'
import type { MarkEvent, MarkKind } from './mark.ts'
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

/**
 * A fact: a log says that at this time a tunnel or a lease began, was there or ended. Start and end often stand in
 * different inputs, so what they make together, the session, is paired at judgement.
 */
export interface SessionMark {
  readonly kind: MarkKind
  readonly event: MarkEvent
  readonly time: Micros
  /** When it began and until when it was given, where the record says so; -1 where not. */
  readonly since: Micros
  readonly until: Micros
  /** Where the client came from, and the address that it was given; a lease always has the second. */
  readonly outer: Client | undefined
  readonly inner: Client | undefined
  readonly user: Client | undefined
  readonly device: Client | undefined
  /** The server of it, by name or address, as the input wrote it; '' where it named none. */
  readonly gateway: string
  /** What it speaks; '' where that is not known. */
  readonly protocol: string
  /** The first line that says it. */
  position: number
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
  readonly sessions: readonly SessionMark[]
  readonly answers: readonly Answer[]
  readonly coverage: readonly Coverage[]
}
