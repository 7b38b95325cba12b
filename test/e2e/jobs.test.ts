import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Status } from '../../src/jobs/status.ts'
import { random } from '../build/index.ts'
import { dump } from '../store/dump.ts'
import { bulk, capture, squidLog } from './inputs.ts'
import { POLICY, Workplace } from './program.ts'

const RUN = ['run', '--config', 'job.yaml']

function job(place: Workplace, groups: string, more = ''): void {
  place.put('job.yaml', `store: offchannel.db\npolicy: ${JSON.stringify(POLICY)}\n${more}inputs:\n${groups}`)
}

async function statusOf(place: Workplace): Promise<{ readonly status: Status; readonly exit: number | null }> {
  const { stdout, status } = await place.run(['status', '--json'])
  return { status: JSON.parse(stdout) as Status, exit: status }
}

/** Changes what the store keeps of the past. */
function alter(file: string, sql: string): void {
  const database = new Sqlite(file)
  database.exec(sql)
  database.close()
}

const GROUPS = `
  - name: captures
    paths: [captures]
  - name: proxy
    paths: ['logs/*.log', captures/a.pcap]
    format: squid-native
`

function filled(): Workplace {
  const place = new Workplace()
  place.put('captures/a.pcap', capture({ name: 'web.telegram.org' }))
  place.put('logs/b.log', squidLog({ host: 'g.whatsapp.net' }))
  job(place, GROUPS, 'outputs: {prometheus: out/o.prom, summary: captures/summary.json}\n')
  mkdirSync(join(place.folder, 'out'))
  return place
}

test('a run gives the facts and findings of a sweep of the same files, reads each once, and writes its outputs', async () => {
  const place = filled()
  expect(await place.run([...RUN, '--quiet'])).toMatchObject({ status: 0, stderr: '' })
  const facts = dump(place.store)
  expect(facts.sightings!.length).toBeGreaterThan(1)

  const other = join(place.folder, 'swept.db')
  copyFileSync(`${place.store}.key`, `${other}.key`)
  const files = [join(place.folder, 'captures/a.pcap')]
  const sweep = ['sweep', '--policy', POLICY, '--store', other]
  expect((await place.run([...sweep, ...files])).status).toBe(0)
  expect((await place.run([...sweep, join(place.folder, 'logs/b.log'), '--format', 'squid-native'])).status).toBe(0)
  expect(dump(other)).toEqual(facts)

  const again = await place.run([...RUN, '--json'])
  expect(JSON.parse(again.stdout).inputs.map(({ status }: { status: string }) => status)).toEqual(['known', 'known'])
  expect(dump(place.store)).toEqual(facts)
  expect(readdirSync(join(place.folder, 'out'))).toEqual(['o.prom'])
  expect(readFileSync(join(place.folder, 'out/o.prom'), 'utf8')).toMatch(/^offchannel_run_exit_status\{.*\} 0$/m)
  const summary = JSON.parse(readFileSync(join(place.folder, 'captures/summary.json'), 'utf8')) as Status
  expect(summary.runs).toMatchObject([{ state: 'ended', status: 0, inputs: 2, read: 0, problems: 0 }])
  expect(summary.inputs.map(({ name, lastRead }) => [name, typeof lastRead])).toEqual([
    ['captures', 'string'],
    ['proxy', 'string'],
  ])
})

test('a dry run says what is new, known or changed, and touches nothing', async () => {
  const place = filled()
  expect((await place.run([...RUN, '--dry-run'])).stdout).toContain('Would read 2 inputs')
  expect(existsSync(place.store) || existsSync(`${place.store}.key`)).toBe(false)

  await place.run(RUN)
  renameSync(join(place.folder, 'logs/b.log'), join(place.folder, 'logs/c.log'))
  place.put('captures/new.pcap', capture({ name: 'discord.com' }))
  place.put('captures/none.bin', '\u0000')
  job(place, GROUPS.replace('format: squid-native', 'timezone: Europe/Paris'))
  const before = readFileSync(place.store)
  const { stdout, stderr, status } = await place.run([...RUN, '--dry-run', '--json'])
  const planned = JSON.parse(stdout).inputs.map((one: Record<string, unknown>) => [
    one.group,
    String(one.input).slice(place.folder.length + 1),
    one.status,
    one.format,
    one.read,
  ])
  expect(planned).toEqual([
    ['captures', 'captures/a.pcap', 'known', 'pcap', false],
    ['captures', 'captures/new.pcap', 'new', 'pcap', true],
    ['captures', 'captures/none.bin', 'failed', undefined, false],
    ['captures', 'captures/summary.json', 'failed', undefined, false],
    ['proxy', 'logs/c.log', 'changed', 'squid-native', false],
  ])
  expect(stderr).toContain('none.bin: no known format')
  expect(status).toBe(2)
  expect(readFileSync(place.store).equals(before)).toBe(true)
})

test('an input that delivered nothing new for longer than expected is an alarm of the run and of the status', async () => {
  const place = filled()
  const groups = `${GROUPS}    expect: every 1h\n`
  job(place, groups)
  expect((await place.run(RUN)).status).toBe(0)
  expect((await statusOf(place)).exit).toBe(0)

  const ago = (Date.now() - 150 * 60_000) * 1000
  alter(place.store, `UPDATE input_group SET last_read = ${ago}`)
  const due = new Date(ago / 1000 + 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
  const overdue = await place.run(RUN)
  expect(overdue).toMatchObject({ status: 2 })
  expect(overdue.stderr).toMatch(
    new RegExp(`^offchannel: input "proxy" is overdue since ${due} UTC: expected every 1h, `),
  )
  expect(overdue.stderr.split('\n')).toHaveLength(2)
  const { status, exit } = await statusOf(place)
  expect(exit).toBe(2)
  expect(status.runs).toMatchObject([{ status: 2, problems: 1, told: [overdue.stderr.slice(12).trim()] }])
  expect(status.inputs.find(({ name }) => name === 'proxy')).toMatchObject({
    every: 3600,
    lag: expect.closeTo(9000, -2),
  })

  place.put('logs/d.log', '')
  expect((await place.run(RUN)).status).toBe(2)
  place.put('logs/d.log', squidLog({ host: 'gateway.discord.gg' }))
  expect((await place.run(RUN)).status).toBe(0)
})

test('what is not there is a problem, and stops nothing; an empty folder is none where a rhythm is expected', async () => {
  const place = filled()
  mkdirSync(join(place.folder, 'empty'))
  const more = '  - name: gone\n    paths: [gone, empty]\n  - name: quiet\n    paths: [empty]\n    expect: every 1d\n'
  job(place, `${GROUPS}${more}`)
  const { status, stderr } = await place.run(RUN)
  expect(status).toBe(2)
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^offchannel: input gone: .*\/gone: no such file or folder$/),
    expect.stringMatching(/^offchannel: input gone: .*\/empty: no files in this folder$/),
    expect.stringMatching(/^input quiet: .*\/empty: no files in this folder$/),
    '',
  ])
  expect((await statusOf(place)).status.runs).toMatchObject([{ status: 2, problems: 2, read: 2 }])
})

test('relative paths are relative to the job file, whatever its folder is called', async () => {
  const place = new Workplace()
  place.put('odd [1]*/in/a.log', squidLog({ host: 'g.whatsapp.net' }))
  place.put('odd [1]*/job.yaml', 'store: facts.db\ninputs:\n  - name: a\n    paths: ["in/*.log"]\n')
  const { stdout, status } = await place.run(['run', '--config', 'odd [1]*/job.yaml', '--json'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout).inputs).toMatchObject([{ input: join(place.folder, 'odd [1]*/in/a.log'), status: 'read' }])
  expect(existsSync(join(place.folder, 'odd [1]*/facts.db'))).toBe(true)
})

test('a mistake in the job file is told with its line, and nothing is made', async () => {
  const place = new Workplace()
  job(place, '  - name: a\n    paths: [in]\n    format: nothing\n')
  expect(await place.run(RUN)).toMatchObject({
    status: 2,
    stderr:
      'offchannel: job.yaml:6: inputs[0].format: "nothing" is the name of no format: `offchannel formats` lists them\n',
  })
  expect(readdirSync(place.folder)).toEqual(['job.yaml'])
})

test('the log of a run is JSON where that is asked for, its start, inputs, problems and end', async () => {
  const place = filled()
  place.put('captures/broken.bin', '\u0000\u0001')
  const { stderr, status } = await place.run([...RUN, '--log-format', 'json'])
  expect(status).toBe(2)
  const events = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const { time } of events) expect(Math.abs(Date.parse(time as string) - Date.now())).toBeLessThan(60_000)
  expect(events[0]).toMatchObject({ level: 'info', event: 'start', inputs: 3 })
  const inputs = events.filter(({ event }) => event === 'input').map(({ status, format }) => [status, format])
  expect(inputs).toContainEqual(['read', 'pcap'])
  expect(inputs).toContainEqual(['read', 'squid-native'])
  expect(events.filter(({ event }) => event === 'problem')).toMatchObject([
    { level: 'error', message: expect.stringContaining('broken.bin: no known format') },
  ])
  expect(events.at(-1)).toMatchObject({ level: 'info', event: 'end', status: 2, problems: 1, inputs: 3 })
})

test('a second run says who has the store, or waits until it is free; the status looks meanwhile', async () => {
  const place = filled()
  // Standard input that stays open keeps the sweep going for as long as the test wants.
  const holder = place.start(['sweep', '-', '--policy', POLICY])
  holder.child.stdin.write(capture({ name: 'web.telegram.org' }))
  while (!existsSync(place.store) || (await place.run(['status', '--json'])).status !== 0) await pause(50)
  while ((await statusOf(place)).status.runs.length === 0) await pause(50)
  expect((await statusOf(place)).status).toMatchObject({
    store: { busy: true },
    runs: [{ job: '', state: 'running' }],
  })

  const refused = await place.run(RUN)
  expect(refused).toMatchObject({ status: 2, stdout: '' })
  expect(refused.stderr).toMatch(
    new RegExp(
      `^offchannel: .*offchannel\\.db: another process is writing to it \\(process ${holder.child.pid}, a sweep since .* UTC\\): run this again when that has ended, or give --wait 10m\\n$`,
    ),
  )
  const impatient = await place.run([...RUN, '--wait', '1s'])
  expect(impatient.stderr).toContain(', still after 1s: run this again')

  const waiting = place.start([...RUN, '--wait', '1m'])
  waiting.child.stdin.end()
  await new Promise((resolve) => waiting.child.stderr.once('data', resolve))
  holder.child.stdin.end()
  expect((await holder.ended).status).toBe(0)
  const waited = await waiting.ended
  expect(waited.status).toBe(0)
  expect(waited.stderr).toContain(': waiting for up to 1m\n')
}, 60_000)

test('a run that is killed at any moment is completed by the next to the same facts and findings', async () => {
  const place = new Workplace()
  bulk(join(place.folder, 'in'), 20)
  job(place, '  - name: all\n    paths: [in]\n    expect: every 1h\n')
  const started = performance.now()
  expect((await place.run(RUN)).status).toBe(0)
  const duration = performance.now() - started
  const undisturbed = dump(place.store)
  expect(undisturbed.sightings!.length).toBeGreaterThan(1000)

  const next = random(7)
  const seen = new Set<string>()
  const kills = 8
  for (let n = 0; n < kills; n++) {
    const store = `killed${n}.db`
    copyFileSync(`${place.store}.key`, join(place.folder, `${store}.key`))
    place.put('job.yaml', readFileSync(join(place.folder, 'job.yaml'), 'utf8').replace(/^store: .*/, `store: ${store}`))
    const { child, ended } = place.start(RUN)
    await pause(((n + 0.5 + next() / 2 ** 33) / kills) * duration)
    child.kill('SIGKILL')
    if ((await ended).signal === 'SIGKILL' && existsSync(join(place.folder, store))) {
      const status = await place.run(['status', '--json', '--store', store])
      if (status.status === 0) for (const { state } of (JSON.parse(status.stdout) as Status).runs) seen.add(state)
    }
    expect([n, (await place.run(RUN)).status]).toEqual([n, 0])
    expect(dump(join(place.folder, store))).toEqual(undisturbed)
  }
  // One that is killed after it has entered its end has ended; none is taken for one that still runs.
  seen.delete('ended')
  expect([...seen]).toEqual(['broken-off'])
}, 180_000)
