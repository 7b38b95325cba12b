import { MICROS_PER_QUARTER, type Quarter } from '../base/time.ts'
import type { StoredSighting, SubjectDay } from '../model/facts.ts'
import type { Judged, Route } from '../model/finding.ts'
import { type Claim, claimsOn, isUser } from './leases.ts'
import { pairTunnels } from './log-tunnels.ts'
import { type Interval, Minutes } from './minutes.ts'
import type { Session } from './sessions.ts'

/** What was held of one address, holder by holder. */
interface Held {
  readonly claims: readonly Claim[]
  readonly minutes: readonly { readonly holder: string; readonly of: Minutes }[]
}

/** Tunnels, and the minutes in which one of them was up. */
interface Up {
  readonly tunnels: readonly Session[]
  readonly minutes: Minutes
}

/** What logs tell of tunnels and leases around what was seen of one subject on one day. */
export class KnownSessions {
  readonly #facts: SubjectDay
  readonly #tunnels: readonly Session[]
  readonly #held = new Map<string, Held>()
  readonly #inside = new Map<string, Up>()
  readonly #outside = new Map<string, Up>()

  constructor(facts: SubjectDay) {
    this.#facts = facts
    this.#tunnels = pairTunnels(facts.sessions)
  }

  /**
   * The minutes of a sighting that are the subject's own. What was seen at an address of nobody in particular is of
   * whoever had the address by a log: of the one user in that minute, else, where there was none, of the one device.
   * With two it is not resolved, and stays the address's, as it does with none.
   */
  ownMinutes({ client, user, quarter, mask }: StoredSighting): number {
    if (user !== '' || !isAddress(client)) return mask
    const holders = this.#holdersIn(client, quarter)
    const { subject } = this.#facts
    if (subject !== client) return mask & (holders.get(subject) ?? 0)
    let others = 0
    for (const held of holders.values()) others |= held
    return mask & ~others
  }

  /** In which minutes the client's address was one that a tunnel had given it. */
  insideMinutes({ client, quarter }: StoredSighting): number {
    if (this.#tunnels.length === 0) return 0
    return this.#inner(client).minutes.mask(quarter)
  }

  /**
   * In which minutes a tunnel of the subject, or from the client's address, was up that the client's address was not
   * given by: what was seen there went outside it.
   *
   * @param networkKnown the policy knows the client's network, which is then no pool of the VPN.
   */
  outsideMinutes(sighting: StoredSighting, networkKnown: boolean): number {
    if (this.#tunnels.length === 0) return 0
    const { client, quarter } = sighting
    return this.#around(client, networkKnown).minutes.mask(quarter) & ~this.insideMinutes(sighting)
  }

  /** What the route of a sighting in these of its minutes rests on, and that it is the subject's. */
  behind(sighting: StoredSighting, mask: number, route: Judged<Route>, networkKnown: boolean): readonly Session[] {
    const { client, quarter } = sighting
    const found = new Set(this.#claimsBehind(sighting, mask))
    if (route.rule === 'tunnel-address') {
      for (const tunnel of touching(this.#inner(client).tunnels, quarter, mask)) found.add(tunnel)
    }
    if (route.rule === 'tunnel-up') {
      for (const tunnel of touching(this.#around(client, networkKnown).tunnels, quarter, mask)) found.add(tunnel)
    }
    return [...found]
  }

  #claimsBehind({ client, user, quarter }: StoredSighting, mask: number): readonly Session[] {
    const { subject } = this.#facts
    if (user !== '' || !isAddress(client) || subject === client) return []
    const claims = this.#heldOf(client).claims.filter(({ holder }) => holder === subject)
    return touching(claims, quarter, mask).map(({ session }) => session)
  }

  #inner(client: string): Up {
    return cached(this.#inside, client, () => upBy(this.#tunnels.filter(({ inners }) => inners.includes(client))))
  }

  #around(client: string, networkKnown: boolean): Up {
    const { subject } = this.#facts
    return cached(this.#outside, `${client} ${networkKnown}`, () =>
      upBy(
        this.#tunnels.filter(({ holder, device, outer, inners }) => {
          if (!isAddress(client)) return false
          if (outer === client) return true
          if (holder !== subject && device !== subject) return false
          return !inners.includes(client) && (inners.length > 0 || networkKnown)
        }),
      ),
    )
  }

  /** Who had an address in a quarter-hour, and in which minutes alone. */
  #holdersIn(address: string, quarter: Quarter): ReadonlyMap<string, number> {
    const masks = this.#heldOf(address).minutes.map(({ holder, of }) => ({ holder, mask: of.mask(quarter) }))
    const users = alone(masks.filter(({ holder }) => isUser(holder)))
    const devices = alone(masks.filter(({ holder }) => !isUser(holder)))
    return new Map(
      masks.map(({ holder, mask }) => [holder, isUser(holder) ? mask & users.once : mask & devices.once & ~users.any]),
    )
  }

  #heldOf(address: string): Held {
    return cached(this.#held, address, () => {
      const claims = claimsOn(address, this.#facts.sessions, this.#tunnels)
      const byHolder = Map.groupBy(claims, ({ holder }) => holder)
      return { claims, minutes: [...byHolder].map(([holder, theirs]) => ({ holder, of: new Minutes(theirs) })) }
    })
  }
}

function upBy(tunnels: readonly Session[]): Up {
  return { tunnels, minutes: new Minutes(tunnels) }
}

function isAddress(client: string): boolean {
  return client.startsWith('address-')
}

function alone(masks: readonly { readonly mask: number }[]): { readonly any: number; readonly once: number } {
  let any = 0
  let twice = 0
  for (const { mask } of masks) {
    twice |= any & mask
    any |= mask
  }
  return { any, once: any & ~twice }
}

function touching<T extends Interval>(intervals: readonly T[], quarter: Quarter, mask: number): readonly T[] {
  const start = quarter * MICROS_PER_QUARTER
  return intervals.filter(
    (one) =>
      one.from < start + MICROS_PER_QUARTER && one.until >= start && (new Minutes([one]).mask(quarter) & mask) !== 0,
  )
}

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}
