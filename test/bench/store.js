/**
 * What the store does a second, with a million made sightings (or as many millions as the argument says) in batches of
 * 50,000: node test/bench/store.js [millions]
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Store } from '../../dist/store/store.js'
import { generator } from './generator.js'

const MILLIONS = Number(process.argv[2] ?? 1)
const BATCH = 50_000
const DAYS = 7
const CLIENTS = 20_000
const INDICATORS = 300
const MEANS = ['dns-query', 'dns-answer', 'tls-sni', 'quic-sni']

const folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
try {
  const file = join(folder, 'store.db')
  const store = Store.open(file, { identities: 'pseudonym', keyCheck: 'bench', create: true, clock: () => 0 })
  const clients = Array.from({ length: CLIENTS }, (_, n) => ({
    kind: 'address',
    tag: hash(`client ${n}`).slice(0, 32),
  }))
  const batches = Array.from({ length: (MILLIONS * 1_000_000) / BATCH }, (_, n) => madeBatch(clients, n))

  const writer = store.begin({ input: 'made', kind: 'log', format: 'made', source: 'file', settings: 'bench' })
  const adding = timed(() => {
    for (const batch of batches) writer.add(batch)
  })
  const sha256 = hash('content')
  const empty = { sightings: [], marks: [], sessions: [], answers: [], coverage: [] }
  const completing = timed(() => writer.complete({ length: 1, sample: sha256, sha256 }, empty))
  const { sightings } = store.status()

  let days = 0
  let read = 0
  const scanning = timed(() => {
    for (const day of store.subjectDays('all')) {
      days++
      read += day.sightings.length
    }
  })
  const judging = timed(() =>
    store.judging('bench', () => {
      for (const { day, subject } of store.subjectDays('dirty')) store.replaceFindings(day, subject, [])
    }),
  )
  const replacing = timed(() => {
    const again = store.begin({ input: 'made', kind: 'log', format: 'made', source: 'file', settings: 'other' })
    again.complete({ length: 1, sample: sha256, sha256 }, batches[0])
  })
  const bytes = statSync(file).size
  store.close()

  say('added and merged', MILLIONS * 1e6, adding, 'sightings')
  say('completed, all marked to be judged', sightings, completing, 'rows')
  say(`read for judgement (${days.toLocaleString('en-GB')} subject-days)`, read, scanning, 'rows')
  say('judged empty', days, judging, 'subject-days')
  say('replaced', sightings, replacing, 'rows')
  console.log(`${'on disk'.padEnd(50)} ${(bytes / sightings).toFixed(1).padStart(8)} bytes a row, identities included`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Each batch is of one day, as a log or a capture is, with few rows that another batch has as well. */
function madeBatch(clients, n) {
  const random = generator(n + 1)
  const day = 20_778 + (n % DAYS)
  const sightings = Array.from({ length: BATCH }, () => {
    const quarter = day * 96 + random(96)
    const indicator = random(INDICATORS)
    const first = quarter * 900_000_000 + random(450_000_000)
    return {
      client: clients[random(CLIENTS)],
      user: undefined,
      network: indicator % 2 ? 'office' : 'vpn',
      app: `app${indicator % 25}`,
      indicator: `app${indicator % 25} suffix host${indicator}.example.com`,
      means: MEANS[random(MEANS.length)],
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

function timed(run) {
  const start = performance.now()
  run()
  return (performance.now() - start) / 1000
}

function say(what, count, seconds, unit) {
  const rate = Math.round(count / seconds).toLocaleString('en-GB')
  console.log(`${what.padEnd(50)} ${seconds.toFixed(2).padStart(8)} s  ${rate.padStart(10)} ${unit}/s`)
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex')
}
