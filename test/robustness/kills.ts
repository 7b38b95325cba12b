/**
 * Kills the program with SIGKILL at random moments, starts it again until it succeeds, and compares the store it ends
 * with to that of a run that nobody disturbed. The same seed tries the same moments, as far as the machine is the same.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { verifyLog } from '../../src/audit/verify.ts'
import { AuditDesk } from '../../src/store/audit.ts'
import { dump } from '../store/dump.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/offchannel.js', import.meta.url))

/** Name of the store in the folder of a scenario. */
export const STORE = 'offchannel.db'

/** A command that is killed and started again, or what happens to the inputs between two of them. */
export type Step = readonly string[] | Once | ((folder: string) => void)

/** A command that, where it is started again, may say that it was done before, and end with 2. */
export interface Once {
  readonly args: readonly string[]
  readonly done: RegExp
}

export interface Scenario {
  readonly name: string
  /** Puts into an empty folder what the first step finds there. */
  readonly prepare: (folder: string) => Promise<void> | void
  readonly steps: readonly Step[]
  /** What it leaves beside the store, as lines that are equal where two runs are; throws where something is wrong. */
  readonly leaves?: (folder: string) => Result
}

/** What a scenario leads to where nobody disturbs it, and how long each step takes, in milliseconds. */
interface Undisturbed {
  readonly template: string
  readonly result: Result
  readonly durations: readonly number[]
}

/** Lines by what they tell of. */
export type Result = Readonly<Record<string, readonly string[]>>

export interface Outcome {
  readonly runs: number
  readonly kills: number
  /** Of each run that did not end like the undisturbed one: in what. */
  readonly differences: readonly string[]
}

/** Kills made on one command before it may end: at most so many. */
const KILLS_A_COMMAND = 3

/**
 * Runs a scenario again and again, until so many kills were made: a command that ended before it was killed is none.
 *
 * @param workplace an empty folder.
 * @param next random numbers of 32 bits.
 */
export async function kill(scenario: Scenario, kills: number, workplace: string, next: () => number): Promise<Outcome> {
  const folder = join(workplace, 'folder')
  const undisturbed = await runUndisturbed(scenario, join(workplace, 'template'), folder)
  const differences: string[] = []
  let [runs, made] = [0, 0]
  while (made < kills) {
    renew(undisturbed.template, folder)
    runs++
    for (const [n, step] of scenario.steps.entries()) {
      if (typeof step === 'function') {
        step(folder)
        continue
      }
      const planned = Math.min(1 + (next() % KILLS_A_COMMAND), kills - made)
      let isDone = false
      for (let k = 0; k < planned && !isDone; k++) {
        isDone = await killed(step, folder, (next() / 2 ** 32) * undisturbed.durations[n]!)
        if (!isDone) made++
        // Only sometimes: whoever looks into a store tidies up after the one that was killed.
        const damage = next() % 2 === 0 ? damageOf(folder) : undefined
        if (damage !== undefined) differences.push(`run ${runs}, ${nameOf(step)}: integrity_check says ${damage}`)
      }
      if (!isDone) await succeed(step, folder)
    }
    const found = differenceBetween(undisturbed.result, resultOf(folder, scenario))
    if (found !== undefined) differences.push(`run ${runs}: ${found}`)
  }
  return { runs, kills: made, differences }
}

async function runUndisturbed(scenario: Scenario, template: string, folder: string): Promise<Undisturbed> {
  const { prepare, steps } = scenario
  mkdirSync(template, { recursive: true })
  await prepare(template)
  renew(template, folder)
  const durations: number[] = []
  for (const step of steps) {
    const start = performance.now()
    if (typeof step === 'function') step(folder)
    else await succeed(step, folder)
    durations.push(performance.now() - start)
  }
  return { template, result: resultOf(folder, scenario), durations }
}

function renew(template: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  cpSync(template, folder, { recursive: true, preserveTimestamps: true })
}

/** Starts a command and kills it after so many milliseconds; whether it had ended by itself, which it must have well. */
async function killed(step: Command, folder: string, after: number): Promise<boolean> {
  const { child, ended } = start(argsOf(step), folder)
  await Promise.race([pause(after), ended])
  child.kill('SIGKILL')
  const told = await ended
  if (told.signal === 'SIGKILL') return false
  refuseFailed(step, told, 'after a kill')
  return true
}

async function succeed(step: Command, folder: string): Promise<void> {
  refuseFailed(step, await start(argsOf(step), folder).ended, '')
}

type Command = Exclude<Step, (folder: string) => void>

function argsOf(step: Command): readonly string[] {
  return 'args' in step ? step.args : step
}

function nameOf(step: Command): string {
  return argsOf(step)[0]!
}

function refuseFailed(step: Command, { status, signal, errors }: Ended, when: string): void {
  if (status === 0 || ('done' in step && status === 2 && step.done.test(errors))) return
  throw new Error(`${argsOf(step).join(' ')} ended with ${status ?? signal} ${when}: ${errors}`)
}

interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly errors: string
}

function start(args: readonly string[], cwd: string): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const before = hasJudged(errors)
    errors += text
    // A watch goes on for ever: it has done its work when it has judged.
    if (args[0] === 'watch' && !before && hasJudged(errors)) child.kill('SIGTERM')
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, errors }))
  })
  return { child, ended }
}

function hasJudged(log: string): boolean {
  return log.includes('"event":"judged"')
}

/**
 * Facts, findings, what became of them, what proves them, and which files are there: lines that are equal where two
 * results are. Throws where the store is damaged, or its audit log does not hold together.
 */
function resultOf(folder: string, { leaves }: Pick<Scenario, 'leaves'>): Result {
  const file = join(folder, STORE)
  const damage = damageOf(folder)
  if (damage !== undefined) throw new Error(`${file}: integrity_check says ${damage}`)
  const { readings, ...facts } = dump(file)
  const rows = (sql: string) => select(file, sql)
  return {
    files: readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort(),
    schema: rows('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name'),
    settings: rows("SELECT * FROM meta WHERE key NOT IN ('audit_log', 'head_put') ORDER BY key"),
    readings: readings!,
    ...facts,
    // When it was judged is the time of a run.
    revisions: rows('SELECT finding, revision, event, changes, more FROM finding_revision ORDER BY 1, 2'),
    people: rows('SELECT kind, lower(hex(tag)) AS tag, clear FROM identity ORDER BY kind, tag'),
    tombstones: rows('SELECT * FROM tombstone ORDER BY 1, 2, 3, 4, 5'),
    // What is kept is sealed anew each time.
    evidence: rows('SELECT finding, place, bytes FROM locker_piece ORDER BY finding, place'),
    secured: rows('SELECT finding, revision, left_out FROM locker ORDER BY finding'),
    audit: faultsOf(file),
    ...leaves?.(folder),
  }
}

/** What is wrong with the audit log, held against itself. */
function faultsOf(file: string): string[] {
  const log = AuditDesk.open(file)
  try {
    const { problems } = verifyLog(log.entries(), log.lastGiven(), log.starts(), [], [])
    return problems.map(({ fault, text }) => `${fault}: ${text}`)
  } finally {
    log.close()
  }
}

function select(file: string, sql: string): string[] {
  const database = new Sqlite(file, { readonly: true })
  try {
    const rows = database.prepare(sql).all()
    return rows.map((row) => JSON.stringify(row))
  } finally {
    database.close()
  }
}

/** What SQLite says is wrong with the store; undefined where nothing is, or there is none yet. */
function damageOf(folder: string): string | undefined {
  if (!readdirSync(folder).includes(STORE)) return undefined
  const database = new Sqlite(join(folder, STORE))
  try {
    const [first] = database.pragma('integrity_check') as { integrity_check: string }[]
    return first!.integrity_check === 'ok' ? undefined : first!.integrity_check
  } finally {
    database.close()
  }
}

/** The first thing that is not the same; undefined where all is. */
function differenceBetween(expected: Result, found: Result): string | undefined {
  for (const [what, lines] of Object.entries(expected)) {
    const others = found[what] ?? []
    const n = lines.findIndex((line, i) => line !== others[i])
    if (n >= 0) return `${what}: expected ${lines[n]}, found ${others[n]}`
    if (others.length > lines.length) return `${what}: found ${others[lines.length]} beyond what was expected`
  }
  return undefined
}
