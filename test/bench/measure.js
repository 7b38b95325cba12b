// @ts-check
/** Runs a command and says what it took. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * @typedef Run
 * @property {number} seconds from start to end
 * @property {number} cpu seconds of processor time, of all its threads
 * @property {number} peak memory in bytes, 0 where the system does not tell
 */

const LOOK_EVERY = 10
const ERRORS_KEPT = 4000

/** A shell can tell the processor time of what it ran: `times` (POSIX, 2.14), its second line. */
const SCRIPT = '"$@" >/dev/null; status=$?; times >&3; exit $status'

/**
 * @param {string} command whose standard output is thrown away
 * @param {readonly string[]} args
 * @returns {Promise<Run>}
 */
export function measure(command, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const shell = spawn('sh', ['-c', SCRIPT, 'sh', command, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    let peak = 0
    // The high-water mark only grows, so the last look before the end is close to it.
    const timer = setInterval(() => {
      peak = Math.max(peak, highWaterMark(shell.pid))
    }, LOOK_EVERY)
    let errors = ''
    let times = ''
    shell.stderr?.on('data', (text) => {
      if (errors.length < ERRORS_KEPT) errors += text
    })
    shell.stdio[3]?.on('data', (text) => {
      times += text
    })
    shell.on('error', reject)
    shell.on('close', (status) => {
      clearInterval(timer)
      const seconds = (performance.now() - start) / 1000
      if (status === 0) resolve({ seconds, cpu: processorTime(times), peak })
      else reject(new Error(`${command} ended with status ${status}: ${errors}`))
    })
  })
}

/**
 * Whether a command can be found.
 * @param {string} command
 */
export function isInstalled(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}

/**
 * Of the processes that one has started, as Linux tells it; 0 elsewhere, or once they are gone.
 * @param {number | undefined} parent
 */
function highWaterMark(parent) {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
    const peaks = children.map((child) => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1])
    return Math.max(...peaks.map((kibibytes) => Number(kibibytes ?? 0) * 1024))
  } catch {
    return 0
  }
}

/**
 * `1m2.50s 0m0.25s` of the line on children, user and system together, in seconds.
 * @param {string} times
 */
function processorTime(times) {
  const [, children = ''] = times.split('\n')
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0)
}
