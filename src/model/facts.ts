import type { Period } from '../base/period.ts'
import type { Day, Micros, Quarter } from '../base/time.ts'
import type { MarkEvent, MarkKind } from './mark.ts'
import type { Action, Means } from './observation.ts'
import type { Reading } from './reading.ts'

/** A stored sighting as judgement is given it. */
export interface StoredSighting {
  readonly reading: Reading
  /**
   * The address that it was made at: `address-` and its tag (or the device or user, where the input has no address).
   */
  readonly client: string
  /** The user that the input named beside it: `user-` and its tag; '' where it named none. */
  readonly user: string
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

/** What a log said of a tunnel or a lease, as judgement is given it; identities as sightings name them, '' for none. */
export interface StoredSessionMark {
  readonly reading: Reading
  readonly kind: MarkKind
  readonly event: MarkEvent
  readonly time: Micros
  readonly since: Micros
  readonly until: Micros
  readonly outer: string
  readonly inner: string
  readonly user: string
  readonly device: string
  readonly gateway: string
  readonly protocol: string
  /** 0 where it is told across the end of a period of pseudonyms: which record it was would join two of them. */
  readonly position: number
  /** That of the subject's pseudonym, near whose end the day is: of a session no more is told than lies in it. */
  readonly period?: Pick<Period, 'from' | 'until'>
}

/**
 * By time, then by all that a mark says. What is written on which line of which input comes last, so that the same
 * marks from other files are paired in the same way.
 */
export function compareSessionMarks(a: StoredSessionMark, b: StoredSessionMark): number {
  return a.time - b.time || compareKeys(saidBy(a), saidBy(b)) || compareKeys(standingAt(a), standingAt(b))
}

/** Whether two marks say the same thing: one record that stands in two exports. */
export function saysTheSame(a: StoredSessionMark, b: StoredSessionMark): boolean {
  return a.time === b.time && compareKeys(saidBy(a), saidBy(b)) === 0
}

type Key = readonly (string | number)[]

function saidBy({ kind, event, user, device, outer, inner, since, until, gateway, protocol }: StoredSessionMark): Key {
  return [kind, event, user, device, outer, inner, since, until, gateway, protocol]
}

function standingAt({ reading: { input, format, source, settings }, position }: StoredSessionMark): Key {
  return [input, position, format, source, settings]
}

function compareKeys(left: Key, right: Key): number {
  const i = left.findIndex((value, at) => value !== right[at])
  return i < 0 ? 0 : left[i]! < right[i]! ? -1 : 1
}

/** How many days before and after a day the beginning and the end of a session are looked for. */
export const SESSION_DAYS = 7

/**
 * All that is known of one subject on one UTC day: its sightings, and the marks of the addresses it was seen at. A
 * sighting at an address that logs give to several in those days is in the facts of each of them, and of the address:
 * whose it was is for judgement to say.
 * Ordered by quarter, indicator, means, action, input and content, so that judgement sees the same on every machine.
 */
export interface SubjectDay {
  readonly day: Day
  /** The user that inputs or leases named, else the device, else the address: `user-`, `device-` or `address-` and its tag. */
  readonly subject: string
  /**
   * Where pseudonyms rotate, and the key is known: what a subject of this day would be called if they did not, which is what
   * registers and groups call it.
   */
  readonly lasting?: (subject: string) => string
  /** What outputs show: the subject's short pseudonym, or the identity where the store keeps identities clear. */
  readonly label: string
  readonly sightings: readonly StoredSighting[]
  /** Of the day, and of the last and first hour of its neighbours. */
  readonly marks: readonly StoredMark[]
  /**
   * Within SESSION_DAYS: the leases of those addresses, the tunnels to and from them and of the subject, and all other
   * tunnels of whoever these are of.
   */
  readonly sessions: readonly StoredSessionMark[]
}
