import type { StoredSighting, SubjectDay } from '../model/facts.ts'
import type { Policy, Scope } from '../model/policy.ts'
import type { Registered, Registers } from '../model/register.ts'
import type { KnownSessions } from './known-sessions.ts'
import { cutTo } from './passages.ts'
import { placesOf, scopeOf } from './places.ts'

/**
 * Whose the subject of a day is, sighting by sighting: as a register says of it, else of the device that logs say had
 * the address in that minute, else by the network of the address.
 */
export class Scopes {
  /** What a register says of the subject itself. */
  readonly registered: Registered | undefined
  readonly #nameOf: (subject: string) => string
  readonly #policy: Policy
  readonly #registers: Registers
  readonly #sessions: KnownSessions

  constructor(facts: SubjectDay, policy: Policy, registers: Registers, sessions: KnownSessions) {
    this.#nameOf = facts.lasting ?? ((subject) => subject)
    this.registered = registers.subjects.get(this.#nameOf(facts.subject))
    this.#policy = policy
    this.#registers = registers
    this.#sessions = sessions
  }

  /** A sighting cut where another device had the address, so that each part is of one scope. */
  cut(sighting: StoredSighting): readonly StoredSighting[] {
    if (this.registered !== undefined || this.#registers.subjects.size === 0) return [sighting]
    const { managed, unmanaged } = this.#masks(sighting)
    const masks = [managed, unmanaged, sighting.mask & ~(managed | unmanaged)]
    return masks.flatMap((mask) => cutTo(sighting, mask) ?? [])
  }

  /** Of a sighting that was cut. */
  of(sighting: StoredSighting): Scope {
    if (this.registered !== undefined) return this.registered.scope
    if (this.#registers.subjects.size > 0) {
      const { managed, unmanaged } = this.#masks(sighting)
      if (managed !== 0) return 'managed'
      if (unmanaged !== 0) return 'unmanaged'
    }
    return scopeOf(placesOf(this.#policy).network(sighting.network))
  }

  /** Whether its network makes it a visitor's. */
  isVisitor({ network }: StoredSighting): boolean {
    return scopeOf(placesOf(this.#policy).network(network)) === 'unmanaged'
  }

  /** In which minutes the address was a registered device's by a log; a minute with two that differ is neither's. */
  #masks(sighting: StoredSighting): { readonly managed: number; readonly unmanaged: number } {
    let managed = 0
    let unmanaged = 0
    for (const [device, mask] of this.#sessions.devicesAt(sighting)) {
      const scope = this.#registers.subjects.get(this.#nameOf(device))?.scope
      if (scope === 'managed') managed |= mask
      if (scope === 'unmanaged') unmanaged |= mask
    }
    const both = managed & unmanaged
    return { managed: managed & ~both & sighting.mask, unmanaged: unmanaged & ~both & sighting.mask }
  }
}
