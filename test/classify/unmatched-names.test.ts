import { describe, expect, test } from 'vitest'
import { Classifier } from '../../src/classify/classifier.ts'
import { UnmatchedNames } from '../../src/classify/unmatched-names.ts'
import { fc } from '../property.ts'
import { made } from './made.ts'

const classifier = new Classifier({ signatures: [made('a', 'suffix a.example', 'exact www.b.example')] })

/** Whether the text is passed over where it stands between other bytes. */
function isPassed(names: UnmatchedNames, text: string): boolean {
  const bytes = Buffer.from(`xyz${text}xyz`, 'latin1')
  return names.has(bytes, 3, bytes.length - 3)
}

describe('names that no signature matches', () => {
  test.each([
    ['of another host', 'www.example.org', true],
    ['in capitals', 'WWW.EXAMPLE.ORG', true],
    ['with the dot of the root', 'www.example.org.', true],
    ['of 56 bytes', `${'a'.repeat(44)}.example.org`, true],
    ['of more bytes than are remembered', `${'a'.repeat(60)}.example.org`, true],
    ['that a signature matches', 'x.a.example', false],
    ['that a signature matches, in capitals', 'WWW.B.EXAMPLE', false],
    ['that is an address', '192.0.2.1', false],
    ['that is an address of six', '2001:db8::1', false],
    ['with a byte that is escaped', 'www.example.or\xe9', false],
    ['with a backslash', 'www\\x41.example', false],
    ['that stands for nothing', '-', false],
    ['that stands for nothing, in brackets', '(empty)', false],
    ['of words', 'two words, and a comma', false],
    ['longer than a name can be', `${'a.'.repeat(150)}example`, false],
  ])('a name %s', (_, text, passed) => {
    const names = new UnmatchedNames(classifier)
    expect(isPassed(names, text)).toBe(passed)
    expect(isPassed(names, text)).toBe(passed)
  })

  test('what is said of a name does not depend on the names before', () => {
    const label = fc.stringMatching(/^[a-cA-C0-2_-]{1,4}$/)
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))
    const any = fc.oneof(
      name,
      name.map((text) => `${text}.a.example`),
      fc.constant('www.b.example'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (texts) => {
        const names = new UnmatchedNames(classifier)
        for (const text of [...texts, ...texts]) {
          const alone = isPassed(new UnmatchedNames(classifier), text)
          expect(isPassed(names, text)).toBe(alone)
          if (alone) expect(classifier.matchName(text.toLowerCase().replace(/\.$/, ''))).toEqual([])
        }
      }),
      { seed: 7, numRuns: 30 },
    )
  })

  test('more names than are remembered are told apart all the same', () => {
    const names = new UnmatchedNames(classifier)
    for (let i = 0; i < 300_000; i++) isPassed(names, `host-${i}.example.org`)
    for (let i = 0; i < 1000; i++) {
      expect(isPassed(names, `host-${i}.example.org`)).toBe(true)
      expect(isPassed(names, `host-${i}.a.example`)).toBe(false)
    }
  })
})
