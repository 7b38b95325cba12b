import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import { loadSignatures } from '../../src/classify/load.ts'

const GOOD = `id: chat
name: Chat
vendor: Example
category: messaging
status: active
maturity: proved
revision: 1
date: 2026-11-21
indicators:
  - type: suffix
    value: chat.example
    role: marketing
    strength: ambiguous
    sources: [https://chat.example/help]
  - type: exact
    value: g.chat.example
    role: messaging
    strength: distinctive
    sources: [https://chat.example/help]
    first-seen: 2026-01-01
    last-verified: 2026-11-01
    valid-until: 2027-01-01
    note: The chat server.
tests:
  should-match:
    - g.chat.example
  should-not-match:
    - notchat.example
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-signatures-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(file: string, content: string): void {
  writeFileSync(join(folder, file), content)
}

/** The lines of the error that loading the folder throws. */
function failure(): string[] {
  try {
    loadSignatures(folder)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OffchannelError)
    expect((thrown as OffchannelError).code).toBe('signatures_invalid')
    return (thrown as OffchannelError).message.split('\n')
  }
  return []
}

describe('a folder that is in order', () => {
  test('gives its signatures sorted by id, with kebab-case keys as model fields', () => {
    write('chat.yaml', GOOD)
    write('b.yaml', GOOD.replace('id: chat', 'id: b').replaceAll('chat.example', 'b.example'))
    write('README.md', 'not a signature')
    const { signatures } = loadSignatures(folder)
    expect(signatures.map(({ id }) => id)).toEqual(['b', 'chat'])
    expect(signatures[1]).toMatchObject({
      id: 'chat',
      falsePositives: [],
      shouldMatch: ['g.chat.example'],
      shouldNotMatch: ['notchat.example'],
    })
    expect(signatures[1]?.indicators[1]).toEqual({
      type: 'exact',
      value: 'g.chat.example',
      role: 'messaging',
      strength: 'distinctive',
      sources: ['https://chat.example/help'],
      firstSeen: '2026-01-01',
      lastVerified: '2026-11-01',
      validUntil: '2027-01-01',
      note: 'The chat server.',
    })
  })

  test('has a hash that changes with any content and with the files, and with nothing else', () => {
    write('chat.yaml', GOOD)
    const first = loadSignatures(folder).hash
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    write('notes.txt', 'anything')
    expect(loadSignatures(folder).hash).toBe(first)
    write('chat.yaml', `# a comment\n${GOOD}`)
    const second = loadSignatures(folder).hash
    expect(second).not.toBe(first)
    write('b.yaml', GOOD.replace('id: chat', 'id: b').replaceAll('chat.example', 'b.example'))
    expect(loadSignatures(folder).hash).not.toBe(second)
  })

  test('may withdraw indicators, which says nothing against the tests of their files', () => {
    write('chat.yaml', GOOD)
    const before = loadSignatures(folder).hash
    write('withdrawn.yaml', '- {indicator: chat exact g.chat.example, reason: shared, date: 2026-11-22}\n')
    const { signatures, hash } = loadSignatures(folder)
    expect(signatures.map(({ id }) => id)).toEqual(['chat'])
    expect(signatures[0]!.indicators.map(({ withdrawn }) => withdrawn)).toEqual([undefined, 'shared'])
    expect(hash).not.toBe(before)
    write('withdrawn.yaml', 'chat exact g.chat.example\n')
    expect(failure()).toEqual(['withdrawn.yaml:1: is not a list of withdrawn indicators'])
  })

  test('may name the same host in two apps that are equally specific', () => {
    write('chat.yaml', GOOD)
    write('twin.yaml', GOOD.replace('id: chat', 'id: twin'))
    expect(loadSignatures(folder).signatures).toHaveLength(2)
  })
})

test('a file nested deeper than any stack is refused like any other', () => {
  for (const text of ['['.repeat(20_000) + ']'.repeat(20_000), '['.repeat(20_000), '- '.repeat(20_000)]) {
    write('chat.yaml', text)
    expect(failure()[0]).toMatch(/^chat\.yaml:1: /)
  }
})

describe('a file is refused with its line', () => {
  const label = 'use letters, digits, hyphens and underscores'
  test.each([
    ['an unknown key', ['vendor:', 'vendro:'], ['1: vendor: is missing', '3: vendro: is not a key of signature files']],
    [
      'an unknown key in an indicator',
      ['    note: The', '    remark: The'],
      ['23: indicators[1].remark: is not a key of signature files'],
    ],
    [
      'an unknown value',
      ['role: messaging', 'role: chatting'],
      [
        '17: indicators[1].role: Invalid option: expected one of "messaging"|"call"|"media"|"registration"|"web-client"|"push"|"backup"|"marketing"|"shared"|"tunnel"|"resolver"',
      ],
    ],
    [
      'another name than its file',
      ['id: chat', 'id: chats'],
      ['1: id: "chats" is not the name of the file: write "chat"'],
    ],
    ['an id in capitals', ['id: chat', 'id: Chat'], ['1: id: is not an id: use lower-case words joined by hyphens']],
    [
      'a date that is none',
      ['date: 2026-11-21', 'date: 2026-02-30'],
      ['8: date: is not a date: write it as 2026-11-21'],
    ],
    ['no date', ['date: 2026-11-21\n', ''], ['1: date: is missing']],
    ['a revision of zero', ['revision: 1', 'revision: 0'], ['7: revision: Too small: expected number to be >=1']],
    ['an empty text', ['name: Chat', "name: ' '"], ['2: name: is empty']],
    [
      'a retired app without a date',
      ['status: active', 'status: retired'],
      ['5: status: "retired" needs "retired-on"'],
    ],
    [
      'an active app with an end',
      ['status: active', 'status: active\nretired-on: 2025-05-05'],
      ['6: retired-on: "2025-05-05" stands in an active app: leave it out, or set status: retired'],
    ],
    [
      'a proved app without a distinctive name',
      ['strength: distinctive', 'strength: supporting'],
      ['6: maturity: "proved" needs a distinctive indicator: use experimental'],
    ],
    [
      'no source',
      ['sources: [https://chat.example/help]\n    first', 'sources: []\n    first'],
      ['19: indicators[1].sources: names no source'],
    ],
    [
      'no indicator that a name could match',
      [/indicators:[\s\S]*tests:/, 'indicators: []\ntests:'],
      [
        '6: maturity: "proved" needs a distinctive indicator: use experimental',
        '9: indicators: is empty: an app without a usable name needs no file',
      ],
    ],
    [
      'the same indicator twice',
      ['type: exact\n    value: g.chat.example', 'type: suffix\n    value: chat.example'],
      ['16: indicators[1].value: "chat.example" repeats indicators[0]: leave one out'],
    ],
    [
      'capitals',
      ['value: g.chat', 'value: G.chat'],
      ['16: indicators[1].value: "G.chat.example" is not in lower case: write "g.chat.example"'],
    ],
    [
      'a trailing dot',
      ['value: g.chat.example', 'value: g.chat.example.'],
      ['16: indicators[1].value: "g.chat.example." ends in a dot: leave it out'],
    ],
    [
      'another script',
      ['value: g.chat', 'value: ü.chat'],
      ['16: indicators[1].value: "ü.chat.example" is not in punycode: write "xn--tda.chat.example"'],
    ],
    [
      'an address',
      ['value: g.chat.example', 'value: 192.0.2.1'],
      ['16: indicators[1].value: "192.0.2.1" is an address: only names can be matched'],
    ],
    [
      'a single label',
      ['value: g.chat.example', 'value: example'],
      ['16: indicators[1].value: "example" is a single label: name at least two'],
    ],
    [
      'a URL',
      ['value: g.chat.example', 'value: https://g.chat.example'],
      [
        `16: indicators[1].value: "https://g.chat.example" holds "https://g", which is no label of a host name: ${label}`,
      ],
    ],
    [
      'a star in an exact name',
      ['value: g.chat', 'value: g*.chat'],
      [`16: indicators[1].value: "g*.chat.example" holds "g*", which is no label of a host name: ${label}`],
    ],
    [
      'a pattern without a star',
      ['type: exact', 'type: pattern'],
      ['16: indicators[1].value: "g.chat.example" holds no "*": use the type exact or suffix'],
    ],
    [
      'a pattern that is too broad',
      ['type: exact\n    value: g.chat.example', 'type: pattern\n    value: g.*.example'],
      ['16: indicators[1].value: "g.*.example" is too broad: the last two labels must be written out'],
    ],
    [
      'a pattern of two labels',
      ['type: exact\n    value: g.chat.example', "type: pattern\n    value: '*.example'"],
      ['16: indicators[1].value: "*.example" is too broad: the last two labels must be written out'],
    ],
    [
      'two stars in a row',
      ['type: exact\n    value: g.chat', 'type: pattern\n    value: g**.chat'],
      ['16: indicators[1].value: "g**.chat.example" holds "**": one "*" already stands for any number of characters'],
    ],
    [
      'a test name that nobody can have',
      ['- notchat.example', '- Not.example'],
      ['28: tests.should-not-match[0]: "Not.example" is not in lower case: write "not.example"'],
    ],
    [
      'a name that should match and does not',
      ['- g.chat.example', '- g.chat.example\n    - g.talk.example'],
      ['27: tests.should-match[1]: "g.talk.example" is matched by no indicator of this file'],
    ],
    [
      'a name that should not match and does',
      ['- notchat.example', '- www.chat.example'],
      ['28: tests.should-not-match[0]: "www.chat.example" is matched by suffix "chat.example"'],
    ],
    ['a key twice', ['vendor: Example', 'vendor: Example\nvendor: Example'], ['4: Map keys must be unique']],
    [
      'an alias of nothing',
      ['vendor: Example', 'vendor: *nobody'],
      ['1: Unresolved alias (the anchor must be set before the alias): nobody'],
    ],
    [
      'keys that are not text',
      ['vendor: Example', 'vendor: Example\n? [1]\n: 2'],
      ['4: With stringKeys, all keys must be strings'],
    ],
  ] as [string, [string | RegExp, string], string[]][])('%s', (_, [from, to], expected) => {
    const broken = GOOD.replace(from, to)
    expect(broken).not.toBe(GOOD)
    write('chat.yaml', broken)
    expect(failure()).toEqual(expected.map((line) => `chat.yaml:${line}`))
  })

  test('where it stands behind an alias', () => {
    write(
      'chat.yaml',
      GOOD.replace('sources: [https://chat.example/help]', "sources: &s ['']").replace(
        '[https://chat.example/help]',
        '*s',
      ),
    )
    expect(failure()).toEqual([
      'chat.yaml:14: indicators[0].sources[0]: is empty',
      'chat.yaml:14: indicators[1].sources[0]: is empty',
    ])
  })

  test('that is empty', () => {
    write('chat.yaml', '')
    expect(failure()).toEqual(['chat.yaml:1: Invalid input: expected object, received null'])
  })

  test('that is no YAML, with control characters made visible', () => {
    write('chat.yaml', 'id: "\\u001b[31m"\nx\u0007: [')
    expect(failure().join('')).not.toMatch(/[\u0000-\u001f]/)
    expect(failure()[0]).toMatch(/^chat\.yaml:2: /)
  })

  test('whose aliases multiply without end', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) lines.push(`${to}: &${to} [${`*${from}, `.repeat(9)}]`)
    write('chat.yaml', lines.join('\n'))
    expect(failure()).toEqual(['chat.yaml:1: Excessive alias count indicates a resource exhaustion attack'])
  })
})

describe('a folder is refused', () => {
  test('with every problem of every file, by file and line', () => {
    write('chat.yaml', GOOD.replace('vendor: Example\n', '').replace('revision: 1', 'revision: one'))
    write('b.yaml', GOOD)
    write('c.yml', GOOD)
    expect(failure()).toEqual([
      'b.yaml:1: id: "chat" is not the name of the file: write "b"',
      'c.yml: is not read: name it .yaml',
      'chat.yaml:1: vendor: is missing',
      'chat.yaml:6: revision: Invalid input: expected number, received string',
    ])
  })

  test('where another app wins a name that a file claims', () => {
    write(
      'chat.yaml',
      GOOD.replace('type: exact\n    value: g.', 'type: pattern\n    value: g*.').replace('- g.', '- g1.'),
    )
    write('thief.yaml', GOOD.replace('id: chat', 'id: thief').replaceAll('g.chat.example', 'g1.chat.example'))
    expect(failure()).toEqual([
      'chat.yaml:26: tests.should-match[0]: "g1.chat.example" is won by exact "g1.chat.example" of thief, which is more specific',
    ])
  })

  test('that is not there, or holds no signature, or cannot be read', () => {
    expect(failure()).toEqual([`${folder}: holds no .yaml file: name a folder of signatures`])
    mkdirSync(join(folder, 'chat.yaml'))
    expect(failure()).toEqual([expect.stringMatching(/chat\.yaml: cannot be read: EISDIR/)])
    expect(() => loadSignatures(join(folder, 'missing'))).toThrow(/missing: cannot be read: ENOENT/)
  })
})
