import { createHash, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { freePort, HAS_RSYSLOGD, Hook, makeCertificate, Rsyslogd } from '../notify/servers.ts'
import { type Identity, needlesOf, Search } from './identities.ts'
import { type Ended, start, Workplace } from './program.ts'
import { LEFT_OUT, putInputs, WATCHED } from './watched.ts'

const GIVEN = ['../given/captures', '../given/logs']
const POLICY = ['--policy', '../given/policy.yaml']
const WHY = ['--reason', 'Made for a test']

/** Makes the n-th pseudonym end the program: by a failure that nobody foresaw, or at once. */
const failing = (nth: number, how: string) => `
  import crypto from 'node:crypto'
  import { syncBuiltinESMExports } from 'node:module'
  const make = crypto.createHmac
  let n = 0
  crypto.createHmac = (...given) => { if (++n === ${nth}) { ${how} } return make(...given) }
  syncBuiltinESMExports()`
/** Written backwards, so that the patch itself, which stands in traces, names nobody. */
const ABOUT = `[...'54.712.38.01 rofako.nerw'].toReversed().join('')`
const CRASH = `throw new TypeError('forced by ' + ${ABOUT})`
/** Where nobody catches it. */
const UNCAUGHT = `process.nextTick(() => { throw Object.assign(new TypeError(${ABOUT}), { about: ${ABOUT} }) })`
const REJECTED = `Promise.reject(Object.assign(new TypeError(${ABOUT}), { about: ${ABOUT} }))`
/** More than there is room for in V8's heap. */
const HEAP = 'const kept = []; for (;;) kept.push({ at: Math.random(), text: String(Math.random()) })'
const SMALL_HEAP = ['--max-old-space-size=96']
const KILL = "process.kill(process.pid, 'SIGKILL')"

/**
 * A place whose `left/` is all that the program may leave something in: it is the working folder, and holds the home and
 * the folder of temporary files. What the program says is put there as well.
 */
class SearchedPlace extends Workplace {
  readonly work = join(this.folder, 'left')
  readonly ran: string[] = []
  readonly #environment = {
    TMPDIR: join(this.work, 'tmp'),
    HOME: join(this.work, 'home'),
    OFFCHANNEL_AUTHOR: 'A. Example',
    HOOK_SECRET: `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`,
  }

  constructor() {
    super()
    putInputs(this)
    for (const name of ['tmp', 'home', 'said']) mkdirSync(join(this.work, name), { recursive: true })
    // Under one key the pseudonyms, which could look like an address by chance, are the same every time.
    const key = createHash('sha256').update('a key for a test').digest('hex')
    for (const store of ['offchannel', 'job', 'killed', 'last', 'watched', 'received', 'old', 'rotated']) {
      this.put(`left/${store}.db.key`, `${key}\n`)
      chmodSync(join(this.work, `${store}.db.key`), 0o600)
    }
  }

  /** Runs the program; fails where it does not end with this status, which is null where it was killed. */
  async command(
    args: readonly string[],
    expected: number | null = 0,
    patch = '',
    more: readonly string[] = [],
  ): Promise<string> {
    const environment = this.#environment
    const nodeOptions =
      patch === '' ? [...more] : [...more, '--import', `data:text/javascript,${encodeURIComponent(patch)}`]
    const { child, ended } = start(args, { cwd: this.work, environment, nodeOptions })
    child.stdin.end()
    const { status, stdout, stderr }: Ended = await ended
    expect.soft({ args, status }, stderr).toEqual({ args, status: expected })
    this.ran.push(args[0]!)
    this.put(`left/said/${this.ran.length}-${args[0]}`, `${stdout}\n${stderr}`)
    return stdout
  }

  /** Runs the program until it serves metrics, which are put among what it said. */
  async watchMetrics(args: readonly string[], port: number): Promise<void> {
    const { child, ended } = start(['watch', ...args], { cwd: this.work, environment: this.#environment })
    let served = ''
    for (let tries = 0; tries < 200 && !served.includes('offchannel_findings'); tries++) {
      await pause(100)
      served = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      )
    }
    child.kill('SIGINT')
    const { stdout, stderr } = await ended
    expect(served).toContain('offchannel_findings')
    this.ran.push('watch')
    this.put(`left/said/${this.ran.length}-watch`, `${stdout}\n${stderr}`)
    this.put('left/received/metrics', served)
  }

  /** Runs the program until it has judged what it watches, or for ten seconds. */
  async watch(args: readonly string[]): Promise<void> {
    const { child, ended } = start(['watch', ...args], { cwd: this.work, environment: this.#environment })
    await Promise.race([once(child.stdout, 'data'), pause(10_000)])
    child.kill('SIGINT')
    const { stdout, stderr } = await ended
    expect(stderr).not.toBe('')
    this.ran.push('watch')
    this.put(`left/said/${this.ran.length}-watch`, `${stdout}\n${stderr}`)
  }

  /** Every place of `left/` held against these identities. */
  search(identities: readonly Identity[]): Search {
    const search = new Search(identities)
    search.folder(this.work)
    return search
  }
}

test('the search finds every form that it looks for', () => {
  for (const identity of [...WATCHED, ...LEFT_OUT]) {
    for (const { encoding, bytes } of needlesOf(identity)) {
      const search = new Search([identity])
      search.bytes('made', Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' behind')]))
      expect(search.leaks).toContainEqual({ place: 'made', identity: identity.text, encoding })
    }
  }
})

test('no command leaves anybody in a byte of what it writes', { timeout: 900_000 }, async () => {
  const place = new SearchedPlace()
  await place.command(['sweep', ...GIVEN, ...POLICY], 2)
  // Somebody who looks keeps the write-ahead log from being taken into the store.
  const looking = new Sqlite(join(place.work, 'offchannel.db'), { readonly: true })
  looking.exec('BEGIN; SELECT * FROM finding')
  await place.command(['sweep', ...GIVEN, ...POLICY, '--again', '--json'])
  const list = JSON.parse(`[${(await place.command(['findings', '--all', '--json'])).trim().split('\n').join(',')}]`)
  const findings = list as Finding[]
  expect(findings.length).toBeGreaterThan(4)
  await eachCommand(place, findings)
  await eachReceiver(place)
  await eachFailure(place)
  await fromOldSchema(place)
  for (const left of ['offchannel.db-wal', 'last.db-wal']) expect(existsSync(join(place.work, left)), left).toBe(true)

  const search = place.search([...WATCHED, ...LEFT_OUT])
  looking.close()
  tell(search, [...WATCHED, ...LEFT_OUT])
  expect(search.leaks).toEqual([])
  const received = ['syslog', 'webhook', 'mail', 'metrics'].filter((kind) => kind !== 'syslog' || HAS_RSYSLOGD)
  for (const name of received) expect(search.searched.get(`received/${name}`), name).toBeGreaterThan(1000)
  const kinds = [
    '.dead-letters.ndjson',
    '.before-v12',
    '.db',
    '.db-wal',
    '.db-shm',
    '.lock',
    '.zip',
    '.xlsx',
    '.pdf',
    '.html',
    '.ndjson',
    '.prom',
    '.json',
  ]
  for (const kind of kinds)
    expect(
      [...search.searched.keys()].some((name) => name.endsWith(kind)),
      kind,
    ).toBe(true)
})

/** The folder that a place is in, or the place itself. */
const folderOf = (place: string) => place.replace(/\/.*/, '/')

/** Prints what was searched, folders as one. */
function tell({ searched, leaks }: Search, identities: readonly Identity[]): void {
  const sums = new Map<string, { files: number; bytes: number }>()
  for (const [place, bytes] of searched) {
    const name = folderOf(place)
    const sum = sums.get(name) ?? { files: 0, bytes: 0 }
    sums.set(name, { files: sum.files + 1, bytes: sum.bytes + bytes })
  }
  const bytes = [...searched.values()].reduce((sum, size) => sum + size, 0)
  const lines = [...sums].map(
    ([name, sum]) =>
      `  ${name} (${sum.files}): ${sum.bytes} bytes, ${leaks.filter(({ place }) => folderOf(place) === name).length} leaks`,
  )
  const forms = identities.flatMap(needlesOf).length
  const head = `${identities.length} identities in ${forms} forms sought in ${bytes} bytes: ${leaks.length} leaks`
  process.stdout.write(`${head}\n${lines.join('\n')}\n`)
}

/** All that can be asked of a store, and done to it. */
async function eachCommand(place: SearchedPlace, findings: readonly Finding[]): Promise<void> {
  const ids = findings.map(({ id }) => id)
  const { privateKey } = generateKeyPairSync('ed25519')
  place.put('given/signer.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await place.command(['judge', ...POLICY, '--dry-run'])
  await place.command(['judge', ...POLICY, '--json'])
  await place.command(['findings', '--all', ...POLICY])
  for (const id of ids) for (const more of [[], ['--json'], ['--history']]) await place.command(['show', id, ...more])
  await place.command(['review', 'acknowledge', ids[0]!])
  await place.command(['review', 'close', ids[1]!, ...WHY, '--json'])
  await place.command(['correct', ids[1]!, '--statement', 'Made for a test'])
  const client = findings[0]!.client
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  await place.command(['suppress', '--app', 'telegram', '--client', client, '--until', until, ...WHY])
  await place.command(['suppress', 'list', '--all', '--json'])
  const month = ['--from', '2026-05-01', '--until', '2026-05-31']
  await place.command(['report', ...POLICY, ...month, '--subjects', '--html', 'board.html', '--pdf', 'board.pdf'])
  for (const format of ['csv', 'xlsx', 'ndjson', 'stix', 'ecs', 'ocsf'])
    await place.command(['export', format, '--all', '--output', `out.${format}`])
  for (const format of ['hosts', 'rpz', 'suricata'])
    await place.command(['export', format, ...POLICY, '--output', `out.${format}`])
  const prove = ['prove', ...ids, ...POLICY, '--sign', '../given/signer.pem', '--out']
  await place.command([...prove, 'pack.zip'])
  await place.command([...prove, 'pack'])
  await place.command(['verify', 'pack.zip', '--json'])
  await place.command(['status', '--json'])
  await place.command(['status'])
  await place.command(['hold', 'add', '--client', client, ...WHY])
  await place.command(['hold', 'list'])
  await place.command(['subject-report', client])
  await place.command(['subject-report', '--identity', 'EXAMPLE\\wren.okafor', '--json'])
  await place.command(['relabel', ...POLICY])
  await place.command(['purge', '--older-than', '1d', '--class', 'evidence'])
  await place.command(['audit', 'list', '--json'])
  await place.command(['audit', 'sign', '--key', '../given/signer.pem', '--out', 'heads.ndjson'])
  await place.command(['run', '--config', '../given/job.yaml', '--dry-run'])
  await place.command(['run', '--config', '../given/job.yaml', '--log-format', 'json'], 2)
  await place.watch(['--config', '../given/job.yaml', '--log-format', 'json'])
  await place.watch([...GIVEN, ...POLICY, '--store', 'watched.db'])
  await place.command(['deliver', '--config', '../given/job.yaml', '--limit', '2s'], 2)
  await place.command(['erase', '--identity', 'petra-lindqvist@example.org', '--store', 'job.db', ...WHY, '--yes'])
  await place.command(['purge', '--older-than', '1d', '--store', 'job.db', '--yes'])
  const rotated = ['--store', 'rotated.db']
  const wren = ['--identity', 'EXAMPLE\\wren.okafor', ...rotated]
  await place.command(['sweep', ...GIVEN, ...POLICY, '--rotate', 'month', ...rotated], 2)
  await place.command(['hold', 'add', ...wren, ...WHY])
  await place.command(['hold', 'lift', '1', ...WHY, ...rotated])
  await place.command(['subject-report', ...wren])
  await place.command(['relabel', ...POLICY, ...rotated])
  await place.command(['erase', ...wren, ...WHY, '--yes'])
}

/** All that goes over a network: what receivers got, what they refused, what is served. */
async function eachReceiver(place: SearchedPlace): Promise<void> {
  const [port, hookPort, metrics] = [await freePort(), await freePort(), await freePort()]
  const given = join(place.folder, 'given')
  const server = HAS_RSYSLOGD ? new Rsyslogd(given, port) : undefined
  await server?.start()
  const hook = new Hook(hookPort, makeCertificate(given))
  // What is about Telegram is refused, and ends in the file of dead letters.
  hook.answer = ({ body }) => (JSON.parse(body).app === 'telegram' ? 422 : 204)
  await hook.start()
  const post = await mailServer()
  const syslogs = ['cef', 'leef', 'json'].map(
    (form) => `    - { name: siem-${form}, kind: syslog, to: 'tcp://127.0.0.1:${port}', form: ${form} }\n`,
  )
  const job = `store: ../left/received.db
policy: policy.yaml
metrics: 127.0.0.1:${metrics}
inputs:
  - { name: logs, paths: [captures/office.pcap, logs] }
outputs:
  prometheus: ../left/received.prom
  receivers:
${server === undefined ? '' : syslogs.join('')}    - { name: soar, kind: webhook, url: 'https://localhost:${hookPort}/in', secret-env: HOOK_SECRET, ca: server.pem }
    - { name: desk, kind: mail, server: 'smtp://localhost:${post.port}', tls: none, from: a@agency.example, to: [b@agency.example], heads: true }
`
  place.put('given/receivers.yaml', job)
  const config = ['--config', '../given/receivers.yaml']
  await place.command(['run', ...config, '--log-format', 'json'], 2)
  await place.command(['deliver', ...config, '--log-format', 'json'], 2)
  const [first] = (await place.command(['findings', '--all', '--json', '--store', 'received.db'])).split('\n')
  const { id } = JSON.parse(first!) as Finding
  await place.command(['correct', id, '--statement', 'Made for a test', '--store', 'received.db'])
  await place.command(['export', 'csv', '--all', '--store', 'received.db'])
  await place.command(['deliver', ...config], 2)
  await place.watchMetrics(config, metrics)
  await server?.kill()
  await hook.kill()
  if (server !== undefined) place.put('left/received/syslog', server.received().join('\n'))
  place.put('left/received/webhook', JSON.stringify(hook.got))
  place.put('left/received/mail', post.mails.join('\n'))
}

/** A mail server on loopback that keeps what it gets. */
async function mailServer(): Promise<{ readonly port: number; readonly mails: string[] }> {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      let text = JSON.stringify(session.envelope)
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

/** A store of the schema before the last, which is copied before it is brought up to date. */
async function fromOldSchema(place: SearchedPlace): Promise<void> {
  await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'old.db'], 2)
  const database = new Sqlite(join(place.work, 'old.db'))
  database.exec(
    'DROP TRIGGER identity_goes; DROP TRIGGER sealed_identity_goes; DROP TABLE sealed_identity; DROP TABLE data_key',
  )
  database.pragma('user_version = 11')
  database.close()
  await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'old.db', '--again'])
}

/** Mistakes of operators, inputs that are broken, and deaths of the program. */
async function eachFailure(place: SearchedPlace): Promise<void> {
  await place.command(['sweep', '../given/broken.log', ...POLICY], 2)
  await place.command(['sweep', '../given/broken.log', '--format', 'zeek-http', '--again', '--json'], 2)
  await place.command(['inspect', '../given/broken.log', '--format', 'kea'], 2)
  await place.command(['sweep', '../given/captures', '--policy', '../given/mistaken.yaml'], 2)
  await place.command(['policy', 'check', '../given/mistaken.yaml'], 2)
  await place.command(['sweep', '../given/captures', '--policy', '../given/broken.log'], 2)
  await place.command(['run', '--config', '../given/broken.log'], 2)
  await place.command(['sweep', '../given/captures', '--format-file', '../given/broken.log'], 2)
  await place.command(['findings', '--store', '../given/broken.log'], 2)
  await place.command(['verify', '../given/broken.log'], 2)
  for (const nth of [3, 5, 7]) {
    await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'killed.db', '--again'], null, failing(nth, KILL))
    await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'killed.db', '--again'], 2, failing(nth, CRASH))
  }
  for (const how of [UNCAUGHT, REJECTED]) {
    await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'killed.db', '--again'], 2, failing(5, how))
    await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'killed.db', '--again', '--json'], 2, failing(5, how))
  }
  await place.command(['run', '--config', '../given/job.yaml', '--log-format', 'json', '--again'], 2, failing(5, CRASH))
  await place.command(
    ['sweep', ...GIVEN, ...POLICY, '--store', 'killed.db', '--again'],
    null,
    failing(5, HEAP),
    SMALL_HEAP,
  )
  // The last that happens to its store: the write-ahead log stays as it was.
  await place.command(['sweep', ...GIVEN, ...POLICY, '--store', 'last.db'], null, failing(9, KILL))
  await place.command(['prove', 'f-', ...POLICY, '--out', 'never.zip'], 2, failing(1, CRASH))
}

test('the same search finds everybody where they are kept, and whom the policy leaves out nowhere', async () => {
  const place = new SearchedPlace()
  await place.command(['sweep', ...GIVEN, ...POLICY, '--identities', 'clear'], 2)
  await place.command(['inspect', ...GIVEN, ...POLICY], 2)
  const found = new Set(place.search(WATCHED).leaks.map(({ identity }) => identity))
  expect([...found].toSorted()).toEqual(WATCHED.map(({ text }) => text).toSorted())
  expect(place.search(LEFT_OUT).leaks).toEqual([])
  // They are in what was read.
  const given = new Search(LEFT_OUT)
  given.folder(join(place.folder, 'given'))
  expect(new Set(given.leaks.map(({ identity }) => identity)).size).toBe(LEFT_OUT.length)
  expect(readFileSync(join(place.work, 'said/1-sweep'), 'utf8')).toContain('excluded')
})
