import { spawnSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { Terminal } from '../../src/cli/terminal.ts'

async function script(shell: string): Promise<string> {
  let text = ''
  const stream = { write: (part: string) => (text += part) }
  const status = await main(
    ['node', 'offchannel', 'completion', shell],
    new Terminal(stream, stream, {}, new PassThrough()),
  )
  expect(status).toBe(0)
  return text
}

test('bash completes commands, their commands, options and the choices of options', async () => {
  const ask = (...words: string[]) =>
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _offchannel; echo "\${COMPREPLY[*]}"`
  const asked = [
    ask('offchannel', 'sw'),
    ask('offchannel', 'signatures', 'l'),
    ask('offchannel', 'sweep', '--fail-on', ''),
    ask('offchannel', 'sweep', '--po'),
    ask('offchannel', 'completion', 'f'),
    ask('offchannel', 'sweep', 'capt'),
  ]
  const run = spawnSync('bash', ['-c', [await script('bash'), ...asked].join('\n')], { encoding: 'utf8' })
  expect(run.stdout.split('\n')).toEqual(['sweep', 'list lookup', 'high medium low', '--policy', 'fish', '', ''])
})

test('every command and option stands in the scripts of all shells', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = await script(shell)
    for (const word of ['sweep', 'inspect', 'lookup', 'fail-on', 'no-hash']) expect(text).toContain(word)
  }
})
