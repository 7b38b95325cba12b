/**
 * `watch` on a log that grows at 50,000 lines a second and is rotated by renaming: how far it is behind, its memory and
 * its processor time, from its own metrics; at the end whether every line that was written was read once.
 *
 *     npm run bench:watch -- [--minutes 5] [--rate 50000] [--rotate-mb 1000]
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const METRICS = '127.0.0.1:19464'

/** Blocks of lines a second, blocks that differ, and rotated logs that are kept. */
const BLOCKS = 10
const VARIANTS = 40
const KEPT = 3

if (isMainThread) await measure()
else await write(workerData)

/** Writes lines at a rate until it is told to stop, then tells how many. */
async function write({ file, rate, rotateBytes }) {
  const hosts = Array.from({ length: 997 }, (_, i) => `host${i}.example.org`)
  const apps = ['web.telegram.org', 'g.whatsapp.net', 'gateway.discord.gg', 'signal.org']
  const variants = Array.from({ length: VARIANTS }, (_, variant) =>
    Array.from({ length: rate / BLOCKS }, (_, i) => {
      // One line in a hundred is of an app: two thousand clients in all.
      const host = i % 100 === 7 ? apps[((i / 100) % 4) | 0] : hosts[i % 997]
      const client = `10.${variant}.${(i / 250) | 0}.${i % 250}`
      return `     12 ${client} TCP_TUNNEL/200 5120 CONNECT ${host}:443 user${variant * 100 + ((i / 100) | 0)} HIER_DIRECT/198.51.100.9 -\n`
    }),
  )
  let stopped = false
  parentPort.on('message', () => {
    stopped = true
  })
  let descriptor = openSync(file, 'a')
  let [lines, bytes, blocks, number] = [0, 0, 0, 0]
  const begun = performance.now()
  while (!stopped) {
    const due = begun + (lines / rate) * 1000
    const early = due - performance.now()
    if (early > 0) await pause(early)
    else await pause(0)
    const time = (Date.now() / 1000).toFixed(3)
    const block = Buffer.from(variants[blocks++ % VARIANTS].map((line) => time + line).join(''))
    if (bytes > 0 && bytes + block.length > rotateBytes) {
      closeSync(descriptor)
      renameSync(file, `${file}.${++number}`)
      rmSync(`${file}.${number - KEPT}`, { force: true })
      descriptor = openSync(file, 'a')
      bytes = 0
    }
    writeSync(descriptor, block)
    lines += rate / BLOCKS
    bytes += block.length
  }
  closeSync(descriptor)
  parentPort.postMessage({ lines, seconds: (performance.now() - begun) / 1000, rotations: number })
  parentPort.close()
}

async function measure() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      rate: { type: 'string', default: '50000' },
      'rotate-mb': { type: 'string', default: '1000' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'offchannel-bench-'))
  try {
    await measureIn(folder, Number(values.minutes), Number(values.rate), Number(values['rotate-mb']) * 1e6)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureIn(folder, minutes, rate, rotateBytes) {
  mkdirSync(join(folder, 'logs'))
  const job = `store: watch.db\nmetrics: ${METRICS}\ninputs:\n  - { name: proxy, paths: [logs] }\n`
  writeFileSync(join(folder, 'job.yaml'), job)
  const program = spawn(process.execPath, [join(ROOT, 'bin/offchannel.js'), 'watch', '--config', 'job.yaml'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((resolve) => program.on('close', resolve))
  process.on('exit', () => program.kill('SIGKILL'))
  await pause(2000)
  const workerData = { file: join(folder, 'logs/access.log'), rate, rotateBytes }
  const writer = new Worker(fileURLToPath(import.meta.url), { workerData })
  const samples = []
  const begun = performance.now()
  for (let next = 5; next <= minutes * 60; next += 5) {
    await pause(begun + next * 1000 - performance.now())
    const sample = await metrics()
    samples.push({ second: next, ...sample })
    if (next % 60 === 0) console.log(lineOf(samples.at(-1)))
  }
  const written = new Promise((resolve) => writer.on('message', resolve))
  writer.postMessage('stop')
  const { lines, seconds, rotations } = await written
  let last = await metrics()
  for (let tries = 0; tries < 120 && last.waiting > 0; tries++) {
    await pause(500)
    last = await metrics()
  }
  await pause(2000)
  program.kill('SIGTERM')
  const status = await ended
  const database = new Sqlite(join(folder, 'watch.db'), { readonly: true })
  const records = database.prepare('SELECT sum(records) FROM run').pluck().get()
  database.close()
  const lags = samples.map(({ lag }) => lag).sort((a, b) => a - b)
  const cpu = (samples.at(-1).cpu - samples[0].cpu) / (samples.at(-1).second - samples[0].second)
  console.log(
    `written: ${lines} lines in ${seconds.toFixed(0)} s (${(lines / seconds).toFixed(0)}/s), ${rotations} rotations`,
  )
  console.log(`read:    ${records} records${records === lines ? ', each line once' : ': NOT what was written'}`)
  console.log(
    `lag:     median ${lags[lags.length >> 1].toFixed(1)} s, 95 % below ${lags[Math.floor(lags.length * 0.95)].toFixed(1)} s, most ${lags.at(-1).toFixed(1)} s`,
  )
  console.log(`memory:  ${mb(samples[0].memory)} at the start, ${mb(samples.at(-1).memory)} at the end`)
  console.log(`cpu:     ${(cpu * 100).toFixed(0)} % of one core`)
  console.log(`ended with ${status}`)
  if (records !== lines || status !== 0) process.exitCode = 1
}

/** What the program says of itself. */
async function metrics() {
  const text = await (await fetch(`http://${METRICS}/metrics`)).text()
  const valueIn = (name) => Number(new RegExp(`^offchannel_watch_${name}\\{.*\\} (.*)$`, 'm').exec(text)?.[1])
  return {
    lag: valueIn('input_lag_seconds'),
    waiting: valueIn('input_waiting_bytes'),
    memory: valueIn('memory_bytes'),
    cpu: valueIn('cpu_seconds'),
  }
}

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function lineOf({ second, lag, waiting, memory, cpu }) {
  return `${second} s: ${lag.toFixed(1)} s behind (${mb(waiting)}), memory ${mb(memory)}, cpu ${cpu.toFixed(0)} s`
}
