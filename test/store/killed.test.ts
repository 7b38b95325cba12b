import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import { batch, content, OPTIONS, reading, sighting, temporaryFolder } from './made.ts'

const PROGRAM = fileURLToPath(new URL('writing-run.js', import.meta.url))

/** Starts a run of its own in another process: it prints a line when it has the store, and one after every batch. */
function run(file: string, source: 'file' | 'stream') {
  const child = spawn(process.execPath, [PROGRAM, file, source], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { child, ended: once(child, 'exit'), begun: once(child.stdout, 'data') }
}

function integrity(file: string): unknown {
  const database = new Sqlite(file)
  try {
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}

test('a run that is killed at any moment leaves a store that the next run completes to the same facts', async () => {
  const folder = temporaryFolder()
  const undisturbed = join(folder, 'undisturbed.db')
  const started = performance.now()
  await run(undisturbed, 'file').ended
  const whole = performance.now() - started
  const expected = dump(undisturbed)
  expect(expected.sightings).toHaveLength(12_000)

  const file = join(folder, 'killed.db')
  let killed = 0
  for (let n = 0; n < 10; n++) {
    const { child, ended, begun } = run(file, 'file')
    await begun
    await wait(Math.random() * whole * 0.7)
    child.kill('SIGKILL')
    const [, signal] = await ended
    if (signal === 'SIGKILL') killed++
    expect(integrity(file)).toBe('ok')
    const store = Store.open(file, OPTIONS)
    store.recover()
    const completed = store.readings().length
    store.close()
    // Either the run was complete, or nothing of it is left.
    expect(dump(file).sightings).toEqual(completed === 0 ? [] : expected.sightings)
  }
  expect(killed).toBeGreaterThan(0)
  await run(file, 'file').ended
  expect(dump(file)).toEqual(expected)
})

test('of a stream that was broken off, what was committed stays and is called interrupted', async () => {
  const file = join(temporaryFolder(), 'store.db')
  const { child, ended } = run(file, 'stream')
  for await (const line of child.stdout) if (String(line).includes('batch 3')) break
  child.kill('SIGKILL')
  await ended
  const store = Store.open(file, OPTIONS)
  const before = dump(file)
  expect(before.sightings!.length).toBeGreaterThanOrEqual(3 * 500)
  expect(store.recover()).toEqual({ discarded: [], interrupted: ['made'] })
  expect(store.recover()).toEqual({ discarded: [], interrupted: [] })
  expect(dump(file).sightings).toEqual(before.sightings)
  expect(store.coverage().map(({ reason, count }) => `${reason} ${count}`)).toContain('interrupted 1')
  expect(store.readings()).toMatchObject([{ state: 'current', content: undefined }])
  store.close()
})

test('a run keeps another process out while it lives, killed or not', async () => {
  const file = join(temporaryFolder(), 'store.db')
  const { child, ended, begun } = run(file, 'stream')
  await begun
  child.kill('SIGSTOP')
  expect(() => Store.open(file, OPTIONS)).toThrow('another process is writing to it: wait until that has ended')
  expect(Store.openReadOnly(file).readings()).toHaveLength(1)
  child.kill('SIGKILL')
  await ended
  const store = Store.open(file, OPTIONS)
  expect(store.recover().interrupted).toEqual(['made'])
  store.close()
})

test('what an interrupted file left is gone after recovery, and the rest stays', () => {
  const file = join(temporaryFolder(), 'store.db')
  const first = Store.open(file, OPTIONS)
  first.begin(reading('kept.pcap')).complete(content('kept'), batch({ sightings: [sighting(0)] }))
  const before = dump(file)
  first
    .begin(reading('cut.pcap'))
    .add(batch({ sightings: [sighting(0), sighting(300)], coverage: [{ reason: 'packets', count: 1 }] }))
  first.close()
  const second = Store.open(file, OPTIONS)
  expect(second.recover()).toEqual({ discarded: ['cut.pcap'], interrupted: [] })
  expect(dump(file)).toEqual(before)
  second.close()
})
