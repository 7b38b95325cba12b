import { expect, test } from 'vitest'
import { diffSignatures } from '../../src/classify/diff.ts'
import type { Indicator, Signature } from '../../src/model/signature.ts'
import { made } from './made.ts'

const BEFORE = [
  made('chat', 'exact a.example', 'exact b.example', 'suffix c.example', 'suffix d.example'),
  made('gone', 'exact gone.example'),
  made('old', 'exact old.example'),
]

function change(signature: Signature, i: number, changes: Partial<Indicator>): Signature {
  const indicators = signature.indicators.map((one, at) => (at === i ? { ...one, ...changes } : one))
  return { ...signature, indicators }
}

test('nothing differs between the same', () => {
  expect(diffSignatures(BEFORE, structuredClone(BEFORE))).toEqual({
    apps: { added: [], removed: [], retired: [], changed: [] },
    indicators: { added: [], removed: [], withdrawn: [], changed: [] },
  })
})

test('every kind of difference is told, by key', () => {
  const chat = change(change(BEFORE[0]!, 0, { role: 'media', strength: 'ambiguous' }), 1, { withdrawn: 'wrong' })
  const after = [
    { ...change(chat, 2, { type: 'exact' }), maturity: 'proved' as const },
    { ...BEFORE[2]!, status: 'retired' as const, retiredOn: '2026-01-01' },
    made('new', 'exact new.example'),
  ]
  expect(diffSignatures(BEFORE, after)).toEqual({
    apps: {
      added: ['new'],
      removed: ['gone'],
      retired: ['old'],
      changed: [
        { key: 'chat', what: 'maturity', from: 'experimental', to: 'proved' },
        { key: 'old', what: 'retired-on', from: '', to: '2026-01-01' },
      ],
    },
    indicators: {
      added: ['chat exact c.example', 'new exact new.example'],
      removed: ['chat suffix c.example', 'gone exact gone.example'],
      withdrawn: [{ key: 'chat exact b.example', reason: 'wrong' }],
      changed: [
        { key: 'chat exact a.example', what: 'role', from: 'messaging', to: 'media' },
        { key: 'chat exact a.example', what: 'strength', from: 'supporting', to: 'ambiguous' },
      ],
    },
  })
})

test('a withdrawal that ended gives the indicator back', () => {
  const withdrawn = [change(BEFORE[0]!, 3, { withdrawn: 'wrong' })]
  const { indicators } = diffSignatures(withdrawn, [BEFORE[0]!])
  expect(indicators).toMatchObject({ added: ['chat suffix d.example'], removed: [], withdrawn: [] })
})

test('an indicator that comes withdrawn is not new', () => {
  const { indicators } = diffSignatures([], [change(made('a', 'exact a.example'), 0, { withdrawn: 'wrong' })])
  expect(indicators.added).toEqual([])
})
