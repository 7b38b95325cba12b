import { expect, test } from 'vitest'
import { blockList } from '../../src/judge/block-list.ts'
import { parsePolicy } from '../../src/judge/load.ts'
import type { Indicator, Signature } from '../../src/model/signature.ts'

/** 2026-05-12 */
const DAY = 20585

type Given = Pick<Indicator, 'value'> & Partial<Indicator>

function app(id: string, indicators: readonly Given[], category: Signature['category'] = 'messaging'): Signature {
  return {
    id,
    name: `The app ${id}`,
    vendor: 'Nobody',
    category,
    status: 'active',
    maturity: 'proved',
    revision: 3,
    date: '2026-01-01',
    falsePositives: [],
    indicators: indicators.map((one) => ({
      type: 'exact',
      role: 'messaging',
      strength: 'distinctive',
      sources: [],
      ...one,
    })),
    shouldMatch: [],
    shouldNotMatch: [],
  }
}

const HEAD = `organisation: Office of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.1.0.0/16] }
`
const PROHIBITED = `rules:
  - { name: no-messengers, ruling: prohibited, categories: [messaging], reason: Circular 1 }
`

function listed(rules: string, apps: readonly Signature[], day = DAY) {
  return blockList(parsePolicy(`${HEAD}${rules}`, 'p.yaml'), { signatures: apps, hash: 's1' }, day)
}

const values = (rules: string, apps: readonly Signature[], day = DAY) =>
  listed(rules, apps, day).names.map(({ app, type, value }) => `${app} ${type} ${value}`)

test('names that only a prohibited app uses are listed, by app, type and value', () => {
  const palaver = app('palaver', [
    { value: 'palaver.example', type: 'suffix' },
    { value: 'chat.palaver.example' },
    { value: 'w-*.palaver.example', type: 'pattern' },
    { value: '198.51.100.0/24', type: 'network' },
  ])
  const chirp = app('chirp', [{ value: 'im.chirp.example' }])
  const { names, ...rest } = listed(PROHIBITED, [
    palaver,
    chirp,
    app('share', [{ value: 'a.example' }], 'file-sharing'),
  ])
  expect(names.map(({ value }) => value)).toEqual([
    'im.chirp.example',
    'chat.palaver.example',
    'w-*.palaver.example',
    'palaver.example',
  ])
  expect(names[0]).toEqual({
    app: 'chirp',
    appName: 'The app chirp',
    revision: 3,
    type: 'exact',
    value: 'im.chirp.example',
  })
  expect(rest).toEqual({ day: DAY, shared: [], partly: [], policy: expect.any(String), signatures: 's1' })
})

test('what may be something else, is public, withdrawn or expired is not', () => {
  const palaver = app('palaver', [
    { value: 'a.example' },
    { value: 'b.example', strength: 'supporting' },
    { value: 'c.example', strength: 'ambiguous' },
    { value: 'd.example', role: 'marketing' },
    { value: 'e.example', role: 'shared' },
    { value: 'f.example', withdrawn: 'It was wrong' },
    { value: 'g.example', validUntil: '2026-05-11' },
    { value: 'h.example', validUntil: '2026-05-12' },
  ])
  expect(values(PROHIBITED, [palaver])).toEqual(['palaver exact a.example', 'palaver exact h.example'])
})

test('what an app has as well that is not prohibited is left out, and told', () => {
  const palaver = app('palaver', [
    { value: 'palaver.example', type: 'suffix' },
    { value: 'both.example' },
    { value: 'own.example', type: 'suffix' },
  ])
  const work = app('palaver-work', [
    { value: 'work.palaver.example' },
    { value: 'both.example', strength: 'supporting' },
  ])
  const rules = `${PROHIBITED}  - { name: at-work, ruling: permitted, apps: [palaver-work], reason: Ours }\n`
  const { names, shared, partly } = listed(rules, [palaver, work])
  expect(names.map(({ value }) => value)).toEqual(['own.example'])
  expect(shared).toEqual(['both.example', 'palaver.example'])
  expect(partly).toEqual([])
})

test('an app that is prohibited for some only is left out, and told', () => {
  const rules = `rules:
  - { name: in-office, ruling: prohibited, categories: [messaging], networks: [office], reason: Circular 1 }
`
  expect(listed(rules, [app('palaver', [{ value: 'a.example' }])])).toMatchObject({ names: [], partly: ['palaver'] })
})

test('nothing is prohibited before the policy is in force', () => {
  const apps = [app('palaver', [{ value: 'a.example' }])]
  expect(listed(PROHIBITED, apps, 20512)).toMatchObject({ names: [], partly: [] })
  expect(values(PROHIBITED, apps, 20513)).toEqual(['palaver exact a.example'])
})

test('a name that is no name of a host never gets into a list', () => {
  const hostile = ['a b.example', 'a.example\n0.0.0.0 b.example', '"a".example', 'a;b.example', 'example', '$a.example']
  expect(
    values(PROHIBITED, [
      app(
        'palaver',
        hostile.map((value) => ({ value })),
      ),
    ]),
  ).toEqual([])
})
