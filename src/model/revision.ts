import type { Micros } from '../base/time.ts'

/** A value that a finding had: of a list how many it held, of a long text its beginning. */
export type Said = string | number | boolean | null

/** One thing that two revisions of a finding say differently. */
export interface FindingChange {
  /** The route of the verdict that says it, as it is now; '' for the finding as a whole. */
  readonly verdict: string
  /** The name of the field (`severity`, `minutes`, `evidence`), `<field> rule`, `<field> reason`, or `verdict`. */
  readonly of: string
  /** Null where it was not there, or where only that it differs is told. */
  readonly from: Said
  readonly to: Said
}

/** What a judgement made of a finding: a revision is kept as what changed, not as the whole of it. */
export interface FindingRevision {
  readonly revision: number
  /** When it was judged. */
  readonly at: Micros
  /** found: for the first time, or again after it was gone. */
  readonly event: 'found' | 'changed' | 'gone'
  /** Of `changed`: at most 40. */
  readonly changes: readonly FindingChange[]
  /** How many more there were. */
  readonly more: number
}
