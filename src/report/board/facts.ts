import type { Rotation } from '../../base/period.ts'
import type { Day } from '../../base/time.ts'
import type { BoardSubject, MonthFigures } from '../../model/board.ts'
import type { Policy } from '../../model/policy.ts'
import type { SignatureSet } from '../../model/signature.ts'
import type { CoverageLine } from '../coverage-text.ts'

/** All that a report is made of: of people nothing but what is published. */
export interface BoardFacts {
  readonly policy: Policy
  readonly signatures: SignatureSet
  /** The months of the period, at least one, the earliest first. */
  readonly months: readonly MonthFigures[]
  /** Those that it is held against, right before them; may be none. */
  readonly before: readonly MonthFigures[]
  /** Of the inputs that say something of these days. */
  readonly coverage: readonly CoverageLine[]
  readonly inputs: number
  /** First days of the months that are shown of which no input tells: all of their numbers are null. */
  readonly blindMonths: readonly Day[]
  /** Of all inputs those that named no app and no tunnel at all: nothing says of which days they are. */
  readonly undatedInputs: number
  /** Days of people that changed since they were judged. */
  readonly unjudged: number
  /** Only where they were asked for: the first ones, and whether there are more. */
  readonly subjects: { readonly list: readonly BoardSubject[]; readonly more: boolean } | undefined
  /** How long a person has one pseudonym. */
  readonly rotation: Rotation
  /** That the report carries. */
  readonly day: Day
  readonly draft: boolean
}
