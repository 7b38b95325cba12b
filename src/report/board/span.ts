import type { Day } from '../../base/time.ts'
import type { BoardFacts } from './facts.ts'
import { monthAfter } from './words.ts'

/** First and last day of what is shown: the weeks may begin before the first month. */
export function spanOf({ before, months }: Pick<BoardFacts, 'before' | 'months'>): [Day, Day] {
  const all = [...before, ...months]
  const first = all[0]!
  return [Math.min(first.month, first.weeks[0]?.monday ?? first.month), monthAfter(all.at(-1)!.month, 1) - 1]
}
