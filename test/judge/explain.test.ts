import { describe, expect, test } from 'vitest'
import { formatMinute, MICROS_PER_QUARTER } from '../../src/base/time.ts'
import { expiringExemptions } from '../../src/judge/expiring.ts'
import { explainPolicy, parseQuarter } from '../../src/judge/explain.ts'
import { parsePolicy } from '../../src/judge/load.ts'
import type { RuleRoute } from '../../src/model/policy.ts'

const POLICY = parsePolicy(
  `organisation: Department of Examples
in-force: 2026-03-01
timezone: Europe/Paris
networks:
  - { name: pool, kind: vpn-pool, scope: managed, cidrs: [10.8.0.0/16] }
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
  - { name: guests, kind: guest, scope: visitor, cidrs: [172.16.0.0/16] }
groups:
  - { name: press, users: [alice] }
rules:
  - { name: messengers, ruling: prohibited, categories: [messaging], reason: Circular 12 }
  - { name: rota, ruling: permitted, categories: [messaging], weekly: [sat 18:00-mon 06:00] }
  - { name: this-one, ruling: permitted, apps: [palaver], networks: [home], from: 2026-06-01, split-tunnel: true }
exemptions:
  - { name: trial, apps: [palaver], from: 2026-04-01, until: 2026-04-30, approver: The board, reason: A trial, reference: M3 }
  - { name: desk, apps: [palaver], groups: [press], from: 2026-04-01, until: 2026-12-31, approver: The board, reason: Press, reference: M4 }
`,
  'p.yaml',
)

const ask = (time: string, more: { network?: string; groups?: string[]; route?: RuleRoute } = {}) =>
  explainPolicy(POLICY, {
    app: { id: 'palaver', category: 'messaging' },
    quarter: parseQuarter(time, POLICY.timezone) as number,
    network: more.network ?? '',
    groups: new Set(more.groups),
    route: more.route,
  })

describe('a policy that is asked', () => {
  test('says which rule decides, and of the others why they do not', () => {
    const { ruling, rules, route, bypass } = ask('2026-05-12T14:05', { network: 'home', route: 'no-tunnel' })
    expect(ruling).toMatchObject({ value: 'prohibited', rule: 'messengers' })
    expect(rules).toEqual([
      { name: 'this-one', decides: false, reason: 'It counts only from 2026-06-01 on (Europe/Paris).' },
      { name: 'rota', decides: false, reason: 'It counts only at sat 18:00-mon 06:00 (Europe/Paris).' },
      { name: 'messengers', decides: true, reason: 'It decides.' },
    ])
    expect([route, bypass]).toEqual(['no-tunnel', true])
  })

  test('says which exemptions were looked at, the nearest first', () => {
    expect(ask('2026-05-12').exemptions).toEqual([
      { name: 'trial', applies: false, reason: 'It had ended: it counted until 2026-04-30 (Europe/Paris).' },
      { name: 'desk', applies: false, reason: 'It counts only for the group "press".' },
    ])
    const { ruling, severity } = ask('2026-05-12', { groups: ['press'], network: 'home', route: 'split-tunnel' })
    expect(ruling).toEqual({
      value: 'exempt',
      rule: 'desk',
      reason:
        'The exemption "desk" (from 2026-04-01 until 2026-12-31; granted by The board, M4) lifts the rule "messengers" for the group "press": Press.',
    })
    expect(severity.map(({ of, severity: { value } }) => `${of} ${value}`)).toEqual([
      'confirmed medium',
      'probable medium',
      'indicative low',
      'blocked none',
    ])
  })

  test('takes the route from the network where that shows it, and lets an app out where a rule does', () => {
    expect(ask('2026-05-12', { network: 'pool' }).route).toBe('government')
    expect(ask('2026-05-12').route).toBe('unknown')
    const out = ask('2026-06-12', { network: 'home', route: 'no-tunnel' })
    expect([out.route, out.bypass, out.ruling.rule]).toEqual(['permitted-split', false, 'this-one'])
  })

  test('says that nothing is found of visitors, and that before it was in force nothing decides', () => {
    expect(ask('2026-05-12', { network: 'guests' }).noFinding).toContain('visitors')
    const early = ask('2026-02-28T23:45')
    expect([early.ruling.value, early.rules.some(({ decides }) => decides)]).toEqual(['not-in-force', false])
  })
})

test.each([
  ['2026-05-12T14:05', '2026-05-12 12:00'],
  ['2026-05-12', '2026-05-11 22:00'],
  ['2026-05-12T12:05Z', '2026-05-12 12:00'],
  ['2026-05-12T14:20:30+02:00', '2026-05-12 12:15'],
  ['2026-10-25T01:30Z', '2026-10-25 01:30'],
])('the time %s is in the quarter-hour from %s in UTC', (text, utc) => {
  expect(formatMinute((parseQuarter(text, 'Europe/Paris') as number) * MICROS_PER_QUARTER)).toBe(utc)
})

test.each([
  ['2026-10-25T02:30', 'happens twice in Europe/Paris'],
  ['2026-03-29T02:30', 'does not exist in Europe/Paris'],
  ['yesterday', 'is not a time: write 2026-05-12T14:05'],
  ['2026-13-12T14:05Z', 'is not in the calendar'],
  ['2026-05-12T14:75', 'is not a time'],
])('the time %s is refused: it %s', (text, message) => {
  expect(parseQuarter(text, 'Europe/Paris')).toContain(message)
})

test('exemptions that have ended or end soon are told by their end on the policy’s clocks', () => {
  const at = (text: string) => Date.parse(text) * 1000
  const names = (now: string, days: number) =>
    expiringExemptions(POLICY, at(now), days * 86_400_000_000).map(({ name, ended }) => `${name} ${ended}`)
  // Midnight in Paris is 22:00 in UTC.
  expect(names('2026-04-30T21:59:59Z', 0)).toEqual([])
  expect(names('2026-04-30T22:00:00Z', 0)).toEqual(['trial true'])
  expect(names('2026-04-10T00:00:00Z', 30)).toEqual(['trial false'])
  expect(names('2027-01-01T00:00:00Z', 30)).toEqual(['trial true', 'desk true'])
})
