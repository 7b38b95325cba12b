import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { dump } from '../store/dump.ts'
import { capture, MORNING, moreOfCapture, QUARTER } from './inputs.ts'
import { type Report, statuses, Workplace } from './program.ts'

const MINUTE = 60 * 1e6
const PATIENCE = 10_000

/** A live capture in parts, with the time in the morning. */
const WHATSAPP = capture({ name: 'g.whatsapp.net', time: MORNING })
const TELEGRAM_LATER = moreOfCapture({ name: 'web.telegram.org', time: MORNING + 5 * MINUTE })
const ORDINARY_IN_THE_NEXT_QUARTER = moreOfCapture({ name: 'www.example.org', time: MORNING + QUARTER })
const DISCORD_LATER = moreOfCapture({ name: 'gateway.discord.gg', time: MORNING + QUARTER + 5 * MINUTE })

/** Waits until the store has so many sightings. */
async function sightings(store: string, count: number): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 20) {
    await wait(20)
    try {
      const database = new Sqlite(store, { readonly: true, fileMustExist: true })
      try {
        if (Number(database.prepare('SELECT count(*) FROM sighting').pluck().get()) >= count) return
      } finally {
        database.close()
      }
    } catch {
      // It is not made yet.
    }
  }
  throw new Error(`the store did not come to have ${count} sightings`)
}

test('a live capture is committed as each quarter-hour ends, and is known again as a file', async () => {
  const place = new Workplace()
  const { child, ended } = place.start(['sweep', '-', '--json'])
  child.stdin.write(WHATSAPP)
  await sightings(place.store, 1)
  child.stdin.write(TELEGRAM_LATER)
  await wait(100)
  child.stdin.write(ORDINARY_IN_THE_NEXT_QUARTER)
  await sightings(place.store, 2)
  child.stdin.end(DISCORD_LATER)
  const { status, stdout } = await ended
  const report = JSON.parse(stdout) as Report
  expect([status, apps(report)]).toEqual([0, ['discord', 'telegram', 'whatsapp']])
  expect(report.coverage.map(({ reason }) => reason)).not.toContain('interrupted')

  const before = dump(place.store)
  place.put('live.pcap', Buffer.concat([WHATSAPP, TELEGRAM_LATER, ORDINARY_IN_THE_NEXT_QUARTER, DISCORD_LATER]))
  expect(statuses((await place.sweep(['live.pcap'])).report)).toEqual(['live.pcap: known'])
  expect(dump(place.store)).toEqual(before)
})

test('of a live capture that is killed the ended quarter-hours count, and coverage says that it broke off', async () => {
  const place = new Workplace()
  const { child, ended } = place.start(['sweep', '-'])
  child.stdin.write(WHATSAPP)
  await sightings(place.store, 1)
  child.stdin.write(Buffer.concat([TELEGRAM_LATER, ORDINARY_IN_THE_NEXT_QUARTER]))
  await sightings(place.store, 2)
  child.stdin.write(DISCORD_LATER)
  await wait(100)
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
  const before = dump(place.store).sightings

  const { status, stdout } = await place.run(['judge', '--json'])
  const report = JSON.parse(stdout) as Report
  expect([status, apps(report)]).toEqual([0, ['telegram', 'whatsapp']])
  expect(report.coverage).toContainEqual({ reason: 'interrupted', count: 1, inputs: 1 })
  expect(dump(place.store).sightings).toEqual(before)
})

test('a live capture that is interrupted ends in order, and coverage says so', async () => {
  const place = new Workplace()
  const { child, ended } = place.start(['sweep', '-', '--json'])
  child.stdin.write(WHATSAPP)
  await sightings(place.store, 1)
  child.kill('SIGINT')
  await once(child.stderr, 'data')
  child.stdin.write(DISCORD_LATER)
  const { status, stdout } = await ended
  const report = JSON.parse(stdout) as Report
  expect([status, apps(report)]).toEqual([0, ['discord', 'whatsapp']])
  expect(report.coverage).toContainEqual({ reason: 'interrupted', count: 1, inputs: 1 })
})

test('interrupted a second time it ends at once, and the next run says that it broke off', async () => {
  const place = new Workplace()
  const { child, ended } = place.start(['sweep', '-'])
  child.stdin.write(WHATSAPP)
  await sightings(place.store, 1)
  child.kill('SIGINT')
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  expect((await ended).status).toBe(130)
  const { status, stderr, report } = await place.sweep(['-'])
  expect([status, apps(report)]).toEqual([0, ['whatsapp']])
  expect(stderr).toMatch(/^-: an earlier run broke off in it/)
})

function apps({ findings }: Report): string[] {
  return findings.map(({ app }) => app).sort()
}
