import { expect, test } from 'vitest'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import { changesBetween } from '../../src/store/changes.ts'
import { fc } from '../property.ts'
import { finding, verdict } from './made.ts'

const MADE = finding('address-1', 'whatsapp')
const ROUTE = (value: Verdict['route']['value']) => ({ value, rule: 'made', reason: 'Made for a test.' })

/** `[verdict] field: from → to` */
function told(before: Finding, after: Finding): string[] {
  return changesBetween(before, after).changes.map(({ verdict, of, from, to }) => `[${verdict}] ${of}: ${from} → ${to}`)
}

const withVerdicts = (...verdicts: Verdict[]): Finding => ({ ...MADE, verdicts })

test('nothing changed between a finding and itself, another revision or another policy', () => {
  expect(told(MADE, { ...MADE, revision: 9, policy: 'p2' })).toEqual([])
})

test('a change of route, severity, bypass and minutes is told by what they were and are', () => {
  const after = { ...verdict({ severity: 'high', bypass: true, minutes: 5 }), route: ROUTE('split-tunnel') }
  expect(told(withVerdicts(verdict({ severity: 'medium', minutes: 3 })), withVerdicts(after))).toEqual([
    '[split-tunnel] route: unknown → split-tunnel',
    '[split-tunnel] bypass: false → true',
    '[split-tunnel] severity: medium → high',
    '[split-tunnel] minutes: 3 → 5',
  ])
})

test('where a quality stays, its rule is told, and where that stays its reason', () => {
  const base = verdict()
  const rule = { ...base, grade: { ...base.grade, rule: 'other', reason: 'Other.' } }
  const reason = { ...base, grade: { ...base.grade, reason: 'Other.' } }
  expect(told(withVerdicts(base), withVerdicts(rule))).toEqual(['[unknown] grade rule: made → other'])
  expect(told(withVerdicts(base), withVerdicts(reason))).toEqual(['[unknown] grade reason: Made for a test. → Other.'])
})

test('a list is told by how many it holds with those left out, and as changed where that stays', () => {
  const cited = (...names: string[]) => names.map((input) => ({ input }) as Verdict['evidence'][number])
  const before = withVerdicts({ ...verdict(), evidence: cited('a', 'b'), evidenceOmitted: 3 })
  expect(told(before, withVerdicts({ ...verdict(), evidence: cited('a', 'b'), evidenceOmitted: 4 }))).toEqual([
    '[unknown] evidence: 5 → 6',
  ])
  expect(told(before, withVerdicts({ ...verdict(), evidence: cited('a', 'c'), evidenceOmitted: 3 }))).toEqual([
    '[unknown] evidence: null → null',
  ])
})

test('verdicts are held against those about the same, then against what is left; others are new or gone', () => {
  const [unknown, government] = [verdict(), { ...verdict({ minutes: 4 }), route: ROUTE('government') }]
  const more = { ...government, minutes: 6 }
  expect(told(withVerdicts(unknown, government), withVerdicts(more, unknown))).toEqual(['[government] minutes: 4 → 6'])
  expect(told(withVerdicts(unknown), withVerdicts(unknown, government))).toEqual(['[government] verdict: null → 4'])
  expect(told(withVerdicts(unknown, government), withVerdicts(unknown))).toEqual(['[government] verdict: 4 → null'])
})

test('a field that only one of them has, of the finding or a verdict, is told', () => {
  expect(told(MADE, { ...MADE, network: 'home', notes: ['x'] } as Finding)).toEqual([
    '[] network: office → home',
    '[] notes: null → 1',
  ])
})

test('what is kept of a revision has a bound, however much differs and however long it is', () => {
  const long = (letter: string) =>
    Array.from({ length: 200 }, (_, n) => ({
      ...verdict(),
      route: ROUTE(`${letter}${n}`.padEnd(5000, letter) as never),
    }))
  const { changes, more } = changesBetween(withVerdicts(...long('a')), withVerdicts(...long('b')))
  expect([changes.length, more]).toEqual([40, 160])
  const bytes = JSON.stringify(changes.map((change) => ({ ...change, verdict: '' }))).length
  expect(bytes).toBeLessThan(15_000)
})

test('whatever differs beside policy and revision, something is told', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer()),
    fc.object(),
    fc.constant(null),
  )
  const fields = fc.dictionary(fc.constantFrom('network', 'scope', 'notes', 'label', 'constructor'), value)
  fc.assert(
    fc.property(fields, fields, fields, fields, (a, b, c, d) => {
      const before = { ...MADE, ...a, verdicts: [{ ...verdict(), ...c }] } as Finding
      const after = { ...MADE, ...b, verdicts: [{ ...verdict(), ...d }] } as Finding
      expect(told(before, after).length > 0).toBe(stable(before) !== stable(after))
    }),
  )
})

/** JSON whose keys are sorted on the first two levels, as findings have them. */
function stable(one: Finding): string {
  const sorted = (object: object) => Object.entries(object).toSorted(([x], [y]) => (x < y ? -1 : 1))
  return JSON.stringify([sorted({ ...one, verdicts: [] }), one.verdicts.map(sorted)])
}
