/** What is killed: every way in which the program writes to a store. */
import { appendFileSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { migrate } from '../../src/store/migrate.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/schema/index.ts'
import { keyCheck } from '../../src/subjects/clients.ts'
import { random } from '../build/index.ts'
import { bulk, capture, MORNING, squidLog } from '../e2e/inputs.ts'
import { backupsIn, KEY, leftOf, toldIn } from './kill-results.ts'
import { type Scenario, STORE } from './kills.ts'

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url))
const POLICY = join(SAMPLES, 'policy.yaml')
const DAY = Math.floor(MORNING / 86_400_000_000)
const WATCH = ['watch', 'in', '--policy', POLICY, '--log-format', 'json']
const BY_HAND = ['--author', 'A. Example', '--yes']
const ERASED = '10.1.4.7 at hq'
const HOSTS = ['web.telegram.org', 'g.whatsapp.net', 'www.example.org', 'gateway.discord.gg', 'signal.org']

/** @param megabytes of each capture, and of what else is a matter of taste. */
export function scenarios(megabytes: number): readonly Scenario[] {
  return [
    {
      name: 'captures and logs',
      prepare: (folder) => {
        putKey(folder)
        bulk(join(folder, 'in'), megabytes)
      },
      steps: [['sweep', 'in', '--policy', POLICY]],
    },
    {
      name: 'a large log, read in parts',
      prepare: (folder) => {
        putKey(folder)
        putLog(join(folder, 'large.log'), 66_000_000)
      },
      steps: [['sweep', 'large.log', '--policy', POLICY]],
    },
    {
      name: 'a job on two days',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/a.log'), megabytes * 200_000)
        cpSync(join(SAMPLES, 'captures/office.pcap'), join(folder, 'in/office.pcap'))
        const inputs = 'inputs:\n  - name: all\n    paths: [in]\n    expect: every 1h\n'
        writeFileSync(join(folder, 'job.yaml'), `store: ${STORE}\npolicy: ${POLICY}\n${inputs}`)
      },
      steps: [['run', '--config', 'job.yaml'], nextDay, ['run', '--config', 'job.yaml']],
    },
    {
      name: 'a watch on two days',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/a.log'), megabytes * 200_000)
        cpSync(join(SAMPLES, 'captures/office.pcap'), join(folder, 'in/office.pcap'), { preserveTimestamps: true })
      },
      steps: [WATCH, nextDay, WATCH],
    },
    {
      name: 'another policy',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/proxy-access.log'), megabytes * 100_000)
      },
      steps: [['sweep', 'in'], ['judge', '--policy', POLICY], ['judge']],
    },
    {
      name: 'flows that a resolver explains',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putAnswers(join(folder, 'in/resolver.log'))
        for (const name of ['a', 'b', 'c']) putFlows(join(folder, `in/${name}.log`), megabytes * 50_000)
      },
      steps: [['sweep', 'in', '--policy', POLICY]],
    },
    {
      name: 'a purge, of facts and of the rest',
      prepare: (folder) => {
        putKey(folder)
        bulk(join(folder, 'in'), Math.ceil(megabytes / 4))
        cpSync(join(SAMPLES, 'captures'), join(folder, 'in/captures'), { recursive: true, preserveTimestamps: true })
      },
      steps: [
        ['sweep', 'in', '--policy', POLICY],
        ['purge', '--older-than', '30d', '--class', 'facts', ...BY_HAND],
        ['judge', '--policy', POLICY],
        ['purge', '--older-than', '30d', ...BY_HAND],
        ['purge', '--compact', '--author', 'A. Example'],
      ],
      leaves: (folder) => ({ left: leftOf(folder, []) }),
    },
    {
      name: 'a job with a retention',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/a.log'), megabytes * 50_000)
        writeFileSync(
          join(folder, 'job.yaml'),
          `store: ${STORE}\ninputs: [{ name: all, paths: [in] }]\nretention: { facts: 30d, findings: 60d }\n`,
        )
      },
      steps: [
        ['run', '--config', 'job.yaml'],
        ['run', '--config', 'job.yaml'],
      ],
      leaves: (folder) => ({ left: leftOf(folder, []) }),
    },
    {
      name: 'somebody who is erased',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/a.log'), megabytes * 50_000)
      },
      steps: [
        ['sweep', 'in', '--policy', POLICY],
        { args: ['erase', ...['--identity', ERASED, '--reason', 'Request 7'], ...BY_HAND], done: /nothing is held/ },
        ['purge', '--compact', '--author', 'A. Example'],
        ['judge', '--policy', POLICY],
      ],
      leaves: (folder) => ({ left: leftOf(folder, [ERASED]) }),
    },
    {
      name: 'a corrected network map',
      prepare: (folder) => {
        putKey(folder)
        bulk(join(folder, 'in'), Math.ceil(megabytes / 4))
        const policy = readFileSync(POLICY, 'utf8')
        writeFileSync(join(folder, 'policy.yaml'), policy)
        writeFileSync(join(folder, 'corrected.yaml'), policy.replace('[10.1.0.0/16]', '[10.1.4.0/27]'))
      },
      steps: [
        ['sweep', 'in', '--policy', 'policy.yaml'],
        ['relabel', '--policy', 'corrected.yaml', '--was', 'policy.yaml', '--author', 'A. Example'],
      ],
    },
    {
      name: 'a receiver that is told',
      prepare: (folder) => {
        putKey(folder)
        mkdirSync(join(folder, 'in'))
        putLog(join(folder, 'in/a.log'), megabytes * 50_000)
        // Heads tell of a log of audit that no other run has.
        const receiver = '{ name: lake, kind: file, path: told.ndjson, form: ocsf, heads: false }'
        const job = `store: ${STORE}\ninputs: [{ name: all, paths: [in] }]\noutputs: { receivers: [${receiver}] }\n`
        writeFileSync(join(folder, 'job.yaml'), job)
        writeFileSync(join(folder, 'judged.yaml'), job.replace('inputs:', `policy: ${POLICY}\ninputs:`))
      },
      steps: [
        ['run', '--config', 'job.yaml'],
        (folder) => renameSync(join(folder, 'judged.yaml'), join(folder, 'job.yaml')),
        ['run', '--config', 'job.yaml'],
        ['judge'],
        ['deliver', '--config', 'job.yaml'],
      ],
      leaves: (folder) => ({ told: toldIn(join(folder, 'told.ndjson')) }),
    },
    ...[1, 4, MIGRATIONS.length - 1].map((version) => ({
      name: `a store of schema ${version}`,
      prepare: (folder: string) => {
        putKey(folder)
        putOldStore(join(folder, STORE), version, megabytes * 400)
        writeFileSync(join(folder, 'office.pcap'), capture({ name: 'web.telegram.org' }))
      },
      steps: [['sweep', 'office.pcap', '--policy', POLICY]],
      leaves: (folder: string) => ({ backups: backupsIn(folder) }),
    })),
  ]
}

/** Lines of Zeek's dns.log: every client is told where two apps are. */
function putAnswers(file: string): void {
  const fields =
    'ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype\trcode\tRD\tTC\trejected\tanswers\tTTLs'
  const header = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n#fields\t${fields}\n`
  const lines = Array.from({ length: 128 }, (_, n) => {
    const [name, address] = n % 2 === 0 ? ['web.telegram.org', '198.51.100.20'] : ['g.whatsapp.net', '198.51.100.21']
    const asked = `10.1.4.${n >> 1}\t53530\t10.0.0.1\t53\tudp\t${name}`
    return `${(MORNING / 1e6).toFixed(6)}\tC${n}\t${asked}\t1\t0\tT\tF\tF\t${address}\t7200.000000\n`
  })
  writeFileSync(file, header + lines.join(''))
}

/** A proxy's log of addresses alone, each file another. */
function putFlows(file: string, bytes: number): void {
  const next = random(file.length * 1000 + file.charCodeAt(file.length - 5))
  const requests = Array.from({ length: 3000 }, () => ({
    client: `10.1.4.${next() % 64}`,
    host: `198.51.100.${20 + (next() % 4)}`,
  }))
  const block = squidLog(...requests)
  writeFileSync(file, block.repeat(Math.ceil(bytes / block.length)))
}

function putKey(folder: string): void {
  writeFileSync(join(folder, `${STORE}.key`), `${KEY}\n`, { mode: 0o600 })
}

/** One log was rotated and goes on, one capture is new. */
function nextDay(folder: string): void {
  const log = join(folder, 'in/a.log')
  copyFileSync(log, join(folder, 'in/growing.log'))
  appendFileSync(join(folder, 'in/growing.log'), squidLog({ host: 'web.telegram.org', client: '10.1.7.7' }))
  renameSync(log, join(folder, 'in/a.log.1'))
  putLog(log, 20_000)
  cpSync(join(SAMPLES, 'captures/home-laptop.pcap'), join(folder, 'in/home-laptop.pcap'), { preserveTimestamps: true })
}

function putLog(file: string, bytes: number): void {
  const next = random(bytes)
  const requests = Array.from({ length: 5000 }, () => ({
    client: `10.1.4.${next() % 64}`,
    host: HOSTS[next() % HOSTS.length]!,
    user: `user${next() % 200}`,
  }))
  const block = squidLog(...requests)
  writeFileSync(file, block.repeat(Math.ceil(bytes / block.length)))
}

/** With so many sightings, each with a finding that was judged on something else. */
function putOldStore(file: string, version: number, rows: number): void {
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  migrate(database, MIGRATIONS.slice(0, 1))
  database.pragma(`application_id = ${APPLICATION_ID}`)
  const body = JSON.stringify({ verdicts: [], text: 'as it was said then '.repeat(100) })
  database.exec(`
    INSERT INTO meta VALUES ('identities', 'pseudonym'), ('key_check', '${keyCheck(Buffer.from(KEY, 'hex'))}'),
      ('judged_on', 'another policy');
    INSERT INTO content VALUES (1, 1000, '${'a'.repeat(64)}', '${'b'.repeat(64)}');
    INSERT INTO reading VALUES (1, 1, 's1', 'old.pcap', 'capture', 'pcap', 'file', 'current', NULL, ${DAY}, ${DAY});
    INSERT INTO network VALUES (1, 'office-lan');
    INSERT INTO indicator VALUES (1, 'telegram exact web.telegram.org', 'telegram');
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows})
      INSERT INTO identity SELECT n, 'address', unhex(printf('%032x', n)), NULL FROM n;
    INSERT INTO party(id, client, user, network) SELECT id, id, 0, 1 FROM identity;
    INSERT INTO sighting SELECT ${DAY}, id, 128 + 8, id % 96, 1, 1, 1, -1, -1, 0, 30, 1, 2 FROM party;
    INSERT INTO finding SELECT ${DAY}, id, 'telegram', printf('f-%016x', id), 3, 0, 0, 'made', '${body}' FROM identity;`)
  migrate(database, MIGRATIONS.slice(0, version))
  database.close()
}
