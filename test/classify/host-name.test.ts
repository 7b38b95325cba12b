import { describe, expect, test } from 'vitest'
import { nameFromText } from '../../src/base/name.ts'
import { hostNameFault, patternFault } from '../../src/classify/host-name.ts'
import { fc } from '../property.ts'

describe('a host name', () => {
  test.each([
    'a.example',
    '_dns.resolver.arpa',
    'xn--mnchen-3ya.example',
    '1-2.3.example',
    'onion',
    `${'a'.repeat(63)}.b`,
  ])('%s has no fault', (name) => expect(hostNameFault(name)).toBe(''))

  test.each([
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    'a b.example',
    'a\\046b.example',
    'a.example:443',
    'com',
    'a.1',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(130)}b`,
  ])('%j has one', (name) => expect(hostNameFault(name)).not.toBe(''))

  test('without a fault is written as traffic is, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain()), (text) => {
        fc.pre(hostNameFault(text) === '')
        expect(nameFromText(text)).toBe(text)
      }),
    )
  })
})

test('a pattern is a host name once its stars are filled', () => {
  expect(patternFault('turn0*.de.prod.a.example')).toBe('')
  expect(patternFault('*-*.a.example')).toBe('')
  expect(patternFault('a*.-b.a.example')).toContain('"-b"')
  expect(patternFault('a*')).toContain('too broad')
})
