const SMALLEST = 2048

/** Buffers that are kept for the next stream, of each size. */
const KEPT = 64

/**
 * Buffers in sizes of powers of two that are used again: a buffer for every stream that is seen in part would be
 * garbage in the measure of the input.
 */
export class BufferPool {
  readonly #limit: number
  #used = 0
  readonly #free = new Map<number, Uint8Array[]>()

  /** @param limit bytes that may be in use together. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** A buffer of `size` bytes or more, with whatever was in it; undefined where the limit is reached. */
  take(size: number): Uint8Array | undefined {
    let capacity = SMALLEST
    while (capacity < size) capacity *= 2
    if (this.#used + capacity > this.#limit) return undefined
    this.#used += capacity
    return this.#free.get(capacity)?.pop() ?? new Uint8Array(capacity)
  }

  /** Takes back what `take` gave. */
  give(buffer: Uint8Array): void {
    this.#used -= buffer.length
    const free = this.#free.get(buffer.length)
    if (free === undefined) this.#free.set(buffer.length, [buffer])
    else if (free.length < KEPT) free.push(buffer)
  }
}
