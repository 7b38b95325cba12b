import { expect, test } from 'vitest'
import { staleIndicators } from '../../src/classify/stale.ts'
import type { Signature } from '../../src/model/signature.ts'
import { made } from './made.ts'

const [A, B, C, D, E] = made(
  'chat',
  ...['a', 'b', 'c', 'd', 'e'].map((name) => `exact ${name}.chat.example`),
).indicators
const CHAT: Signature = {
  ...made('chat'),
  date: '2025-11-20',
  indicators: [
    { ...A!, lastVerified: '2025-11-21' },
    { ...B!, lastVerified: '2024-01-01' },
    C!,
    { ...D!, lastVerified: '2020-01-01', validUntil: '2026-11-20' },
    { ...E!, lastVerified: '2020-01-01', withdrawn: 'wrong' },
  ],
}

test('what was verified longer ago than so many days is stale, without a date by that of the revision', () => {
  expect(staleIndicators([CHAT], '2026-11-21', 365)).toEqual([
    { indicator: 'chat exact b.chat.example', since: '2024-01-01' },
    { indicator: 'chat exact c.chat.example', since: '2025-11-20' },
  ])
  expect(staleIndicators([CHAT], '2026-11-21', 366).map(({ since }) => since)).toEqual(['2024-01-01'])
  expect(staleIndicators([CHAT], '2026-11-20', 99_999)).toEqual([])
})

test('what has not expired yet can be stale, and of a retired app nothing is', () => {
  const stale = staleIndicators([CHAT], '2026-11-20', 365).map(({ indicator }) => indicator)
  expect(stale).toContain('chat exact d.chat.example')
  expect(staleIndicators([{ ...CHAT, status: 'retired', retiredOn: '2026-01-01' }], '2026-11-21', 0)).toEqual([])
})
