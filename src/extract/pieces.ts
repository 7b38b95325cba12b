import type { BufferPool } from './buffer-pool.ts'

/** Parts that may stand apart from each other unless the user has fewer: so a part costs little to put in its place. */
const PART_LIMIT = 256

const NOTHING = new Uint8Array(0)

/** What `put` says: bytes were added; all of them were there already; they do not fit into the limits. */
export type PutResult = 'added' | 'known' | 'full'

/** A message that comes in pieces, in any order and more than once. Of bytes that come twice the first count. */
export class Pieces {
  readonly #pool: BufferPool
  readonly #limit: number
  readonly #partLimit: number
  /** What has come, each byte in its place, and anything in between. */
  buffer: Uint8Array = NOTHING
  /** Pairs of start and end of what has come, apart from each other and in order. */
  readonly #spans: number[] = []

  /**
   * @param limit bytes of the message at most.
   * @param partLimit parts that may stand apart from each other.
   */
  constructor(pool: BufferPool, limit: number, partLimit = PART_LIMIT) {
    this.#pool = pool
    this.#limit = limit
    this.#partLimit = partLimit
  }

  /** So many bytes from the beginning have come without a gap. */
  get length(): number {
    return this.#spans[0] === 0 ? this.#spans[1]! : 0
  }

  /** Nothing has come, or all of it is consumed. */
  get isEmpty(): boolean {
    return this.#spans.length === 0
  }

  /** Puts `bytes[from…to)` where the message has its byte `at`, a whole number of any size. */
  put(bytes: Uint8Array, from: number, to: number, at: number): PutResult {
    const end = at + to - from
    if (end > this.#limit) return 'full'
    const spans = this.#spans
    let first = 0
    while (first < spans.length && spans[first + 1]! < at) first += 2
    if (end === at || (first < spans.length && spans[first]! <= at && spans[first + 1]! >= end)) return 'known'
    // What touches another part makes none of its own: it may still close the gaps of a message at its limit.
    const apart = first === spans.length || spans[first]! > end
    if ((apart && spans.length >= 2 * this.#partLimit) || !this.#reserve(end)) return 'full'
    const low = first < spans.length && spans[first]! < at ? spans[first]! : at
    let next = first
    let place = at
    while (next < spans.length && spans[next]! <= end) {
      if (spans[next]! > place) this.#copy(bytes, from + place - at, place, spans[next]!)
      place = Math.max(place, spans[next + 1]!)
      next += 2
    }
    if (place < end) this.#copy(bytes, from + place - at, place, end)
    spans.splice(first, next - first, low, Math.max(place, end))
    return 'added'
  }

  /** Forgets the first `count` bytes, which have come without a gap: what follows them is then the beginning. */
  consume(count: number): void {
    const spans = this.#spans
    this.buffer.copyWithin(0, count, spans.at(-1))
    for (let i = 1; i < spans.length; i++) spans[i]! -= count
    if (spans[1] === 0) spans.splice(0, 2)
    if (this.isEmpty) this.clear()
  }

  /** Forgets everything. */
  clear(): void {
    this.#spans.length = 0
    if (this.buffer.length > 0) this.#pool.give(this.buffer)
    this.buffer = NOTHING
  }

  #copy(bytes: Uint8Array, from: number, place: number, end: number): void {
    for (let i = place; i < end; i++) this.buffer[i] = bytes[from + i - place]!
  }

  #reserve(size: number): boolean {
    if (this.buffer.length >= size) return true
    const larger = this.#pool.take(size)
    if (larger === undefined) return false
    larger.set(this.buffer)
    if (this.buffer.length > 0) this.#pool.give(this.buffer)
    this.buffer = larger
    return true
  }
}
