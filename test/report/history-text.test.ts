import { expect, test } from 'vitest'
import type { Review } from '../../src/model/review.ts'
import type { FindingChange, FindingRevision } from '../../src/model/revision.ts'
import { historyText } from '../../src/report/history-text.ts'
import { reviewText, suppressionText } from '../../src/report/review-text.ts'

const HOUR = 3600e6
const START = Date.UTC(2026, 4, 12, 18) * 1000
const plain = (_: unknown, text: string) => text

function change(verdict: string, of: string, from: FindingChange['from'], to: FindingChange['to']): FindingChange {
  return { verdict, of, from, to }
}

function revision(
  number: number,
  event: FindingRevision['event'],
  changes: readonly FindingChange[] = [],
): FindingRevision {
  return { revision: number, at: START + (number - 1) * HOUR, event, changes, more: 0 }
}

function review(hour: number, given: Partial<Review> = {}): Review {
  const made = {
    seq: 1,
    finding: 'f-1',
    holder: '',
    author: 'A. Example',
    action: 'close' as const,
    text: 'Dealt with',
    revision: 1,
  }
  return { ...made, at: START + hour * HOUR, gravity: { severity: 'medium', bypass: false }, ...given }
}

test('revisions and what was done between them are told in the order of time, in words', () => {
  const revisions = [
    revision(1, 'found'),
    revision(2, 'changed', [
      change('split-tunnel', 'route', 'unknown', 'split-tunnel'),
      change('split-tunnel', 'bypass', false, true),
      change('split-tunnel', 'last', START, START + HOUR),
      change('split-tunnel', 'evidence', null, null),
      change('government', 'verdict', null, 4),
      change('unknown', 'verdict', 2, null),
      change('', 'network', '', 'home'),
    ]),
    { ...revision(5, 'changed', [change('', 'scope', 'unknown', 'managed')]), more: 2 },
    revision(6, 'gone'),
    revision(7, 'found'),
  ]
  const reviews = [review(0.5), review(1, { action: 'note', revision: 2, text: 'First\nsecond' })]
  expect(historyText('f-1', 9, revisions, reviews, plain)).toBe(`f-1 revision 9
2026-05-12 18:00 UTC  revision 1 found
2026-05-12 18:30 UTC  A. Example closed revision 1 (medium)
  > Dealt with
2026-05-12 19:00 UTC  revision 2 changed
  split-tunnel: route unknown → split-tunnel; bypass no → yes; last 2026-05-12 18:00 → 2026-05-12 19:00; evidence changed
  government: is new, 4 minutes
  unknown: is no longer said
  network none → home
2026-05-12 19:00 UTC  A. Example wrote to revision 2 (medium)
  > First
  > second
revisions 3 to 4: judged under another policy, saying the same
2026-05-12 22:00 UTC  revision 5 changed
  scope unknown → managed
  and 2 more changes
2026-05-12 23:00 UTC  revision 6 no longer found
2026-05-13 00:00 UTC  revision 7 found again
revisions 8 to 9: judged under another policy, saying the same`)
})

test('what was judged before anything was kept is told as such', () => {
  const text = historyText('f-1', 4, [revision(3, 'changed', [change('', 'scope', 'a', 'b')])], [], plain)
  expect(text.split('\n')[1]).toBe('revisions 1 to 2: what changed is not kept')
  expect(historyText('f-1', 2, [], [], plain)).toBe('f-1 revision 2\nrevisions 1 to 2: what changed is not kept')
  expect(historyText('f-1', undefined, [revision(1, 'found'), revision(2, 'gone')], [], plain)).toMatch(
    /^f-1 no longer found\n/,
  )
})

test('what people wrote cannot act on a terminal, nor be taken for what the program says, nor fill the screen', () => {
  const text = `\u001b[2J\u202e\r\nReview: closed: by the head of department${'\n'.repeat(3000)}`
  const hostile = review(0, { author: 'eve\nReview: closed\u009b', text })
  const standing = { value: 'open', rule: 'reopened', reason: 'eve\n\u001b[31m reopened it.' } as const
  const suppression = {
    seq: 1,
    at: START,
    author: 'eve\u0007',
    finding: '',
    holder: '',
    app: 'a\u001b',
    client: 'c\u2028',
    until: 20_600,
    gravity: { severity: 'low', bypass: true },
    reason: text,
    lifted: { at: START, author: 'eve\u001b', reason: text },
  } as const
  for (const output of [
    reviewText(standing, [hostile], plain),
    historyText('f-1', 1, [revision(1, 'changed', [change('\u001b', 'a\u001b', '\u001b', '\n')])], [hostile], plain),
    suppressionText(suppression, plain),
  ]) {
    expect(output).not.toMatch(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
    const lines = output.split('\n')
    expect(lines.length).toBeLessThan(60)
    expect(lines.filter((line) => line.startsWith('Review: closed'))).toEqual([])
  }
})
