import { appendFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dump } from '../store/dump.ts'
import { squidLog } from './inputs.ts'
import { statuses, Workplace } from './program.ts'

const JOB = `store: offchannel.db
inputs:
  - name: proxy
    paths: [logs]
    expect: every 1h
`

const VISITS = ['g.whatsapp.net', 'www.example.org', 'web.telegram.org', 'gateway.discord.gg', 'g.whatsapp.net'].map(
  (host, i) => ({ host, client: `10.1.4.${i % 3}` }),
)

test('a job reads a log on that grows, is rotated and packed: each record once, and says beforehand what is new', async () => {
  const place = new Workplace()
  place.put('offchannel.yaml', JOB)
  const all = squidLog(...VISITS)
  const end = (count: number) => squidLog(...VISITS.slice(0, count)).length
  const log = join(place.folder, 'logs/access.log')
  const run = async (...more: string[]) => {
    const { stdout } = await place.run(['run', '--config', 'offchannel.yaml', '--json', ...more])
    return JSON.parse(stdout)
  }
  const words = async () =>
    (await run()).inputs.map(
      ({ input, status, bytes }: Record<string, string>) => `${input!.split('/').at(-1)}: ${status} ${bytes}`,
    )

  place.put('logs/access.log', all.slice(0, end(2) + 30))
  expect(await words()).toEqual([`access.log: read ${end(2) + 30}`])
  expect(await words()).toEqual(['access.log: known 0'])

  appendFileSync(log, all.slice(end(2) + 30, end(4)))
  const added = end(4) - end(2) - 30
  expect((await run('--dry-run')).inputs).toMatchObject([{ status: 'grown', added, read: true }])
  const { stdout } = await place.run(['run', '--config', 'offchannel.yaml', '--dry-run'])
  expect(stdout).toContain(`grown: ${added} bytes new`)
  expect(await words()).toEqual([`access.log: grown ${added}`])

  renameSync(log, `${log}.1`)
  appendFileSync(`${log}.1`, all.slice(end(4)))
  place.put('logs/access.log', squidLog({ host: 'web.telegram.org', client: '10.1.4.9' }))
  expect(await words()).toEqual([`access.log: read ${end(1) + 2}`, `access.log.1: grown ${all.length - end(4)}`])

  renameSync(`${log}.1`, join(place.folder, 'access.log.1'))
  place.put('logs/access.log.2.gz', gzipSync(all))
  expect((await words()).map((line: string) => line.replace(/ \d+$/, ''))).toEqual([
    'access.log: known',
    'access.log.2.gz: known',
  ])

  const whole = new Workplace()
  whole.put('old.log', all)
  whole.put('new.log', squidLog({ host: 'web.telegram.org', client: '10.1.4.9' }))
  expect(statuses((await whole.sweep(['old.log', 'new.log'])).report)).toEqual(['old.log: read', 'new.log: read'])
  const counts = (folder: Workplace) =>
    dump(folder.store)
      .sightings!.map((line) => JSON.parse(line))
      .map(({ reading: _, client: __, user: ___, ...row }) => JSON.stringify(row))
      .sort()
  expect(counts(place)).toEqual(counts(whole))
})
