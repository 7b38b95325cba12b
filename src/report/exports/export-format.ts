import type { BlockList } from '../../model/block-list.ts'
import type { ReviewedFinding } from '../../model/review.ts'

/** A piece of a file: text, or bytes where the format is no text. */
export type Piece = string | Uint8Array

interface About {
  /** As `offchannel export` names it. */
  readonly name: string
  /** What is written, in a few words, for help and tables. */
  readonly title: string
  /** Where the format is specified. */
  readonly documentation: string
  /** It is no text: it is not written to a terminal or a pipe. */
  readonly binary?: true
}

/** What the head of an export says of where it comes from. */
export interface ExportContext {
  /** Version of offchannel. */
  readonly version: string
  /** A marking of the Traffic Light Protocol, for formats that are `marked`; undefined for none. */
  readonly tlp: Tlp | undefined
}

/** The markings that STIX 2.1 §7.2.1.4 defines; what TLP 2.0 calls clear is `white` there. */
export const TLPS = ['white', 'green', 'amber', 'red'] as const
export type Tlp = (typeof TLPS)[number]

/** Writes findings as they come, one in memory at a time; whatever text they hold is made harmless. */
export interface FindingsFormat extends About {
  readonly of: 'findings'
  /** It can carry a marking of the Traffic Light Protocol. */
  readonly marked?: true
  write(findings: Iterable<ReviewedFinding>, context: ExportContext): Iterable<Piece> | AsyncIterable<Piece>
}

/** Writes the names by which prohibited apps are known. */
export interface NamesFormat extends About {
  readonly of: 'names'
  write(list: BlockList, context: ExportContext): Iterable<Piece>
}

export type ExportFormat = FindingsFormat | NamesFormat
