import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../store/made.ts'
import { ROOT } from './program.ts'

/** The units that docs/jobs.md shows, by name, as they are to be written. */
function units(): Map<string, string> {
  const page = readFileSync(join(ROOT, 'docs/jobs.md'), 'utf8')
  const shown = page.matchAll(/`\/etc\/systemd\/system\/(?<name>[^`]+)`:\n\n```ini\n(?<text>[\s\S]*?)```/g)
  return new Map([...shown].map(({ groups }) => [groups!.name!, groups!.text!]))
}

/** The folder with the units, of a program that is there. */
function folder(): string {
  const place = temporaryFolder()
  mkdirSync(place, { recursive: true })
  for (const [name, text] of units()) {
    writeFileSync(join(place, name), text.replace('/usr/local/bin/offchannel', process.execPath))
  }
  return place
}

const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
const isThere = analyze('--version').status === 0
if (!isThere) console.warn('systemd-analyze is not installed: its tests are skipped')

test('the page shows the units of a run, its timer, and a watch', () => {
  expect([...units().keys()]).toEqual(['offchannel.service', 'offchannel.timer', 'offchannel-watch.service'])
})

test.skipIf(!isThere)('systemd finds no mistake in the units', () => {
  const place = folder()
  const files = [...units().keys()].map((name) => join(place, name))
  const { stdout, stderr, status } = analyze('verify', '--man=no', ...files)
  const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('offchannel'))
  expect(ours).toEqual([])
  expect(status).toBe(0)
})

test.skipIf(!isThere).each(['offchannel.service', 'offchannel-watch.service'])(
  'systemd calls the exposure of %s OK',
  (name) => {
    const { stdout } = analyze('security', '--offline=true', join(folder(), name))
    expect(stdout).toMatch(/Overall exposure level for .*: [0-2]\.\d OK/)
  },
)
