import { describe, expect, test } from 'vitest'
import { bytesText, harmless, plural } from '../../src/base/text.ts'
import { fc } from '../property.ts'

describe('text made harmless', () => {
  test.each([
    ['\u001b[2J\u0007', '\\u{1b}[2J\\u{7}'],
    ['a\r\nb\tc', 'a\\u{d}\\u{a}b\\u{9}c'],
    ['\u009b31m', '\\u{9b}31m'],
    ['user\u202egpj.exe', 'user\\u{202e}gpj.exe'],
    ['\u2028\u2029\ufeff', '\\u{2028}\\u{2029}\\u{feff}'],
    ['\u061ca\u2066b\u2069', '\\u{61c}a\\u{2066}b\\u{2069}'],
    ['naïve Ångström 東京 🙂', 'naïve Ångström 東京 🙂'],
  ])('%j is shown as %s', (text, shown) => {
    expect(harmless(text)).toBe(shown)
  })

  test('holds no control, separator or direction character, and is not changed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const shown = harmless(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
        expect(harmless(shown)).toBe(shown)
      }),
      { numRuns: 2000 },
    )
  })
})

test('a count agrees with its noun', () => {
  expect(plural(1, 'name')).toBe('1 name')
  expect(plural(0, 'name')).toBe('0 names')
  expect(plural(12_345, 'entry', 'entries')).toBe('12,345 entries')
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [1_500_000, '1.5 MB'],
  [2.34e9, '2.3 GB'],
  [5e12, '5.0 TB'],
  [7e15, '7000.0 TB'],
])('%i bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})
