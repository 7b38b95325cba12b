import type { EvidencePiece, MissingPiece } from '../model/evidence-piece.ts'
import type { Finding } from '../model/finding.ts'
import type { Policy } from '../model/policy.ts'
import type { FindingStatement } from '../model/retention.ts'
import type { Review } from '../model/review.ts'
import type { FindingRevision } from '../model/revision.ts'
import type { SignatureSet } from '../model/signature.ts'
import type { PackFiles } from './bag.ts'

/**
 * Who a pack shows. pseudonymous: addresses, MACs and people in frames and lines are replaced. identified: everything as
 * it was, for named recipients only.
 */
export type Level = 'pseudonymous' | 'identified'

/** A finding, with all that the store says of it and holds for it. */
export interface ProvedFinding {
  readonly finding: Finding
  readonly history: readonly FindingRevision[]
  readonly reviews: readonly Review[]
  /** What was said of it, beside it. */
  readonly statements: readonly FindingStatement[]
  /** The reasons in words, for people. */
  readonly text: string
  readonly pieces: readonly EvidencePiece[]
  readonly missing: readonly MissingPiece[]
  /** Of the places that it cites, how many were more than the limit. */
  readonly leftOut: number
}

/** What a frame or line of a pack names, by whatever read it. */
export interface DerivedName {
  /** Frame number or line number in the file of the pack. */
  readonly position: number
  readonly means: string
  readonly name: string
}

/** Reads a file of the pack as the program reads any input. */
export type DeriveNames = (bytes: Uint8Array, format: string) => Promise<readonly DerivedName[]>

/** All that a pack is made of. */
export interface PackContents {
  readonly level: Level
  readonly findings: readonly ProvedFinding[]
  readonly policy: Policy
  readonly signatures: SignatureSet
  readonly version: string
  /** Of Node, which the program ran on. */
  readonly runtime: string
  /** Under which the hashes of originals are made in a pseudonymous pack: who has it can test guesses. */
  readonly originalsKey: Uint8Array
  readonly isOwn: (words: Uint32Array, at: number) => boolean
  readonly derive: DeriveNames
  /** Files of the audit extract, by path. */
  readonly audit: PackFiles
}
