import { formatAddress } from '../base/address.ts'
import { MICROS_PER_DAY, MICROS_PER_QUARTER, minuteInQuarter, type Quarter, quarterOf } from '../base/time.ts'
import type { Answer, Batch, Coverage, Mark, SessionMark } from '../model/batch.ts'
import type { Means, Observation } from '../model/observation.ts'
import type { Client, Sighting } from '../model/sighting.ts'
import { indicatorKey, type Match, NAME_TYPES } from '../model/signature.ts'

/** An observation that claims to last longer is taken at its first and its last minute only. */
const DURATION_LIMIT = 7 * MICROS_PER_DAY

const WHOLE_QUARTER = 0x7fff

/** Who and where, as the pipeline found them for an observation. */
export interface Party {
  readonly client: Client
  readonly user: Client | undefined
  readonly network: string
}

/** The same party under the pseudonyms of the next period, which begins with this quarter-hour. */
export interface NextParty {
  readonly from: Quarter
  readonly party: Party
}

/**
 * Aggregates matched observations into facts. It grows with the number of different facts, not with the input; whoever
 * feeds it calls `take` when `size` says that it is time to flush.
 */
export class Facts {
  #sightings = new Map<string, Sighting>()
  #marks = new Map<string, Mark>()
  #sessions = new Map<string, SessionMark>()
  #answers = new Map<string, Answer>()
  #coverage = new Map<string, number>()

  /** Facts held. */
  get size(): number {
    return this.#sightings.size + this.#marks.size + this.#sessions.size + this.#answers.size
  }

  /**
   * A matched observation becomes a sighting in each quarter-hour that it touches; the count stands in the first.
   *
   * @param next whose pseudonyms count from a quarter-hour on, where those of the party end before the observation does.
   */
  sighting(observation: Observation, match: Match, party: Party, next?: NextParty): void {
    const { time, end, continued } = observation
    const first = quarterOf(time)
    if (end <= time) {
      this.#add(observation, match, party, first, 1 << minuteInQuarter(time), !continued)
      return
    }
    const last = quarterOf(end)
    if (end - time > DURATION_LIMIT) {
      this.coverage('duration_too_long', 1)
      this.#add(observation, match, party, first, 1 << minuteInQuarter(time), !continued)
      const isNext = next !== undefined && last >= next.from
      this.#add(observation, match, isNext ? next.party : party, last, 1 << minuteInQuarter(end), false, isNext)
      return
    }
    for (let quarter = first; quarter <= last; quarter++) {
      let mask = WHOLE_QUARTER
      if (quarter === first) mask &= (WHOLE_QUARTER << minuteInQuarter(time)) & WHOLE_QUARTER
      if (quarter === last) mask &= WHOLE_QUARTER >> (14 - minuteInQuarter(end))
      const isNext = next !== undefined && quarter >= next.from
      const counted = quarter === first && !continued
      this.#add(observation, match, isNext ? next.party : party, quarter, mask, counted, isNext)
    }
  }

  #add(
    observation: Observation,
    match: Match,
    party: Party,
    quarter: Quarter,
    mask: number,
    counted: boolean,
    isNext = false,
  ): void {
    const { action } = observation
    // One record under both pseudonyms would join them.
    const position = isNext ? 0 : observation.position
    const means = meansOf(observation, match)
    const indicator = indicatorKey(match.signature.id, match.indicator)
    const start = Math.max(observation.time, quarter * MICROS_PER_QUARTER)
    const last = Math.min(Math.max(observation.end, observation.time), (quarter + 1) * MICROS_PER_QUARTER - 1)
    const first = quarter === quarterOf(observation.time)
    const up = first ? observation.bytesUp : -1
    const down = first ? observation.bytesDown : -1
    const key = `${quarter} ${means} ${action} ${party.client.tag} ${party.user?.tag ?? ''} ${party.network}\n${indicator}`
    const known = this.#sightings.get(key)
    if (known === undefined) {
      this.#sightings.set(key, {
        ...party,
        app: match.signature.id,
        indicator,
        means,
        action,
        quarter,
        mask,
        count: counted ? 1 : 0,
        bytesUp: up,
        bytesDown: down,
        first: start,
        last,
        firstAt: position,
        lastAt: position,
      })
      return
    }
    known.mask |= mask
    if (counted) known.count++
    if (up >= 0) known.bytesUp = Math.max(known.bytesUp, 0) + up
    if (down >= 0) known.bytesDown = Math.max(known.bytesDown, 0) + down
    if (start < known.first) {
      known.first = start
      known.firstAt = position
    }
    if (last >= known.last) {
      known.last = last
      known.lastAt = position
    }
  }

  /** What DNS answers for a matching name told this client, those of a quarter-hour together. */
  answers(observation: Observation, match: Match, client: Client): void {
    const until = observation.time + Math.max(observation.timeToLive, 0) * 1_000_000
    const indicator = indicatorKey(match.signature.id, match.indicator)
    for (let i = 0; i < observation.answerCount; i++) {
      const address = formatAddress(observation.answerAddresses, 4 * i)
      const key = `${quarterOf(observation.time)} ${client.tag} ${address} ${indicator}`
      const known = this.#answers.get(key)
      if (known === undefined) {
        const answer = { client, address, indicator, app: match.signature.id, start: observation.time, until }
        this.#answers.set(key, answer)
      } else {
        known.start = Math.min(known.start, observation.time)
        known.until = Math.max(known.until, until)
      }
    }
  }

  /** A packet between this client and a gateway of the government VPN. */
  mark(client: Client, gateway: string, time: number, frame: number): void {
    const quarter = quarterOf(time)
    const mask = 1 << minuteInQuarter(time)
    const key = `${quarter} ${client.tag} ${gateway}`
    const known = this.#marks.get(key)
    if (known === undefined) this.#marks.set(key, { client, gateway, quarter, mask, count: 1, firstAt: frame })
    else {
      known.mask |= mask
      known.count++
    }
  }

  /** What a log says of a tunnel or a lease; said again, it is one, on the first of the lines. */
  session(mark: SessionMark): void {
    const { kind, event, time, since, until, outer, inner, user, device, gateway, protocol } = mark
    const who = [outer, inner, user, device].map((client) => client?.tag ?? '').join(' ')
    const key = `${kind} ${event} ${time} ${since} ${until} ${who} ${protocol}\n${gateway}`
    const known = this.#sessions.get(key)
    if (known === undefined) this.#sessions.set(key, mark)
    else known.position = Math.min(known.position, mark.position)
  }

  /** Something that the input could or could not show. */
  coverage(reason: string, count: number): void {
    if (count > 0) this.#coverage.set(reason, (this.#coverage.get(reason) ?? 0) + count)
  }

  /**
   * The facts so far, which are then forgotten.
   * @param before how many lines of the input stand before those that positions count.
   */
  take(before = 0): Batch {
    if (before > 0) {
      for (const sighting of this.#sightings.values()) {
        if (sighting.firstAt > 0) sighting.firstAt += before
        if (sighting.lastAt > 0) sighting.lastAt += before
      }
      for (const mark of this.#marks.values()) mark.firstAt += before
      for (const session of this.#sessions.values()) session.position += before
    }
    const coverage: Coverage[] = [...this.#coverage].map(([reason, count]) => ({ reason, count }))
    const batch = {
      sightings: [...this.#sightings.values()],
      marks: [...this.#marks.values()],
      sessions: [...this.#sessions.values()],
      answers: [...this.#answers.values()],
      coverage,
    }
    this.#sightings = new Map()
    this.#marks = new Map()
    this.#sessions = new Map()
    this.#answers = new Map()
    this.#coverage = new Map()
    return batch
  }
}

/**
 * A flow whose protocol is told by its bytes and that names nothing has its name from DNS, as one of which the address
 * alone is known; what the bytes themselves name (the domain of an XMPP stream, RFC 6120 §4.7.2) keeps its means.
 */
function meansOf({ means, name }: Observation, { indicator }: Match): Means {
  return means === 'payload' && name === '' && NAME_TYPES.includes(indicator.type) ? 'address' : means
}
