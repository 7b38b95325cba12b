import type { Day } from '../base/time.ts'

/**
 * What an input holds, however it is named or compressed. Length and sample are cheap and tell contents apart in
 * practice; where both have a SHA-256, that decides.
 */
export interface Content {
  /** Bytes, unpacked. */
  readonly length: number
  /** SHA-256 over the first 256 KiB and the first 4 KiB of every further 256 KiB, hexadecimal. */
  readonly sample: string
  /** SHA-256 of every byte, unpacked, hexadecimal; undefined with `--no-hash`. */
  readonly sha256: string | undefined
}

/** How far a log was read in whole lines: what may follow is its last line, which had no end yet. */
export interface LogEnd {
  /** Bytes, unpacked. */
  readonly at: number
  readonly lines: number
}

/** What recognises a content when it has grown. */
export interface Extent {
  /** SHA-256 over its first 512 bytes, or all of them where it has fewer, hexadecimal. */
  readonly head: string
  /** From where it can be read on; undefined where it must be read from its beginning. */
  readonly end: LogEnd | undefined
}

/** One content about to be read with one set of settings. */
export interface NewReading {
  /** Path as the operator gave it, `/` as separator; `-` for standard input. */
  readonly input: string
  readonly kind: 'capture' | 'log'
  readonly format: string
  /**
   * A file can be read again from its start, so a reading that was interrupted is thrown away. A stream cannot: what
   * was committed of it stays.
   */
  readonly source: 'file' | 'stream'
  /** Hash over all that its facts depend on beside the content: signatures, network map, exclusions, reader version. */
  readonly settings: string
}

/** A reading as judgement and reports see it. */
export interface Reading extends NewReading {
  readonly id: number
}

/** A reading as the store lists it, with what it was read from and the days it says something of. */
export interface StoredReading extends Reading {
  /**
   * pending: it has not come to its end. What a pending stream gave counts already, what a pending file gave does not.
   */
  readonly state: 'pending' | 'current'
  /** Undefined while pending, and of a stream that was interrupted. */
  readonly content: Content | undefined
  /** SHA-256 of the file as it lies on disk, before unpacking, hexadecimal; undefined where it was not taken. */
  readonly fileSha256: string | undefined
  /** Up to where a log was read line by line, as lines that say the same wherever they stand; else undefined. */
  readonly end: LogEnd | undefined
  /** Undefined where nothing was found. */
  readonly firstDay: Day | undefined
  readonly lastDay: Day | undefined
}
