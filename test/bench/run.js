// @ts-check
/**
 * How fast is `sweep`, how much memory does it take and how much does it find, beside other tools on the same captures?
 *
 *   npm run bench -- [--mb 1000] [--mix-mb 500] [--rounds 3] [--only P1,P2,P3,P5,P6,M1,C1] [--keep]
 *   npm run bench -- --mb 0 --mix-file FILE
 *
 * Makes two captures with ./generate.js, full segments and a mix that names much (or takes FILE for the mix; one of 0 MB
 * is left out), runs the tools that are installed on both in turn, and prints the medians, and their ratios beside the
 * goals of ./goals.js.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { COVERAGE, FASTER_THAN, GOALS, MEMORY, MEMORY_GROWTH, SLOWER_THAN, verdict } from './goals.js'
import { isInstalled, measure } from './measure.js'

/** @import { Bounds, Kind, Ratio } from './goals.js' */
/** @import { Run } from './measure.js' */

/** @typedef {{ file: string, bytes: number, made: Readonly<Record<string, number>> | undefined }} Capture */

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = path.join(root, '.bench')
const program = path.join(root, 'bin/offchannel.js')
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    'mix-mb': { type: 'string', default: '500' },
    'mix-file': { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: GOALS.join() },
    keep: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const only = values.only.toUpperCase().split(',')
for (const id of only) if (!GOALS.includes(id)) throw new RangeError(`${id} is no goal: ${GOALS.join(', ')}`)
/** Of the mix, what memory for all of it is compared with. */
const SMALL_MB = 35

const HASHED = 'offchannel'
const NOT_HASHED = 'offchannel --no-hash'

/** What is run on a file; `cat` first, so that all find it in the page cache. */
const COMMANDS = /** @type {const} */ ({
  cat: (/** @type {string} */ file) => measure('cat', [file]),
  [HASHED]: (/** @type {string} */ file) => sweep(file, []),
  [NOT_HASHED]: (/** @type {string} */ file) => sweep(file, ['--no-hash']),
  passivedns: (/** @type {string} */ file) => {
    const log = path.join(folder, 'passivedns.log')
    return measure('passivedns', ['-r', file, '-l', log, '-L', log])
  },
  ndpiReader: (/** @type {string} */ file) =>
    measure('ndpiReader', ['-q', '-i', file, '-C', path.join(folder, 'ndpi.csv')]),
  tshark: (/** @type {string} */ file) => {
    const names = 'dns || tls.handshake.extensions_server_name'
    const fields = ['frame.time_epoch', 'ip.src', 'ipv6.src', 'dns.qry.name', 'tls.handshake.extensions_server_name']
    return measure('tshark', ['-n', '-r', file, '-Y', names, '-T', 'fields', ...fields.flatMap((name) => ['-e', name])])
  },
})

/** @typedef {keyof typeof COMMANDS} Tool */

/**
 * @param {string} file
 * @param {readonly string[]} options
 */
function sweep(file, options) {
  for (const end of ['', '-wal', '-shm', '.lock', '.key']) rmSync(path.join(folder, `bench.db${end}`), { force: true })
  return measure(process.execPath, [program, 'sweep', file, '--store', path.join(folder, 'bench.db'), ...options])
}

/**
 * @param {Kind} kind
 * @param {number} mb
 * @returns {Capture}
 */
function make(kind, mb) {
  const file = path.join(folder, `${kind}-${mb}.pcap`)
  const generator = path.join(root, 'test/bench/generate.js')
  const args = [generator, '--kind', kind, '--mb', String(mb), '--out', file]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the generator failed: ${stderr}`)
  return { file, bytes: statSync(file).size, made: JSON.parse(stderr) }
}

/** @param {Kind} kind @returns {Capture | undefined} where it is left out */
function captureOf(kind) {
  const file = values['mix-file']
  if (kind === 'mix' && file !== undefined) return { file, bytes: statSync(file).size, made: undefined }
  const mb = Number(kind === 'mix' ? values['mix-mb'] : values.mb)
  return mb > 0 ? make(kind, mb) : undefined
}

/** @param {readonly number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/**
 * The runs of each tool, in turn.
 * @param {Kind} kind
 * @param {Capture} capture
 */
async function compete(kind, { file, bytes, made }) {
  const packets = made === undefined ? '' : `, ${made.packets} packets`
  console.log(`\n${kind}: ${(bytes / 1e6).toFixed(0)} MB${packets}; ${rounds} rounds`)
  const goals = [...FASTER_THAN, ...SLOWER_THAN].filter((goal) => goal.kind === kind && only.includes(goal.id))
  /** @type {Tool[]} */
  const tools = [HASHED, NOT_HASHED]
  for (const peer of new Set(goals.map((goal) => goal.peer))) {
    if (isInstalled(peer)) tools.push(peer)
    else console.log(`${peer} is not installed: skipped`)
  }
  const inOrder = /** @type {Tool[]} */ (Object.keys(COMMANDS)).filter((tool) => tools.includes(tool))
  /** @type {Map<Tool, Run[]>} */
  const runs = new Map(inOrder.map((tool) => [tool, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [tool, all] of runs) all.push(await COMMANDS[tool](file))
  }
  row('', 'wall s (least - most)', 'cpu s', 'MB/s', 'peak MB')
  for (const [tool, all] of runs) {
    const walls = all.map(({ seconds }) => seconds)
    const wall = median(walls)
    const spread = `${wall.toFixed(2)} (${Math.min(...walls).toFixed(2)} - ${Math.max(...walls).toFixed(2)})`
    const peak = peakOf(all)
    const cpu = median(all.map((run) => run.cpu))
    row(tool, spread, cpu.toFixed(2), (bytes / 1e6 / wall).toFixed(0), peak > 0 ? peak.toFixed(0) : 'unknown')
  }
  return runs
}

/** @param {string} what @param {readonly string[]} columns */
function row(what, ...columns) {
  console.log(what.padEnd(24), ...columns.map((column, i) => column.padStart(i === 0 ? 24 : 9)))
}

/** In millions of bytes. @param {readonly Run[]} runs */
function peakOf(runs) {
  return Math.max(...runs.map(({ peak }) => peak)) / 1e6
}

/** What `inspect --all` finds of each means. @param {string} file @returns {Promise<Record<string, number>>} */
async function found(file) {
  const child = spawn(process.execPath, [program, 'inspect', '--all', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  /** @type {Record<string, number>} */
  const counts = {}
  for await (const line of createInterface({ input: child.stdout })) {
    const { means } = JSON.parse(line)
    counts[means] = (counts[means] ?? 0) + 1
  }
  return counts
}

const MEANS_OF = /** @type {const} */ ({
  queries: 'dns-query',
  answers: 'dns-answer',
  hellos: 'tls-sni',
  quicHellos: 'quic-sni',
  dtlsHellos: 'dtls-sni',
  requests: 'http-host',
})

/** Table of goals: id, what, values, verdict. @type {string[][]} */
const results = []

/**
 * @param {Ratio} goal
 * @param {Map<Tool, Run[]>} runs
 * @param {'at least' | 'at most'} sense
 */
function judge(goal, runs, sense) {
  const { id, peer, kind, must, aim } = goal
  const theirs = runs.get(peer)
  const what = sense === 'at least' ? `${peer} / offchannel, ${kind}` : `offchannel / ${peer}, ${kind}`
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
  const others = [ratio(NOT_HASHED, 'seconds'), ratio(NOT_HASHED, 'cpu')]
  const shown = [wall, ...others].map((value) => value.toFixed(value < 10 ? 2 : 1))
  results.push([id, what, ...shown, String(must), String(aim), verdict(wall, goal, sense)])
}

/**
 * M1: how much memory the mix takes, and a small one.
 * @param {Map<Tool, Run[]>} runs
 */
async function judgeMemory(runs) {
  const peak = peakOf(runs.get(HASHED) ?? [])
  const say = (/** @type {string} */ what, /** @type {number} */ value, /** @type {Bounds} */ bounds) => {
    const shown = value.toFixed(value < 10 ? 2 : 0)
    results.push(['M1', what, shown, '-', '-', `${bounds.must}`, `${bounds.aim}`, verdict(value, bounds, 'at most')])
  }
  say('peak MB, mix', peak, MEMORY)
  if (values['mix-file'] !== undefined) return
  const small = peakOf([await COMMANDS[HASHED](make('mix', SMALL_MB).file)])
  say(`peak / that of ${SMALL_MB} MB`, peak / small, MEMORY_GROWTH)
}

/**
 * C1: whether all is found that was made.
 * @param {Kind} kind
 * @param {Capture} capture
 */
async function judgeCoverage(kind, { file, made = {} }) {
  const counts = await found(file)
  for (const [key, means] of Object.entries(MEANS_OF)) {
    const wanted = made[key]
    if (wanted === undefined) continue
    const count = counts[means] ?? 0
    const result = verdict(count / wanted, COVERAGE, 'at least')
    results.push(['C1', `${means}, ${kind}`, `${count}/${wanted}`, '-', '-', '1', '1', result])
  }
}

mkdirSync(folder, { recursive: true })
try {
  for (const kind of /** @type {const} */ (['bulk', 'mix'])) {
    const ratios = [...FASTER_THAN, ...SLOWER_THAN].filter((goal) => goal.kind === kind && only.includes(goal.id))
    const isMemory = kind === 'mix' && only.includes('M1')
    const capture = ratios.length > 0 || isMemory || only.includes('C1') ? captureOf(kind) : undefined
    if (capture === undefined) continue
    if (ratios.length > 0 || isMemory) {
      const runs = await compete(kind, capture)
      for (const goal of ratios) judge(goal, runs, SLOWER_THAN.includes(goal) ? 'at most' : 'at least')
      if (isMemory) await judgeMemory(runs)
    }
    if (only.includes('C1') && capture.made !== undefined) await judgeCoverage(kind, capture)
    if (!values.keep && capture.made !== undefined) rmSync(capture.file)
  }
  console.log('\nwall as it runs by default; beside it without the hash of the input, and of that the cpu seconds')
  const head = ['', '', 'wall', '--no-hash', 'its cpu', 'must', 'aim', '']
  for (const [id = '', what = '', ...columns] of [head, ...results]) {
    console.log(id.padEnd(3), what.padEnd(32), ...columns.map((column) => column.padStart(11)))
  }
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
