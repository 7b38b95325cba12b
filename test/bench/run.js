// @ts-check
/**
 * How fast is `sweep`, and how much memory does it take, beside tshark on the same capture?
 *
 *   npm run bench -- [--mb 1000] [--rounds 3] [--keep]
 *
 * Makes a capture with ./generate.js, runs both in turn, and prints the median of each: wall time, MB/s, packets/s,
 * peak memory, and the ratio. Then a capture of a tenth of the size, to show whether memory grows with the input.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = path.join(root, '.bench')
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    keep: { type: 'boolean', default: false },
  },
})
const megabytes = Number(values.mb)
const rounds = Number(values.rounds)

/** @typedef {{ seconds: number, peak: number }} Run peak memory in bytes, 0 where the system does not tell */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<Run>}
 */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    let peak = 0
    // The high-water mark only grows, so the last look before the end is close to it.
    const timer = setInterval(() => {
      try {
        peak = Math.max(
          peak,
          Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
        )
      } catch {}
    }, 10)
    child.on('error', reject)
    child.on('exit', (status) => {
      clearInterval(timer)
      if (status === 0) resolve({ seconds: (performance.now() - start) / 1000, peak })
      else reject(new Error(`${command} ended with status ${status}`))
    })
  })
}

/** @param {string} file @param {readonly string[]} options */
function sweep(file, options) {
  for (const end of ['', '-wal', '-shm', '.lock', '.key']) rmSync(path.join(folder, `bench.db${end}`), { force: true })
  const store = path.join(folder, 'bench.db')
  return run(process.execPath, [path.join(root, 'bin/offchannel.js'), 'sweep', file, '--store', store, ...options])
}

/** @param {string} file */
function tshark(file) {
  const names = 'dns || tls.handshake.extensions_server_name'
  const fields = ['frame.time_epoch', 'ip.src', 'ipv6.src', 'dns.qry.name', 'tls.handshake.extensions_server_name']
  return run('tshark', ['-n', '-r', file, '-Y', names, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
}

/** @param {readonly Run[]} runs @returns {Run} */
function median(runs) {
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds)
  return { seconds: sorted[sorted.length >> 1]?.seconds ?? Number.NaN, peak: Math.max(...runs.map(({ peak }) => peak)) }
}

/** @param {number} mb @returns {{ file: string, packets: number, bytes: number }} */
function make(mb) {
  const file = path.join(folder, `bulk-${mb}.pcap`)
  const made = spawnSync(
    process.execPath,
    [path.join(root, 'test/bench/generate.js'), '--mb', String(mb), '--out', file],
    {
      encoding: 'utf8',
    },
  )
  if (made.status !== 0) throw new Error(`the generator failed: ${made.stderr}`)
  return { file, packets: JSON.parse(made.stderr).packets, bytes: statSync(file).size }
}

/** @param {string} what @param {{ packets: number, bytes: number }} input @param {Run} of @param {string} [note] */
function print(what, { packets, bytes }, { seconds, peak }, note = '') {
  const columns = [
    what.padEnd(28),
    `${seconds.toFixed(2)} s`.padStart(9),
    `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`.padStart(10),
    `${(packets / 1e6 / seconds).toFixed(2)} M packets/s`.padStart(16),
    (peak > 0 ? `${(peak / 1e6).toFixed(0)} MB peak` : 'peak unknown').padStart(14),
  ]
  console.log(columns.join(' '), note)
}

mkdirSync(folder, { recursive: true })
try {
  const input = make(megabytes)
  console.log(`${(input.bytes / 1e6).toFixed(0)} MB, ${input.packets} packets, ${rounds} rounds, the median of each`)
  const peer = spawnSync('tshark', ['--version']).status === 0
  if (!peer) console.log('tshark is not installed: no ratio')
  /** @type {Run[]} */ const plain = []
  /** @type {Run[]} */ const hashed = []
  /** @type {Run[]} */ const peers = []
  for (let round = 0; round < rounds; round++) {
    plain.push(await sweep(input.file, ['--no-hash']))
    hashed.push(await sweep(input.file, []))
    if (peer) peers.push(await tshark(input.file))
  }
  const ratio = (/** @type {Run[]} */ runs) =>
    peer ? `${(median(peers).seconds / median(runs).seconds).toFixed(1)} times as fast as tshark` : ''
  if (peer) print('tshark', input, median(peers))
  print('offchannel sweep', input, median(hashed), ratio(hashed))
  print('offchannel sweep --no-hash', input, median(plain), ratio(plain))
  const small = make(Math.ceil(megabytes / 10))
  const tenth = await sweep(small.file, ['--no-hash'])
  print('the same, a tenth of it', small, tenth)
  if (tenth.peak > 0)
    console.log(`memory for ten times the input: ${(median(plain).peak / tenth.peak).toFixed(2)} times`)
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
}
