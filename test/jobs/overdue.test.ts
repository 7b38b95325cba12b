import { describe, expect, test } from 'vitest'
import { durationText, parseDuration } from '../../src/jobs/duration.ts'
import { overdueSince, overdueText } from '../../src/jobs/overdue.ts'

const MINUTE = 60 * 1e6
const NOON = Date.UTC(2026, 4, 12, 12) * 1000
const group = { job: '/etc/job.yaml', name: 'proxy', every: 60 * MINUTE, since: NOON, lastRead: undefined }

describe('a group', () => {
  test('owes something new from the first moment behind its rhythm', () => {
    const read = { ...group, lastRead: NOON + 30 * MINUTE }
    expect(overdueSince(read, NOON + 90 * MINUTE)).toBeUndefined()
    expect(overdueSince(read, NOON + 90 * MINUTE + 1)).toBe(NOON + 90 * MINUTE)
  })

  test('of which nothing was ever read is expected since it was first known', () => {
    expect(overdueSince(group, NOON + 60 * MINUTE)).toBeUndefined()
    expect(overdueSince(group, NOON + 61 * MINUTE)).toBe(NOON + 60 * MINUTE)
  })

  test('of which nothing is expected is never overdue', () => {
    expect(overdueSince({ ...group, every: undefined }, NOON * 2)).toBeUndefined()
  })
})

test('the line says which input is overdue, since when, and what came last', () => {
  expect(overdueText(group, NOON)).toBeUndefined()
  expect(overdueText(group, NOON + 61 * MINUTE)).toBe(
    'input "proxy" is overdue since 2026-05-12 13:00 UTC: expected every 1h, nothing was ever read of it, expected since 2026-05-12 12:00',
  )
  expect(overdueText({ ...group, lastRead: NOON }, NOON + 61 * MINUTE)).toBe(
    'input "proxy" is overdue since 2026-05-12 13:00 UTC: expected every 1h, something new was last read at 2026-05-12 12:00',
  )
})

test.each([
  ['90s', 1.5, '1m 30s'],
  ['10m', 10, '10m'],
  ['2h', 120, '2h'],
  ['7d', 7 * 1440, '7d'],
])('%s is %d minutes, written %s', (text, minutes, written) => {
  expect(parseDuration(text)).toBe(minutes * MINUTE)
  expect(durationText(minutes * MINUTE)).toBe(written)
})

test.each(['', '10', 'm', '0m', '-1m', '1.5h', '10 m', '99999d', '1w'])('%j is no length of time', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
