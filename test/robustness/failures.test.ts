import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { capture, squidLog } from '../e2e/inputs.ts'
import { POLICY, PROGRAM, Workplace } from '../e2e/program.ts'
import { dump } from '../store/dump.ts'

/** What may mount a file system of its own size. */
const mayMount = process.platform === 'linux' && process.geteuid?.() === 0 && tryToMount()

function tryToMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-mount-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  if (status === 0) execFileSync('umount', [folder])
  rmSync(folder, { recursive: true })
  return status === 0
}

/** A folder that holds so many mebibytes and no more. */
function smallDisk(mebibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A log of many clients: its facts take megabytes. */
function manyClients(count: number, first = 0): string {
  const hosts = ['web.telegram.org', 'g.whatsapp.net', 'gateway.discord.gg']
  const clients = Array.from({ length: count }, (_, n) => `10.1.${(first + n) >> 8}.${(first + n) & 255}`)
  return squidLog(...clients.flatMap((client) => hosts.map((host) => ({ client, host, user: `u${client}` }))))
}

/** What `sweep` gives where nothing is in its way, of a folder that holds these inputs. */
async function undisturbed(place: Workplace): Promise<Record<string, string[]>> {
  const other = new Workplace()
  cpSync(join(place.folder, 'in'), join(other.folder, 'in'), { recursive: true })
  cpSync(`${place.store}.key`, `${other.store}.key`)
  expect((await other.run(SWEEP)).status).toBe(0)
  return dump(other.store)
}

const SWEEP = ['sweep', 'in', '--policy', POLICY]

/** A workplace with a key, and inputs to read. */
async function filled(clients = 300): Promise<Workplace> {
  const place = new Workplace()
  place.put('in/a.pcap', capture({ name: 'g.whatsapp.net' }, { name: 'web.telegram.org', client: '10.1.4.99' }))
  place.put('in/proxy-access.log', manyClients(clients))
  writeFileSync(`${place.store}.key`, `${'5a'.repeat(32)}\n`, { mode: 0o600 })
  return place
}

/** The one line that a command ends with, and the status 2. */
function refusal({ status, stderr }: { readonly status: number | null; readonly stderr: string }): string {
  expect(status).toBe(2)
  const lines = stderr.split('\n').filter((line) => line.startsWith('offchannel: '))
  expect(lines).toHaveLength(1)
  expect(stderr).not.toContain('internal error')
  return lines[0]!
}

test.skipIf(!mayMount)(
  'a disk that fills up is told in one line, and the next run with room completes it',
  async () => {
    const place = await filled(2000)
    const disk = smallDisk(1)
    const store = join(disk, 'offchannel.db')
    cpSync(`${place.store}.key`, `${store}.key`)
    const sweep = [...SWEEP, '--store', store]
    // With each try a little more fits: it is full when the store is made, while facts are written, while they are judged.
    let refused = 0
    for (let kib = 200; ; kib = Math.ceil(kib * 1.7)) {
      execFileSync('mount', ['-o', `remount,size=${kib}k`, disk])
      const run = await place.run(sweep)
      if (run.status === 0) break
      expect(refusal(run)).toContain('offchannel.db: the disk is full: make room, then run this again')
      refused++
    }
    expect(refused).toBeGreaterThan(3)
    expect(dump(store)).toEqual(await undisturbed(place))
  },
  60_000,
)

const BY_HAND = ['--author', 'A. Example', '--yes']
const ERASE = ['erase', '--identity', '10.1.0.7 at hq', '--reason', 'Request 7', ...BY_HAND]
const RELABEL = ['relabel', '--policy', 'corrected.yaml', '--was', POLICY, '--author', 'A. Example']

/** What writes to a store that is there, and what is to be done where it could not. */
const WRITING: readonly (readonly [string, readonly string[], readonly (readonly string[])[]])[] = [
  ['a judgement', ['judge'], [['judge']]],
  ['a corrected network map', RELABEL, [RELABEL]],
  [
    'a purge',
    ['purge', '--older-than', '30d', ...BY_HAND],
    [
      ['purge', '--older-than', '30d', ...BY_HAND],
      ['purge', '--compact', ...BY_HAND.slice(0, 2)],
    ],
  ],
  ['an erasure', ERASE, [ERASE, ['purge', '--compact', ...BY_HAND.slice(0, 2)]]],
  ['a job with receivers', ['run', '--config', 'job.yaml'], [['run', '--config', 'job.yaml']]],
  ['a delivery', ['deliver', '--config', 'job.yaml'], [['run', '--config', 'job.yaml']]],
]

test.skipIf(!mayMount).each(WRITING)(
  'a disk that fills up under %s is told in one line, and with room it ends as if it had not',
  async (_, command, again) => {
    const place = await filled(400)
    expect((await place.run(SWEEP)).status).toBe(0)
    place.put('corrected.yaml', readFileSync(POLICY, 'utf8').replace('[10.1.0.0/16]', '[10.1.0.0/23]'))
    const receiver = '{ name: lake, kind: file, path: lake.ndjson, form: ecs }'
    const job = (store: string) =>
      `store: ${store}\ninputs: [{ name: all, paths: [in] }]\noutputs: { receivers: [${receiver}] }\n`
    const disk = smallDisk(64)
    const store = join(disk, 'offchannel.db')
    for (const end of ['', '.key']) cpSync(`${place.store}${end}`, `${store}${end}`)
    const on = (file: string, args: readonly string[]) => {
      place.put('job.yaml', job(file))
      return place.run(args.includes('--config') ? args : [...args, '--store', file])
    }
    const used = () => statSync(store).size + statSync(`${store}.key`).size
    let refused = 0
    for (let rest = 40; rest < 60_000; rest *= 4) {
      execFileSync('mount', ['-o', `remount,size=${Math.ceil(used() / 1024) + 8 + rest}k`, disk])
      const run = await on(store, command)
      if (run.status === 0) break
      expect(run.stderr).not.toContain('internal error')
      const lines = run.stderr.split('\n').filter((line) => line.startsWith('offchannel: '))
      if (/nothing is held/.test(run.stderr)) break
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/offchannel\.db: the disk is full: make room, then run this again/)
      refused++
      const database = new Sqlite(store)
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      database.close()
    }
    expect(refused).toBeGreaterThan(0)
    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    for (const args of again) {
      const { status, stderr } = await on(store, args)
      if (!/nothing is held/.test(stderr)) expect([args[0], status, stderr]).toEqual([args[0], 0, stderr])
      expect((await on(place.store, args)).status).toBe(0)
    }
    expect(dump(store)).toEqual(dump(place.store))
  },
  120_000,
)

test.skipIf(!mayMount)(
  'a store on a disk that can only be read is refused with what to do, and stays as it is',
  async () => {
    const place = await filled()
    const disk = smallDisk(30)
    const store = join(disk, 'offchannel.db')
    cpSync(`${place.store}.key`, `${store}.key`)
    const sweep = [...SWEEP, '--store', store]
    expect((await place.run(sweep)).status).toBe(0)
    place.put('in/b.pcap', capture({ name: 'gateway.discord.gg', client: '10.1.4.98' }))
    execFileSync('mount', ['-o', 'remount,ro', disk])
    // SQLite's write-ahead log wants to write where it only reads, too.
    for (const args of [sweep, ['findings', '--store', store]])
      expect(refusal(await place.run(args))).toMatch(/offchannel\.db: cannot be (written|opened): /)
    execFileSync('mount', ['-o', 'remount,rw', disk])
    expect((await place.run(sweep)).status).toBe(0)
    // A finding of both sweeps may have two revisions.
    const [{ findings: found, ...facts }, { findings: expected, ...others }] = [dump(store), await undisturbed(place)]
    expect(facts).toEqual(others)
    expect(found).toHaveLength(expected!.length)
  },
)

test('a store that another program has locked is told in one line, and is completed when it is free', async () => {
  const place = await filled()
  expect((await place.run(['sweep', 'in/a.pcap', '--policy', POLICY])).status).toBe(0)
  const other = new Sqlite(place.store)
  other.exec('BEGIN IMMEDIATE')
  const line = refusal(await place.run(SWEEP))
  expect(line).toContain('offchannel.db: another process is writing to it: wait until that has ended')
  expect((await place.run(['findings'])).status).toBe(0)
  other.close()
  expect((await place.run(SWEEP)).status).toBe(0)
  const { findings: _, ...facts } = dump(place.store)
  const { findings: __, ...expected } = await undisturbed(place)
  expect(facts).toEqual(expected)
}, 60_000)

test('an input that vanishes is told in one line, the others are done, and it is read once it is back', async () => {
  const place = await filled()
  const log = readFileSync(join(place.folder, 'in/proxy-access.log'))
  const both = ['sweep', 'in/a.pcap', 'in/proxy-access.log', '--policy', POLICY]
  rmSync(join(place.folder, 'in/proxy-access.log'))
  const gone = await place.run(both)
  expect(refusal(gone)).toContain('in/proxy-access.log: ')
  place.put('in/proxy-access.log', log)
  expect((await place.run(both)).status).toBe(0)
  const { findings: _, ...facts } = dump(place.store)
  const { findings: __, ...expected } = await undisturbed(place)
  expect(facts).toEqual(expected)
})

test('a file that a killed run left beside the store is no input of the next', async () => {
  const place = await filled()
  const { child, ended } = place.start(['sweep', '-', '--policy', POLICY])
  while (!existsSync(place.store) || (await place.run(['status'])).status !== 0) await pause(20)
  child.kill('SIGKILL')
  await ended
  const left = readdirSync(place.folder)
    .filter((name) => name.startsWith('offchannel.db'))
    .sort()
  expect(left).toEqual(['', '-shm', '-wal', '.key', '.lock'].map((end) => `offchannel.db${end}`))
  const { status, stdout } = await place.run(['sweep', '.', '--policy', POLICY, '--json'])
  const { inputs } = JSON.parse(stdout) as { inputs: { input: string }[] }
  expect([status, ...inputs.map(({ input }) => input)]).toEqual([0, 'in/a.pcap', 'in/proxy-access.log'])
})

test('whoever looks never keeps a run waiting: a reader that stands still in the middle does not stop a sweep', async () => {
  const place = await filled(2000)
  expect((await place.run(SWEEP)).status).toBe(0)
  // Nobody reads what it prints: it stands with its transaction open once the pipe is full.
  const reader = spawn(process.execPath, [PROGRAM, 'findings', '--all', '--json'], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  reader.stdout.once('readable', () => {})
  await pause(1000)
  expect(reader.exitCode).toBeNull()
  place.put('in/b.pcap', capture({ name: 'gateway.discord.gg', client: '10.1.4.98' }))
  const sweep = await place.run([...SWEEP, '--json'])
  expect(sweep.status).toBe(0)
  expect(reader.exitCode).toBeNull()
  reader.kill('SIGKILL')
})

test('a judgement says which run has the store, or waits until it is free', async () => {
  const place = await filled()
  expect((await place.run(SWEEP)).status).toBe(0)
  const holder = place.start(['sweep', '-', '--policy', POLICY])
  const running = async () => (await place.run(['status'])).stdout.includes('still running')
  while (!(await running())) await pause(20)
  expect(refusal(await place.run(['judge', '--policy', POLICY]))).toMatch(
    new RegExp(
      `another process is writing to it \\(process ${holder.child.pid}, a sweep since .* UTC\\): run this again`,
    ),
  )
  const waiting = place.start(['judge', '--policy', POLICY, '--wait', '1m'])
  waiting.child.stdin.end()
  await new Promise((resolve) => waiting.child.stderr.once('data', resolve))
  holder.child.stdin.end()
  expect((await holder.ended).status).toBe(0)
  const { status, stderr } = await waiting.ended
  expect([status, stderr]).toEqual([0, expect.stringContaining(': waiting for up to 1m\n')])
})

test('a run that was killed is not said to have the store', async () => {
  const place = await filled()
  const { child, ended } = place.start(['sweep', '-', '--policy', POLICY])
  while (!(await place.run(['status'])).stdout.includes('still running')) await pause(20)
  child.kill('SIGKILL')
  await ended
  const other = new Sqlite(`${place.store}.lock`)
  other.exec('BEGIN EXCLUSIVE')
  const line = refusal(await place.run(SWEEP))
  expect(line).toContain('offchannel.db: another process is writing to it: run this again')
  other.close()
})
