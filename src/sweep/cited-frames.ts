import { formatAddress } from '../base/address.ts'
import type { Micros } from '../base/time.ts'
import type { Batch } from '../model/batch.ts'
import type { Observation } from '../model/observation.ts'
import type { CaptureFormat, CapturePlace } from '../model/reader.ts'

/** Frames from one place that is kept in mind to the next. */
const FRAMES_APART = 64

/** Places that are kept in mind: where there are more, every second is forgotten. */
const PLACES_LIMIT = 65_536

/** Frames that facts may cite before those that they do not are forgotten; as many are kept in all. */
const FRAMES_LIMIT = 65_536

/** What is remembered of one frame: honest ones name few. */
const OBSERVED_LIMIT = 16

/** A cited frame weighs as much as so many places. */
const WEIGHT = 4

/** What evidence must know of an observation beside its frame. */
export interface Observed
  extends Pick<Observation, 'hasClient' | 'hasServer' | 'clientPort' | 'serverPort' | 'transport' | 'firstPosition'> {
  readonly addresses: Observation['addresses']
}

/** A DNS answer that matched, by the frame in which it was complete. */
export interface ObservedAnswer {
  readonly frame: number
  readonly of: Observed
  /** Addresses that it told. */
  readonly told: readonly string[]
}

/**
 * Keeps in mind, while a capture is read, what was observed at the frames that its facts cite, and places of the file
 * from which these can be read again. Its memory has a limit: a frame that is not known must be looked for.
 */
export class CitedFrames {
  /** In their order. */
  places: CapturePlace[] = []
  #apart = FRAMES_APART
  /** Since facts were put into the store; and those of them that are cited by what was. */
  #met = new Map<number, Observed[]>()
  readonly #kept = new Map<number, Observed[]>()
  #answers = new Map<Micros, ObservedAnswer[]>()
  readonly #keptAnswers = new Map<Micros, ObservedAnswer[]>()
  /** The frame of the last observation, and what was observed at it that matched nothing: it can be cited for other. */
  #frame = 0
  #others: Observed[] = []

  /** Whether it is time to put facts into the store. */
  get isFull(): boolean {
    return this.#met.size >= FRAMES_LIMIT
  }

  /** What it takes to keep this in mind, in places. */
  get size(): number {
    return this.places.length + WEIGHT * this.#kept.size
  }

  /** What was observed at a frame that facts in the store cite. */
  at(frame: number): readonly Observed[] | undefined {
    return this.#kept.get(frame)
  }

  /** Those of this time that facts in the store rest on. */
  answersAt(time: Micros): readonly ObservedAnswer[] {
    return this.#keptAnswers.get(time) ?? []
  }

  /** The same format, whose readers tell the places that they come to. */
  placing(format: CaptureFormat): CaptureFormat {
    return {
      ...format,
      open: (window, oddities) => {
        const reader = format.open(window, oddities)
        let left = 0
        return {
          next: (packet) => {
            if (left-- <= 0 && this.#add(reader.place())) left = this.#apart - 1
            return reader.next(packet)
          },
          more: () => reader.more(),
          place: () => reader.place(),
          get damage() {
            return reader.damage
          },
        }
      },
    }
  }

  /** @param matched whether facts are made of it. */
  observe(observation: Observation, matched: boolean): void {
    // Of the frame in which the flow was observed all is known, or it was forgotten.
    if (observation.continued) return
    const { position: frame } = observation
    if (frame > this.#frame) {
      this.#frame = frame
      this.#others = NONE
    }
    const known = this.#met.get(frame)
    if (!matched && known === undefined) {
      if (frame === this.#frame && this.#others.length < OBSERVED_LIMIT) {
        this.#others = [...this.#others, observedOf(observation)]
      }
      return
    }
    const observed = observedOf(observation)
    if (known === undefined) this.#met.set(frame, [...(frame === this.#frame ? this.#others : NONE), observed])
    else if (known.length < OBSERVED_LIMIT) known.push(observed)
    if (matched && observation.means === 'dns-answer') this.#answer(observation, observed)
  }

  /** Facts go into the store: of what was met before only what they cite is kept in mind. */
  keep({ sightings, answers }: Batch): void {
    const keep = (frame: number) => {
      const observed = this.#met.get(frame)
      if (observed !== undefined && this.#kept.size < FRAMES_LIMIT) this.#kept.set(frame, observed)
    }
    for (const { firstAt, lastAt } of sightings) {
      keep(firstAt)
      keep(lastAt)
    }
    for (const { start } of answers) {
      const told = this.#answers.get(start)
      if (told === undefined || this.#keptAnswers.size >= FRAMES_LIMIT) continue
      this.#keptAnswers.set(start, told)
      for (const { frame } of told) keep(frame)
    }
    this.#met = new Map()
    this.#answers = new Map()
  }

  #add(place: CapturePlace | undefined): boolean {
    if (place === undefined) return false
    if (this.places.push(place) < PLACES_LIMIT) return true
    this.#apart *= 2
    this.places = this.places.filter((_, n) => n % 2 === 0)
    return true
  }

  #answer({ time, position, answerAddresses, answerCount }: Observation, of: Observed): void {
    const told = Array.from({ length: answerCount }, (_, n) => formatAddress(answerAddresses, 4 * n))
    const known = this.#answers.get(time) ?? []
    if (known.length >= OBSERVED_LIMIT) return
    this.#answers.set(time, [...known, { frame: position, of, told }])
  }
}

const NONE: Observed[] = []

function observedOf(observation: Observation): Observed {
  const { addresses, hasClient, hasServer, clientPort, serverPort, transport, firstPosition } = observation
  return { addresses: addresses.slice(), hasClient, hasServer, clientPort, serverPort, transport, firstPosition }
}
