import type { Micros } from '../base/time.ts'
import type { PieceRole } from '../model/evidence-piece.ts'
import type { Level } from './contents.ts'

/** Raised when packs are laid out otherwise. */
export const PACK_FORMAT = 1

export const PACK_FILE = 'data/pack.json'
export const FRAME_INDEX = 'data/frames/index.json'
export const LINE_INDEX = 'data/lines/index.json'
export const CUSTODY_FILE = 'data/custody.json'

/** What data/pack.json says. */
export interface PackHead {
  readonly format: number
  readonly level: Level
  readonly findings: readonly string[]
  readonly program: { readonly name: 'offchannel'; readonly version: string; readonly runtime: string }
}

/** Where a frame or line comes from: what both indexes say of each. */
export interface Origin {
  /** Number of the input in data/custody.json, from 0. */
  readonly input: number
  /** Frame or line number in that input, from 1. */
  readonly position: number
  /** Byte of the unpacked input at which it begins; -1 where that is not known. */
  readonly offset: number
  readonly roles: readonly PieceRole[]
  readonly findings: readonly string[]
  /**
   * Of the bytes as they were in the input: SHA-256 in an identified pack, HMAC-SHA-256 under the key of the originals in
   * a pseudonymous one.
   */
  readonly original: string
}

/** What a frame or line names, as the program reads it from the pack. */
export interface Name {
  readonly means: string
  readonly name: string
}

/** A frame of the pack. */
export interface IndexedFrame extends Origin {
  readonly file: string
  /** Frame number in that file, from 1, and the byte at which its record begins. */
  readonly frame: number
  readonly at: number
  readonly capturedLength: number
  readonly wireLength: number
  readonly time: Micros
  /** SHA-256 of its bytes as they are in the pack. */
  readonly sha256: string
  readonly names: readonly Name[]
}

/** A log record of the pack. */
export interface IndexedLine extends Origin {
  readonly file: string
  readonly line: number
  readonly at: number
  readonly length: number
  readonly sha256: string
  readonly names: readonly Name[]
}

/** A frame or line that is not in a pseudonymous pack, because not all of it is understood. */
export type Withheld = Origin & { readonly reason: string }

/** What an index file holds. */
export interface PieceIndex<T> {
  readonly pieces: readonly T[]
  readonly withheld: readonly Withheld[]
}

/** A file of lines, as data/lines/index.json tells what it is read as. */
export interface LineIndex extends PieceIndex<IndexedLine> {
  readonly files: readonly { readonly file: string; readonly format: string }[]
}
