import { uint32 } from '../../../base/bytes.ts'
import type { Chunks } from '../../../base/chunks.ts'
import type { Oddities } from '../../../base/oddities.ts'
import type { Damage } from '../../../model/reader.ts'
import { breakOf, RECORD_LIMIT, type Records } from './records.ts'

/** A control frame is bounded so that a length that is none is seen (fstrm's own limit). */
const CONTROL_LIMIT = 512

/**
 * The data frames of Frame Streams, by their length in four bytes; control frames (length zero, then their own) are passed
 * over, so that streams of one direction and of both are read alike, and several in one file
 * (https://farsightsec.github.io/fstrm/). A frame that cannot be is damage: nothing tells where the next one begins.
 */
export class FrameStreams implements Records {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  number = 0
  damage: Damage | undefined = undefined
  unterminated = false
  readonly #chunks: Chunks
  readonly #oddities: Oddities

  constructor(chunks: Chunks, oddities: Oddities) {
    this.bytes = chunks.bytes
    this.#chunks = chunks
    this.#oddities = oddities
  }

  next(): boolean {
    const chunks = this.#chunks
    while (this.damage === undefined && chunks.end - chunks.start >= 4) {
      const length = uint32(this.bytes, chunks.start)
      if (length === 0) {
        if (chunks.end - chunks.start < 8) return false
        const control = uint32(this.bytes, chunks.start + 4)
        if (control > CONTROL_LIMIT) return this.#break('bad_control_frame')
        if (chunks.end - chunks.start < 8 + control) return false
        chunks.start += 8 + control
        continue
      }
      if (length > RECORD_LIMIT) return this.#break('bad_frame_length')
      if (chunks.end - chunks.start < 4 + length) return false
      this.start = chunks.start + 4
      this.end = this.start + length
      chunks.start = this.end
      this.number++
      return true
    }
    return false
  }

  async more(): Promise<boolean> {
    const chunks = this.#chunks
    if (this.damage !== undefined) return false
    if (await chunks.more()) return true
    this.damage = breakOf(chunks)
    if (this.damage === undefined && chunks.end > chunks.start) {
      this.unterminated = true
      this.#oddities.count('frame_cut')
      chunks.start = chunks.end
    }
    return false
  }

  #break(reason: string): boolean {
    this.damage = { reason, offset: this.#chunks.position }
    return false
  }
}
