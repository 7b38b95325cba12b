import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { attack, recompute } from '../audit/made.ts'
import { freePort, HAS_RSYSLOGD, Hook, makeCertificate, Rsyslogd } from '../notify/servers.ts'
import { capture, squidLog } from './inputs.ts'
import { POLICY, Workplace } from './program.ts'

const RUN = ['run', '--config', 'job.yaml']
const WHO = ['--author', 'A. Example', '--reason', 'Made for a test']
const KEY = Buffer.from('0123456789abcdef0123456789abcdef')
const PUBLIC = ['--public-key', 'offchannel.db.heads.pub']

/** A job over `in/` with these receivers. */
function made(receivers: string, more = ''): Workplace {
  const place = new Workplace()
  place.put('in/a.pcap', capture({ name: 'web.telegram.org' }))
  const policy = JSON.stringify(POLICY)
  const inputs = 'inputs:\n  - { name: all, paths: [in] }\n'
  place.put('job.yaml', `store: offchannel.db\npolicy: ${policy}\n${inputs}outputs:\n${more}  receivers:\n${receivers}`)
  place.put('soar.secret', `whsec_${KEY.toString('base64')}\n`)
  chmodSync(join(place.folder, 'soar.secret'), 0o600)
  return place
}

const FILE = '    - { name: lake, kind: file, path: out.ndjson, form: ocsf }\n'
const hookTo = (port: number) =>
  `    - { name: soar, kind: webhook, url: 'https://localhost:${port}/in', secret-file: soar.secret, ca: server.pem }\n`
const syslogTo = (port: number, form: string) =>
  `    - { name: siem-${form}, kind: syslog, to: 'tcp://127.0.0.1:${port}', form: ${form} }\n`

/** Numbers of the entries whose heads a text has, in its order. */
const entriesIn = (text: string) =>
  [...text.matchAll(/offchannel-head:1:[0-9a-f]{64}:(\d+):/g)].map(([, seq]) => Number(seq))

const written = (place: Workplace, name = 'out.ndjson') => readFileSync(join(place.folder, name), 'utf8')

interface Entry {
  readonly seq: number
  readonly action: string
}

async function entries(place: Workplace): Promise<Entry[]> {
  const { stdout } = await place.run(['audit', 'list', '--json'])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const verify = (place: Workplace, store: string, ...files: readonly string[]) =>
  place.run(['audit', 'verify', '--store', store, ...files.flatMap((file) => ['--heads', file]), ...PUBLIC, '--json'])

/** The faults that a verification finds in a store, held against files. */
async function faults(place: Workplace, store: string, ...files: readonly string[]): Promise<string[]> {
  const { stdout, status } = await verify(place, store, ...files)
  const problems = (JSON.parse(stdout) as { problems: { fault: string }[] }).problems.map(({ fault }) => fault)
  expect(status).toBe(problems.length > 0 ? 2 : 0)
  return problems
}

/** What somebody does who can write to the store and knows how it works: each is to be found. */
const ATTACKS: readonly (readonly [name: string, fault: string, how: (database: Sqlite.Database) => void])[] = [
  [
    'alter',
    'recomputed',
    (database) => {
      database.exec("UPDATE audit SET author = 'somebody else' WHERE seq = 3")
      recompute(database, 3)
    },
  ],
  [
    'drop',
    'recomputed',
    (database) => {
      database.exec(
        'DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = -seq WHERE seq > 3; UPDATE audit SET seq = -seq - 1 WHERE seq < 0',
      )
      database.exec("UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'audit'")
      recompute(database, 3)
    },
  ],
  [
    'reorder',
    'recomputed',
    (database) => {
      database.exec(
        'UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1',
      )
      recompute(database, 2)
    },
  ],
  [
    'cut the tail',
    'cut',
    (database) => {
      database.exec("DELETE FROM audit WHERE seq > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
    },
  ],
  [
    'recompute all',
    'foreign',
    (database) => {
      database.exec('UPDATE audit SET at = at + 1')
      recompute(database, 1)
    },
  ],
]

async function expectAttacksFound(place: Workplace, files: readonly string[]): Promise<void> {
  for (const [name, fault, how] of ATTACKS) {
    copyFileSync(place.store, join(place.folder, 'copy.db'))
    attack(join(place.folder, 'copy.db'), how)
    // Nothing shows it but what receivers hold.
    expect((await place.run(['audit', 'verify', '--store', 'copy.db'])).status, name).toBe(0)
    for (const file of files) expect(await faults(place, 'copy.db', file), `${name}, ${file}`).toContain(fault)
  }
}

test('every run sends the head of its own last entry, signed with a key that is made beside the store', async () => {
  const place = made(FILE)
  const first = await place.run(RUN)
  expect(first).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('offchannel.db.heads.pub to whoever verifies them'),
  })
  expect(statSync(`${place.store}.heads.pem`).mode & 0o777).toBe(0o600)
  const [last] = (await entries(place)).slice(-1)
  expect(last).toMatchObject({ action: 'sweep' })
  expect(entriesIn(written(place))).toEqual([last!.seq])
  await place.run(RUN)
  expect(entriesIn(written(place))).toEqual([last!.seq, (await entries(place)).at(-1)!.seq])
  const { stdout } = await place.run(['audit', 'verify', '--heads', 'out.ndjson', ...PUBLIC])
  expect(stdout).toContain('Up to entry 5 it is what was published; 0 came after that.')
  expect(
    JSON.parse(
      written(place)
        .split('\n')
        .find((line) => line.includes('Audit Head'))!,
    ),
  ).toMatchObject({
    class_uid: 0,
    unmapped: { event: 'head', entry: last!.seq },
  })
})

test('what reveals or destroys is told at once, and what else was done by the next run', async () => {
  const place = made(FILE)
  await place.run(RUN)
  const [{ id }] = (await place.run(['findings', '--json'])).stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const client = (await place.run(['findings', '--json'])).stdout.match(/address-[a-z0-9]+/)![0]
  for (const args of [
    ['export', 'csv'],
    ['subject-report', client],
    ['report', '--policy', POLICY, '--from', '2026-05-01', '--until', '2026-05-31', '--html', 'r.html'],
    ['prove', id, '--policy', POLICY, '--out', 'pack.zip'],
    ['purge', '--older-than', '1d', '--class', 'evidence', ...WHO, '--yes'],
    ['erase', client, ...WHO, '--yes'],
  ]) {
    const { status, stderr } = await place.run(args)
    expect({ args, status, stderr }).toMatchObject({ status: 0 })
    const last = (await entries(place)).at(-1)!
    expect([last.action, entriesIn(written(place)).at(-1)]).toEqual([args[0], last.seq])
  }
  const before = entriesIn(written(place))
  await place.run(['judge', '--policy', POLICY])
  expect(entriesIn(written(place))).toEqual(before)
  await place.run(RUN)
  expect(entriesIn(written(place)).at(-1)).toBe((await entries(place)).at(-1)!.seq)
})

test('a copy of the store sends nothing, and neither does who may not sign: the next run does', async () => {
  const place = made(FILE)
  await place.run(RUN)
  const before = written(place)
  copyFileSync(place.store, join(place.folder, 'copy.db'))
  const copied = await place.run(['export', 'csv', '--store', 'copy.db'])
  expect(copied).toMatchObject({ status: 0, stderr: expect.stringContaining('is of another store') })
  expect(written(place)).toBe(before)
  place.put(
    'job.yaml',
    readFileSync(join(place.folder, 'job.yaml'), 'utf8').replace('outputs:', 'outputs:\n  heads: { key: nowhere.pem }'),
  )
  expect(await place.run(['export', 'csv'])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('by the next run: ENOENT'),
  })
  expect(written(place)).toBe(before)
  place.put(
    'job.yaml',
    readFileSync(join(place.folder, 'job.yaml'), 'utf8').replace('\n  heads: { key: nowhere.pem }', ''),
  )
  await place.run(RUN)
  // Of the export and of the run, in this order.
  const all = entriesIn(written(place))
  expect(all.slice(1)).toEqual([...all.slice(1)].toSorted((a, b) => a - b))
  expect((await entries(place)).filter(({ seq }) => all.slice(1).includes(seq)).map(({ action }) => action)).toEqual([
    'export',
    'sweep',
  ])
})

test('a key of one’s own signs, and a receiver that wants no heads gets none', async () => {
  const place = made(
    `${FILE}    - { name: other, kind: file, path: other.ndjson, form: ecs, heads: false }\n`,
    '  heads: { key: own.pem }\n',
  )
  expect(await place.run(RUN)).toMatchObject({ status: 2, stderr: expect.stringContaining('own.pem: cannot be read') })
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', 'own.pem'], { cwd: place.folder })
  execFileSync('openssl', ['pkey', '-in', 'own.pem', '-pubout', '-out', 'own.pub'], { cwd: place.folder })
  chmodSync(join(place.folder, 'own.pem'), 0o644)
  expect((await place.run(RUN)).stderr).toContain('others may read this key: chmod 600')
  chmodSync(join(place.folder, 'own.pem'), 0o600)
  expect((await place.run(RUN)).status).toBe(0)
  expect(existsSync(`${place.store}.heads.pem`)).toBe(false)
  expect(entriesIn(written(place, 'other.ndjson'))).toEqual([])
  const { status, stdout } = await place.run(['audit', 'verify', '--heads', 'out.ndjson', '--public-key', 'own.pub'])
  expect([status, stdout]).toEqual([0, expect.stringContaining('it is what was published')])
  expect((await place.run(['status', '--json'])).stdout).toContain('"waiting":0')
})

test.skipIf(!HAS_RSYSLOGD)(
  'from what rsyslogd, an HTTPS server and files hold every attack is found, years later and offline',
  async () => {
    const [port, hookPort] = [await freePort(), await freePort()]
    const forms = ['cef', 'leef', 'json']
    const place = made(
      forms.map((form) => syslogTo(port, form)).join('') + hookTo(hookPort) + FILE.replace('ocsf', 'ecs'),
    )
    const server = new Rsyslogd(place.folder, port)
    await server.start()
    const hook = new Hook(hookPort, makeCertificate(place.folder))
    await hook.start()
    for (const user of ['one', 'two']) {
      place.put(`in/${user}.log`, squidLog({ client: '10.83.218.146', host: 'web.whatsapp.com', user }))
      expect((await place.run(RUN)).status).toBe(0)
    }
    await place.run(['export', 'csv', '--output', 'out.csv'])
    await server.kill()
    await hook.kill()
    place.put('hook.ndjson', hook.got.map(({ body }) => `${body}\n`).join(''))
    const last = (await entries(place)).at(-1)!
    expect(last.action).toBe('export')
    const lines = server.received()
    for (const [form, of] of [
      ['cef', 'CEF:0'],
      ['leef', 'LEEF:2.0'],
      ['json', '{"message":"head'],
    ] as const) {
      place.put(`syslog-${form}.log`, `${lines.filter((line) => line.includes(of)).join('\n')}\n`)
    }
    writeFileSync(join(place.folder, 'received.log.1.gz'), gzipSync(readFileSync(server.file)))
    const files = [
      ...forms.map((form) => `syslog-${form}.log`),
      'received.log',
      'received.log.1.gz',
      'hook.ndjson',
      'out.ndjson',
    ]
    for (const file of files) {
      const { status, stdout } = await verify(place, 'offchannel.db', file)
      expect({ file, status, ...JSON.parse(stdout) }).toMatchObject({
        status: 0,
        publishedUpTo: last.seq,
        problems: [],
        damaged: [],
      })
    }
    expect(hook.got.some(({ body }) => JSON.parse(body).type === 'audit.head')).toBe(true)
    await expectAttacksFound(place, files)
    // A head that was tampered with where it was received proves nothing, and is told of.
    place.put(
      'tampered.log',
      readFileSync(server.file, 'utf8').replace(/(offchannel-head:1:[0-9a-f]{64}):\d+:/, '$1:2:'),
    )
    expect(await faults(place, 'offchannel.db', 'tampered.log')).toContain('forged')
    place.put('torn.log', readFileSync(server.file, 'utf8').replace(/(offchannel-head:1:[0-9a-f]{64}):\d+:\S+/, '$1:'))
    expect(await verify(place, 'offchannel.db', 'torn.log')).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('"damaged":["torn.log:'),
    })
    place.put('none.log', 'nothing\n')
    expect((await verify(place, 'offchannel.db', 'none.log')).stderr).toContain(
      'none.log: holds no head of an audit log',
    )
  },
  120_000,
)

test('the end of a watch sends the head of its last entry', async () => {
  const place = made(FILE)
  const { child, ended } = place.start(['watch', '--config', 'job.yaml'])
  for (let tries = 0; tries < 200 && !existsSync(join(place.folder, 'out.ndjson')); tries++) await pause(50)
  // The first head is that of the judgement with which a watch begins; the next one would come in an hour.
  const first = entriesIn(written(place))
  child.kill('SIGINT')
  expect((await ended).status).toBe(0)
  const log = await entries(place)
  expect([first.length, entriesIn(written(place))]).toEqual([1, [...first, log.at(-1)!.seq]])
  expect(log.at(-1)!.action).toBe('sweep')
})

test('a receiver that is away gets every head later, each once and in order', async () => {
  const port = await freePort()
  const place = made(hookTo(port) + FILE)
  const hook = new Hook(port, makeCertificate(place.folder))
  for (let n = 0; n < 3; n++) expect((await place.run(RUN)).status).toBe(2)
  const told = entriesIn(written(place))
  expect(told).toHaveLength(3)
  await hook.start()
  expect((await place.run(['deliver', '--config', 'job.yaml'])).status).toBe(0)
  expect(entriesIn(hook.got.map(({ body }) => body).join('\n'))).toEqual(told)
})

test('an export whose receiver is away is no failure, and the head waits', async () => {
  const port = await freePort()
  const place = made(hookTo(port))
  const hook = new Hook(port, makeCertificate(place.folder))
  await hook.start()
  expect((await place.run(RUN)).status).toBe(0)
  await hook.kill()
  const exported = await place.run(['export', 'csv'])
  expect(exported).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/output soar: .*ECONNREFUSED.*; 1 waiting/),
  })
  await hook.start()
  expect((await place.run(['deliver', '--config', 'job.yaml'])).status).toBe(0)
  const { seq, action } = (await entries(place)).at(-1)!
  expect([action, entriesIn(hook.got.map(({ body }) => body).join('\n')).at(-1)]).toEqual(['export', seq])
})
