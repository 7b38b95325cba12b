import { describe, expect, test } from 'vitest'
import { nameFromBytes } from '../../src/base/name.ts'
import { Classifier } from '../../src/classify/classifier.ts'
import { Observation } from '../../src/model/observation.ts'
import type { Match, Signature } from '../../src/model/signature.ts'
import { fc } from '../property.ts'
import { made } from './made.ts'

/** `a exact www.a.example` for each match. */
function matched(signatures: readonly Signature[], name: string): string[] {
  return new Classifier({ signatures }).matchName(name).map(text)
}

function text({ signature, indicator }: Match): string {
  return `${signature.id} ${indicator.type} ${indicator.value}`
}

describe('what an indicator matches', () => {
  const one = (indicator: string, name: string) => matched([made('a', indicator)], name).length === 1

  test.each([
    ['exact', 'exact www.a.example', 'www.a.example', true],
    ['exact, a name under it', 'exact a.example', 'www.a.example', false],
    ['exact, a name above it', 'exact www.a.example', 'a.example', false],
    ['suffix, the name itself', 'suffix a.example', 'a.example', true],
    ['suffix, a name under it', 'suffix a.example', 'www.a.example', true],
    ['suffix, a name far under it', 'suffix a.example', '1.2.3.4.5.6.7.8.a.example', true],
    ['suffix, a look-alike without the dot', 'suffix a.example', 'nota.example', false],
    ['suffix, a look-alike that goes on', 'suffix a.example', 'a.example.com', false],
    ['suffix, a name above it', 'suffix a.example', 'example', false],
    ['pattern, one character', 'pattern g-*.a.example', 'g-1.a.example', true],
    ['pattern, many characters', 'pattern g-*.a.example', 'g-1-2-3.a.example', true],
    ['pattern, no character', 'pattern g-*.a.example', 'g-.a.example', false],
    ['pattern, a dot', 'pattern g-*.a.example', 'g-1.2.a.example', false],
    ['pattern, a name under it', 'pattern g-*.a.example', 'x.g-1.a.example', false],
    ['pattern, the right part itself', 'pattern g-*.a.example', 'a.example', false],
    ['pattern, another right part', 'pattern g-*.a.example', 'g-1.b.example', false],
    ['pattern, a look-alike right part', 'pattern g-*.a.example', 'g-1.xa.example', false],
    ['pattern with a middle label', 'pattern api.*.a.example', 'api.eu-1.a.example', true],
    ['pattern with a middle label, another first one', 'pattern api.*.a.example', 'web.eu-1.a.example', false],
    ['pattern with an ending', 'pattern z*mmr.a.example', 'zfr99mmr.a.example', true],
    ['pattern with an ending, nothing between', 'pattern z*mmr.a.example', 'zmmr.a.example', false],
    ['pattern with two stars', 'pattern a*b*c.a.example', 'a1b2c.a.example', true],
    ['pattern with two stars, the piece comes twice', 'pattern a*b*bc.a.example', 'axbxbbc.a.example', true],
    ['pattern with two stars, too little is left', 'pattern a*b*bc.a.example', 'axbbc.a.example', false],
    ['pattern with stars in two labels', 'pattern n*.r*.a.example', 'n1.r2.a.example', true],
  ])('%s', (_, indicator, name, expected) => {
    expect(one(indicator, name)).toBe(expected)
  })

  test('an empty name, dots alone and names longer than a host name match nothing', () => {
    const long = `${'x'.repeat(300)}.a.example`
    for (const name of ['', '.', '..', long]) expect(one('suffix a.example', name)).toBe(false)
  })

  test('a name that holds an escaped byte matches nothing', () => {
    const signatures = [made('a', 'suffix a.example', 'pattern g-*.b.example', 'exact www.c.example')]
    for (const name of ['x\\046.a.example', '\\000.a.example', 'g-\\046.b.example', 'www\\046c.example']) {
      expect(matched(signatures, name)).toEqual([])
    }
  })
})

describe('which indicator decides', () => {
  test.each([
    [
      'an exact name goes before a pattern and a suffix, of whatever app',
      [made('a', 'suffix www.x.example'), made('b', 'pattern w*.x.example'), made('c', 'exact www.x.example')],
      ['c exact www.x.example'],
    ],
    [
      'a pattern goes before a longer suffix',
      [made('a', 'suffix www.x.example'), made('b', 'pattern *w.x.example')],
      ['b pattern *w.x.example'],
    ],
    [
      'the longest suffix goes first',
      [made('a', 'suffix x.example'), made('b', 'suffix www.x.example'), made('c', 'suffix example.com')],
      ['b suffix www.x.example'],
    ],
    [
      'the pattern with more written out goes first',
      [made('a', 'pattern w*.x.example'), made('b', 'pattern ww*.x.example')],
      ['b pattern ww*.x.example'],
    ],
    [
      'apps that are equally specific all match',
      [made('a', 'suffix x.example'), made('b', 'exact www.x.example'), made('c', 'exact www.x.example')],
      ['b exact www.x.example', 'c exact www.x.example'],
    ],
    [
      'of equally specific patterns of one app the first decides',
      [made('a', 'pattern w*w.x.example', 'pattern *ww.x.example')],
      ['a pattern w*w.x.example'],
    ],
  ])('%s', (_, signatures, expected) => {
    expect(matched(signatures, 'www.x.example')).toEqual(expected)
  })

  test('explain names every candidate, the winner first, and the rule in words', () => {
    const classifier = new Classifier({
      signatures: [
        made('a', 'suffix x.example', 'suffix www.x.example', 'exact www.x.example'),
        made('b', 'pattern w*.x.example'),
        made('c', 'exact www.x.example'),
      ],
    })
    const told = classifier
      .explain('www.x.example')
      .map((candidate) => [text(candidate), candidate.wins, candidate.rule])
    expect(told).toEqual([
      ['a exact www.x.example', true, 'the exact name goes first; apps that are equally specific all match'],
      ['c exact www.x.example', true, 'the exact name goes first; apps that are equally specific all match'],
      ['b pattern w*.x.example', false, 'the exact name goes first'],
      ['a suffix www.x.example', false, 'the exact name goes first'],
      ['a suffix x.example', false, 'the exact name goes first'],
    ])
  })

  test('explain tells losing suffixes and patterns apart', () => {
    const rules = (name: string, ...indicators: string[]) =>
      new Classifier({ signatures: [made('a', ...indicators)] }).explain(name).map(({ rule }) => rule)
    expect(rules('w.x.example', 'suffix x.example', 'suffix w.x.example')).toEqual([
      'the longest suffix',
      'a longer suffix goes first',
    ])
    expect(rules('www.x.example', 'pattern w*.x.example', 'pattern ww*.x.example')).toEqual([
      'a pattern goes first',
      'a longer pattern goes first',
    ])
    expect(rules('www.x.example', 'pattern w*w.x.example', 'pattern *ww.x.example')).toEqual([
      'a pattern goes first',
      'an equal pattern of the same app stands before it',
    ])
    expect(rules('other.example', 'suffix x.example')).toEqual([])
    expect(rules(`${'x'.repeat(300)}.x.example`, 'suffix x.example')).toEqual([])
  })
})

describe('properties', () => {
  const classifier = new Classifier({
    signatures: [made('a', 'suffix a.example', 'pattern g-*-*.b.example'), made('b', 'exact www.a.example')],
  })
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)

  test('bytes of any kind never make it throw, and explain agrees on the winners', () => {
    const endings = fc.constantFrom('', '.a.example', '.b.example', 'a.example', '..a.example')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), endings, (bytes, ending) => {
        const name = nameFromBytes(bytes, 0, bytes.length) + ending
        const explained = classifier.explain(name).filter(({ wins }) => wins)
        expect(explained.map(text)).toEqual(classifier.matchName(name).map(text))
      }),
    )
  })

  test('every name under a suffix matches, and none where the dot is missing', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        const under = labels.join('.')
        fc.pre(under !== 'www')
        expect(classifier.matchName(`${under}.a.example`).map(text)).toEqual(['a suffix a.example'])
        expect(classifier.matchName(`${under}a.example`)).toEqual([])
      }),
    )
  })

  test('a pattern agrees with the same pattern written as a regular expression', () => {
    const names = fc
      .stringMatching(/^[g-].{0,3}[-.ab]{0,6}$/)
      .map((left) => `${left.replace(/[^a-z.-]/g, 'a')}.b.example`)
    fc.assert(
      fc.property(names, (name) => {
        expect(classifier.matchName(name).length > 0).toBe(/^g-[^.]+-[^.]+\.b\.example$/.test(name))
      }),
    )
  })
})

test('a set of 100,000 indicators gives the answers of a small one', () => {
  const small = [made('a', 'suffix a.example', 'pattern g-*.a.example', 'exact www.a.example')]
  const crowd = Array.from({ length: 10_000 }, (_, i) => {
    const each = Array.from(
      { length: 10 },
      (_, k) => `${['exact', 'suffix', 'pattern'][k % 3]} ${k % 3 === 2 ? 'p-*.' : ''}d${k}.crowd${i}.example`,
    )
    return made(`crowd-${i}`, ...each)
  })
  const few = new Classifier({ signatures: small })
  const many = new Classifier({ signatures: [...small, ...crowd] })
  for (const name of ['a.example', 'x.a.example', 'g-1.a.example', 'www.a.example', 'nota.example', 'crowd.example']) {
    expect(many.matchName(name)).toEqual(few.matchName(name))
  }
  expect(many.matchName('x.d1.crowd9999.example').map(text)).toEqual(['crowd-9999 suffix d1.crowd9999.example'])
  expect(many.matchName('p-7.d2.crowd0.example').map(text)).toEqual(['crowd-0 pattern p-*.d2.crowd0.example'])
})

test('more names than are remembered still get their answers', () => {
  const classifier = new Classifier({ signatures: [made('a', 'suffix a.example')] })
  for (let i = 0; i < 70_000; i++) classifier.matchName(`n${i}.b.example`)
  for (const name of ['x.a.example', 'n1.b.example', 'x.a.example']) {
    expect(classifier.matchName(name)).toHaveLength(name === 'x.a.example' ? 1 : 0)
  }
})

describe('a protocol', () => {
  const spoken = new Classifier({
    signatures: [made('tunnel', 'protocol wireguard', 'suffix wireguard.example'), made('other', 'protocol openvpn')],
  })

  test('matches what a flow is recognised to speak, beside its name', () => {
    const keys = (name: string, protocol: 'wireguard' | 'openvpn' | 'ssh' | '') =>
      spoken
        .match(Object.assign(new Observation(), { name, protocol }))
        .map(({ signature, indicator }) => `${signature.id} ${indicator.type}`)
    expect(keys('', 'wireguard')).toEqual(['tunnel protocol'])
    expect(keys('www.wireguard.example', 'openvpn')).toEqual(['tunnel suffix', 'other protocol'])
    expect(keys('', 'ssh')).toEqual([])
    expect(keys('wireguard', '')).toEqual([])
  })

  test('is explained by its own name', () => {
    expect(spoken.explain('openvpn').map(({ signature, wins, rule }) => [signature.id, wins, rule])).toEqual([
      ['other', true, 'recognised by its bytes'],
    ])
  })
})
