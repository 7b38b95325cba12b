/** A named stream of bytes, already unpacked, read once from its beginning to its end. */
export interface ByteStream {
  /**
   * Puts up to `length` bytes into `into` from index `at`; gives how many, 0 at the end. A plain file answers at once,
   * a pipe with a promise. After a rejected promise (an unreadable disk, a cut gzip stream) no further read is made.
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>
  close(): void
}

/** PERFORMANCE: one buffer that stays in the second-level cache beats larger ones. */
export const WINDOW_SIZE = 1 << 20

/**
 * The one buffer through which a stream is read. `bytes[start…end)` is what was read and not yet consumed; whoever
 * reads moves `start` on. Everything in the window is overwritten by the next `more()`: what must outlive it is copied.
 */
export class Chunks {
  readonly bytes: Uint8Array
  start = 0
  end = 0
  /** The stream has ended; what is in the window is all that is left. */
  ended = false
  /** Why the stream broke off before its end: `ended` is then true as well. */
  failure: unknown = undefined
  /** Where in the stream `bytes[0]` stands. */
  #base = 0
  readonly #stream: ByteStream

  constructor(stream: ByteStream, size: number = WINDOW_SIZE) {
    this.#stream = stream
    this.bytes = Buffer.allocUnsafeSlow(size)
  }

  /** Where in the stream the next unread byte stands. */
  get position(): number {
    return this.#base + this.start
  }

  /**
   * Moves the unread rest to the front of the window and reads on behind it. False at the end of the stream, where it
   * broke off, or where the window is full already: a reader keeps its records below the size of the window.
   */
  async more(): Promise<boolean> {
    if (this.ended) return false
    if (this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.end)
      this.#base += this.start
      this.end -= this.start
      this.start = 0
    }
    const room = this.bytes.length - this.end
    if (room === 0) return false
    try {
      const answer = this.#stream.read(this.bytes, this.end, room)
      const count = typeof answer === 'number' ? answer : await answer
      this.end += count
      if (count > 0) return true
    } catch (thrown) {
      this.failure = thrown
    }
    this.ended = true
    return false
  }

  /** Forgets what is in the window: the stream goes on from another position, to which its owner has set it. */
  restart(position: number): void {
    this.start = this.end = 0
    this.#base = position
    this.ended = false
  }

  /** Consumes everything to the end of the stream. */
  async drain(): Promise<void> {
    do this.start = this.end
    while (await this.more())
  }

  /** Consumes `count` bytes, in the window or beyond it. False where the stream ended before. */
  async skip(count: number): Promise<boolean> {
    let left = count
    while (left > this.end - this.start) {
      left -= this.end - this.start
      this.start = this.end
      if (!(await this.more())) return false
    }
    this.start += left
    return true
  }
}

/** All that there is, as a stream that has ended. */
export function chunksOf(bytes: Uint8Array): Chunks {
  const chunks = new Chunks({ read: () => 0, close: () => {} }, Math.max(bytes.length, 1))
  chunks.bytes.set(bytes)
  chunks.end = bytes.length
  chunks.ended = true
  return chunks
}
