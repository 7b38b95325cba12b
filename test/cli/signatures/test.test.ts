import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { capture, squidLog } from '../../e2e/inputs.ts'
import { temporaryFolder } from '../../store/made.ts'
import { alone, CHAT, run, signatureFile } from './run.ts'

let folder = ''
let own: readonly string[] = []
beforeEach(() => {
  folder = temporaryFolder()
  const signatures = temporaryFolder()
  own = alone(signatures)
  writeFileSync(join(signatures, 'chat.yaml'), CHAT)
  const talk = signatureFile('talk', ['type: suffix, value: talk.example, role: messaging, strength: supporting'])
  writeFileSync(join(signatures, 'talk.yaml'), talk)
  const visits = ['g.chat.example', 'g.chat.example', 'other.example'].map((name, i) => ({
    name,
    time: 1.7e15 + i * 1e9,
  }))
  writeFileSync(join(folder, 'a.pcap'), capture(...visits))
  writeFileSync(join(folder, 'b.log'), squidLog({ host: 'g.chat.example' }, { host: 'other.example' }))
})

test('shows how often each indicator matched by what means, and those that never did', async () => {
  const { out, err, exitStatus } = await run(['test', folder, ...own])
  expect(out.split('\n')).toEqual([
    'The chat (chat): 1 of 2 indicators matched',
    expect.stringMatching(/^┌/),
    expect.stringMatching(/^│ Count │/),
    expect.stringMatching(/^├/),
    '│ 3     │ exact g.chat.example │ messaging │ distinctive │ http-connect 1, tls-sni 2 │',
    expect.stringMatching(/^└/),
    '  never: suffix chat.example',
    '',
  ])
  expect(err).toBe('5 observations, 3 of which matched a signature\n')
  expect(exitStatus).toBe(0)
})

test('gives an object an app with --json', async () => {
  const { out } = await run(['test', folder, '--json', ...own])
  expect(JSON.parse(out)).toEqual({
    app: 'chat',
    name: 'The chat',
    matched: [
      {
        ...{ type: 'exact', value: 'g.chat.example', role: 'messaging', strength: 'distinctive' },
        ...{ count: 3, means: { 'http-connect': 1, 'tls-sni': 2 } },
      },
    ],
    never: ['suffix chat.example'],
  })
})

test('an app that is asked for is shown where nothing of it matched, and alone', async () => {
  const { out } = await run(['test', join(folder, 'a.pcap'), '--app', 'talk', '--json', ...own])
  expect(JSON.parse(out)).toEqual({ app: 'talk', name: 'The talk', matched: [], never: ['suffix talk.example'] })
  await expect(run(['test', folder, '--app', 'tlak', ...own])).rejects.toThrow('--app tlak: no app has that id')
})

test('what cannot be read is told, and stops none of the others', async () => {
  writeFileSync(join(folder, 'a.txt'), 'nothing that anybody logs\n')
  const { err, exitStatus } = await run(['test', folder, ...own])
  expect(err).toMatch(/^offchannel: .*a\.txt: no known format/)
  expect(err).toContain('5 observations, 3 of which matched')
  expect(exitStatus).toBe(2)
})
