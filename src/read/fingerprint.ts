import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { ByteStream } from '../base/chunks.ts'

/** The sample is the first block whole, and the beginning of every further block. */
export const BLOCK = 256 * 1024
const BEGINNING = 4 * 1024

/** Length and sample of a content: cheap, since one byte in sixty-four is hashed. */
export interface Fingerprint {
  readonly length: number
  /** SHA-256, hexadecimal. */
  readonly sample: string
}

/** Takes the fingerprint of a stream while it is read. */
export class FingerprintedStream implements ByteStream {
  readonly #stream: ByteStream
  readonly #sample: Hash = createHash('sha256')
  /** SHA-256 of every byte as well: for a stream that cannot be read a second time. */
  readonly #whole: Hash | undefined
  readonly #lengths: readonly number[]
  #length = 0
  /** Samples of the first bytes, by their number, of those that were asked for. */
  readonly samples = new Map<number, string>()

  /** @param lengths of the samples to be taken on the way: they ascend. */
  constructor(stream: ByteStream, whole: boolean, lengths: readonly number[] = []) {
    this.#stream = stream
    this.#whole = whole ? createHash('sha256') : undefined
    this.#lengths = lengths
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    const answer = this.#stream.read(into, at, length)
    if (typeof answer === 'number') return this.#take(into, at, answer)
    return answer.then((count) => this.#take(into, at, count))
  }

  close(): void {
    this.#stream.close()
  }

  /** Of all that was read; nothing is read after it. */
  finish(): Fingerprint & { readonly sha256: string | undefined } {
    return { length: this.#length, sample: this.#sample.digest('hex'), sha256: this.#whole?.digest('hex') }
  }

  #take(bytes: Uint8Array, at: number, count: number): number {
    this.#whole?.update(bytes.subarray(at, at + count))
    const end = this.#length + count
    for (let position = this.#length; position < end; ) {
      const block = Math.floor(position / BLOCK) * BLOCK
      const sampled = block === 0 ? BLOCK : block + BEGINNING
      const stop = Math.min(block + BLOCK, end, this.#lengths[this.samples.size] ?? end)
      if (position < sampled) {
        const from = at + position - this.#length
        this.#sample.update(bytes.subarray(from, from + Math.min(sampled, stop) - position))
      }
      position = stop
      if (position === this.#lengths[this.samples.size]) this.samples.set(position, this.#sample.copy().digest('hex'))
    }
    this.#length = end
    return count
  }
}

/** Reads from a place of a file, up to so many bytes; gives how many. */
export type ReadAt = (into: Uint8Array, at: number, length: number, position: number) => number

/** The blocks of a file that were sampled whole, from its first on. */
export class Sampled {
  readonly hash: Hash = createHash('sha256')
  blocks = 0

  /** Bytes of a block that belong to the sample. */
  static sizeOf(block: number): number {
    return block === 0 ? BLOCK : BEGINNING
  }

  /** Behind the last byte that was sampled. */
  get end(): number {
    return this.blocks === 0 ? 0 : (this.blocks - 1) * BLOCK + Sampled.sizeOf(this.blocks - 1)
  }

  /** Takes what is sampled of the next block. */
  add(bytes: Uint8Array): void {
    this.hash.update(bytes)
    this.blocks++
  }
}

/**
 * The samples of the first so many bytes of a file, for each of the lengths, which ascend: one look at the file.
 *
 * @param behind what was sampled of it before, and has not changed; no length is before its end. It is moved on.
 */
export function samplesOf(readAt: ReadAt, lengths: readonly number[], behind: Sampled = new Sampled()): string[] {
  const buffer = Buffer.allocUnsafe(BLOCK)
  const samples: string[] = []
  const longest = lengths.at(-1) ?? 0
  for (let block = behind.blocks; samples.length < lengths.length; block++) {
    const start = block * BLOCK
    const size = Sampled.sizeOf(block)
    const wanted = Math.max(0, Math.min(size, longest - start))
    const count = wanted === 0 ? 0 : readAt(buffer, 0, wanted, start)
    while (samples.length < lengths.length && lengths[samples.length]! <= start + BLOCK) {
      const rest = Math.max(0, Math.min(count, lengths[samples.length]! - start))
      samples.push(behind.hash.copy().update(buffer.subarray(0, rest)).digest('hex'))
    }
    if (count === size && behind.blocks === block) behind.add(buffer.subarray(0, size))
  }
  return samples
}

/** The fingerprint of a file that is not packed, of its first `length` bytes, read at the sampled places only. */
export function fingerprintFile(file: string, length: number): Fingerprint {
  const descriptor = openSync(file, 'r')
  try {
    return fingerprintAt((into, at, count, position) => readSync(descriptor, into, at, count, position), length)
  } finally {
    closeSync(descriptor)
  }
}

/** The same of a file that is open. */
export function fingerprintAt(readAt: ReadAt, length: number): Fingerprint {
  return { length, sample: samplesOf(readAt, [length])[0]! }
}

/** SHA-256 over the first so many bytes, hexadecimal. */
export function headOf(bytes: Uint8Array, size: number): string {
  return createHash('sha256').update(bytes.subarray(0, size)).digest('hex')
}
