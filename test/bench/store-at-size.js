/**
 * A store of ten million sightings of a hundred thousand subjects (or as many millions as the first argument says), and
 * how long the commands that look into it take as processes: node test/bench/store-at-size.js [millions] [file]. A file
 * that is there is looked at as it is; one that is made there stays.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSignatures } from '../../dist/classify/load.js'
import { parsePolicy } from '../../dist/judge/load.js'
import { judgeStore } from '../../dist/judgement.js'
import { indicatorKey } from '../../dist/model/signature.js'
import { Store } from '../../dist/store/store.js'
import { keyCheck } from '../../dist/subjects/clients.js'
import { generator } from './generator.js'
import { measure } from './measure.js'

const MILLIONS = Number(process.argv[2] ?? 10)
const BATCH = 50_000
const DAYS = 60
const FIRST_DAY = 20_718
const SUBJECTS = 100_000
/** Of one subject on one day, in one or two apps. */
const SIGHTINGS_A_DAY = 20
const READINGS = 20
const TRIES = 5
const OCTOBER = ['--from', '2026-10-01', '--until', '2026-10-31']
const PROGRAM = fileURLToPath(new URL('../../bin/offchannel.js', import.meta.url))

const KEY = Buffer.alloc(32, 0x5a)

const POLICY = `
organisation: Department of Examples
in-force: 2026-01-01
timezone: Europe/Paris
networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.1.0.0/16] }
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'made*', vantage: device }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a measurement }
`

const folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
try {
  const file = process.argv[3] ?? join(folder, 'store.db')
  if (!existsSync(file)) make(file)
  await look(file)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function make(file) {
  const signatures = loadSignatures('signatures')
  const apps = signatures.signatures
    .filter(({ category }) => category === 'messaging')
    .map(({ id, indicators }) => indicators.map((one) => ({ app: id, indicator: indicatorKey(id, one) })))
    .filter((indicators) => indicators.length > 1)
  const subjects = Array.from({ length: SUBJECTS }, (_, n) => subjectOf(n))
  writeFileSync(`${file}.key`, `${KEY.toString('hex')}\n`, { mode: 0o600 })
  const store = Store.open(file, { identities: 'pseudonym', keyCheck: keyCheck(KEY), create: true, clock: () => 0 })
  const batches = (MILLIONS * 1_000_000) / BATCH
  const [adding, merging, completing] = [stopwatch(), stopwatch(), stopwatch()]
  let merged = 0
  for (let reading = 0; reading < READINGS; reading++) {
    const input = `made${reading}.log`
    const writer = store.begin({ input, kind: 'log', format: 'made', source: 'file', settings: 'bench' })
    for (let n = reading; n < batches; n += READINGS) {
      const batch = madeBatch(subjects, apps, n)
      adding.run(() => writer.add(batch))
      if (reading > 0) continue
      merging.run(() => writer.add(batch))
      merged += BATCH
    }
    const sha256 = createHash('sha256').update(input).digest('hex')
    completing.run(() => writer.complete({ length: 1, sample: sha256, sha256 }, emptyBatch()))
  }
  const { sightings, subjects: seen } = store.status()
  say('added', MILLIONS * 1e6, adding.seconds, 'sightings')
  say('merged into rows that are there', merged, merging.seconds, 'sightings')
  say('completed: subject-days marked to be judged', sightings, completing.seconds, 'rows')
  console.log(`${sightings} rows of ${seen} subjects`)
  const judging = stopwatch()
  const { subjectDays } = judging.run(() => judgeStore(store, parsePolicy(POLICY, 'policy.yaml'), signatures))
  say('judged', subjectDays, judging.seconds, 'subject-days')
  const { findings } = store.status()
  store.close()
  console.log(`${findings} findings, ${(statSync(file).size / 1e9).toFixed(2)} GB in all`)
}

async function look(file) {
  const policy = join(folder, 'policy.yaml')
  writeFileSync(policy, POLICY)
  const [first] = JSON.parse(`[${run(file, ['findings', '--json', '--limit', '1'])}]`)
  const commands = [
    ['findings'],
    ['findings', '--all'],
    ['findings', '--severity', 'high'],
    ['findings', '--app', first.app],
    ['findings', '--client', first.client],
    ['findings', '--from', '2026-11-01', '--until', '2026-11-02'],
    ['show', first.id],
    ['show', first.id, '--history'],
    ['status'],
    ['report', '--draft', '--force', ...['--policy', policy, '--html', join(folder, 'october.html')], ...OCTOBER],
  ]
  console.log(`${'command'.padEnd(48)}  median   worst     CPU  peak memory (of ${TRIES})`)
  for (const args of commands) {
    const runs = []
    for (let n = 0; n < TRIES; n++) runs.push(await measure(process.execPath, [PROGRAM, ...args, '--store', file]))
    const seconds = runs.map((one) => one.seconds).sort((a, b) => a - b)
    const peak = Math.max(...runs.map((one) => one.peak)) / 2 ** 20
    const cpu = Math.min(...runs.map((one) => one.cpu))
    const times = [seconds[TRIES >> 1], seconds.at(-1), cpu].map((one) => `${one.toFixed(2)} s`.padStart(7))
    console.log(`${args.slice(0, 5).join(' ').slice(0, 47).padEnd(48)} ${times.join(' ')}  ${peak.toFixed(0)} MB`)
  }
}

function run(file, args) {
  return execFileSync(process.execPath, [PROGRAM, ...args, '--store', file], { encoding: 'utf8' })
}

/** Half are users at an address, half addresses. */
function subjectOf(n) {
  const client = { kind: 'address', tag: tag(`address ${n}`) }
  return { client, user: n % 2 ? { kind: 'user', tag: tag(`user ${n}`) } : undefined }
}

/** Each batch is of one day, as a log or a capture is; a subject uses few apps, as people do. */
function madeBatch(subjects, apps, n) {
  const random = generator(n + 1)
  const day = FIRST_DAY + (n % DAYS)
  const sightings = []
  while (sightings.length < BATCH) {
    const who = random(SUBJECTS)
    const many = Math.min(SIGHTINGS_A_DAY, BATCH - sightings.length)
    for (let i = 0; i < many; i++) {
      const indicators = apps[(who * 7 + random(2)) % apps.length]
      const quarter = day * 96 + random(96)
      const first = quarter * 900_000_000 + random(450_000_000)
      sightings.push({
        ...subjects[who],
        network: who % 3 ? 'office' : 'home',
        ...indicators[random(indicators.length)],
        means: 'tls-sni',
        action: '',
        quarter,
        mask: 1 + random(32_767),
        count: 1 + random(50),
        bytesUp: random(100_000),
        bytesDown: random(1_000_000),
        first,
        last: first + random(450_000_000),
        firstAt: random(10_000_000),
        lastAt: random(10_000_000),
      })
    }
  }
  return { ...emptyBatch(), sightings }
}

function emptyBatch() {
  return { sightings: [], marks: [], sessions: [], answers: [], coverage: [{ reason: 'records', count: 1 }] }
}

function tag(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function stopwatch() {
  const watch = {
    seconds: 0,
    run(work) {
      const start = performance.now()
      const result = work()
      watch.seconds += (performance.now() - start) / 1000
      return result
    },
  }
  return watch
}

function say(what, count, seconds, unit) {
  const rate = Math.round(count / seconds).toLocaleString('en-GB')
  console.log(`${what.padEnd(48)} ${seconds.toFixed(1).padStart(7)} s  ${rate.padStart(9)} ${unit}/s`)
}
