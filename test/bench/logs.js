// @ts-check
/**
 * How fast is `sweep` on logs, and how much memory does it take, beside tools that search or count the same?
 *
 *   npm run bench:logs -- [--mb 200] [--eve-mb 100] [--rounds 3] [--only L1,L2,L3,L4,L5,M1,M2,S1,X1,F] [--keep]
 *
 * `--mb 1000 --eve-mb 500` are the sizes that the goals of ./logs-goals.js are meant for. Logs of an office are made
 * (./logs-write.js), one request in two hundred of which reaches a messenger; then the tools that are installed run on
 * each in turn. Ripgrep searches for the distinctive names of signatures/ and only counts lines; mawk and DuckDB count by
 * client. F, which is no goal, is how many millions of bytes of each format a second of processor time reads.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { verdict } from './goals.js'
import * as goals from './logs-goals.js'
import { LOG_KINDS } from './logs-lines.js'
import { distinctiveNames, writeSignatures } from './logs-signatures.js'
import { writeLog } from './logs-write.js'
import { isInstalled, measure } from './measure.js'
import { median, peakOf, printGoals, printRuns, shown } from './results.js'

/** @import { Bounds } from './goals.js' */
/** @import { LogName, LogPeer, LogRatio } from './logs-goals.js' */
/** @import { MadeLog } from './logs-write.js' */
/** @import { Run } from './measure.js' */

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = path.join(root, '.bench')
const program = path.join(root, 'bin/offchannel.js')
const store = path.join(folder, 'logs.db')
const names = path.join(folder, 'names.txt')
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '200' },
    'eve-mb': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: goals.LOG_GOALS.join() },
    keep: { type: 'boolean', default: false },
  },
})
const mb = Number(values.mb)
const rounds = Number(values.rounds)
const only = values.only.toUpperCase().split(',')
for (const id of only) {
  if (!goals.LOG_GOALS.includes(id)) throw new RangeError(`${id} is no goal: ${goals.LOG_GOALS.join(', ')}`)
}

const HASHED = 'offchannel'
const NOT_HASHED = 'offchannel --no-hash'
/** Of the Squid log, what memory for all of it is compared with. */
const SMALL_MB = 35
const CLIENTS = [100, 1_000_000]
const INDICATORS = [10, 100_000]
const MILLION = 1_000_000
/** Of the requests of a million clients: the store keeps what each of these did. */
const MILLION_SHARE = 0.1

/** What is run on a log of some kind; `wc` first, so that all find it in the page cache. */
const COMMANDS = /** @type {const} */ ({
  wc: (/** @type {string} */ file) => measure('wc', ['-l', file]),
  [HASHED]: (/** @type {string} */ file) => sweep(file, []),
  [NOT_HASHED]: (/** @type {string} */ file) => sweep(file, ['--no-hash']),
  rg: (/** @type {string} */ file) => measure('rg', ['-c', '-F', '-f', names, file]),
  mawk: (/** @type {string} */ file) => measure('mawk', ['-f', path.join(root, 'test/bench/logs.awk'), names, file]),
  duckdb: (/** @type {string} */ file, /** @type {string} */ log) =>
    measure(process.execPath, [path.join(root, 'test/bench/duckdb.js'), log, file, names]),
  gzip: (/** @type {string} */ file) => measure('gzip', ['-dc', file]),
})

/** @typedef {keyof typeof COMMANDS} Tool */

/**
 * @param {string} file
 * @param {readonly string[]} options
 */
function sweep(file, options) {
  for (const end of ['', '-wal', '-shm', '.lock', '.key']) rmSync(`${store}${end}`, { force: true })
  return measure(process.execPath, [program, 'sweep', file, '--store', store, ...options])
}

/** @param {LogPeer} peer */
function isThere(peer) {
  if (peer !== 'duckdb') return isInstalled(peer)
  try {
    import.meta.resolve('@duckdb/node-api')
    return true
  } catch {
    return false
  }
}

/** @param {string} log @param {() => void} work */
async function timed(log, work) {
  process.stderr.write(`making ${log} … `)
  await work()
  process.stderr.write('done\n')
}

/** Table of goals: id, what, values, verdict. @type {string[][]} */
const results = []

/**
 * The runs of each tool on a log, in turn, and what they come to beside its goals.
 * @param {LogName} log
 * @param {string} file
 * @param {string} what
 */
async function compete(log, file, what) {
  const bytes = statSync(file).size
  console.log(`\n${log}: ${(bytes / 1e6).toFixed(0)} MB, ${what}; ${rounds} rounds`)
  const wanted = [...goals.LOGS_FASTER_THAN, ...goals.LOGS_SLOWER_THAN].filter(
    (goal) => goal.log === log && only.includes(goal.id),
  )
  /** @type {Tool[]} */
  const tools = ['wc', HASHED, NOT_HASHED]
  for (const peer of new Set(wanted.map((goal) => goal.peer))) {
    if (isThere(peer)) tools.push(peer)
    else console.log(`${peer} is not installed: skipped`)
  }
  /** @type {Map<Tool, Run[]>} */
  const runs = new Map(tools.map((tool) => [tool, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [tool, all] of runs) all.push(await COMMANDS[tool](file, log))
  }
  printRuns(runs, bytes)
  for (const goal of wanted) judge(goal, runs, goals.LOGS_SLOWER_THAN.includes(goal) ? 'at most' : 'at least')
  return runs
}

/**
 * @param {LogRatio} goal
 * @param {Map<Tool, Run[]>} runs
 * @param {'at least' | 'at most'} sense
 */
function judge(goal, runs, sense) {
  const { id, peer, log, must, aim } = goal
  const theirs = runs.get(peer)
  const what = sense === 'at least' ? `${peer} / offchannel, ${log}` : `offchannel / ${peer}, ${log}`
  if (theirs === undefined) {
    results.push([id, what, '-', '-', '-', String(must), String(aim), 'skipped'])
    return
  }
  const ratio = (/** @type {Tool} */ tool, /** @type {'seconds' | 'cpu'} */ measured) => {
    const peers = median(theirs.map((run) => run[measured]))
    const ours = median((runs.get(tool) ?? []).map((run) => run[measured]))
    return sense === 'at least' ? peers / ours : ours / peers
  }
  const wall = ratio(HASHED, 'seconds')
  const all = [wall, ratio(NOT_HASHED, 'seconds'), ratio(NOT_HASHED, 'cpu')].map(shown)
  results.push([id, what, ...all, String(must), String(aim), verdict(wall, goal, sense)])
}

/** @param {string} id @param {string} what @param {number} value @param {Bounds} bounds */
function judgeMost(id, what, value, bounds) {
  results.push([id, what, shown(value), '-', '-', `${bounds.must}`, `${bounds.aim}`, verdict(value, bounds, 'at most')])
}

/** L1, L2, L5, M1: the Squid log, plain and packed. */
async function squid() {
  const file = path.join(folder, 'squid-native.log')
  /** @type {MadeLog | undefined} */
  let made
  await timed(`${mb} MB of squid-native`, () => {
    made = writeLog(file, 'squid-native', { mb })
  })
  if (['L1', 'L2', 'M1'].some((id) => only.includes(id))) {
    const runs = await compete('squid-native', file, `${made?.lines} lines`)
    if (only.includes('M1')) {
      const peak = peakOf(runs.get(HASHED) ?? [])
      const small = path.join(folder, 'small.log')
      writeLog(small, 'squid-native', { mb: SMALL_MB })
      judgeMost('M1', 'peak MB, squid-native', peak, goals.LOG_MEMORY)
      const growth = peak / peakOf([await sweep(small, [])])
      judgeMost('M1', `peak / that of ${SMALL_MB} MB`, growth, goals.LOG_MEMORY_GROWTH)
      rmSync(small)
    }
  }
  if (only.includes('L5')) {
    await timed('its gzip', () => {
      execFileSync('gzip', ['-kf', file])
    })
    await compete('gz', `${file}.gz`, `${(statSync(file).size / 1e6).toFixed(0)} MB unpacked`)
    if (!values.keep) rmSync(`${file}.gz`)
  }
  if (only.includes('S1')) await signatures(file)
  if (!values.keep) rmSync(file)
}

/** S1: what signatures in number cost. @param {string} file */
async function signatures(file) {
  /** @type {Run[][]} */
  const all = INDICATORS.map(() => [])
  for (const count of INDICATORS) writeSignatures(path.join(folder, `signatures-${count}`), count)
  for (let round = 0; round < rounds; round++) {
    for (const [i, count] of INDICATORS.entries()) {
      const options = ['--signatures', path.join(folder, `signatures-${count}`), '--no-bundled-signatures', '--no-hash']
      all[i]?.push(await sweep(file, options))
    }
  }
  console.log(`\nsquid-native with ${INDICATORS.join(' and ')} indicators`)
  printRuns(new Map(INDICATORS.map((count, i) => [`${count} indicators`, all[i] ?? []])), statSync(file).size)
  const [few = [], many = []] = all
  const cpu = (/** @type {readonly Run[]} */ runs) => median(runs.map((run) => run.cpu))
  judgeMost('S1', 'cpu, 100,000 indicators / 10', cpu(many) / cpu(few), goals.SIGNATURE_TIME)
  judgeMost('S1', 'MB more', peakOf(many) - peakOf(few), goals.SIGNATURE_MEMORY)
}

/** L3, L4. @param {'zeek-dns' | 'suricata-eve'} log @param {number} size */
async function other(log, size) {
  const file = path.join(folder, `${log}.log`)
  /** @type {MadeLog | undefined} */
  let made
  await timed(`${size} MB of ${log}`, () => {
    made = writeLog(file, log, { mb: size })
  })
  await compete(log, file, `${made?.lines} lines`)
  if (!values.keep) rmSync(file)
}

/** M2: what clients in number cost. */
async function clients() {
  const file = path.join(folder, 'clients.log')
  /** @type {number[]} */
  const peaks = []
  console.log(`\n${mb / 2} MB of squid-native by ${CLIENTS.join(' and ')} clients`)
  for (const count of CLIENTS) {
    writeLog(file, 'squid-native', { mb: mb / 2 }, { clients: count })
    /** @type {Run[]} */
    const runs = []
    for (let round = 0; round < rounds; round++) runs.push(await sweep(file, ['--no-hash']))
    printRuns(new Map([[`${count} clients`, runs]]), statSync(file).size)
    peaks.push(median(runs.map(({ peak }) => peak)))
  }
  const [few = 0, many = 0] = peaks
  const further = /** @type {number} */ (CLIENTS[1]) - /** @type {number} */ (CLIENTS[0])
  judgeMost('M2', 'bytes for each further client', (many - few) / further, goals.CLIENT_MEMORY)
  rmSync(file)
}

/** X1: a million clients and a million hosts in one log. */
async function million() {
  const file = path.join(folder, 'million.log')
  const made = writeLog(
    file,
    'squid-native',
    { lines: 2 * MILLION },
    { clients: MILLION, hosts: MILLION, share: MILLION_SHARE, even: true },
  )
  const run = await sweep(file, ['--no-hash'])
  console.log(`\na million clients, a million hosts, ${made.messengers} clients of messengers`)
  printRuns(new Map([[NOT_HASHED, [run]]]), made.bytes)
  const database = new Database(store, { readonly: true })
  const kept = (/** @type {string} */ sql) => /** @type {number} */ (database.prepare(sql).pluck().get())
  const found = [
    ['sightings', kept('SELECT sum(count) FROM sighting'), made.observations],
    ['clients', kept('SELECT count(DISTINCT client) FROM sighting JOIN party ON party.id = party'), made.messengers],
  ]
  database.close()
  judgeMost('X1', 'peak MB, a million clients and hosts', run.peak / 1e6, goals.MILLION_MEMORY)
  for (const [what, count, wanted] of /** @type {[string, number, number][]} */ (found)) {
    const result = count > wanted ? 'MISSED' : verdict(count / wanted, goals.MILLION_FOUND, 'at least')
    results.push(['X1', `${what} of them`, `${count}/${wanted}`, '-', '-', '1', '1', result])
  }
  rmSync(file)
}

/** F: millions of bytes a second of processor time, with and without what every sweep takes. */
async function formats() {
  console.log(`\nformats, ${mb} MB each: median of ${rounds}`)
  const sizes = [mb / 4, mb]
  const file = path.join(folder, 'format.log')
  for (const kind of Object.keys(LOG_KINDS)) {
    const cpus = []
    for (const size of sizes) {
      writeLog(file, kind, { mb: size })
      const runs = []
      for (let round = 0; round < rounds; round++) runs.push((await sweep(file, ['--no-hash'])).cpu)
      cpus.push(median(runs))
    }
    const [small = 0, large = 0] = cpus
    const further = (mb - mb / 4) / (large - small)
    console.log(kind.padEnd(16), `${(mb / large).toFixed(0)} MB a cpu s`.padStart(18), `${further.toFixed(0)} further`)
  }
  rmSync(file)
}

mkdirSync(folder, { recursive: true })
try {
  writeFileSync(names, `${distinctiveNames(path.join(root, 'signatures')).join('\n')}\n`)
  if (['L1', 'L2', 'L5', 'M1', 'S1'].some((id) => only.includes(id))) await squid()
  if (only.includes('L3')) await other('suricata-eve', Number(values['eve-mb']))
  if (only.includes('L4')) await other('zeek-dns', mb)
  if (only.includes('M2')) await clients()
  if (only.includes('X1')) await million()
  if (only.includes('F')) await formats()
  console.log('\nwall as it runs by default; beside it without the hash of the input, and of that the cpu seconds')
  printGoals(results)
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
