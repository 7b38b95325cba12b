import { Chunks } from '../base/chunks.ts'
import { Oddities } from '../base/oddities.ts'
import { Packet } from '../model/packet.ts'
import type { CaptureFormat, CapturePlace, CaptureReader } from '../model/reader.ts'
import type { OpenFile } from '../read/source.ts'
import { stepsOf } from './steps.ts'

/** Reads frames of a capture by their numbers, from the nearest place before them. */
export class CaptureWalk {
  readonly #format: CaptureFormat
  readonly #places: readonly CapturePlace[]
  readonly #steps: ReturnType<typeof stepsOf>
  readonly #chunks: Chunks
  readonly #packet = new Packet()
  #reader: CaptureReader | undefined
  #frame = 0

  /** @param places in their order, the first before the first frame. */
  constructor(file: OpenFile, length: number, format: CaptureFormat, places: readonly CapturePlace[]) {
    this.#format = format
    this.#places = places
    this.#steps = stepsOf(file, length)
    this.#chunks = new Chunks(this.#steps)
  }

  /**
   * Hands over every frame from one to another, both included, and where its bytes begin; it is as it was captured and
   * must be copied. False where the last was not to be had.
   */
  async frames(from: number, to: number, visit: (packet: Packet, offset: number) => void): Promise<boolean> {
    const chunks = this.#chunks
    const reader = this.#readerBefore(from)
    if (reader === undefined) return false
    const packet = this.#packet
    do {
      while (reader.next(packet)) {
        this.#frame = packet.frame
        if (packet.frame < from) continue
        if (packet.frame <= to) visit(packet, chunks.position - chunks.start + packet.offset)
        if (packet.frame >= to) return packet.frame === to
      }
    } while (await reader.more())
    this.#reader = undefined
    return false
  }

  #readerBefore(frame: number): CaptureReader | undefined {
    const place = lastBefore(this.#places, frame)
    const isBehind = this.#reader !== undefined && this.#frame < frame
    if (place === undefined || (isBehind && this.#frame >= place.frames)) return isBehind ? this.#reader : undefined
    this.#steps.goTo(place.at)
    this.#chunks.restart(place.at)
    this.#reader = this.#format.resume(this.#chunks, new Oddities(), place)
    this.#frame = place.frames
    return this.#reader
  }
}

function lastBefore(places: readonly CapturePlace[], frame: number): CapturePlace | undefined {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (places[middle]!.frames < frame) low = middle + 1
    else high = middle
  }
  return places[low - 1]
}
