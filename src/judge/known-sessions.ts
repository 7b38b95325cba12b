import { MICROS_PER_QUARTER, type Micros, type Quarter } from '../base/time.ts'
import type { StoredSighting, SubjectDay } from '../model/facts.ts'
import type { Judged, Route } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import { endsElsewhere } from './gateways.ts'
import { type Claim, claimsOn, isUser } from './leases.ts'
import { pairTunnels } from './log-tunnels.ts'
import { type Interval, Minutes } from './minutes.ts'
import type { Session } from './sessions.ts'

/** What was held of one address, holder by holder. */
interface Held {
  readonly claims: readonly Claim[]
  readonly minutes: readonly { readonly holder: string; readonly of: Minutes }[]
  /** Of the devices, of users too. */
  readonly devices: readonly { readonly holder: string; readonly of: Minutes }[]
}

/** Tunnels, and the minutes in which one of them was up. */
interface Up {
  readonly tunnels: readonly Session[]
  readonly minutes: Minutes
  /** As long as it may have been by the clock of another input. */
  readonly widened: Minutes
}

/** Minutes by tunnels in logs: surely, and only as far as clocks may differ. */
export interface Told {
  readonly sure: number
  readonly edge: number
}

const NEVER: Told = { sure: 0, edge: 0 }

/** What logs tell of tunnels and leases around what was seen of one subject on one day. */
export class KnownSessions {
  readonly #facts: SubjectDay
  readonly #tolerance: Micros
  /** All tunnels, for whose address it was; those to the government VPN, for the route. */
  readonly #all: readonly Session[]
  readonly #tunnels: readonly Session[]
  /** The subject's own that end at a gateway that is not the policy's. */
  readonly elsewhere: readonly Session[]
  readonly #held = new Map<string, Held>()
  readonly #inside = new Map<string, Up>()
  readonly #outside = new Map<string, Up>()

  constructor(facts: SubjectDay, policy: Policy) {
    const { subject } = facts
    this.#facts = facts
    this.#tolerance = policy.clockTolerance
    this.#all = pairTunnels(facts.sessions)
    this.#tunnels = this.#all.filter((tunnel) => !endsElsewhere(tunnel, policy))
    this.elsewhere = this.#all.filter(
      (tunnel) =>
        (tunnel.holder === subject || tunnel.device === subject || tunnel.outer === subject) &&
        endsElsewhere(tunnel, policy),
    )
  }

  /**
   * The minutes of a sighting that are the subject's own. What was seen at an address of nobody in particular is of
   * whoever had the address by a log: of the one user in that minute, else, where there was none, of the one device.
   * With two it is not resolved, and stays the address's, as it does with none.
   */
  ownMinutes({ client, user, quarter, mask }: StoredSighting): number {
    if (user !== '' || !isAddress(client)) return mask
    const { subject, sessions } = this.#facts
    // Most days logs tell of nothing.
    if (sessions.length === 0) return subject === client ? mask : 0
    const holders = this.#holdersIn(client, quarter)
    if (subject !== client) return mask & (holders.get(subject) ?? 0)
    let others = 0
    for (const held of holders.values()) others |= held
    return mask & ~others
  }

  /** The devices that had the client's address by a log, each in the minutes in which no other had. */
  devicesAt({ client, quarter, mask }: StoredSighting): ReadonlyMap<string, number> {
    if (client.startsWith('device-')) return new Map([[client, mask]])
    if (!isAddress(client)) return new Map()
    const masks = this.#heldOf(client).devices.map(({ holder, of }) => ({ holder, mask: of.mask(quarter) & mask }))
    const { once } = alone(masks)
    return new Map(masks.map((one) => [one.holder, one.mask & once]))
  }

  /** Minutes in which more than one had the client's address, so that whose they were is not resolved. */
  disputedMinutes({ client, user, quarter, mask }: StoredSighting): number {
    if (this.#facts.sessions.length === 0 || user !== '' || !isAddress(client)) return 0
    const masks = this.#heldOf(client).minutes.map(({ holder, of }) => ({ holder, mask: of.mask(quarter) }))
    const users = alone(masks.filter(({ holder }) => isUser(holder)))
    const devices = alone(masks.filter(({ holder }) => !isUser(holder)))
    return mask & ((users.any & ~users.once) | (devices.any & ~devices.once & ~users.any))
  }

  /** Minutes in which the one user who had the address by a log is another than the input names. */
  otherUsersMinutes({ client, user, quarter, mask }: StoredSighting): number {
    if (user === '' || !isAddress(client)) return 0
    const users = this.#heldOf(client)
      .minutes.filter(({ holder }) => isUser(holder))
      .map(({ holder, of }) => ({ holder, mask: of.mask(quarter) }))
    const { once } = alone(users)
    return users.reduce((others, one) => (one.holder === user ? others : others | (one.mask & once & mask)), 0)
  }

  /** In which minutes the client's address was one that a tunnel had given it. */
  insideMinutes({ client, quarter }: StoredSighting): Told {
    return this.#tunnels.length === 0 ? NEVER : told(this.#inner(client), quarter)
  }

  /**
   * In which minutes a tunnel of the subject, or from the client's address, was up that the client's address was not
   * given by: what was seen there went outside it.
   *
   * @param networkKnown the policy knows the client's network, which is then no pool of the VPN.
   */
  outsideMinutes({ client, quarter }: StoredSighting, networkKnown: boolean): Told {
    return this.#tunnels.length === 0 ? NEVER : told(this.#around(client, networkKnown), quarter)
  }

  /** What the route of a sighting in these of its minutes rests on, and that it is the subject's. */
  behind(sighting: StoredSighting, mask: number, route: Judged<Route>, networkKnown: boolean): readonly Session[] {
    const { client, quarter } = sighting
    const found = new Set(this.#claimsBehind(sighting, mask))
    const add = (tunnels: readonly Session[], tolerance: Micros) => {
      for (const tunnel of touching(tunnels, quarter, mask, tolerance)) found.add(tunnel)
    }
    if (route.rule === 'tunnel-address') add(this.#inner(client).tunnels, 0)
    if (route.rule === 'tunnel-address-edge') add(this.#inner(client).tunnels, this.#tolerance)
    if (route.rule === 'tunnel-up') add(this.#around(client, networkKnown).tunnels, 0)
    if (route.rule === 'tunnel-edge') add(this.#around(client, networkKnown).tunnels, this.#tolerance)
    if (route.rule === 'other-gateway') add(this.elsewhere, 0)
    return [...found]
  }

  #claimsBehind({ client, user, quarter }: StoredSighting, mask: number): readonly Session[] {
    const { subject } = this.#facts
    if (user !== '' || !isAddress(client) || subject === client) return []
    const claims = this.#heldOf(client).claims.filter(({ holder }) => holder === subject)
    return touching(claims, quarter, mask, 0).map(({ session }) => session)
  }

  #inner(client: string): Up {
    return cached(this.#inside, client, () => this.#upBy(this.#tunnels.filter(({ inners }) => inners.includes(client))))
  }

  #around(client: string, networkKnown: boolean): Up {
    const { subject } = this.#facts
    return cached(this.#outside, `${client} ${networkKnown}`, () =>
      this.#upBy(
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
      const claims = claimsOn(address, this.#facts.sessions, this.#all)
      const minutesBy = (nameOf: (claim: Claim) => string) =>
        [...Map.groupBy(claims, nameOf)]
          .filter(([holder]) => holder !== '')
          .map(([holder, theirs]) => ({ holder, of: new Minutes(theirs) }))
      const devices = minutesBy(({ holder, session }) => (isUser(holder) ? session.device : holder))
      return { claims, minutes: minutesBy(({ holder }) => holder), devices }
    })
  }

  #upBy(tunnels: readonly Session[]): Up {
    const widened = tunnels.map((tunnel) => widenedBy(tunnel, this.#tolerance))
    return { tunnels, minutes: new Minutes(tunnels), widened: new Minutes(widened) }
  }
}

function told({ minutes, widened }: Up, quarter: Quarter): Told {
  const sure = minutes.mask(quarter)
  return { sure, edge: widened.mask(quarter) & ~sure }
}

function widenedBy({ from, until }: Interval, tolerance: Micros): Interval {
  return { from: from - tolerance, until: until + tolerance }
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

function touching<T extends Interval>(
  intervals: readonly T[],
  quarter: Quarter,
  mask: number,
  tolerance: Micros,
): readonly T[] {
  const start = quarter * MICROS_PER_QUARTER
  return intervals.filter((one) => {
    const { from, until } = widenedBy(one, tolerance)
    if (from >= start + MICROS_PER_QUARTER || until < start) return false
    return (new Minutes([{ from, until }]).mask(quarter) & mask) !== 0
  })
}

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = make()
  cache.set(key, made)
  return made
}
