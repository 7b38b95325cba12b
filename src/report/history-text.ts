import { harmless, plural } from '../base/text.ts'
import { formatMinute } from '../base/time.ts'
import type { Review } from '../model/review.ts'
import type { FindingChange, FindingRevision, Said } from '../model/revision.ts'
import { reviewLines } from './review-text.ts'
import type { Style } from './style.ts'

/**
 * What became of a finding and what was done to it, in the order of time: each revision with what it says differently
 * than the one before.
 *
 * @param now its revision; undefined where it is gone.
 */
export function historyText(
  id: string,
  now: number | undefined,
  revisions: readonly FindingRevision[],
  reviews: readonly Review[],
  style: Style,
): string {
  const entries: { at: number; lines: string[] }[] = []
  let before = 0
  for (const revision of revisions) {
    const { at } = revision
    const gap = gapText(before, revision.revision, before === 0)
    if (gap !== '') entries.push({ at, lines: [style('dim', gap)] })
    entries.push({ at, lines: revisionLines(revision, before > 0, style) })
    before = revision.revision
  }
  const last = now === undefined ? '' : gapText(before, now + 1, before === 0)
  if (last !== '') entries.push({ at: entries.at(-1)?.at ?? 0, lines: [style('dim', last)] })
  // The sort is stable: what was done to a finding comes behind the revision of the same time.
  entries.push(...reviews.map((review) => ({ at: review.at, lines: reviewLines(review) })))
  const state = now === undefined ? 'no longer found' : `revision ${now}`
  const head = `${style('bold', id)} ${style('dim', state)}`
  return [head, ...entries.toSorted((a, b) => a.at - b.at).flatMap(({ lines }) => lines)].join('\n')
}

/** What is to be said of the revisions between two that were kept. */
function gapText(before: number, next: number, isFirst: boolean): string {
  const [from, to] = [before + 1, next - 1]
  if (from > to) return ''
  const which = from === to ? `revision ${from}` : `revisions ${from} to ${to}`
  return isFirst ? `${which}: what changed is not kept` : `${which}: judged under another policy, saying the same`
}

function revisionLines(
  { revision, at, event, changes, more }: FindingRevision,
  again: boolean,
  style: Style,
): string[] {
  const what = event === 'gone' ? 'no longer found' : event === 'found' && again ? 'found again' : event
  const byVerdict = Map.groupBy(changes, ({ verdict }) => verdict)
  const lines = [...byVerdict].map(([verdict, own]) => {
    const words = own.map(changeText).join('; ')
    return `  ${verdict === '' ? '' : `${harmless(verdict)}: `}${words}`
  })
  if (more > 0) lines.push(`  and ${plural(more, 'more change')}`)
  return [`${formatMinute(at)} UTC  ${style('bold', `revision ${revision}`)} ${what}`, ...lines]
}

/** `severity medium → high` */
function changeText({ of, from, to }: FindingChange): string {
  if (of === 'verdict') return from === null ? `is new, ${plural(Number(to), 'minute')}` : 'is no longer said'
  if (from === null && to === null) return `${harmless(of)} changed`
  const isTime = of === 'first' || of === 'last'
  const word = (value: Said) => {
    if (value === null || value === '') return 'none'
    if (typeof value === 'boolean') return value ? 'yes' : 'no'
    return isTime && typeof value === 'number' ? formatMinute(value) : harmless(String(value))
  }
  // Two times of one minute.
  if (word(from) === word(to)) return `${harmless(of)} changed`
  return `${harmless(of)} ${word(from)} → ${word(to)}`
}
