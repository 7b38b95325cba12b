import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { toldOf } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import { overdueText } from '../jobs/overdue.ts'
import type { Severity } from '../model/finding.ts'
import type { InputGroup, RunCounts } from '../model/run.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import type { Store } from '../store/store.ts'
import type { InputOutcome } from '../sweep/outcome.ts'
import type { ReadAs } from '../sweep/settings.ts'
import { now } from './clock.ts'
import { failWhereAsked } from './fail-on.ts'
import { keyFileOf } from './key.ts'
import { openStore, type StoreChoice } from './open-store.ts'
import { loadRules } from './options.ts'
import { tellProblems } from './problems.ts'
import { startProgress } from './progress.ts'
import { printReport } from './report.ts'
import type { SignatureChoice } from './signature-set.ts'
import type { Terminal } from './terminal.ts'
import { underKey } from './under-key.ts'

/** How a pass over inputs is to be made, as options or a job file say. */
export interface PassOptions extends SignatureChoice, StoreChoice {
  readonly policy?: string
  readonly again?: true
  readonly hash: boolean
  /** Keep the frames and lines that prove findings. */
  readonly evidence: boolean
  readonly failOn?: Severity
  readonly json?: true
  /** The longest to wait for another run that has the store. */
  readonly wait?: Micros
}

/** What a pass reads. */
export interface PassInputs extends ReadAs {
  /** Files, none of them the store's own. */
  readonly inputs: readonly string[]
  /** Of an input that is read otherwise than the others. */
  readonly readAs?: (input: string) => ReadAs | undefined
}

/** The job that a pass belongs to. */
export interface PassJob {
  /** Path of the job file. */
  readonly file: string
  readonly groups: readonly Pick<InputGroup, 'name' | 'every'>[]
  /** The name of the group that an input is of. */
  readonly groupOf: (input: string) => string
  /** Called before anything is read or judged. */
  readonly begun: (store: Store) => void
  /** Called when the findings are up to date. */
  readonly judged: (store: Store) => Promise<void>
  /** Called when the run is entered as ended, also where it failed: the store is still open. */
  readonly ended: (store: Store) => Promise<void>
}

/**
 * One pass: reads inputs into the store, judges, prints the findings, and enters in the store what it did. What went
 * wrong is told on the terminal, which keeps the exit status; what is thrown is entered as well.
 */
export async function makePass(
  read: PassInputs,
  options: PassOptions,
  terminal: Terminal,
  job?: PassJob,
): Promise<void> {
  const rules = await loadRules(options, terminal)
  const { store, key } = await openStore(options, true, terminal, options.wait)
  try {
    terminal.event('start', { job: job?.file, store: options.store, inputs: read.inputs.length })
    const run = store.beginRun({ job: job?.file ?? '', pid: process.pid, started: now() }, job?.groups ?? [])
    let counts: RunCounts = { inputs: read.inputs.length, read: 0, bytes: 0, records: 0 }
    const end = async () => {
      const { problemCount: problems, problems: told, exitStatus: status } = terminal
      store.endRun(run, { ...counts, ended: now(), status, problems, told })
      terminal.event('end', { job: job?.file, status, problems, ...counts })
      await job?.ended(store)
    }
    try {
      const [{ judgeInputs, readInputs }, { Landmarks }] = await Promise.all([
        import('./read-and-judge.ts'),
        import('../sweep/landmarks.ts'),
      ])
      const means = { store, key, rules, judged: await underKey(rules.policy, key) }
      tellRecovery(store, terminal)
      job?.begun(store)
      const interrupts = watchInterrupts(terminal)
      const progress = await startProgress(terminal, sizesOf(read.inputs))
      const landmarks = new Landmarks()
      const outcomes = await readInputs(read, means, options, terminal, {
        landmarks: options.evidence ? landmarks : undefined,
        progress: progress.update,
        stopped: interrupts.stopped,
        done: (outcome) => {
          const { input, status, bytes, format, summary } = outcome
          counts = added(counts, outcome)
          if (job !== undefined && isNew(outcome)) store.groupRead(job.file, job.groupOf(input), now())
          terminal.event('input', { input, status, format, bytes, records: summary?.records })
        },
      })
      progress.stop()
      interrupts.release()
      tellOutcomes(outcomes, terminal)
      const judgement = await judgeInputs(read, means, options, landmarks, terminal)
      const report = { outcomes, judgement, registers: means.judged.registers, hash: options.hash }
      await printReport(store, report, options.json === true, terminal)
      await job?.judged(store)
      for (const group of job === undefined ? [] : store.inputGroups(job.file)) {
        const line = overdueText(group, now())
        if (line !== undefined) terminal.problem(line)
      }
      failWhereAsked(store, options.failOn, terminal)
    } catch (thrown) {
      await enterFailure(thrown, end, terminal)
      throw thrown
    }
    await end()
  } finally {
    store.close()
  }
}

/** Enters a run that failed, so far as the store still takes it: what was thrown is what is told. */
export async function enterFailure(thrown: unknown, end: () => Promise<void>, terminal: Terminal): Promise<void> {
  terminal.fail(toldOf(thrown))
  try {
    await end()
  } catch {
    // The store that fails is most often why the run did.
  }
}

/** Says which inputs an earlier run broke off in, and what becomes of them; and that a purge did. */
export function tellRecovery(store: Store, terminal: Terminal): void {
  const { discarded, interrupted } = store.recover()
  for (const input of discarded)
    terminal.note(`${harmless(input)}: an earlier run broke off in it; it is to be read again`)
  for (const input of interrupted)
    terminal.note(`${harmless(input)}: an earlier run broke off in it; what it had stays`)
  if (!store.owesCompacting) return
  const words = 'what was purged or erased may still be in the file: that was broken off before it was written anew'
  terminal.problem(`${harmless(store.file)}: ${words}: run \`offchannel purge --compact\``)
}

/** Whether an input delivered something that the store had not. A header without a record is nothing. */
export function isNew({ status, summary }: InputOutcome): boolean {
  return (status === 'read' || status === 'grown') && (summary?.records ?? 0) > 0
}

/** The counts with what became of one more input. */
export function added(counts: RunCounts, outcome: InputOutcome): RunCounts {
  if (!isNew(outcome)) return counts
  const { bytes, summary } = outcome
  return {
    inputs: counts.inputs,
    read: counts.read + 1,
    bytes: counts.bytes + bytes,
    records: counts.records + (summary?.records ?? 0),
  }
}

/**
 * The files of the store may lie among the inputs: they are none, and opening them would drop SQLite's locks on them.
 *
 * @param others files that are none either.
 */
export function withoutStore(
  found: readonly string[],
  { store, key }: StoreChoice,
  terminal: Terminal,
  others: readonly string[] = [],
): string[] {
  const stores = [store, `${store}-wal`, `${store}-shm`, `${store}.lock`, key ?? keyFileOf(store)].map(realPath)
  const own = new Set(others.map(realPath))
  const isOfStore = (file: string) => stores.includes(file) || file.startsWith(`${stores[0]}.before-`)
  const inputs = found.filter((input) => input === STANDARD_INPUT || !isOfStore(realPath(input)))
  if (inputs.length < found.length)
    terminal.note(`${plural(found.length - inputs.length, 'file')} of the store itself left out`)
  return inputs.filter((input) => !own.has(realPath(input)))
}

/** Of a file that is not there, or not any more, the path that it would have. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}

function sizesOf(inputs: readonly string[]): Map<string, number> {
  return new Map(inputs.map((input) => [input, statSync(input, { throwIfNoEntry: false })?.size ?? 0]))
}

/** The first interrupt ends the sweep between two windows, the second ends the process. */
function watchInterrupts(terminal: Terminal): { stopped(): boolean; release(): void } {
  let stopped = false
  const listener = () => {
    if (stopped) process.exit(130)
    stopped = true
    terminal.note('ending: what is half read is left for the next sweep (again to end at once)')
  }
  process.on('SIGINT', listener)
  return { stopped: () => stopped, release: () => process.off('SIGINT', listener) }
}

/** Says on standard error what was not read in full, a line each. */
export function tellOutcomes(outcomes: readonly InputOutcome[], terminal: Terminal): void {
  for (const { input, status, detail, summary } of outcomes) {
    const name = harmless(input)
    if (status === 'failed') terminal.problem(`${name}: ${harmless(detail ?? 'not read')}`)
    if (status === 'stopped') terminal.problem(`${name}: not read: the sweep was ended before`)
    if (status === 'changed') {
      terminal.note(
        `${name}: known as ${harmless(detail ?? '')}, read with other settings: --again reads it with these`,
      )
    }
    if (summary !== undefined) tellProblems(input, summary, terminal)
  }
}
