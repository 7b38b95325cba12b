import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSignatures } from '../../../src/classify/load.ts'
import type { BlockedName, BlockList } from '../../../src/model/block-list.ts'
import { fc } from '../../property.ts'
import { DAY, temporaryFolder } from '../../store/made.ts'
import { CONTEXT, HOSTILE, namesFormat } from './made.ts'
import { parseSuricataRule } from './suricata-rule.ts'

function name(type: BlockedName['type'], value: string, given: Partial<BlockedName> = {}): BlockedName {
  return { app: 'palaver', appName: 'Palaver', revision: 4, type, value, ...given }
}

const NAMES = [
  name('exact', 'chat.palaver.example'),
  name('exact', '_xmpp.palaver.example'),
  name('pattern', 'w-*.0.palaver.example'),
  name('suffix', 'palaver-cdn.example'),
  name('exact', 'chat.palaver.example', { app: 'chirp', appName: 'Chirp' }),
]

function listOf(names: readonly BlockedName[]): BlockList {
  return { day: DAY, names, shared: [], partly: [], policy: 'p1', signatures: 's1' }
}

function write(format: string, names: readonly BlockedName[] = NAMES): string {
  return [...namesFormat(format).write(listOf(names), CONTEXT)].join('')
}

/** Names of apps are free text of signature files, which operators take from elsewhere. */
const hostileNames = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 40 })), { minLength: 1 })
  .map((texts) => texts.map((text, n) => name('exact', `n${n}.palaver.example`, { appName: text, app: `app-${n}` })))

const stated = (text: string, comment: string) =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith(comment))

describe('hosts', () => {
  test('leads each name nowhere once, in both versions of IP, and says what it leaves out', () => {
    const text = write('hosts')
    expect(stated(text, '#')).toEqual([
      '0.0.0.0 chat.palaver.example',
      ':: chat.palaver.example',
      '0.0.0.0 _xmpp.palaver.example',
      ':: _xmpp.palaver.example',
      '0.0.0.0 palaver-cdn.example',
      ':: palaver-cdn.example',
    ])
    expect(text).toContain('# left out: w-*.0.palaver.example\n')
    expect(text).toContain('# without the names under it: palaver-cdn.example\n')
  })

  test('no name of an app becomes a line of its own', () => {
    fc.assert(
      fc.property(hostileNames, (names) => {
        for (const line of stated(write('hosts', names), '#')) {
          expect(line).toMatch(/^(0\.0\.0\.0|::) n\d+\.palaver\.example$/)
        }
      }),
    )
  })
})

const checkzone = spawnSync('named-checkzone', ['-v']).status === 0

describe('rpz', () => {
  test('says of each name, and of those under a suffix, that there is none', () => {
    const text = write('rpz')
    expect(stated(text, ';')).toEqual([
      '$TTL 300',
      '@ IN SOA localhost. hostmaster.localhost. 2026112100 3600 600 604800 300',
      '@ IN NS localhost.',
      'chat.palaver.example IN CNAME .',
      '_xmpp.palaver.example IN CNAME .',
      'palaver-cdn.example IN CNAME .',
      '*.palaver-cdn.example IN CNAME .',
    ])
    expect(text).toContain('; left out: w-*.0.palaver.example\n')
  })

  test('leaves out a name that is too long beside that of a zone, and says so', () => {
    const long = `${`${'a'.repeat(60)}.`.repeat(3)}example`
    const text = write('rpz', [name('exact', long)])
    expect(stated(text, ';')).toHaveLength(3)
    expect(text).toContain(`; left out: ${long}\n`)
  })

  test('no name of an app becomes a record', () => {
    fc.assert(
      fc.property(hostileNames, (names) => {
        const [, , , ...records] = stated(write('rpz', names), ';')
        for (const line of records) expect(line).toMatch(/^n\d+\.palaver\.example IN CNAME \.$/)
        expect(records).toHaveLength(names.length)
      }),
    )
  })

  test.skipIf(!checkzone)('named-checkzone of BIND loads it', () => {
    const hostile = HOSTILE.map((appName, n) => name('exact', `n${n}.palaver.example`, { appName, app: `app-${n}` }))
    const file = join(temporaryFolder(), 'zone')
    writeFileSync(file, write('rpz', [...NAMES, ...hostile]))
    const said = execFileSync('named-checkzone', ['-D', '-o', '-', 'a-long-name-of-a-zone.rpz.example', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(said.match(/\bCNAME\s+\.\n/g)).toHaveLength(4 + HOSTILE.length)
  })
})

/** Whether a rule fires on a name, by what the documentation says of its keywords. */
function fires(line: string, seen: string): boolean {
  const { options } = parseSuricataRule(line)
  const has = (key: string) => options.some(([one]) => one === key)
  const value = (key: string) => options.find(([one]) => one === key)?.[1]
  const buffer = (has('dotprefix') ? '.' : '') + (has('nocase') ? seen.toLowerCase() : seen)
  const content = value('content')!
  const [, pattern, flags] = /^\/(.*)\/(i?)$/.exec(value('pcre') ?? '') ?? []
  return (
    buffer.includes(content) &&
    (!has('startswith') || buffer.startsWith(content)) &&
    (!has('endswith') || buffer.endsWith(content)) &&
    (pattern === undefined || new RegExp(pattern, flags).test(buffer))
  )
}

const PLACES = ['tls', 'dns', 'http', 'quic']

describe('suricata', () => {
  const rules = (names = NAMES) => stated(write('suricata', names), '#')
  const of = (type: BlockedName['type'], value: string) => rules([name(type, value)])

  test('has a rule for each name and place, with an id of its own', () => {
    const parsed = rules().map(parseSuricataRule)
    expect(parsed).toHaveLength(4 * NAMES.length)
    const ids = parsed.map(({ options }) => Number(options.find(([key]) => key === 'sid')![1]))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id >= 1_000_000_000 && id < 2 ** 31).toBe(true)
    expect(parsed.slice(0, 4).map(({ protocol }) => protocol)).toEqual(['tls', 'dns', 'http', 'quic'])
    expect(parsed[0]!.options).toContainEqual(['rev', '4'])
  })

  test('keeps the ids of a name whatever other names are there', () => {
    const sids = (lines: readonly string[]) => lines.map((line) => /sid:(\d+)/.exec(line)![1])
    expect(sids(rules()).slice(12, 16)).toEqual(sids(of('suffix', 'palaver-cdn.example')))
    expect(sids(of('exact', 'chat.palaver.example'))[0]).toBe('2032920752')
  })

  test.each([
    ['exact', 'chat.palaver.example', 'chat.palaver.example', true],
    ['exact', 'chat.palaver.example', 'xchat.palaver.example', false],
    ['exact', 'chat.palaver.example', 'chat.palaver.example.org', false],
    ['suffix', 'palaver.example', 'palaver.example', true],
    ['suffix', 'palaver.example', 'a.b.palaver.example', true],
    ['suffix', 'palaver.example', 'notpalaver.example', false],
    ['suffix', 'palaver.example', 'palaver.example.org', false],
    ['pattern', 'w-*.0.palaver.example', 'w-17.0.palaver.example', true],
    ['pattern', 'w-*.0.palaver.example', 'w-.0.palaver.example', false],
    ['pattern', 'w-*.0.palaver.example', 'w-1.2.0.palaver.example', false],
    ['pattern', 'w-*.0.palaver.example', 'w-1.0.palaver.example.org', false],
  ] as const)('%s %s and %s: %j', (type, value, seen, expected) => {
    expect(of(type, value).map((rule) => fires(rule, seen))).toEqual(Array(4).fill(expected))
  })

  test('no name of an app adds an option or a rule', () => {
    fc.assert(
      fc.property(hostileNames, (names) => {
        const lines = rules(names)
        expect(lines).toHaveLength(4 * names.length)
        for (const line of lines) {
          const { protocol, options } = parseSuricataRule(line)
          expect(options.map(([key]) => key)).toEqual(
            parseSuricataRule(rules([name('exact', 'a.example')])[PLACES.indexOf(protocol)]!).options.map(
              ([key]) => key,
            ),
          )
        }
      }),
    )
  })

  test('every name of every signature makes rules by the documented grammar, each with an id of its own', () => {
    const { signatures } = loadSignatures('signatures')
    const names = signatures.flatMap(({ id: app, name: appName, revision, indicators }) =>
      indicators.flatMap(({ type, value }) =>
        type === 'exact' || type === 'suffix' || type === 'pattern' ? [{ app, appName, revision, type, value }] : [],
      ),
    )
    const parsed = rules(names).map(parseSuricataRule)
    expect(parsed.length).toBeGreaterThan(3000)
    expect(new Set(parsed.map(({ options }) => options.find(([key]) => key === 'sid')![1])).size).toBe(parsed.length)
  })

  test.each([
    ['msg:"a"; flow', 'msg:"a";; flow'],
    ['tls.sni; content:"chat.palaver.example"', 'content:"chat.palaver.example"; tls.sni'],
    ['tls.sni;', 'dns.query;'],
    ['nocase; startswith', 'nocase:1; startswith'],
    ['content:"chat', 'content:"ch;at'],
    ['content:"chat', 'content:chat'],
    ['classtype:policy-violation', 'classtype:none-such'],
    ['sid:', 'sid:0'],
    ['rev:4; ', ''],
    ['flow:established,to_server', 'flow:somewhere'],
    ['metadata:offchannel_app palaver', 'metadata:offchannel_app'],
    ['any any -> any any', 'any any > any any'],
  ])('the grammar refuses a rule in which %j is %j', (from, to) => {
    const [rule] = of('exact', 'chat.palaver.example')
    const made = rule!.replace(/msg:"[^"]*"/, 'msg:"a"')
    parseSuricataRule(made)
    expect(made).toContain(from)
    expect(() => parseSuricataRule(made.replace(from, to))).toThrow()
  })

  test.skipIf(spawnSync('suricata', ['-V']).status !== 0)('suricata -T loads every rule', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'offchannel.rules')
    writeFileSync(file, write('suricata'))
    const { status, stdout, stderr } = spawnSync('suricata', ['-T', '-S', file, '-l', folder], { encoding: 'utf8' })
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/error|warning/i)])
  })
})
