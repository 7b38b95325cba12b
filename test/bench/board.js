/**
 * How long a report to a board takes, and how much memory, over a store of ten million made sightings (or as many
 * millions as the argument says) in three months, fifteen for each finding: node test/bench/board.js [millions]
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Store } from '../../dist/store/store.js'
import { generator } from './generator.js'

const MILLIONS = Number(process.argv[2] ?? 10)
const SIGHTINGS_PER_FINDING = 15
const SUBJECTS = 20_000
const FIRST = 20_179 // 2025-04-01
const DAYS = 91
const POLICY = `organisation: Made
in-force: 2025-05-01
timezone: UTC
networks: []
rules:
  - { name: messengers, ruling: prohibited, categories: [messaging] }
`

const folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
try {
  const [file, policy] = [join(folder, 'store.db'), join(folder, 'policy.yaml')]
  writeFileSync(policy, POLICY)
  Store.open(file, { identities: 'pseudonym', keyCheck: 'bench', create: true, clock: () => 0 }).close()
  fill(new Sqlite(file))
  console.log(`${MILLIONS} million sightings, ${(statSync(file).size / 1e9).toFixed(1)} GB`)
  const period = ['--from', '2025-05-01', '--until', '2025-06-30', '--html', join(folder, 'r.html')]
  const args = ['report', '--store', file, '--policy', policy, ...period, '--pdf', join(folder, 'r.pdf'), '--force']
  for (const what of ['first', 'again']) {
    const program = join(import.meta.dirname, '../../bin/offchannel.js')
    const { stderr } = spawnSync('/usr/bin/time', ['-f', '%e s, %M kB', process.execPath, program, ...args])
    console.log(`${what}: ${String(stderr).trim().split('\n').slice(-2).join('; ')}`)
  }
  console.log(execFileSync('grep', ['-o', 'In June[^<]*', join(folder, 'r.html')], { encoding: 'utf8' }).trim())
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Straight into the tables: it is looking that is measured. */
function fill(database) {
  database.pragma('synchronous = OFF')
  const random = generator(1)
  const findings = Math.round((MILLIONS * 1e6) / SIGHTINGS_PER_FINDING)
  const identity = database.prepare("INSERT INTO identity(kind, tag) VALUES ('user', ?)")
  database
    .prepare(`INSERT INTO reading(id, settings, input, kind, format, source, state, first_day, last_day)
      VALUES (1, '', 'made', 'log', 'made', 'stream', 'current', ?, ?)`)
    .run(FIRST, FIRST + DAYS - 1)
  const sighting = database.prepare('INSERT OR IGNORE INTO sighting VALUES (?,?,?,?,1,1,1,0,0,0,0,1,1)')
  const columns = database
    .prepare('SELECT * FROM finding')
    .columns()
    .map(({ name }) => name)
  const finding = database.prepare(
    `INSERT OR IGNORE INTO finding(${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`,
  )
  database.transaction(() => {
    for (let n = 0; n < SUBJECTS; n++) identity.run(Buffer.from(hash(`${n}`).slice(0, 32), 'hex'))
    for (let n = 0; n < findings; n++) {
      const [day, subject] = [FIRST + Math.floor((n / findings) * DAYS), 1 + random(SUBJECTS)]
      const app = `app${random(25)}`
      const id = `f-${hash(`${day} ${subject} ${app}`).slice(0, 16)}`
      const said = bodyOf(day, subject, app, random)
      const [severity, bypass] = [random(3), random(2)]
      const client = `user-${subject}`
      finding.run({
        day,
        subject,
        app,
        id,
        revision: 1,
        severity,
        bypass,
        client,
        others: '',
        body: JSON.stringify(said),
      })
      for (let k = 0; k < SIGHTINGS_PER_FINDING; k++) sighting.run(day, subject, n % 300, k * 6)
    }
  })()
  database.close()
}

function bodyOf(day, subject, app, random) {
  const judged = (value) => ({ value, rule: 'made', reason: 'A sentence of about the length that reasons have, made.' })
  const evidence = Array.from({ length: 8 }, (_, n) => ({
    ...{
      indicator: `${app} suffix host${n}.example.com`,
      role: 'messaging',
      strength: 'distinctive',
      means: 'tls-sni',
    },
    ...{ action: '', input: 'captures/egress-2025.pcap', unit: 'frame', firstAt: 1, lastAt: 2, count: 4 },
    ...{ bytesUp: 1, bytesDown: 2, first: day * 86_400_000_000, last: day * 86_400_000_000 },
  }))
  const verdict = {
    ...{
      route: judged('government'),
      bypass: random(5) === 0,
      ruling: judged('prohibited'),
      grade: judged('confirmed'),
    },
    ...{ activity: judged(['call', 'messaging', 'background'][random(3)]), severity: judged('medium'), minutes: 9 },
    ...{ first: 0, last: 0, blocked: false, evidence, evidenceOmitted: 0 },
  }
  const network = ['office', 'vpn', 'annex'][subject % 3]
  const whose = { ...{ category: 'messaging', network, scope: 'managed', group: `group ${subject % 12}` } }
  return { id: '', day, client: '', app, appName: app, ...whose, verdicts: [verdict], policy: hash(POLICY) }
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex')
}
