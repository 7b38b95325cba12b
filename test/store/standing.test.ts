import { describe, expect, test } from 'vitest'
import type { Severity } from '../../src/model/finding.ts'
import type { FindingHead, Review, Suppression } from '../../src/model/review.ts'
import { gravest, isGraver, standingOf } from '../../src/store/standing.ts'
import { DAY, NOW } from './made.ts'

/** `high` and the like; with `!` a bypass. */
function gravity(text: string) {
  return { severity: text.replace('!', '') as Severity, bypass: text.endsWith('!') }
}

const head = (now: string): FindingHead => ({
  id: 'f-1',
  app: 'whatsapp',
  client: 'address-a',
  holder: '',
  ...gravity(now),
})

/** `close medium` and the like. */
function review(text: string, n: number): Review {
  const [action, then] = text.split(' ') as [Review['action'], string]
  const common = { seq: n + 1, finding: 'f-1', holder: '', at: NOW, author: 'alice', text: 'made', revision: 1 }
  return { ...common, action, gravity: gravity(then) }
}

function suppression(given: Partial<Suppression> = {}): Suppression {
  const made = {
    seq: 7,
    at: NOW,
    author: 'bob',
    finding: '',
    holder: '',
    app: 'whatsapp',
    client: '',
    until: DAY,
    reason: 'made',
  }
  return { ...made, gravity: gravity('medium'), ...given }
}

const ruleOf = (now: string, reviews: readonly string[], suppressions: readonly Suppression[] = [], today = DAY) => {
  const { value, rule } = standingOf(head(now), reviews.map(review), suppressions, today)
  return `${value} by ${rule}`
}

describe('a finding that was reviewed', () => {
  test.each<[reviews: string[], now: string, expected: string]>([
    [[], 'high', 'open by not-reviewed'],
    [['note high'], 'high', 'open by not-reviewed'],
    [['acknowledge medium'], 'medium', 'acknowledged by acknowledged'],
    [['acknowledge medium', 'note medium'], 'medium', 'acknowledged by acknowledged'],
    [['acknowledge medium'], 'high', 'open by got-worse'],
    [['close medium'], 'medium', 'closed by closed'],
    [['close medium'], 'low', 'closed by closed'],
    [['close medium'], 'none', 'closed by closed'],
    [['close medium'], 'high', 'open by got-worse'],
    [['close medium'], 'medium!', 'open by got-worse'],
    [['close medium!'], 'medium', 'closed by closed'],
    [['close medium!'], 'low!', 'closed by closed'],
    [['close medium', 'note high'], 'high', 'open by got-worse'],
    [['close medium', 'close high'], 'high', 'closed by closed'],
    [['close medium', 'acknowledge high'], 'high', 'acknowledged by acknowledged'],
    [['close medium', 'reopen medium'], 'medium', 'open by reopened'],
    [['close medium', 'reopen medium'], 'high', 'open by reopened'],
    [['close medium', 'reopen medium', 'close medium'], 'medium', 'closed by closed'],
  ])('%j and is %s is %s', (reviews, now, expected) => {
    expect(ruleOf(now, reviews)).toBe(expected)
  })
})

describe('a suppression', () => {
  test.each<[what: string, given: Partial<Suppression>, now: string, reviews: string[], expected: string]>([
    ['covers its app', {}, 'medium', [], 'suppressed by suppressed'],
    ['covers no other app', { app: 'signal' }, 'medium', [], 'open by not-reviewed'],
    ['covers its client', { client: 'address-a' }, 'low', [], 'suppressed by suppressed'],
    ['covers no other client', { client: 'address-b' }, 'low', [], 'open by not-reviewed'],
    ['covers its finding', { finding: 'f-1', app: '' }, 'medium', [], 'suppressed by suppressed'],
    ['covers no other finding', { finding: 'f-2', app: '' }, 'medium', [], 'open by not-reviewed'],
    ['covers nothing worse', {}, 'high', [], 'open by graver-than-suppressed'],
    ['covers no bypass where it covered none', {}, 'medium!', [], 'open by graver-than-suppressed'],
    ['covers a bypass where it did', { gravity: gravity('medium!') }, 'medium!', [], 'suppressed by suppressed'],
    ['holds on its last day', { until: DAY }, 'medium', [], 'suppressed by suppressed'],
    ['has ended the day after', { until: DAY - 1 }, 'medium', [], 'open by not-reviewed'],
    ['ends when lifted', { lifted: { at: 0, author: 'a', reason: 'b' } }, 'low', [], 'open by not-reviewed'],
    ['gives way to a close', {}, 'medium', ['close medium'], 'closed by closed'],
    ['covers what got worse within its bounds', {}, 'medium', ['close low'], 'suppressed by suppressed'],
    ['leaves what got worse beyond it', {}, 'high', ['close low'], 'open by got-worse'],
    ['goes before an acknowledgement', {}, 'medium', ['acknowledge medium'], 'suppressed by suppressed'],
    ['lets an acknowledgement of worse stand', {}, 'high', ['acknowledge high'], 'acknowledged by acknowledged'],
  ])('%s', (_, given, now, reviews, expected) => {
    expect(ruleOf(now, reviews, [suppression(given)])).toBe(expected)
  })

  test('of several the one that covers it counts', () => {
    const narrow = suppression({ seq: 1, gravity: gravity('low') })
    const wide = suppression({ seq: 2, gravity: gravity('high!') })
    expect(standingOf(head('high!'), [], [narrow, wide], DAY).reason).toContain('(suppression 2)')
  })
})

test('the reason tells who decided, when, and what it was then', () => {
  expect(standingOf(head('high!'), [review('close medium', 0)], [], DAY).reason).toBe(
    'It got worse: alice closed it on 2026-11-22 10:00 UTC when it was medium, and it is high and a bypass now.',
  )
})

test('the gravest of several is their worst severity, and a bypass where any is one', () => {
  expect(gravest(['low!', 'medium', 'none'].map(gravity))).toEqual({ severity: 'medium', bypass: true })
  expect(gravest([])).toBeUndefined()
  expect(isGraver(gravity('medium'), gravity('medium'))).toBe(false)
})
