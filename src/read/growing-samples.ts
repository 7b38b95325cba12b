import { hash } from 'node:crypto'
import { BLOCK, type ReadAt, Sampled, samplesOf } from './fingerprint.ts'

/** Of smaller files every block is looked at each time. */
const LEAST_SIZE = 128 * 1024 * 1024

/** Files that are kept in mind: those that were asked for last. */
const FILES = 64

/** Blocks that are compared each time beside the first: the last, and the next of all in turn. */
const LAST = 16
const IN_TURN = 32

/**
 * Samples of files that are asked for again and again while they grow. Of a large one what was sampled before is kept, and
 * most of it not read again: its beginning and the end of what was there are compared each time, so that one that was cut
 * and written anew is told at once, and the blocks between in turn, so that no change in its middle stays unseen for ever.
 */
export class GrowingSamples {
  readonly #files = new Map<string, Compared>()

  /** As `samplesOf`. @param file what it is known by, whatever its name: device and number. */
  of(file: string, readAt: ReadAt, lengths: readonly number[]): string[] {
    if ((lengths.at(-1) ?? 0) < LEAST_SIZE) return samplesOf(readAt, lengths)
    const known = this.#files.get(file)
    this.#files.delete(file)
    const sampled = known !== undefined && lengths[0]! >= known.end && known.isStill(readAt) ? known : new Compared()
    const samples = samplesOf(readAt, lengths, sampled)
    this.#files.set(file, sampled)
    if (this.#files.size > FILES) this.#files.delete(this.#files.keys().next().value!)
    return samples
  }
}

/** What was sampled of a file, with a hash of each block's own: 48 bits of SHA-256. */
class Compared extends Sampled {
  readonly #hashes: number[] = []
  readonly #buffer = Buffer.allocUnsafe(BLOCK)
  #turn = 0

  override add(bytes: Uint8Array): void {
    super.add(bytes)
    this.#hashes.push(hashOf(bytes))
  }

  /** Whether the file still holds what was sampled, so far as it is compared this time. */
  isStill(readAt: ReadAt): boolean {
    if (!this.#isSame(readAt, 0)) return false
    for (let block = Math.max(1, this.blocks - LAST); block < this.blocks; block++) {
      if (!this.#isSame(readAt, block)) return false
    }
    for (let n = 0; n < IN_TURN; n++) {
      this.#turn = (this.#turn + 1) % this.blocks
      if (!this.#isSame(readAt, this.#turn)) return false
    }
    return true
  }

  #isSame(readAt: ReadAt, block: number): boolean {
    const size = Sampled.sizeOf(block)
    const count = readAt(this.#buffer, 0, size, block * BLOCK)
    return count === size && hashOf(this.#buffer.subarray(0, size)) === this.#hashes[block]
  }
}

function hashOf(bytes: Uint8Array): number {
  return hash('sha256', bytes, 'buffer').readUIntBE(0, 6)
}
