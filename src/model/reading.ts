/** What an input holds, however it is named or compressed. */
export interface Content {
  /** Bytes, unpacked. */
  readonly length: number
  /** SHA-256 of the first 64 KiB (or all of it), hexadecimal. */
  readonly head: string
  /** CRC-32 of every byte. */
  readonly crc32: number
}

/** One content about to be read with one set of settings. */
export interface NewReading {
  /** Path as the operator gave it, `/` as separator; `-` for standard input. */
  readonly input: string
  readonly kind: 'capture' | 'log'
  readonly format: string
  /**
   * A file can be read again from its start, so a reading that was interrupted is thrown away. A stream cannot: what was
   * committed of it stays.
   */
  readonly source: 'file' | 'stream'
  /** Hash over all that its facts depend on beside the content: signatures, network map, exclusions, reader version. */
  readonly settings: string
}

/** A reading as judgement and reports see it. */
export interface Reading extends NewReading {
  readonly id: number
}
