/**
 * How long a million sightings (or as many millions as the argument says) take to be judged again under another policy,
 * and how much memory: node test/bench/judge.js [millions]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSignatures } from '../../dist/classify/load.js'
import { parsePolicy } from '../../dist/judge/load.js'
import { judgeStore } from '../../dist/judgement.js'
import { indicatorKey } from '../../dist/model/signature.js'
import { Store } from '../../dist/store/store.js'
import { generator } from './generator.js'

const MILLIONS = Number(process.argv[2] ?? 1)
const BATCH = 50_000
const DAYS = 7
const CLIENTS = 20_000

const policyOf = (ruling) =>
  parsePolicy(
    `
organisation: Department of Examples
in-force: 2026-01-01
timezone: Europe/Paris
networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.1.0.0/16] }
  - { name: home, kind: home, scope: managed, cidrs: [192.168.0.0/16] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'made', vantage: device }
rules:
  - { name: messaging, ruling: ${ruling}, categories: [messaging], reason: Made for a measurement }
`,
    'policy.yaml',
  )

const OPTIONS = { identities: 'pseudonym', keyCheck: 'bench', create: true, clock: () => 0 }

function make(file) {
  const indicators = loadSignatures('signatures')
    .signatures.flatMap((app) =>
      app.indicators.map((indicator) => ({ app: app.id, indicator: indicatorKey(app.id, indicator) })),
    )
    .filter((_, n) => n % 5 === 0)
  const store = Store.open(file, OPTIONS)
  const clients = Array.from({ length: CLIENTS }, (_, n) => ({
    kind: 'address',
    tag: n.toString(16).padStart(8, '0').repeat(4),
  }))
  const writer = store.begin({ input: 'made', kind: 'capture', format: 'pcap', source: 'file', settings: 'bench' })
  for (let n = 0; n < (MILLIONS * 1_000_000) / BATCH; n++) writer.add(madeBatch(clients, indicators, n))
  const empty = { sightings: [], marks: [], sessions: [], answers: [], coverage: [] }
  writer.complete({ length: 1, sample: 'a'.repeat(64), sha256: 'b'.repeat(64) }, empty)
  const { sightings } = store.status()
  store.close()
  return `${sightings} sightings of ${CLIENTS} addresses on ${DAYS} days`
}

function judge(file, ruling) {
  const signatures = loadSignatures('signatures')
  const store = Store.open(file, OPTIONS)
  const start = performance.now()
  const before = process.cpuUsage()
  const { subjectDays } = judgeStore(store, policyOf(ruling), signatures)
  const seconds = ((performance.now() - start) / 1000).toFixed(2)
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1e6).toFixed(2)
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0)
  const { findings } = store.status()
  store.close()
  return `${seconds} s (${cpu} s of CPU), peak memory ${peak} MB; ${subjectDays} subject-days, ${findings} findings`
}

/** Each step is a process of its own, so that its memory is its own. */
const STEPS = {
  make: ['made', make],
  first: ['judged for the first time', (file) => judge(file, 'prohibited')],
  again: ['judged again, another policy', (file) => judge(file, 'permitted')],
}

const [step, file] = process.argv.slice(3)
if (step !== undefined) {
  const [what, run] = STEPS[step]
  console.log(`${what.padEnd(30)} ${run(file)}`)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
  try {
    for (const name of Object.keys(STEPS)) {
      const args = [...process.execArgv, process.argv[1], String(MILLIONS), name, join(folder, 'store.db')]
      const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
      if (status !== 0) process.exit(1)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each batch is of one day; a client uses few apps, as people do. */
function madeBatch(clients, indicators, n) {
  const random = generator(n + 1)
  const day = 20_778 + (n % DAYS)
  const sightings = Array.from({ length: BATCH }, () => {
    const who = random(CLIENTS)
    const quarter = day * 96 + random(96)
    const { app, indicator } = indicators[(who * 7 + random(3)) % indicators.length]
    const first = quarter * 900_000_000 + random(450_000_000)
    return {
      client: clients[who],
      user: undefined,
      network: who % 2 ? 'office' : 'home',
      app,
      indicator,
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
    }
  })
  return { sightings, marks: [], sessions: [], answers: [], coverage: [] }
}
