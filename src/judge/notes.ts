import { plural } from '../base/text.ts'
import type { StoredSighting } from '../model/facts.ts'
import { NAME_TYPES } from '../model/signature.ts'
import { contextReason, type Hit, isLookup } from './hits.ts'
import type { Grounded } from './verdicts.ts'

/** How many apps or inputs a note names. */
const NAMED = 3

/** All hits of a subject's day, for what they say of each other; what is asked of them is put in order once. */
export class DayNotes {
  readonly #byApp: ReadonlyMap<string, readonly Hit[]>
  #ofSeveral: ReadonlyMap<string, readonly Hit[]> | undefined
  #shared: readonly Hit[] | undefined

  constructor(byApp: ReadonlyMap<string, readonly Hit[]>) {
    this.#byApp = byApp
  }

  /**
   * The verdicts on one app with what speaks against them or stands beside them, in sentences: what their evidence says
   * twice in different ways, and what was seen that any app of the vendor may have caused.
   */
  add(grounded: readonly Grounded[], app: string): readonly Grounded[] {
    const own = this.#byApp.get(app)!
    const shared = this.#sharedTraffic(app, own)
    return grounded.map(({ verdict, passages }) => {
      const hits = passages.map(({ hit }) => hit)
      const notes = [...this.#otherApps(app, hits), ...otherOutcomes(hits, own), ...shared]
      return { verdict: notes.length > 0 ? { ...verdict, notes } : verdict, passages }
    })
  }

  /** One flow or look-up that counts for several apps. */
  #otherApps(app: string, hits: readonly Hit[]): readonly string[] {
    if (this.#byApp.size === 1) return []
    this.#ofSeveral ??= ofSeveralApps([...this.#byApp.values()].flat())
    if (this.#ofSeveral.size === 0) return []
    const names = new Set<string>()
    for (const { sighting } of hits) {
      for (const other of this.#ofSeveral.get(sameOrigin(sighting)) ?? []) {
        if (other.sighting.app !== app) names.add(other.match.signature.name)
      }
    }
    if (names.size === 0) return []
    return [`The same traffic counts for ${list(names)} as well: which of them it was cannot be told by it.`]
  }

  /**
   * Networks that a vendor's apps share, and what all of them speak, in minutes in which no flow of the app itself is
   * known.
   */
  #sharedTraffic(app: string, own: readonly Hit[]): readonly string[] {
    this.#shared ??= [...this.#byApp.values()].flat().filter(isShared)
    const { vendor } = own[0]!.match.signature
    const shared = this.#shared.filter(
      ({ match, sighting }) => match.signature.vendor === vendor && sighting.app !== app,
    )
    if (shared.length === 0) return []
    const left = minutesOf(shared)
    for (const [quarter, mask] of minutesOf(own.filter((hit) => !isLookup(hit)))) {
      left.set(quarter, (left.get(quarter) ?? 0) & ~mask)
    }
    const count = countMinutes(left)
    if (count === 0) return []
    return [
      `In ${plural(count, 'other minute')} of that day traffic was seen that any app of ${vendor} may have caused: which of them it was cannot be told.`,
    ]
  }
}

function isShared({ match: { indicator } }: Hit): boolean {
  return indicator.role === 'shared' && !NAME_TYPES.includes(indicator.type)
}

/** Hits that count, by their origin, where another app has one at the same instant: most instants have one app's alone. */
function ofSeveralApps(hits: readonly Hit[]): ReadonlyMap<string, readonly Hit[]> {
  const counting = hits.filter((hit) => contextReason(hit) === undefined)
  const instants = [...Map.groupBy(counting, ({ sighting }) => sighting.first).values()]
  const shared = instants.filter(([first, ...others]) =>
    others.some(({ sighting }) => sighting.app !== first!.sighting.app),
  )
  return Map.groupBy(shared.flat(), ({ sighting }) => sameOrigin(sighting))
}

/** Of one first frame or line by one means there is one observation. */
function sameOrigin({ reading, client, user, quarter, means, firstAt, first }: StoredSighting): string {
  return [reading.id, client, user, quarter, means, firstAt, first].join(' ')
}

/** What one input says was blocked and another that it went through, in the same minutes. */
function otherOutcomes(hits: readonly Hit[], app: readonly Hit[]): readonly string[] {
  if (app.every(({ sighting }) => sighting.action !== 'blocked')) return []
  const inputs = { blocked: new Set<string>(), passed: new Set<string>() }
  const minutes = new Map<number, number>()
  const others = Map.groupBy(app, ({ sighting }) => momentOf(sighting))
  for (const { sighting } of hits) {
    for (const { sighting: other } of others.get(momentOf(sighting)) ?? []) {
      const shared = sighting.mask & other.mask
      if (shared === 0 || other.reading.id === sighting.reading.id || !disagree(sighting, other)) continue
      const [blocked, passed] = sighting.action === 'blocked' ? [sighting, other] : [other, sighting]
      inputs.blocked.add(blocked.reading.input)
      inputs.passed.add(passed.reading.input)
      minutes.set(sighting.quarter, (minutes.get(sighting.quarter) ?? 0) | shared)
    }
  }
  if (minutes.size === 0) return []
  return [
    `In ${plural(countMinutes(minutes), 'minute')} it was blocked according to ${list(inputs.blocked)}, and went through according to ${list(inputs.passed)}.`,
  ]
}

function momentOf({ quarter, indicator }: StoredSighting): string {
  return `${quarter} ${indicator}`
}

function disagree(a: StoredSighting, b: StoredSighting): boolean {
  return (a.action === 'blocked' && wentThrough(b)) || (b.action === 'blocked' && wentThrough(a))
}

/** A log says so; a capture shows that both sides sent. */
function wentThrough({ action, bytesUp, bytesDown }: StoredSighting): boolean {
  return action === 'allowed' || (action === '' && bytesUp > 0 && bytesDown > 0)
}

function minutesOf(hits: readonly Hit[]): Map<number, number> {
  const masks = new Map<number, number>()
  for (const { sighting } of hits) masks.set(sighting.quarter, (masks.get(sighting.quarter) ?? 0) | sighting.mask)
  return masks
}

/** `a, b, c and 2 more`, in alphabetical order. */
function list(names: ReadonlySet<string>): string {
  const sorted = [...names].sort()
  const more = sorted.length - NAMED
  return more > 0 ? `${sorted.slice(0, NAMED).join(', ')} and ${more} more` : sorted.join(' and ')
}

function countMinutes(masks: ReadonlyMap<number, number>): number {
  let count = 0
  for (const mask of masks.values()) for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
