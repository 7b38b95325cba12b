import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'offchannel-readme-'))
const key = path.join(folder, 'key')
const store = path.join(folder, 'store.db')

function offchannel(...args: string[]): string {
  const environment = { ...process.env, COLUMNS: '100', NO_COLOR: '1' }
  const run = spawnSync(process.execPath, ['bin/offchannel.js', ...args], { encoding: 'utf8', env: environment })
  expect([run.stderr, run.status]).toEqual(['', 0])
  return run.stdout
}

/** What README shows behind a mark; with UPDATE_README set it is made to show what was printed. */
function shown(mark: string, printed: string): string {
  const readme = readFileSync('README.md', 'utf8')
  const start = readme.indexOf('```text\n', readme.indexOf(`<!-- ${mark} -->`)) + '```text\n'.length
  const end = readme.indexOf('```', start)
  if (process.env.UPDATE_README) writeFileSync('README.md', readme.slice(0, start) + printed + readme.slice(end))
  return process.env.UPDATE_README ? printed : readme.slice(start, end)
}

beforeAll(() => {
  // A key of one's own gives other pseudonyms: the ones in README are those of this key.
  writeFileSync(key, `${'1'.padStart(64, '0')}\n`, { mode: 0o600 })
})
afterAll(() => rmSync(folder, { recursive: true }))

test('what README shows of a sweep, and of a finding, is what they print', () => {
  const inputs = ['samples/captures', 'samples/logs/day', '--policy', 'samples/policy.yaml']
  const sweep = offchannel('sweep', ...inputs, '--store', store, '--key', key)
  expect(sweep).toBe(shown('sweep', sweep))
  const show = offchannel('show', 'f-89a7', '--store', store)
  expect(show).toBe(shown('show', show))
})
