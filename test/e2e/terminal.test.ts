import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { capture, squidLog } from './inputs.ts'
import { SAMPLES, Workplace } from './program.ts'

/** Everything that a terminal may act on: controls but the end of a line, separators, directions of writing. */
const CONTROL = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u

test('nothing that an input says reaches the terminal as a control character', async () => {
  const place = new Workplace()
  const name = 'in/\u001b[31m\u009b\u202e'
  const hello = (serverName: string) => ({ name: serverName })
  place.put(`${name}.pcap`, capture(hello('\x1b[2J\x9b1m.web.telegram.org'), hello('x\x07\r\n\x7f.web.telegram.org')))
  const log = squidLog(
    { host: 'web.telegram.org', user: 'a\x1b]0;title\x07b' },
    { host: 'g.whatsapp.net', user: 'c\u009b31m\u202ed' },
    { host: '\x1b[31m.web.telegram.org', user: '\u2028' },
  )
  place.put(`${name}.log`, `${log}\x1b[31mno record\n`)
  place.put(`${name}.cut.pcap`, capture(hello('web.telegram.org')).subarray(0, -1))
  place.put(`${name}.txt`, '\x1b[31m nothing that is known \x1b[0m\n')
  const commands = [
    ['sweep', 'in', '--identities', 'clear'],
    ['sweep', 'in', '--identities', 'clear', '--json'],
    ['judge'],
    ['judge', '--json'],
    ['findings', '--all'],
    ['findings', '--all', '--json'],
    ['inspect', '--all', 'in'],
    ['show', 'f-\x1b[31m'],
    ['sweep', '\x1b[31m\u202e'],
    ['findings', '--store', '\x1b[31m\u202e'],
    ['signatures', 'lookup', '\x1b[31m\u202e.web.telegram.org'],
    ['signatures', 'check', '\x1b[31m'],
    ['policy', 'check', '\x1b[31m\u202e'],
    ['sweep', 'in', '--format', '\x1b[31m'],
    ['\x1b[31m\u202e'],
    ['sweep', '--\x1b[31m\u202e'],
    ['findings', '--severity', '\x1b[31m'],
  ]
  let said = ''
  for (const args of commands) {
    const { stdout, stderr } = await place.run(args)
    expect(CONTROL.exec(stdout + stderr), JSON.stringify(args)).toBe(null)
    said += stdout + stderr
  }
  // It was there, and is shown in another way.
  for (const part of ['a\\u{1b}]0;title', '"c\\u009b31m\\u202ed"', '\\\\027[2j\\\\1551m.web.telegram.org']) {
    expect(said).toContain(part)
  }

  const ids = (await place.run(['findings', '--all', '--json'])).stdout.match(/f-[0-9a-f]{16}/g)
  expect(ids!.length).toBeGreaterThan(2)
  for (const id of ids!) {
    for (const json of [[], ['--json']]) {
      const { status, stdout, stderr } = await place.run(['show', id, ...json])
      expect([status, CONTROL.exec(stdout + stderr)]).toEqual([0, null])
    }
  }
})

test('colours come where they are asked for, and say nothing by themselves', async () => {
  const place = new Workplace()
  const args = ['sweep', `${SAMPLES}/captures`]
  const plain = (await place.run(args)).stdout
  expect(plain).not.toContain('\x1b')
  expect((await place.run(['--color', 'never', ...args])).stdout).not.toContain('\x1b')
  const { id } = JSON.parse((await place.run(['findings', '--json'])).stdout.split('\n')[0]!)
  for (const command of [['findings'], ['show', id]]) {
    const colourless = (await place.run(command)).stdout
    const coloured = (await place.run(['--color', 'always', ...command])).stdout
    expect(coloured).toContain('\x1b[')
    expect(stripVTControlCharacters(coloured)).toBe(colourless)
  }
})

test('a reader that has seen enough ends the program without complaint', async () => {
  const place = new Workplace()
  for (const args of [
    ['inspect', '--all', SAMPLES],
    ['sweep', `${SAMPLES}/captures`],
    ['signatures', 'list', '--json'],
  ]) {
    const { child, ended } = place.start(args)
    child.stdin.end()
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect({ args, status: (await ended).status }).toEqual({ args, status: 0 })
  }
})

test('with --quiet only results and problems are told', async () => {
  const place = new Workplace()
  place.put('a.pcap', capture({ name: 'g.whatsapp.net' }))
  expect((await place.run(['sweep', 'a.pcap'])).status).toBe(0)
  const args = ['sweep', '.']
  expect((await place.run(args)).stderr).not.toBe('')
  const quiet = await place.run(['--quiet', ...args])
  expect([quiet.status, quiet.stderr]).toEqual([0, ''])
  expect(quiet.stdout).toContain('WhatsApp')
  expect((await place.run(['--quiet', 'sweep', 'nowhere'])).stderr).not.toBe('')
})
