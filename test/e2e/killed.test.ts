import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { random } from '../build/index.ts'
import { dump } from '../store/dump.ts'
import { bulk } from './inputs.ts'
import { POLICY, Workplace } from './program.ts'

const KILLS = 20
const SWEEP = ['sweep', 'in', '--policy', POLICY]

test('a sweep that is killed at any moment is completed by the next to the same facts and findings', async () => {
  const place = new Workplace()
  bulk(join(place.folder, 'in'), 30)
  const started = performance.now()
  expect((await place.run(SWEEP)).status).toBe(0)
  const duration = performance.now() - started
  const undisturbed = dump(place.store)
  expect(undisturbed.readings).toHaveLength(5)
  expect(undisturbed.sightings!.length).toBeGreaterThan(1000)

  const next = random(20)
  const found = new Set<string>()
  for (let n = 0; n < KILLS; n++) {
    const store = join(place.folder, `killed${n}.db`)
    copyFileSync(`${place.store}.key`, `${store}.key`)
    const sweep = [...SWEEP, '--store', store]
    const { child, ended } = place.start(sweep)
    await wait(((n + next() / 2 ** 32) / KILLS) * duration)
    child.kill('SIGKILL')
    const { signal } = await ended
    const again = await place.run([...sweep, '--json'])
    expect([n, again.status]).toEqual([n, 0])
    const known = JSON.parse(again.stdout).inputs.filter(({ status }: { status: string }) => status === 'known')
    if (signal === 'SIGKILL') found.add(`${known.length} known, ${again.stderr}`)
    expect([n, integrity(store)]).toEqual([n, 'ok'])
    expect(dump(store)).toEqual(undisturbed)
  }
  // They were not all killed in the same state; how many states are met is the machine's doing.
  expect(found.size).toBeGreaterThan(1)
}, 180_000)

function integrity(store: string): unknown {
  const database = new Sqlite(store)
  try {
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}
