import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../store/made.ts'
import { alone, CHAT, run } from './run.ts'

let own = ''
beforeEach(() => {
  own = join(temporaryFolder(), 'own')
})

describe('signatures add', () => {
  test('writes a file that is in order, and dated today, into a folder that it makes', async () => {
    await run(['add', 'agency-chat', own])
    expect(await run(['check', own])).toMatchObject({
      out: `${own}: in order: 1 app, 2 indicators\n`,
      ...{ err: '', exitStatus: 0 },
    })
    expect(readFileSync(join(own, 'agency-chat.yaml'), 'utf8')).toContain('\ndate: 2026-11-22\n')
  })

  test('copies an app that comes with offchannel as its next revision, which overrides it', async () => {
    await run(['add', 'whatsapp', own])
    const { out, err, exitStatus } = await run(['check', own])
    expect(out).toContain('in order: 1 app')
    expect(err).toMatch(/^whatsapp: revision \d+ overrides revision \d+ of offchannel\n$/)
    expect(exitStatus).toBe(0)
    const list = await run(['list', '--json', '--signatures', own])
    const listed = list.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { revision, overrides, folder } = listed.find(({ id }) => id === 'whatsapp')
    expect([folder, revision - overrides]).toEqual([own, 1])
    expect((await run(['list', '--signatures', own])).err).toContain(
      `${own}: overrides whatsapp (revision ${revision} for ${overrides})\n`,
    )
  })

  test.each(['../x', 'Chat', 'a b', '', 'withdrawn'])('refuses the id %j', async (id) => {
    await expect(run(['add', id, own])).rejects.toThrow(id === 'withdrawn' ? 'is kept for withdrawals' : 'is no id')
    expect(() => readdirSync(own)).toThrow()
  })

  test('overwrites nothing', async () => {
    mkdirSync(own)
    writeFileSync(join(own, 'chat.yaml'), 'mine')
    await expect(run(['add', 'chat', own])).rejects.toThrow('chat.yaml: is there already and is not overwritten')
    expect(readFileSync(join(own, 'chat.yaml'), 'utf8')).toBe('mine')
  })
})

describe('signatures check', () => {
  test('names an id that is taken, and what to do', async () => {
    await run(['add', 'whatsapp', own])
    const file = join(own, 'whatsapp.yaml')
    const text = readFileSync(file, 'utf8').replace(/^revision: .*/m, 'revision: 1')
    writeFileSync(file, text.replace(/^vendor: .*/m, 'vendor: Somebody Else'))
    const { out, err, exitStatus } = await run(['check', own])
    expect([out, exitStatus]).toEqual(['', 2])
    expect(err).toMatch(
      /whatsapp\.yaml:7: revision: "whatsapp" is the id of an app of offchannel with revision \d+: to override it raise/,
    )
    expect((await run(['check', own, '--no-bundled-signatures'])).exitStatus).toBe(0)
    await expect(run(['list', '--signatures', own])).rejects.toThrow('to override it raise the revision')
  })

  test('warns of what nobody verified for long, and of withdrawals of nothing, at status 0', async () => {
    mkdirSync(own)
    writeFileSync(join(own, 'chat.yaml'), CHAT.replace('distinctive,', 'distinctive, last-verified: 2025-11-01,'))
    const entry = '- {indicator: chat exact old.example, reason: gone, date: 2026-11-22}\n'
    writeFileSync(join(own, 'withdrawn.yaml'), entry)
    const { out, err, exitStatus } = await run(['check', own])
    expect(err.split('\n')).toEqual([
      'chat exact g.chat.example: not verified since 2025-11-01',
      'chat exact old.example: withdrawn, and no signature has it any more',
      '',
    ])
    expect([out, exitStatus]).toEqual([`${own}: in order: 1 app, 2 indicators, 1 withdrawal\n`, 0])
    expect((await run(['check', own, '--stale-after', '400d'])).err).not.toContain('not verified')
    expect((await run(['list', ...alone(own)])).err).toContain('1 indicator was not verified for 365 days')
    await expect(run(['check', own, '--stale-after', 'ever'])).rejects.toThrow('write a number of days')
  })
})

describe('signatures withdraw', () => {
  const withdraw = (...words: readonly string[]) => run(['withdraw', ...words, '--reason', 'wrong', ...alone(own)])

  beforeEach(() => {
    mkdirSync(own)
    writeFileSync(join(own, 'chat.yaml'), CHAT)
  })

  test('takes an indicator back, with reason and day', async () => {
    await withdraw('chat', 'exact', 'g.chat.example')
    await withdraw('chat suffix chat.example')
    expect(readFileSync(join(own, 'withdrawn.yaml'), 'utf8')).toBe(`\
# Indicators that were taken back: they match nothing, and what was seen of them raises nothing.

- indicator: chat exact g.chat.example
  reason: wrong
  date: 2026-11-22
- indicator: chat suffix chat.example
  reason: wrong
  date: 2026-11-22
`)
    expect((await run(['lookup', ...alone(own), 'g.chat.example'])).out).toMatch(/^g.chat.example: no signature/)
    expect((await run(['list', ...alone(own), '--json'])).out).toContain('"withdrawn":2')
    expect(readdirSync(own)).toEqual(['chat.yaml', 'withdrawn.yaml'])
  })

  test('takes one of those that come with offchannel back, into a folder that it makes', async () => {
    const other = join(temporaryFolder(), 'other')
    const { err } = await run(['withdraw', 'wireguard protocol wireguard', '--reason', 'x', '--signatures', other])
    expect(err).toContain(`withdrawn in ${join(other, 'withdrawn.yaml')}`)
    expect(await run(['lookup', '--signatures', other, 'wireguard'])).toMatchObject({
      out: expect.stringMatching(/^wireguard: no signature names it\n/),
    })
    expect((await run(['check', other])).out).toBe(`${other}: in order: 0 apps, 0 indicators, 1 withdrawal\n`)
  })

  test('refuses what is no indicator, and says what may be meant; what is withdrawn already; and no reason', async () => {
    await expect(withdraw('g.chat.example')).rejects.toThrow(
      '"g.chat.example" is no indicator: did you mean "chat exact g.chat.example"?',
    )
    await expect(withdraw('chat exact nothing.example')).rejects.toThrow('`offchannel signatures lookup` names them')
    await withdraw('chat exact g.chat.example')
    await expect(withdraw('chat exact g.chat.example')).rejects.toThrow('is withdrawn already: wrong')
    const blank = ['withdraw', 'chat suffix chat.example', '--reason', ' ', ...alone(own)]
    await expect(run(blank)).rejects.toThrow('--reason: [1].reason: is empty: say why')
    await expect(run(['withdraw', 'chat exact g.chat.example', '--reason', 'x'])).rejects.toThrow('with --signatures')
  })
})
