import type { LogEnd } from '../model/reading.ts'
import type { CitedFrames } from './cited-frames.ts'

/** Bytes between two places of lines that are kept in mind: it takes as long to go to one as to read past so many. */
const SPACING = 4096

/** Places kept in mind of one log: where there are more, every second is forgotten. */
const PLACES_LIMIT = 65_536

/** Of all inputs of a run, in places of lines: what comes then is looked for when it is needed. */
const ROOM = 8 * PLACES_LIMIT

/** Where lines of a log stand that facts were made of: how many stand before, and the byte at which they begin. */
export class LinePlaces {
  #places: LogEnd[] = []
  #last = Number.NEGATIVE_INFINITY
  #spacing = SPACING

  /** Those of a part come in their order; parts in any. */
  add(place: LogEnd): void {
    if (Math.abs(place.at - this.#last) < this.#spacing) return
    this.#last = place.at
    if (this.#places.push(place) < PLACES_LIMIT) return
    this.#spacing *= 2
    this.#places = this.all.filter((_, n) => n % 2 === 0)
  }

  /** In their order. */
  get all(): LogEnd[] {
    return this.#places.sort((a, b) => a.at - b.at)
  }
}

/**
 * Where the inputs of a run have what facts cite, so that evidence is cut without reading them again. What is not known
 * here any more is looked for in the input. Names of inputs are those of their readings.
 */
export class Landmarks {
  readonly #frames = new Map<string, CitedFrames>()
  readonly #lines = new Map<string, readonly LogEnd[]>()
  #room = ROOM

  framesOf(input: string): CitedFrames | undefined {
    return this.#frames.get(input)
  }

  linesOf(input: string): readonly LogEnd[] {
    return this.#lines.get(input) ?? []
  }

  /** Those of a capture that was read. */
  setFrames(input: string, frames: CitedFrames): void {
    this.#frames.delete(input)
    if (this.#takes(frames.size)) this.#frames.set(input, frames)
  }

  /** Those of a log that was read, in place of those known, or, where it was read on, beside them. */
  setLines(input: string, lines: readonly LogEnd[], isMore: boolean): void {
    const known = isMore ? this.linesOf(input) : []
    this.#lines.set(input, this.#takes(lines.length) ? [...known, ...lines] : known)
  }

  #takes(size: number): boolean {
    if (size > this.#room) return false
    this.#room -= size
    return true
  }
}
