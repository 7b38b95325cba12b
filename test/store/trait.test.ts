import { expect, test } from 'vitest'
import { MEANS } from '../../src/model/observation.ts'
import { actionOf, indicatorOf, meansOf, packTrait } from '../../src/store/trait.ts'

test('indicator, means and action come out of a trait as they went in', () => {
  for (const indicator of [1, 7, 5_000_000]) {
    for (const means of MEANS) {
      for (const action of ['', 'allowed', 'blocked'] as const) {
        const trait = packTrait(indicator, means, action)
        expect([indicatorOf(trait), meansOf(trait), actionOf(trait)]).toEqual([indicator, means, action])
      }
    }
  }
})

test('a trait keeps the number it was stored with', () => {
  expect(packTrait(3, 'dns-query', '')).toBe(384)
  expect(packTrait(3, 'tls-sni', 'blocked')).toBe(394)
})

test('a trait that this version does not know is a bug and not a guess', () => {
  expect(() => meansOf(128 + 31 * 4)).toThrow(RangeError)
  expect(() => actionOf(128 + 3)).toThrow(RangeError)
})
