import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Store } from '../../src/store/store.ts'
import { dump } from '../store/dump.ts'
import { bulk } from './inputs.ts'
import { POLICY, type Report, Workplace } from './program.ts'

const SWEEP = ['sweep', 'in', '--policy', POLICY, '--json']

/** Waits until the first input of a sweep is read. */
async function firstRead(store: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 10) {
    await wait(10)
    try {
      const reader = Store.openReadOnly(store)
      const read = reader.readings().some(({ state }) => state === 'current')
      reader.close()
      if (read) return
    } catch {
      // It is not made yet.
    }
  }
  throw new Error('no input was read')
}

test('a sweep that is interrupted gives back what is half read and judges the rest, and the next completes it', async () => {
  const place = new Workplace()
  bulk(join(place.folder, 'in'), 100)
  const whole = join(place.folder, 'whole.db')
  expect((await place.run([...SWEEP, '--store', whole])).status).toBe(0)
  copyFileSync(`${whole}.key`, `${place.store}.key`)

  const { child, ended } = place.start(SWEEP)
  await firstRead(place.store)
  child.kill('SIGINT')
  const { status, stdout } = await ended
  const { inputs, findings } = JSON.parse(stdout) as Report
  expect(status).toBe(2)
  const outcomes = inputs.map((input) => input.status)
  expect(outcomes[0]).toBe('read')
  expect(outcomes.at(-1)).toBe('stopped')
  expect(outcomes).toEqual([...outcomes].sort())
  expect(findings.length).toBeGreaterThan(0)
  expect(dump(place.store).readings).toHaveLength(outcomes.filter((outcome) => outcome === 'read').length)

  expect((await place.run(SWEEP)).status).toBe(0)
  // A finding of both runs has a second revision where the second run added to it.
  const { findings: completed, ...facts } = dump(place.store)
  const { findings: expected, ...expectedFacts } = dump(whole)
  expect(facts).toEqual(expectedFacts)
  const said = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).body)
  expect(said(completed!)).toEqual(said(expected!))
})

test('while a sweep runs another one waits a moment and is refused, and looking is not', async () => {
  const place = new Workplace()
  place.put('a.log', '')
  const { child, ended } = place.start(['sweep', '-'])
  while (true) {
    await wait(20)
    const { status, stderr } = await place.run(['findings'])
    if (status === 0) break
    expect(stderr).toMatch(/there is no store|an empty file/)
  }
  const refused = await place.run(['sweep', 'a.log'])
  expect([refused.status, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain('another process is writing to it')
  child.stdin.end()
  expect((await ended).status).toBe(0)
})
