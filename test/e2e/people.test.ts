import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Search } from './identities.ts'
import { POLICY, PROGRAM, SAMPLES, Workplace } from './program.ts'

const AUTHOR = ['--author', 'alice']

interface Listed {
  readonly id: string
  readonly client: string
  readonly network: string
}

/** A workplace with the day of the samples in its store. */
async function swept(...options: string[]): Promise<{ place: Workplace; findings: Listed[] }> {
  const place = new Workplace()
  const inputs = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
  const { status } = await place.run(['sweep', ...inputs, '--policy', POLICY, '--quiet', ...options])
  expect(status).toBe(0)
  return { place, findings: await listed(place) }
}

async function listed(place: Workplace): Promise<Listed[]> {
  const { stdout } = await place.run(['findings', '--all', '--state', 'all', '--json'])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Listed)
}

async function actions(place: Workplace): Promise<string[]> {
  const { stdout } = await place.run(['audit', 'list', '--json'])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { action: string }).action)
}

test('everything that is done to a store is in its audit log, and the log is verified against heads', async () => {
  const { place, findings } = await swept()
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', 'auditor.pem'], { cwd: place.folder })
  execFileSync('openssl', ['pkey', '-in', 'auditor.pem', '-pubout', '-out', 'auditor.pub'], { cwd: place.folder })
  const id = findings[0]!.id
  const sign = ['audit', 'sign', '--key', 'auditor.pem', '--out', 'heads.ndjson']
  expect((await place.run(sign)).status).toBe(0)
  for (const args of [
    ['review', 'note', id, '--text', 'Asked', ...AUTHOR],
    ['correct', id, '--statement', 'It was a loan', ...AUTHOR],
    ['hold', 'add', '--app', 'whatsapp', '--reason', 'Case 12', ...AUTHOR],
    ['hold', 'lift', '1', '--reason', 'Closed', ...AUTHOR],
    ['export', 'csv', '--output', 'a.csv'],
    ['report', '--policy', POLICY, '--from', '2026-05-01', '--until', '2026-05-31', '--draft', '--html', 'a.html'],
    ['subject-report', findings[0]!.client],
    ['relabel', '--policy', POLICY, ...AUTHOR],
    ['erase', findings[0]!.client, '--reason', 'Request 17', '--yes', ...AUTHOR],
    ['purge', '--older-than', '1d', '--yes', ...AUTHOR],
  ]) {
    const { status, stderr } = await place.run(args)
    expect([args[0], status, stderr.includes('internal error')]).toEqual([args[0], 0, false])
  }
  expect((await actions(place)).join(' ')).toBe(
    'policy judge sweep review correct hold hold-lift export report subject-report relabel judge erase purge',
  )
  expect((await place.run(sign)).status).toBe(0)
  const verify = ['audit', 'verify', '--heads', 'heads.ndjson', '--public-key', 'auditor.pub']
  const whole = await place.run(verify)
  expect([whole.status, whole.stdout]).toEqual([
    0,
    '14 entries: the log fits together.\nUp to entry 14 it is what was published; 0 came after that.\n',
  ])
  const database = new Sqlite(place.store)
  database.exec(`DROP TRIGGER audit_remains; DELETE FROM audit WHERE seq > 10;
    UPDATE sqlite_sequence SET seq = 10 WHERE name = 'audit'`)
  database.close()
  const cut = await place.run(verify)
  expect(cut.status).toBe(2)
  expect(cut.stderr).toContain('cut: the log ends with entry 10, and entry 14 was published')
}, 60_000)

test('an erased person is gone, by name under the key, and stays gone when the inputs are swept again', async () => {
  const { place, findings } = await swept()
  const one = findings.find(({ network }) => network === 'home-laptops')!
  const reason = ['--reason', 'Request 17', ...AUTHOR]
  const named = ['--identity', '192.168.1.23 at home']
  const report = await place.run(['subject-report', ...named, '--json'])
  const pseudonym = report.status === 0 ? (JSON.parse(report.stdout) as { label: string }).label : one.client
  const plan = await place.run(['erase', pseudonym, ...reason])
  expect(plan.stderr).toContain('Nothing was changed: --yes does it.')
  expect((await listed(place)).length).toBe(findings.length)
  const theirs = findings.filter(({ client }) => client === pseudonym).length
  expect(theirs).toBeGreaterThan(0)
  const erased = await place.run(['erase', pseudonym, ...reason, '--yes', '--json'])
  expect(JSON.parse(erased.stdout)).toMatchObject({ done: true, pseudonyms: 1, findings: theirs })
  const inputs = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
  await place.run(['sweep', ...inputs, '--policy', POLICY, '--again', '--timezone', 'Europe/Paris', '--quiet'])
  const left = await listed(place)
  expect(left.filter(({ client }) => client === pseudonym)).toEqual([])
  expect(left.length).toBe(findings.length - theirs)
}, 60_000)

test('a reason that names whom it is about is refused, since it would stay', async () => {
  const { place, findings } = await swept()
  const { client } = findings[0]!
  const { status, stderr } = await place.run(['erase', client, '--reason', `Erase ${client}`, '--yes', ...AUTHOR])
  expect([status, stderr]).toEqual([
    2,
    `offchannel: the reason names ${client}, and stays in the audit log: refer to a file or case instead\n`,
  ])
})

test('a statement stands beside its finding in show and in exports', async () => {
  const { place, findings } = await swept()
  const { id } = findings[0]!
  await place.run(['correct', id, '--statement', 'It was a loan\nof a week', ...AUTHOR])
  const { stdout } = await place.run(['show', id])
  expect(stdout).toMatch(/Statements:\n.* UTC {2}alice states of revision 1:\n {2}> It was a loan\n {2}> of a week\n/)
  const exported = (await place.run(['export', 'ndjson', '--all'])).stdout.split('\n').filter(Boolean)
  const stated = exported.map((line) => JSON.parse(line)).filter(({ statements }) => statements !== undefined)
  expect(stated.map((finding) => [finding.id, finding.statements[0].text])).toEqual([[id, 'It was a loan\nof a week']])
})

test('everything that tells a finding tells what was said of it', async () => {
  const { place, findings } = await swept()
  const { id } = findings[0]!
  const words = 'It was a loan'
  await place.run(['correct', id, '--statement', words, ...AUTHOR])
  const count = (text: string) => text.split(words).length - 1
  for (const format of ['csv', 'ndjson', 'stix', 'ecs', 'ocsf']) {
    expect([format, count((await place.run(['export', format, '--all'])).stdout) > 0]).toEqual([format, true])
  }
  await place.run(['export', 'xlsx', '--all', '--output', 'out.xlsx'])
  const search = new Search([{ kind: 'user', text: words }])
  search.bytes('out.xlsx', readFileSync(join(place.folder, 'out.xlsx')))
  expect(search.leaks.length).toBeGreaterThan(0)
  const stated = [
    ['show', id],
    ['show', id, '--json'],
    ['findings', '--state', 'all', '--all', '--json'],
    ['judge', '--policy', POLICY, '--json'],
    ['subject-report', findings[0]!.client],
  ]
  for (const args of stated) expect([args, count((await place.run(args)).stdout)]).toEqual([args, 1])
  const proved = await place.run(['prove', id, '--policy', POLICY, '--out', 'pack'])
  expect(proved.status).toBe(0)
  for (const form of ['json', 'txt']) {
    expect(count(readFileSync(join(place.folder, `pack/data/findings/${id}.${form}`), 'utf8'))).toBe(1)
  }
  expect((await place.run(['verify', 'pack'])).status).toBe(0)
})

test('a corrected network map is applied without an input, and what it says is what reading again says', async () => {
  const { place, findings } = await swept()
  const corrected = readFileSync(POLICY, 'utf8').replaceAll('home-laptops', 'teleworkers')
  place.put('new.yaml', corrected)
  const done = await place.run(['relabel', '--policy', 'new.yaml', '--was', POLICY, '--json', ...AUTHOR])
  expect(done.status).toBe(0)
  expect(done.stderr).not.toContain('too many addresses')
  const networks = (list: readonly Listed[]) => list.map(({ id, network }) => `${id} ${network}`).sort()
  const relabelled = networks(await listed(place))
  expect(relabelled).toEqual(networks(findings).map((line) => line.replace('home-laptops', 'teleworkers')))
  expect(relabelled.join()).toContain('teleworkers')
  const fresh = new Workplace()
  fresh.put('offchannel.db.key', readFileSync(join(place.folder, 'offchannel.db.key')))
  chmodSync(join(fresh.folder, 'offchannel.db.key'), 0o600)
  const inputs = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
  await fresh.run(['sweep', ...inputs, '--policy', join(place.folder, 'new.yaml'), '--quiet'])
  expect(networks(await listed(fresh))).toEqual(relabelled)
}, 60_000)

test('in a store that keeps identities clear every address is put into its corrected network', async () => {
  const { place } = await swept('--identities', 'clear')
  place.put('new.yaml', readFileSync(POLICY, 'utf8').replaceAll('vpn-clients', 'tunnelled'))
  const done = await place.run(['relabel', '--policy', 'new.yaml', '--json', ...AUTHOR])
  expect(done.status).toBe(0)
  const database = new Sqlite(place.store, { readonly: true })
  const names = database
    .prepare('SELECT DISTINCT name FROM party JOIN network ON network.id = party.network ORDER BY 1')
    .pluck()
    .all()
  database.close()
  expect(names).toContain('tunnelled')
  expect(names).not.toContain('vpn-clients')
})

test('a job file says how long what is kept, and a run keeps to it', async () => {
  const { place, findings } = await swept()
  const job = `store: offchannel.db\npolicy: ${POLICY}\ninputs:\n  - { name: all, paths: [${SAMPLES}/captures] }\nretention:\n`
  place.put('job.yaml', `${job}  facts: 1d\n  findings: 1d\n`)
  expect(findings.length).toBeGreaterThan(0)
  const { stderr } = await place.run(['run', '--config', 'job.yaml'])
  expect(stderr).toMatch(/Purged, as older than the job file keeps it: [\d,]+ sightings/)
  expect(await listed(place)).toEqual([])
  expect((await place.run(['run', '--config', 'job.yaml'])).stderr).not.toContain('Purged')
  const { purge } = JSON.parse((await place.run(['status', '--json'])).stdout)
  expect(purge).toMatchObject({ reason: 'retention of the job file', taken: { findings: findings.length } })
  expect((await place.run(['status'])).stdout).toMatch(
    /^Last purge: [-\d]+ [\d:]+ UTC \(retention of the job file\): .*, [\d,]+ sightings\.$/m,
  )
  place.put('job.yaml', `${job}  facts: soon\n  logs: 9d\n`)
  const wrong = await place.run(['run', '--config', 'job.yaml'])
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    [
      'offchannel: job.yaml:6: retention.facts: "soon" is no number of days: write one like 400d',
      'job.yaml:7: retention.logs: is no key that stands here: there are facts, evidence, findings, reviews, runs, audit\n',
    ].join('\n'),
  ])
}, 60_000)

const NOBODY = { uid: 65534, gid: 65534, env: { PATH: '' } } as const
/** Only root becomes somebody else, who needs to get at Node and the program: they may lie in a folder of root's own. */
const canBeNobody =
  process.getuid?.() === 0 && spawnSync(process.execPath, [PROGRAM, '--version'], { cwd: '/', ...NOBODY }).status === 0

describe.runIf(canBeNobody)('somebody who may read the store and nothing else', () => {
  let place: Workplace
  let findings: Listed[]

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offchannel-roles-'))
    chmodSync(folder, 0o755)
    place = Object.assign(Object.create(Workplace.prototype), { folder, store: join(folder, 'offchannel.db') })
    const inputs = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
    await place.run(['sweep', ...inputs, '--policy', POLICY, '--quiet'])
    chmodSync(place.store, 0o644)
    // The next that writes leaves it as one file.
    await place.run(['judge', '--policy', POLICY, '--quiet'])
    mkdirSync(join(folder, 'out'))
    chmodSync(join(folder, 'out'), 0o777)
    findings = await listed(place)
  })

  afterAll(() => rmSync(place.folder, { recursive: true, force: true }))

  /** As user 65534, `nobody`. */
  function asNobody(...args: string[]) {
    return spawnSync(process.execPath, [PROGRAM, ...args], { cwd: place.folder, encoding: 'utf8', ...NOBODY })
  }

  test('can list, show, report, export, check the audit log and ask by pseudonym', () => {
    const [{ id, client }] = findings as [Listed]
    for (const args of [
      ['findings', '--json'],
      ['show', id],
      ['export', 'ndjson'],
      ['status'],
      ['audit', 'verify'],
      ['subject-report', client],
      ['hold', 'list'],
      [
        'report',
        '--policy',
        POLICY,
        '--from',
        '2026-05-01',
        '--until',
        '2026-05-31',
        '--draft',
        '--html',
        'out/may.html',
      ],
    ]) {
      const { status, stdout, stderr } = asNobody(...args)
      expect([args[0], status]).toEqual([args[0], 0])
      expect(stderr).not.toContain('offchannel: ')
      expect(`${args[0]} ${stdout}`.length).toBeGreaterThan(args[0] === 'report' ? 0 : 20)
    }
    expect(asNobody('export', 'ndjson').stderr).toContain('this is not entered in its audit log')
  })

  test('cannot reveal or destroy anything, and changes nothing by trying', () => {
    const before = readFileSync(place.store)
    const [{ id, client }] = findings as [Listed]
    for (const args of [
      ['purge', '--older-than', '1d', '--yes', ...AUTHOR],
      ['erase', client, '--reason', 'x', '--yes', ...AUTHOR],
      ['relabel', '--policy', POLICY, ...AUTHOR],
      ['subject-report', '--identity', 'alice'],
      ['judge', '--policy', POLICY],
      ['review', 'close', id, '--reason', 'x', ...AUTHOR],
      ['correct', id, '--statement', 'x', ...AUTHOR],
      ['hold', 'add', '--reason', 'x', ...AUTHOR],
    ]) {
      const { status, stderr } = asNobody(...args)
      expect([args[0], status]).toEqual([args[0], 2])
      expect(stderr).toMatch(/offchannel\.db\.key: .*permission denied|cannot be written/)
    }
    expect(readFileSync(place.store).equals(before)).toBe(true)
  })

  test('can look while somebody writes', async () => {
    const { Store } = await import('../../src/store/store.ts')
    const { keyCheck } = await import('../../src/subjects/clients.ts')
    const key = Buffer.from(readFileSync(`${place.store}.key`, 'utf8').trim(), 'hex')
    const options = { identities: undefined, keyCheck: keyCheck(key), create: false, clock: () => 0 }
    const store = Store.open(place.store, options)
    store.audit('export', {})
    const { status, stdout } = asNobody('findings', '--json')
    store.close()
    expect([status, stdout.split('\n').filter(Boolean).length > 0]).toEqual([0, true])
  })

  test('with the file and another key can neither purge nor ask by name', async () => {
    place.put('other.key', `${'ab'.repeat(32)}\n`)
    chmodSync(join(place.folder, 'other.key'), 0o600)
    for (const args of [
      ['purge', '--older-than', '1d', '--yes', ...AUTHOR],
      ['subject-report', '--identity', 'alice'],
    ]) {
      const { status, stderr } = await place.run([...args, '--key', 'other.key'])
      expect([status, /another pseudonym key|is not the key of/.test(stderr)]).toEqual([2, true])
    }
  })
})
