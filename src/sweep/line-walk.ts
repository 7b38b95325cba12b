import { Chunks } from '../base/chunks.ts'
import { Oddities } from '../base/oddities.ts'
import type { LogEnd } from '../model/reading.ts'
import { Lines } from '../read/log/framing/lines.ts'
import type { OpenFile } from '../read/source.ts'
import { stepsOf } from './steps.ts'

/** A line in the window of its walk: it stands until the next is asked for. */
interface WalkedLine {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** In the file. */
  readonly offset: number
}

const BEGINNING: LogEnd = { at: 0, lines: 0 }

/** Goes over a log, line by line where it must, and from one known place to the next where it can. */
export class LineWalk {
  readonly #places: readonly LogEnd[]
  readonly #steps: ReturnType<typeof stepsOf>
  readonly #chunks: Chunks
  #next = 0
  #begun: LogEnd = BEGINNING
  #lines: Lines
  /** The number of the line that it has come to. */
  #number = 0

  /** @param places where some lines begin, in their order. */
  constructor(file: OpenFile, length: number, places: readonly LogEnd[]) {
    this.#places = places
    this.#steps = stepsOf(file, length)
    this.#chunks = new Chunks(this.#steps)
    this.#lines = new Lines(this.#chunks, new Oddities())
  }

  /** A line by its number, which is higher than that asked for before; undefined where it is too long to be read. */
  async line(number: number): Promise<WalkedLine | undefined | 'end'> {
    let place: LogEnd | undefined
    for (let next = this.#places[this.#next]; next !== undefined && next.lines < number; ) {
      place = next
      next = this.#places[++this.#next]
    }
    if (place !== undefined && place.lines > this.#number) await this.#goTo(place)
    while (this.#number < number) if (!(await this.#advance())) return 'end'
    if (this.#number > number) return undefined
    const { position, start, bytes } = this.#chunks
    const { start: from, end } = this.#lines
    return { bytes, start: from, end, offset: position - start + from }
  }

  async #advance(): Promise<boolean> {
    do {
      if (this.#lines.next()) {
        this.#number = this.#begun.lines + this.#lines.number
        return true
      }
    } while (await this.#lines.more())
    return false
  }

  async #goTo(place: LogEnd): Promise<void> {
    // The line's end before it comes first: what stands behind it is no beginning of a text.
    const before = Math.max(0, place.at - 1)
    this.#steps.goTo(before)
    this.#chunks.restart(before)
    await this.#chunks.skip(place.at - before)
    this.#lines = new Lines(this.#chunks, new Oddities())
    this.#begun = place
    this.#number = place.lines
  }
}
