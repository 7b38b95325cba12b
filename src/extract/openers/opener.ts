import type { Means } from '../../model/observation.ts'

/** What `find` says: a stream that it reads does not begin so; it can, but not all is there yet; all of it is there. */
export type OpenerState = 'none' | 'partial' | 'whole'

/** All bytes from `first` to `last`. */
export function bytesFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** Takes what openers read. */
export interface Named {
  /** A name that stands in `bytes[start…end)` as text; it may be a cover where Encrypted Client Hello was offered. */
  name(means: Means, bytes: Uint8Array, start: number, end: number, encryptedHello?: boolean): void
  /** Something odd, by its stable snake_case name. */
  count(oddity: string): void
}

/**
 * Knows what a stream can begin with, and reads what that names. One object is used for all streams of an input:
 * `read`, `next` and `awaits` speak of the bytes that `find` was last asked about.
 */
export interface Opener {
  /** The first byte of what it reads is one of these, and the second one of those: they turn most segments away. */
  readonly first: readonly number[]
  readonly second: readonly number[]
  /**
   * Looks for it at `start`.
   * @param looked so many bytes from `start` were there when it last said `partial` of this stream; 0 at first.
   */
  find(bytes: Uint8Array, start: number, end: number, looked: number): OpenerState
  /** After `find` said `whole`: one past what it takes. */
  readonly next: number
  /** After `find` said `whole`: something can open anew behind it that is worth waiting for. */
  readonly awaits: boolean
  /** Reads what was found, as far as it goes where it is not whole. */
  read(whole: boolean, into: Named): void
}
