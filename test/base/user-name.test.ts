import { describe, expect, test } from 'vitest'
import { canonicalUser } from '../../src/base/user-name.ts'
import { fc } from '../property.ts'

describe('a user', () => {
  test.each([
    ['alice', 'alice'],
    [' Alice ', 'alice'],
    ['DOMAIN\\Alice', 'alice@domain'],
    ['DOMAIN \\ Alice', 'alice@domain'],
    ['alice@Domain', 'alice@domain'],
    ['DOMAIN\\alice@other', 'domain\\alice@other'],
    ['\\alice', '\\alice'],
    ['e\u0301ve', '\u00e9ve'],
    ['-', ''],
    [' - ', ''],
    ['', ''],
    ['  ', ''],
  ])('%j is known as %j', (text, name) => {
    expect(canonicalUser(text)).toBe(name)
  })

  test('has one spelling: the canonical name stays as it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom('\\', '@', ' ', '-', 'A', 'b', 'İ', '\u0301', '\u212a', '\u00a0'), { maxLength: 8 })
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(text, (name) => {
        const canonical = canonicalUser(name)
        expect(canonicalUser(canonical)).toBe(canonical)
      }),
      { numRuns: 5000 },
    )
  })

  test('has a name of at most 256 characters, however long the input wrote it', () => {
    expect(canonicalUser('a'.repeat(100_000))).toBe('a'.repeat(256))
    expect(canonicalUser(`D\\${'a'.repeat(100_000)}`)).toBe(`${'a'.repeat(254)}@d`)
  })
})
