import { Option } from 'commander'
import { OffchannelError } from '../base/errors.ts'
import type { Day } from '../base/time.ts'
import type { Finding } from '../model/finding.ts'
import { REVIEW_STATES, type ReviewedFinding, type ReviewState } from '../model/review.ts'
import type { StateCount } from '../store/finding-list.ts'
import type { StoreReader } from '../store/store-reader.ts'
import type { Terminal } from './terminal.ts'

/** Findings with how each stands on this day, as every output shows it. */
export function reviewed(store: StoreReader, findings: readonly Finding[], today: Day): ReviewedFinding[] {
  const standings = store.standings(findings, today)
  return findings.map((finding, n) => {
    const review = standings[n]!
    const statements = store.statements(finding.id)
    const stated = statements.length === 0 ? finding : { ...finding, statements }
    return review.rule === 'not-reviewed' ? stated : { ...stated, review }
  })
}

/** `3 open, 0 acknowledged, 1 closed, 0 suppressed` */
export function statesText(counts: Readonly<Record<ReviewState, StateCount>>): string {
  return REVIEW_STATES.map((state) => `${counts[state].findings} ${state}`).join(', ')
}

export const authorOption = () => new Option('--author <name>', 'who does it (default: $OFFCHANNEL_AUTHOR)')

/** Who records something: as the option or the environment says, and never guessed; throws `usage` where neither does. */
export function authorOf({ author }: { readonly author?: string }, { environment }: Terminal): string {
  const name = author ?? environment.OFFCHANNEL_AUTHOR ?? ''
  if (name.trim() !== '') return name
  throw new OffchannelError('usage', 'nobody says who does this: give --author NAME, or set OFFCHANNEL_AUTHOR')
}
