import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { ByteStream } from '../base/chunks.ts'

/** The sample is the first block whole, and the beginning of every further block. */
const BLOCK = 256 * 1024
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
  #length = 0

  constructor(stream: ByteStream, whole: boolean) {
    this.#stream = stream
    this.#whole = whole ? createHash('sha256') : undefined
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
      const stop = block === 0 ? BLOCK : block + BEGINNING
      if (position < stop) {
        const from = at + position - this.#length
        this.#sample.update(bytes.subarray(from, from + Math.min(stop, end) - position))
      }
      position = Math.min(block + BLOCK, end)
    }
    this.#length = end
    return count
  }
}

/** The fingerprint of a file that is not packed, of its first `length` bytes, read at the sampled places only. */
export function fingerprintFile(file: string, length: number): Fingerprint {
  const descriptor = openSync(file, 'r')
  try {
    const sample = createHash('sha256')
    const buffer = Buffer.allocUnsafe(BLOCK)
    for (let block = 0; block < length; block += BLOCK) {
      const wanted = Math.min(block === 0 ? BLOCK : BEGINNING, length - block)
      const count = readSync(descriptor, buffer, 0, wanted, block)
      sample.update(buffer.subarray(0, count))
    }
    return { length, sample: sample.digest('hex') }
  } finally {
    closeSync(descriptor)
  }
}
