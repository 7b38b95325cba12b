import { MICROS_PER_DAY, MICROS_PER_MINUTE, type Micros } from '../base/time.ts'
import { compareSessionMarks, type StoredSessionMark, saysTheSame } from '../model/facts.ts'
import type { MarkKind } from '../model/mark.ts'

/**
 * How long a session of which no end is known counts as going on after its last sign. Servers tell of a VPN session
 * every few minutes to a quarter of an hour where they tell at all (RADIUS asks for no less than ten minutes, RFC 2869
 * §2.1), so an hour bridges three reports that were lost. Leases without a time are of servers that tell of the next one.
 */
export const TOLERANCE: Readonly<Record<MarkKind, Micros>> = { tunnel: 60 * MICROS_PER_MINUTE, lease: MICROS_PER_DAY }

/** How far the beginning that a record tells may lie behind the last sign of the session that it is of. */
const BEGIN_SLACK = MICROS_PER_MINUTE

/** A tunnel or lease, as its signs tell it. Identities that no sign named are ''. */
export class Session {
  readonly kind: MarkKind
  /** The user, else the device; '' where no sign named either. */
  readonly holder: string
  readonly first: StoredSessionMark
  /** The latest of its signs. */
  last: StoredSessionMark
  device: string
  outer: string
  /** Every address that it was given: often one of each IP version. */
  readonly inners: string[] = []
  /** What its records call the server of it. */
  readonly servers: string[] = []
  from: Micros
  /** Whether a sign tells when it began. */
  startKnown: boolean
  /** Until when its last sign says that it was given; -1 where it does not. */
  #promised: Micros
  /** When it ended; -1 where no sign tells. */
  #ended: Micros = -1
  /** Where something else shows that it had ended by then. */
  #limit: Micros = Number.POSITIVE_INFINITY

  constructor(mark: StoredSessionMark) {
    this.kind = mark.kind
    this.holder = mark.user || mark.device
    this.first = mark
    this.last = mark
    this.device = mark.device
    this.outer = mark.outer
    this.from = mark.since >= 0 ? Math.min(mark.since, mark.time) : mark.time
    this.startKnown = mark.event === 'start' || mark.since >= 0
    this.#promised = mark.until
    if (mark.inner !== '') this.inners.push(mark.inner)
    if (mark.gateway !== '') this.servers.push(mark.gateway)
  }

  /** The last instant at which it counts as there. */
  get until(): Micros {
    if (this.#ended >= 0) return Math.min(this.#ended, this.#limit)
    return Math.min(this.#assumedEnd, this.#limit)
  }

  get hasEnd(): boolean {
    return this.#ended >= 0
  }

  get #assumedEnd(): Micros {
    return this.#promised >= 0 ? this.#promised - 1 : this.last.time + TOLERANCE[this.kind]
  }

  /**
   * Whether a later sign is of this session and not of the next one: it says that it began no later than this was last
   * seen, or comes while this counts as there. One that goes on or ends tells also that a session with a known
   * beginning went on in the silence between.
   */
  goesOnTo(mark: StoredSessionMark): boolean {
    if (mark.since >= 0) return mark.since <= this.last.time + BEGIN_SLACK
    if (mark.time <= this.#assumedEnd) return true
    return mark.event !== 'start' && this.startKnown && this.#promised < 0
  }

  /** Takes a later sign in. */
  add(mark: StoredSessionMark): void {
    this.last = mark
    if (mark.since >= 0) this.from = Math.min(this.from, mark.since)
    this.startKnown ||= mark.event === 'start' || mark.since >= 0
    if (mark.until >= 0 || mark.time >= this.#promised) this.#promised = mark.until
    this.device ||= mark.device
    this.outer ||= mark.outer
    if (mark.inner !== '' && !this.inners.includes(mark.inner)) this.inners.push(mark.inner)
    if (mark.gateway !== '' && !this.servers.includes(mark.gateway)) this.servers.push(mark.gateway)
    if (mark.event === 'end') this.#ended = mark.time
  }

  end(time: Micros): void {
    this.#ended = time
  }

  /** Something else shows that it was over by then. */
  endBefore(time: Micros): void {
    this.#limit = Math.min(this.#limit, Math.max(time - 1, this.from))
  }
}

/** Sessions of one holder, or holders of one address, that may be open at a time: with more, one counts as over. */
export const OPEN_LIMIT = 64

/** The first of those whose last sign is the earliest. */
export function silentLongest(open: readonly Session[]): Session {
  return open.reduce((a, b) => (b.last.time < a.last.time ? b : a))
}

/**
 * Hands on marks in the order of time, those that say the same once. Of those of one instant the ends of what is open
 * come first, then what begins or goes on, then the ends of what began just then: one second holds a reconnection as
 * often as a whole short session.
 */
export function inOrder(
  marks: readonly StoredSessionMark[],
  endsOpen: (mark: StoredSessionMark) => boolean,
  take: (mark: StoredSessionMark) => void,
): void {
  const sorted = marks
    .toSorted(compareSessionMarks)
    .filter((mark, i, all) => i === 0 || !saysTheSame(all[i - 1]!, mark))
  for (let i = 0; i < sorted.length; ) {
    let end = i + 1
    while (end < sorted.length && sorted[end]!.time === sorted[i]!.time) end++
    const now = Map.groupBy(sorted.slice(i, end), ({ event }) => event)
    const ends = Map.groupBy(now.get('end') ?? [], endsOpen)
    for (const some of [ends.get(true), now.get('start'), now.get('alive'), ends.get(false)]) some?.forEach(take)
    i = end
  }
}
