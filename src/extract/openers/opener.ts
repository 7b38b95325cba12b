import type { Means, ProtocolName } from '../../model/observation.ts'
import type { Certificate } from '../certificate.ts'
import type { ClientHello } from '../tls.ts'

/** What `find` says: a stream that it reads does not begin so; it can, but not all is there yet; all of it is there. */
export type OpenerState = 'none' | 'partial' | 'whole'

/** All bytes from `first` to `last`. */
export function bytesFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** Takes what openers read. */
export interface Named {
  /** A name that stands in `bytes[start…end)` as text; with the hello where it stands in one, or what is spoken. */
  name(means: Means, bytes: Uint8Array, start: number, end: number, hello?: ClientHello, protocol?: ProtocolName): void
  /** A hello without a name: false where it says nothing else that is worth an observation. */
  nameless(hello: ClientHello): boolean
  /** What a server's certificate is for. */
  certificate(certificate: Certificate): void
  /** Something odd, by its stable snake_case name. */
  count(oddity: string): void
}

/**
 * Knows what a stream can begin with, and reads what that names. One object is used for all streams of an input:
 * `read`, `next` and `awaits` speak of the bytes that `find` was last asked about.
 */
export interface Opener {
  /** The first bytes of what it reads are of these, the third any where it says none: they turn most segments away. */
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly third?: readonly number[]
  /**
   * Looks for it at `start`.
   * @param looked so many bytes from `start` were there when it last said `partial` of this stream; 0 at first.
   */
  find(bytes: Uint8Array, start: number, end: number, looked: number): OpenerState
  /** After `find` said `partial`: with fewer bytes from `start` it will say so again. Any more may do where it is none. */
  readonly needed?: number
  /** After `find` said `whole`: one past what it takes. */
  readonly next: number
  /** After `find` said `whole`: something can open anew behind it that is worth waiting for. */
  readonly awaits: boolean
  /** Reads what was found, as far as it goes where it is not whole. */
  read(whole: boolean, into: Named): void
}
