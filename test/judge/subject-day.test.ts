import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ACTIVITY_RULES } from '../../src/judge/activity.ts'
import { EVIDENCE_LIMIT } from '../../src/judge/evidence.ts'
import { GRADE_CAPS, GRADE_RULES, REST_OF_DAY } from '../../src/judge/grades.ts'
import { ROUTE_RULES } from '../../src/judge/routes.ts'
import { SEVERITY_RULES } from '../../src/judge/severity.ts'
import { judgeSubjectDay } from '../../src/judge/subject-day.ts'
import { WHOSE_RULES } from '../../src/judge/whose.ts'
import type { StoredMark, StoredSighting, SubjectDay } from '../../src/model/facts.ts'
import { MEANS } from '../../src/model/observation.ts'
import { fc } from '../property.ts'
import { INDEX, indicatorNamed } from './apps.ts'
import { loadCases, pick } from './cases.ts'

const cases = loadCases()
const judge = ({ facts, policy, registers }: (typeof cases)[number]) => judgeSubjectDay(facts, policy, INDEX, registers)
const named = (title: string) => cases.find((candidate) => candidate.file === `${title}.yaml`)!

describe('a subject’s day', () => {
  test.each(cases)('$title', (one) => {
    const { findings, setAside } = judge(one)
    expect(setAside).toEqual(one.setAside)
    expect(findings.map(({ app }) => app)).toEqual(Object.keys(one.expect))
    for (const finding of findings) {
      const expected = one.expect[finding.app]!
      expect(finding.verdicts.map((verdict, i) => pick(verdict, expected[i] ?? {}, finding))).toEqual(expected)
    }
  })

  test('every rule decides in at least one of the cases', () => {
    const verdicts = cases.flatMap((one) => judge(one).findings.flatMap((finding) => finding.verdicts))
    const decided = (quality: 'route' | 'grade' | 'activity' | 'severity') =>
      [...new Set(verdicts.map((verdict) => verdict[quality].rule))].sort()
    const names = (rules: readonly { rule: string }[]) => rules.map(({ rule }) => rule).sort()
    expect(decided('route')).toEqual(names(ROUTE_RULES))
    const whose = cases.flatMap((one) => judge(one).findings.map((finding) => finding.whose!.rule))
    expect([...new Set(whose)].sort()).toEqual(names(WHOSE_RULES))
    expect(decided('grade')).toEqual(names([...GRADE_RULES, ...GRADE_CAPS, REST_OF_DAY]))
    expect(decided('activity')).toEqual(names(ACTIVITY_RULES))
    expect(decided('severity')).toEqual(names(SEVERITY_RULES))
  })

  test('the documentation has the rules in the order in which they are tried', () => {
    const page = readFileSync(new URL('../../docs/verdicts.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([a-z-]+) \|/gm)].map(([, rule, value]) => `${rule} ${value}`)
    const lists = [WHOSE_RULES, ROUTE_RULES, GRADE_CAPS, GRADE_RULES, [REST_OF_DAY], ACTIVITY_RULES, SEVERITY_RULES]
    expect(rows).toEqual(lists.flatMap((rules) => rules.map(({ rule, value }) => `${rule} ${value}`)))
  })

  test('every judged quality has a reason in whole sentences', () => {
    for (const { route, ruling, grade, activity, severity } of cases.flatMap((one) =>
      judge(one).findings.flatMap((finding) => finding.verdicts),
    )) {
      for (const { reason } of [route, ruling, grade, activity, severity]) expect(reason).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('a finding', () => {
  test('names who, what, where and by which policy', () => {
    const one = named('no-tunnel')
    const [finding] = judge(one).findings
    expect(finding).toMatchObject({
      id: 'f-45df378f0110d994',
      revision: 1,
      day: one.facts.day,
      client: 'client-0011',
      app: 'palaver',
      appName: 'The app palaver',
      category: 'messaging',
      network: 'home',
      scope: 'managed',
      policy: one.policy.hash,
    })
    expect(finding!.verdicts[0]!.evidence).toEqual([
      {
        indicator: 'palaver exact chat.palaver.example',
        role: 'messaging',
        strength: 'distinctive',
        means: 'tls-sni',
        action: '',
        input: 'laptop-1.pcap',
        unit: 'frame',
        firstAt: 1,
        lastAt: 2,
        count: 1,
        bytesUp: -1,
        bytesDown: -1,
        first: Date.UTC(2026, 2, 10, 9, 0) * 1000,
        last: Date.UTC(2026, 2, 10, 9, 5) * 1000 - 1,
      },
    ])
  })

  test('keeps its id under another policy, and has another on another day, for another app or subject', () => {
    const { facts, policy } = named('app-beats-category')
    const ids = (day: Partial<SubjectDay>, by = policy) =>
      judgeSubjectDay({ ...facts, ...day }, by, INDEX).findings.map(({ id }) => id)
    expect(ids({}, named('no-policy').policy)).toEqual(ids({}))
    const ofUser = facts.sightings.map((sighting) => ({ ...sighting, user: 'user-0' }))
    const all = [...ids({}), ...ids({ day: facts.day + 1 }), ...ids({ subject: 'user-0', sightings: ofUser })]
    expect(new Set(all).size).toBe(6)
  })

  test('has the networks and the scope of its headline', () => {
    expect(judge(named('rest-of-day')).findings[0]).toMatchObject({ network: 'home', scope: 'managed' })
    expect(judge(named('unknown-network')).findings[0]).toMatchObject({ network: 'annexe', scope: 'unknown' })
    expect(judge(named('egress-vantage')).findings[0]).toMatchObject({ network: '', scope: 'unknown' })
  })

  test('cuts the times of a sighting that took two routes at the minute of the change', () => {
    const verdicts = judge(named('tunnel-ends-midway')).findings[0]!.verdicts
    const at = (minute: number) => Date.UTC(2026, 2, 10, 9, minute) * 1000
    expect(verdicts.map(({ first, last }) => [first, last])).toEqual([
      [at(4), at(10) - 1],
      [at(0), at(4) - 1],
    ])
  })

  test('tells all reasons of a route that was known in several ways', () => {
    const inPool = named('vpn-pool')
    const inOffice = named('managed-perimeter').facts.sightings
    const facts = { ...inPool.facts, sightings: [...inOffice, ...inPool.facts.sightings] }
    const [verdict] = judgeSubjectDay(facts, inPool.policy, INDEX).findings[0]!.verdicts
    expect(verdict!.route).toEqual({
      value: 'government',
      rule: 'vpn-pool',
      reason:
        'The client\'s network "vpn-clients" is a pool of the government VPN. ' +
        'The client\'s network "office" is inside the managed perimeter.',
    })
  })
})

describe('evidence', () => {
  const many = (count: number, value: string, from: number): StoredSighting[] => {
    const [sighting] = named('no-tunnel').facts.sightings
    const quarter = sighting!.quarter + from
    return Array.from({ length: count }, (_, i) => ({
      ...sighting!,
      indicator: indicatorNamed(value).key,
      quarter: quarter + i,
    }))
  }

  test('is at most twenty sightings, with the number of the others', () => {
    const one = named('no-tunnel')
    const sightings = many(EVIDENCE_LIMIT + 5, 'chat.palaver.example', 0)
    const [verdict] = judgeSubjectDay({ ...one.facts, sightings }, one.policy, INDEX).findings[0]!.verdicts
    expect(verdict!.evidence).toHaveLength(EVIDENCE_LIMIT)
    expect(verdict!.evidenceOmitted).toBe(5)
  })

  test('has the first sighting of each indicator even where another one fills the day', () => {
    const one = named('no-tunnel')
    const sightings = [...many(30, 'chat.palaver.example', 0), ...many(1, 'call.palaver.example', 31)]
    const [verdict] = judgeSubjectDay({ ...one.facts, sightings }, one.policy, INDEX).findings[0]!.verdicts
    expect(verdict!.evidence.map(({ role }) => role)).toEqual([...Array(EVIDENCE_LIMIT - 1).fill('messaging'), 'call'])
  })
})

describe('judgement', () => {
  const { facts, policy } = named('no-tunnel')
  const readings = cases.flatMap((one) => one.facts.sightings.map(({ reading }) => reading))
  const quarter = fc.integer({ min: 0, max: 95 }).map((n) => facts.day * 96 + n)
  const mask = fc.integer({ min: 1, max: 0x7fff })
  const client = fc.constantFrom('address-1', 'address-2')
  const reading = fc.constantFrom(...readings.map((one, id) => ({ ...one, id })))
  const sighting: fc.Arbitrary<StoredSighting> = fc.record({
    reading,
    client,
    user: fc.constant('user-1'),
    network: fc.constantFrom('', 'vpn-clients', 'office', 'shared-office', 'guests', 'home', 'family'),
    app: fc.constant(''),
    indicator: fc.constantFrom(...INDEX.keys(), 'nobody exact nothing.example'),
    means: fc.constantFrom(...MEANS),
    action: fc.constantFrom('', 'allowed', 'blocked'),
    quarter,
    mask,
    count: fc.integer({ min: 1, max: 9 }),
    bytesUp: fc.integer({ min: -1, max: 9 }),
    bytesDown: fc.integer({ min: -1, max: 9 }),
    first: fc.integer({ min: 1, max: 99 }),
    last: fc.integer({ min: 1, max: 99 }),
    firstAt: fc.integer({ min: 1, max: 9 }),
    lastAt: fc.integer({ min: 1, max: 9 }),
  })
  const marks = fc.array(
    fc.record<StoredMark>({
      reading,
      client,
      gateway: fc.constant('vpn-1'),
      quarter,
      mask,
      count: fc.constant(1),
      firstAt: fc.constant(1),
    }),
  )
  const sightings = fc
    .array(sighting, { maxLength: 60 })
    .map((list) => list.map((one) => ({ ...one, app: one.indicator.split(' ')[0]! })))

  test('is the same in whatever order the facts are given', () => {
    const shuffled = fc
      .tuple(sightings, marks)
      .chain(([seen, marked]) =>
        fc.tuple(
          fc.constant({ ...facts, sightings: seen, marks: marked }),
          fc.shuffledSubarray(seen, { minLength: seen.length }),
          fc.shuffledSubarray(marked, { minLength: marked.length }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([given, seen, marked]) => {
        const again = { ...given, sightings: seen, marks: marked }
        expect(judgeSubjectDay(again, policy, INDEX)).toEqual(judgeSubjectDay(given, policy, INDEX))
      }),
    )
  })

  test('never counts a minute twice on one route, and loses no sighting', () => {
    fc.assert(
      fc.property(sightings, marks, (seen, marked) => {
        const { findings, setAside } = judgeSubjectDay({ ...facts, sightings: seen, marks: marked }, policy, INDEX)
        const aside = Object.values(setAside).reduce((sum, count) => sum + count, 0)
        const verdicts = findings.flatMap((finding) => finding.verdicts)
        const cited = verdicts.reduce((sum, verdict) => sum + verdict.evidence.length + verdict.evidenceOmitted, 0)
        expect(aside + cited).toBeGreaterThanOrEqual(seen.length)
        for (const verdict of verdicts) {
          expect(verdict.minutes).toBeGreaterThan(0)
          expect(verdict.minutes).toBeLessThanOrEqual(96 * 15)
          expect(verdict.evidence.length).toBeLessThanOrEqual(EVIDENCE_LIMIT)
        }
      }),
    )
  })

  test('of nothing is nothing', () => {
    expect(judgeSubjectDay({ ...facts, sightings: [], marks: [], sessions: [] }, policy, INDEX)).toEqual({
      findings: [],
      otherIds: new Map(),
      setAside: {},
    })
  })
})
