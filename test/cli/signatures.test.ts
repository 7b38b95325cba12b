import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './signatures/run.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offchannel-signatures-'))
  const chat = `id: chat
name: Chat
vendor: Example
category: messaging
status: retired
retired-on: 2025-05-05
maturity: experimental
revision: 3
date: 2026-11-21
indicators:
  - {type: suffix, value: chat.example, role: messaging, strength: distinctive, sources: [made up]}
  - {type: exact, value: www.chat.example, role: marketing, strength: ambiguous, sources: [made up]}
tests: {should-match: [chat.example], should-not-match: [notchat.example]}
`
  writeFileSync(join(folder, 'chat.yaml'), chat)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('signatures list', () => {
  test('shows the bundled apps in a table, and counts them on the error stream', async () => {
    const { out, err, exitStatus } = await run(['list'])
    expect(out).toContain('│ whatsapp ')
    expect(err).toMatch(/^\d+ apps, [\d,]+ indicators; set [0-9a-f]{12}\n$/)
    expect(exitStatus).toBe(0)
  })

  test('shows those of another folder alone, retired ones with their date', async () => {
    const { out } = await run(['list', '--signatures', folder, '--no-bundled-signatures'], 200)
    expect(out).toContain(`│ chat │ Chat │ messaging │ retired 2025-05-05 │ 2          │ 1           │ ${folder} │`)
    expect(out).not.toContain('whatsapp')
  })

  test('shows those of a folder beside the bundled ones, each with where it is from', async () => {
    const { out, err } = await run(['list', '--signatures', folder], 200)
    expect(out).toMatch(new RegExp(`│ chat .* │ ${folder} +│\n`))
    expect(out).toMatch(/│ whatsapp .* │ offchannel +│\n/)
    expect(err).not.toContain('overrides')
  })

  test('needs signatures', async () => {
    await expect(run(['list', '--no-bundled-signatures'])).rejects.toThrow('name a folder with --signatures')
  })

  test('gives one object a line with --json', async () => {
    const { out } = await run(['list', '--json', '--signatures', folder, '--no-bundled-signatures'])
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        id: 'chat',
        name: 'Chat',
        vendor: 'Example',
        category: 'messaging',
        status: 'retired',
        retiredOn: '2025-05-05',
        maturity: 'experimental',
        revision: 3,
        date: '2026-11-21',
        indicators: 2,
        distinctive: 1,
        withdrawn: 0,
        stale: 0,
        folder,
      },
    ])
  })

  test.each([60, 80, 100, 200])('fits %i columns', async (columns) => {
    const { out } = await run(['list'], columns)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })
})

describe('signatures lookup', () => {
  test('says which app a name belongs to, and why', async () => {
    const { out } = await run(
      ['lookup', '--signatures', folder, 'WWW.Chat.Example.', 'x.chat.example', 'a.example'],
      120,
    )
    expect(out).toContain('www.chat.example: Chat\n')
    expect(out).toContain(
      '│ chat │ exact www.chat.example │ marketing │ ambiguous   │ wins   │ the exact name goes first │',
    )
    expect(out).toContain(
      '│ chat │ suffix chat.example    │ messaging │ distinctive │ loses  │ the exact name goes first │',
    )
    expect(out).toContain('x.chat.example: Chat\n')
    expect(out).toContain('a.example: no signature names it\n')
  })

  test('gives one object a name with --json, sources included', async () => {
    const { out } = await run(['lookup', '--json', '--signatures', folder, 'chat.example', 'münchen.example'])
    const [first, second] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(first).toEqual({
      name: 'chat.example',
      candidates: [
        {
          app: 'chat',
          type: 'suffix',
          value: 'chat.example',
          role: 'messaging',
          strength: 'distinctive',
          sources: ['made up'],
          wins: true,
          rule: 'the longest suffix',
        },
      ],
    })
    expect(second).toEqual({ name: 'xn--mnchen-3ya.example', candidates: [] })
  })

  test('colours nothing that it wraps, so that colour changes no character', async () => {
    const name = 'media-mxp1-1.cdn.whatsapp.net'
    const plain = await run(['lookup', name], 64)
    const coloured = await run(['lookup', name], 64, true)
    expect(coloured.out).not.toBe(plain.out)
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out)
  })

  test.each([
    ['chat.example/path', /^"chat\.example\/path" holds "example\/path", which is no label/],
    ['https://', /^"https:\/\/" is a URL without a host/],
    ['https://com/', /^"com" is a single label/],
    ['com', /^"com" is a single label/],
    ['192.0.2.256', /^"192\.0\.2\.256" is an address/],
    ['a\u001b[31m.example', /^"a\\u\{1b\}\[31m\.example" holds/],
    ['ü\u0000.example', /^"ü\\u\{0\}\.example" is not in punycode/],
  ])('refuses %j in one line', async (name, message) => {
    await expect(run(['lookup', name])).rejects.toThrow(message)
  })
})

describe('signatures check', () => {
  test('says that the bundled files are in order', async () => {
    const { out, exitStatus } = await run(['check'])
    expect(out).toMatch(/signatures: in order: \d+ apps, [\d,]+ indicators\n$/)
    expect(exitStatus).toBe(0)
  })

  test('shows every problem in a line and ends with status 2', async () => {
    const broken = join(folder, 'broken.yaml')
    writeFileSync(broken, 'vendor: one\nvendor: two\n')
    const { out, err, exitStatus } = await run(['check', folder])
    const json = await run(['check', '--json', folder])
    rmSync(broken)
    expect(out).toBe('')
    expect(err).toBe('offchannel: broken.yaml:2: Map keys must be unique\n')
    expect(exitStatus).toBe(2)
    expect(json.exitStatus).toBe(2)
    expect(JSON.parse(json.out)).toMatchObject({ folder, apps: 1, problems: [{ file: 'broken.yaml', line: 2 }] })
  })
})

test('signatures schema writes a JSON Schema', async () => {
  const { out } = await run(['schema'])
  expect(JSON.parse(out)).toMatchObject({ title: 'offchannel signature', type: 'object' })
})
