import { hash } from 'node:crypto'
import { type Day, formatDay } from '../base/time.ts'
import type { StoredSighting } from '../model/facts.ts'

/** When something of an app was first seen of a client, and whether that minute is the subject's. */
interface FirstSeen {
  minute: number
  owned: boolean
  /** The subject has any minute of it. */
  shared: boolean
}

/**
 * Gives the findings of one subject's day their ids. An id is made of the client as it was seen, which leases and
 * tunnels never change: a finding has the id of the client in whose first minute with the app it was this subject. So a
 * finding on an address keeps its id when a log tells whose the address was, and of several who had the address one
 * after the other it is the first's; the others' are made of themselves. It follows from the facts alone.
 */
export class FindingIds {
  readonly #subject: string
  readonly #day: string
  readonly #byApp = new Map<string, Map<string, FirstSeen>>()

  constructor(subject: string, day: Day) {
    this.#subject = subject
    this.#day = formatDay(day)
  }

  /** Takes in a sighting, whoever's it is; bits of `own` are its minutes that are the subject's. */
  see({ app, user, client, quarter, mask }: StoredSighting, own: number): void {
    let clients = this.#byApp.get(app)
    if (clients === undefined) {
      clients = new Map()
      this.#byApp.set(app, clients)
    }
    const seenAs = user || client
    const lowest = mask & -mask
    const minute = quarter * 15 + 31 - Math.clz32(lowest)
    const owned = (own & lowest) !== 0
    const known = clients.get(seenAs)
    if (known === undefined) clients.set(seenAs, { minute, owned, shared: own !== 0 })
    else {
      if (minute < known.minute) {
        known.minute = minute
        known.owned = owned
      }
      known.shared ||= own !== 0
    }
  }

  /**
   * The id of the finding on an app, and the others that what it is about may have stood under before logs told more:
   * those of every client that it was seen as, and of the subject.
   */
  of(app: string): { readonly id: string; readonly others: readonly string[] } {
    const clients = this.#byApp.get(app) ?? new Map<string, FirstSeen>()
    const self = this.#subject
    let first: string | undefined
    for (const [client, seen] of clients) {
      if (seen.owned && (first === undefined || isBefore(client, seen, first, clients.get(first)!, self)))
        first = client
    }
    const names = new Set([self])
    for (const [client, { shared }] of clients) {
      if (shared && client !== self) names.add(client).add(later(client))
    }
    const name = first ?? (clients.has(self) ? later(self) : self)
    names.delete(name)
    return { id: this.#id(name, app), others: [...names].map((other) => this.#id(other, app)).sort() }
  }

  #id(name: string, app: string): string {
    return `f-${hash('sha256', `${name}\n${app}\n${this.#day}`).slice(0, 16)}`
  }
}

/** What is left of an address whose first minute was somebody's. */
function later(client: string): string {
  return `${client} later`
}

function isBefore(one: string, seen: FirstSeen, other: string, than: FirstSeen, self: string): boolean {
  if (seen.minute !== than.minute) return seen.minute < than.minute
  return other !== self && (one === self || one < other)
}
