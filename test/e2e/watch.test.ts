import { appendFileSync, chmodSync, copyFileSync, readFileSync, renameSync, truncateSync, utimesSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { dump } from '../store/dump.ts'
import { capture, MORNING, QUARTER, squidLog } from './inputs.ts'
import { Workplace } from './program.ts'
import { Watching } from './watching.ts'

const HOSTS = ['g.whatsapp.net', 'www.example.org', 'web.telegram.org', 'gateway.discord.gg', 'signal.org']
const visits = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ host: HOSTS[(from + i) % 5]!, client: `10.1.4.${(from + i) % 40}` }))

/** Sightings, whoever they are of and in whichever reading. */
function sightings(place: Workplace): string[] {
  return dump(place.store)
    .sightings!.map((line) => JSON.parse(line))
    .map(({ reading: _, client: __, user: ___, ...row }) => JSON.stringify(row))
    .sort()
}

/** What one sweep makes of these files. */
async function swept(files: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  const place = new Workplace()
  for (const [name, content] of Object.entries(files)) place.put(name, content)
  expect((await place.run(['sweep', ...Object.keys(files)])).status).toBe(0)
  return sightings(place)
}

const JOB = 'store: offchannel.db\ninputs:\n  - { name: proxy, paths: [logs] }\n'

test('a watch reads logs that come, grow and are rotated, each record once, and SIGTERM ends it with 0', async () => {
  const place = new Workplace()
  place.put('job.yaml', JOB)
  place.put('logs/a.log', squidLog(...visits(10)))
  const log = join(place.folder, 'logs/a.log')
  const watching = new Watching(place, ['--config', 'job.yaml'])
  await watching.outcome('a.log', 'read')
  const more = squidLog(...visits(7, 10))
  appendFileSync(log, more.slice(0, 40))
  await watching.outcome('a.log', 'grown')
  appendFileSync(log, more.slice(40))
  await watching.outcome('a.log', 'grown', 2)
  appendFileSync(log, squidLog(...visits(5, 17)))
  renameSync(log, `${log}.1`)
  place.put('logs/a.log', squidLog(...visits(6, 101)))
  await watching.outcome('a.log', 'read', 2)
  await watching.outcome('a.log.1', 'grown')
  place.put('logs/new/b.log', squidLog(...visits(4, 202)))
  await watching.outcome('b.log', 'read')
  copyFileSync(join(place.folder, 'logs/new/b.log'), join(place.folder, 'logs/new/b.log.1'))
  truncateSync(join(place.folder, 'logs/new/b.log'))
  appendFileSync(join(place.folder, 'logs/new/b.log'), squidLog(...visits(8, 303)))
  await watching.outcome('b.log', 'read', 2)
  const { status, signal } = await watching.stop()
  expect([status, signal]).toEqual([0, null])

  expect(sightings(place)).toEqual(
    await swept({
      'a.log.1': squidLog(...visits(10)) + squidLog(...visits(7, 10)) + squidLog(...visits(5, 17)),
      'a.log': squidLog(...visits(6, 101)),
      'b.log.1': squidLog(...visits(4, 202)),
      'b.log': squidLog(...visits(8, 303)),
    }),
  )
  const run = JSON.parse((await place.run(['status', '--json'])).stdout).runs[0]
  expect(run).toMatchObject({ state: 'ended', status: 0, records: 40, problems: 0 })
  expect((await place.run(['findings'])).stdout).toContain('Telegram')
})

test('of a ring of captures the file that is still written is not read, and never counts half a packet', async () => {
  const place = new Workplace()
  const one = capture({ name: 'web.telegram.org' })
  const two = capture({ name: 'g.whatsapp.net', time: MORNING + QUARTER })
  place.put('ring/east_00001_20260512080000.pcap', one.subarray(0, one.length - 30))
  const watching = new Watching(place, ['ring'])
  await pause(3500)
  expect(watching.outcomes).toEqual([])
  appendFileSync(join(place.folder, 'ring/east_00001_20260512080000.pcap'), one.subarray(one.length - 30))
  await pause(20)
  place.put('ring/east_00002_20260512081500.pcap', two.subarray(0, two.length - 30))
  await watching.outcome('east_00001_20260512080000.pcap', 'read')
  await pause(2500)
  expect(watching.outcomes).toEqual(['east_00001_20260512080000.pcap: read'])
  const last = join(place.folder, 'ring/east_00002_20260512081500.pcap')
  appendFileSync(last, two.subarray(two.length - 30))
  const before = new Date(Date.now() - 31_000)
  utimesSync(last, before, before)
  await watching.outcome('east_00002_20260512081500.pcap', 'read')
  expect((await watching.stop('SIGINT')).status).toBe(0)
  expect(watching.events.filter(({ event }) => event === 'problem')).toEqual([])
  expect(sightings(place)).toEqual(await swept({ 'a.pcap': one, 'b.pcap': two }))
})

test('a watch that is killed and begun again has what one has that was never disturbed', async () => {
  const place = new Workplace()
  place.put('job.yaml', JOB)
  const log = join(place.folder, 'logs/a.log')
  let whole = squidLog(...visits(100))
  place.put('logs/a.log', whole)
  for (let turn = 0; turn < 4; turn++) {
    const watching = new Watching(place, ['--config', 'job.yaml'])
    await watching.until(({ event }) => event === 'start')
    const writing = setInterval(() => {
      const more = squidLog(...visits(500, whole.length))
      whole += more
      appendFileSync(log, more)
    }, 20)
    // Within the first reading, between two, and within a later one.
    await pause(150 + 550 * turn)
    watching.signal('SIGKILL')
    expect((await watching.ended).signal).toBe('SIGKILL')
    clearInterval(writing)
  }
  const last = new Watching(place, ['--config', 'job.yaml'])
  await last.until(({ event }) => event === 'judged')
  expect((await last.stop()).status).toBe(0)
  expect(sightings(place)).toEqual(await swept({ 'a.log': whole }))
  const database = new Sqlite(place.store, { readonly: true })
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
})

test('standard input is watched to its end, and its quarter-hours count as they end', async () => {
  const place = new Workplace()
  const watching = new Watching(place, ['-', '--format', 'squid-native'])
  const line = (time: number, host: string) => squidLog({ host }).replace(/^\d+/, String(time / 1e6))
  watching.input.write(line(MORNING, 'web.telegram.org').repeat(20_000))
  watching.input.write(line(MORNING + QUARTER, 'g.whatsapp.net').repeat(20_000))
  watching.input.write(line(MORNING + 2 * QUARTER, 'signal.org').repeat(20_000))
  await watching.until(({ event }) => event === 'judged')
  const { stdout } = await place.run(['findings'])
  expect(stdout).toContain('Telegram')
  watching.input.end(line(MORNING + 2 * QUARTER, 'gateway.discord.gg'))
  expect((await watching.ended).status).toBe(0)
  expect((await place.run(['findings'])).stdout).toContain('Discord')
})

test('SIGTERM ends a watch of standard input on which nothing comes, and what came counts', async () => {
  const place = new Workplace()
  const watching = new Watching(place, ['-'])
  watching.input.write(squidLog({ host: 'web.telegram.org' }, { host: 'g.whatsapp.net' }).repeat(5000))
  await watching.until(({ event }) => event === 'start')
  await pause(1500)
  expect((await watching.stop()).status).toBe(0)
  expect((await place.run(['findings'])).stdout).toContain('Telegram')
  const coverage = JSON.parse((await place.run(['status', '--json'])).stdout).gaps
  expect(coverage).toContainEqual({ reason: 'interrupted', count: 1, inputs: 1 })
})

test('a watch keeps to the retention of its job file, and status tells what went', async () => {
  const place = new Workplace()
  place.put('logs/a.log', squidLog(...visits(20)))
  place.put('job.yaml', `${JOB}retention: { facts: 2d, findings: 3d }\n`)
  const watching = new Watching(place, ['--config', 'job.yaml'])
  const { message } = await watching.until(({ message }) => String(message).startsWith('Purged'))
  expect(message).toMatch(/^Purged, as older than the job file keeps it: \d+ sightings, /)
  appendFileSync(join(place.folder, 'logs/a.log'), squidLog(...visits(3, 20)))
  await watching.outcome('a.log', 'grown')
  expect((await watching.stop()).status).toBe(0)
  expect(sightings(place)).toEqual([])
  const { purge, gaps } = JSON.parse((await place.run(['status', '--json'])).stdout)
  expect(purge).toMatchObject({ reason: 'retention of the job file', taken: { sightings: expect.any(Number) } })
  expect(gaps).toContainEqual({ reason: 'facts_before_retention', count: expect.any(Number), inputs: 1 })
})

test('a receiver that never answers delays no reading, and a watch that is ended does not wait for it', async () => {
  const place = new Workplace()
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const silent = `{ name: siem, kind: syslog, to: 'tcp://127.0.0.1:${port}', form: json }`
  const lake = '{ name: lake, kind: file, path: lake.ndjson, form: ecs }'
  place.put('job.yaml', `${JOB}outputs: { receivers: [${silent}, ${lake}] }\n`)
  place.put('logs/a.log', squidLog(...visits(10)))
  const connected = new Promise((resolve) => server.once('connection', resolve))
  const watching = new Watching(place, ['--config', 'job.yaml'])
  await connected
  const begun = performance.now()
  for (let grown = 1; grown <= 3; grown++) {
    appendFileSync(join(place.folder, 'logs/a.log'), squidLog(...visits(2, 10 * grown)))
    await watching.outcome('a.log', 'grown', grown)
  }
  // One attempt alone takes ten seconds.
  expect(performance.now() - begun).toBeLessThan(9000)
  expect(watching.events.filter(({ event, output }) => event === 'output' && output === 'siem')).toEqual([])
  expect(readFileSync(join(place.folder, 'lake.ndjson'), 'utf8')).toContain('found')
  expect((await watching.stop()).status).toBe(0)
  expect(performance.now() - begun).toBeLessThan(25_000)
  const { outputs } = JSON.parse((await place.run(['status', '--json'])).stdout)
  expect(outputs).toMatchObject([
    { name: 'lake', lastDelivery: expect.any(String) },
    { name: 'siem', waiting: expect.any(Number), delivered: 0 },
  ])
}, 60_000)

test('SIGHUP takes a changed job file; with a mistake in it the old one goes on, and says so', async () => {
  const place = new Workplace()
  place.put('job.yaml', JOB)
  place.put('logs/a.log', squidLog(...visits(5)))
  place.put('more/b.log', squidLog(...visits(5, 50)))
  const watching = new Watching(place, ['--config', 'job.yaml'])
  await watching.outcome('a.log', 'read')
  place.put('job.yaml', `${JOB}  - { name: more, pathz: [more] }\n`)
  watching.signal('SIGHUP')
  const problem = await watching.until(({ event }) => event === 'problem')
  expect(problem.message).toContain('job.yaml:4: inputs[1].paths: is missing')
  expect(problem.message).toContain('going on as before')
  appendFileSync(join(place.folder, 'logs/a.log'), squidLog(...visits(2, 5)))
  await watching.outcome('a.log', 'grown')
  place.put('job.yaml', JOB.replace('offchannel.db', 'other.db'))
  watching.signal('SIGHUP')
  const other = await watching.until(({ event }) => event === 'problem', 2)
  expect(other.message).toContain('offchannel.db: begin the watch anew for that; going on as before')
  place.put('job.yaml', `${JOB}  - { name: more, paths: [more] }\n`)
  watching.signal('SIGHUP')
  await watching.outcome('b.log', 'read')
  expect((await watching.stop()).status).toBe(0)
})

test('the store is free between looks: others judge and sweep beside a watch, and it waits for them', async () => {
  const place = new Workplace()
  place.put('job.yaml', JOB)
  place.put('logs/a.log', squidLog(...visits(5)))
  const watching = new Watching(place, ['--config', 'job.yaml'])
  await watching.until(({ event }) => event === 'judged')
  expect((await place.run(['status'])).stdout).toContain('still running')
  expect((await place.run(['judge'])).status).toBe(0)
  const sweep = place.start(['sweep', '-'])
  await pause(1000)
  appendFileSync(join(place.folder, 'logs/a.log'), squidLog(...visits(3, 5)))
  await watching.until(({ message }) => String(message).includes('another process is writing to it: waiting'))
  sweep.child.stdin.end(squidLog(...visits(1, 9)))
  await sweep.ended
  await watching.outcome('a.log', 'grown')
  expect((await watching.stop()).status).toBe(0)
})

test('metrics are served on loopback while it watches, and name nobody', async () => {
  const place = new Workplace()
  place.put('job.yaml', `metrics: 127.0.0.1:29464\n${JOB}`)
  place.put('logs/a.log', squidLog(...visits(5)))
  const watching = new Watching(place, ['--config', 'job.yaml'])
  await watching.until(({ event }) => event === 'judged')
  const answer = await fetch('http://127.0.0.1:29464/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await answer.text()
  expect(text).toMatch(/^offchannel_watch_input_lag_seconds\{config=".*job.yaml",input="proxy"\} \d/m)
  expect(text).toMatch(/^offchannel_watch_memory_bytes\{.*\} \d{7,}$/m)
  expect(text).toMatch(/^offchannel_run_records\{.*\} 5$/m)
  expect(text).toMatch(/^offchannel_findings\{.*severity="medium"\} \d/m)
  expect(text).not.toMatch(/10\.1\.4|user-|user01|telegram/)
  expect((await fetch('http://127.0.0.1:29464/')).status).toBe(404)
  expect((await fetch('http://127.0.0.1:29464/metrics', { method: 'POST', body: 'x' })).status).toBe(405)
  expect((await watching.stop()).status).toBe(0)
  const refused = await place.run(['watch', 'logs', '--metrics', '0.0.0.0:29464'])
  expect(refused).toMatchObject({ status: 2 })
  expect(refused.stderr).toContain('can be asked by others')
})

test('systemd is told when it is up, that it goes on, and that it ends', async () => {
  const place = new Workplace()
  place.put('logs/a.log', squidLog(...visits(5)))
  place.put('bin/systemd-notify', `#!/bin/sh\necho "$*" >> ${join(place.folder, 'told')}\n`)
  chmodSync(join(place.folder, 'bin/systemd-notify'), 0o755)
  const watching = new Watching(place, ['logs'], {
    ...{ NOTIFY_SOCKET: '/run/none', WATCHDOG_USEC: '1000000' },
    PATH: `${join(place.folder, 'bin')}:${process.env.PATH}`,
  })
  await watching.until(({ event }) => event === 'judged')
  await pause(3000)
  expect((await watching.stop()).status).toBe(0)
  const told = readFileSync(join(place.folder, 'told'), 'utf8').trim().split('\n')
  expect(told[0]).toMatch(/^READY=1 STATUS=/)
  expect(told.filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(1)
  expect(told.some((line) => line.includes('STATUS=watching: 1 reading, 5 records since'))).toBe(true)
  expect(told.at(-1)).toMatch(/STOPPING=1/)
})

test('a packed log waits until it is complete', async () => {
  const place = new Workplace()
  const packed = gzipSync(squidLog(...visits(500)))
  place.put('logs/a.log.gz', packed.subarray(0, 200))
  const watching = new Watching(place, ['logs'])
  await pause(3000)
  expect(watching.outcomes).toEqual([])
  appendFileSync(join(place.folder, 'logs/a.log.gz'), packed.subarray(200))
  const before = new Date(Date.now() - 31_000)
  utimesSync(join(place.folder, 'logs/a.log.gz'), before, before)
  expect(await watching.outcome('a.log.gz', 'read')).toMatchObject({ records: 500 })
  expect((await watching.stop()).status).toBe(0)
})
