import { toldOf } from '../base/errors.ts'
import { plural } from '../base/text.ts'
import { type Day, dayOf, formatMinute, MICROS_PER_MINUTE, MICROS_PER_SECOND, type Micros } from '../base/time.ts'
import { overdueText } from '../jobs/overdue.ts'
import { prometheusText } from '../jobs/prometheus.ts'
import type { RunCounts } from '../model/run.ts'
import { GrowingSamples } from '../read/growing-samples.ts'
import { STANDARD_INPUT } from '../read/source.ts'
import { Landmarks } from '../sweep/landmarks.ts'
import type { InputOutcome } from '../sweep/outcome.ts'
import { now } from './clock.ts'
import { deliverOutputs, registerOutputs } from './deliver-outputs.ts'
import type { JobConfig } from './job-config.ts'
import { type JobPass, jobPass } from './job-pass.ts'
import { statusOf } from './job-status.ts'
import { loadRules } from './options.ts'
import { added, isNew, type PassInputs, tellOutcomes } from './pass.ts'
import type { PatientTerminal } from './patient-terminal.ts'
import { keepRetention } from './purge.ts'
import { judgeInputs, type Means, readInputs } from './read-and-judge.ts'
import { writeOutputs } from './run-outputs.ts'
import { underKey } from './under-key.ts'
import { WatchedStore } from './watched-store.ts'

/** Findings are brought up to date once a minute at most: minutes are what they are made of. */
const JUDGE_EVERY = MICROS_PER_MINUTE

/** The longest that one round of deliveries goes on. */
const DELIVERY_LIMIT = 60 * MICROS_PER_SECOND

/** How long the end of a watch waits for receivers. */
const LAST_DELIVERY_LIMIT = 10 * MICROS_PER_SECOND

/** A digest is of an hour, where the job file says nothing else. */
const DIGEST_EVERY = 60 * MICROS_PER_MINUTE

/** A job that is watched, with the rules that it is read and judged by. */
export interface LoadedJob {
  readonly config: JobConfig
  readonly pass: JobPass
  readonly rules: Means['rules']
}

/** Loads the rules of a job; throws what is wrong with them, before anything is done by them. */
export async function loadJob(config: JobConfig, terminal: PatientTerminal): Promise<LoadedJob> {
  const pass = jobPass(config)
  return { config, pass, rules: await loadRules(pass.options, terminal) }
}

/** What a watch is told while it reads. */
export interface WatchEvents {
  /** Asked between windows. */
  readonly stopped: () => boolean
  /** Called between windows. */
  readonly alive: () => void
  readonly outcome: (outcome: InputOutcome) => void
  /** Called when findings were brought up to date, with a line about it. */
  readonly judged: (line: string) => void
}

/**
 * Reads and judges what is watched into the store, which it holds only meanwhile. What it does is entered as one run a
 * day.
 */
export class WatchedJob {
  job: LoadedJob
  /** What the store said when findings were last brought up to date, as `prometheusText` writes it. */
  metrics = ''
  readonly #terminal: PatientTerminal
  readonly #events: WatchEvents
  #run: number | undefined
  #begun: Micros = 0
  #counts: RunCounts = NOTHING
  #judged: Means['judged'] | undefined
  readonly #store: WatchedStore
  #delivering: Promise<void> | undefined
  /** What was thrown while receivers were told. */
  #failure: unknown
  #hasFailed = false
  /** Facts came since the last judgement. */
  #isNew = true
  #judgedAt: Micros = 0
  /** When it was last looked for what is older than the job file keeps it. */
  #purgedOn: Day = 0
  readonly #samples = new GrowingSamples()
  /** Of the inputs that were read since then. */
  #landmarks = new Landmarks()

  constructor(job: LoadedJob, terminal: PatientTerminal, events: WatchEvents) {
    this.job = job
    this.#terminal = terminal
    this.#events = events
    this.#store = new WatchedStore(terminal)
  }

  /** Takes another job file, or other rules, from now on; throws what is wrong with registers, and keeps the old. */
  async replace(job: LoadedJob): Promise<void> {
    const { key } = this.#store
    const judged = key && (await underKey(job.rules.policy, key))
    this.job = job
    this.#judged = judged
    this.#isNew = true
    this.#judgedAt = 0
    this.#purgedOn = 0
  }

  /** Whether the findings are to be brought up to date, receivers to be told, and outputs to be written. */
  get isDue(): boolean {
    return now() - this.#judgedAt >= JUDGE_EVERY
  }

  /**
   * Reads these inputs, and judges where that is due. Undefined where another process has the store: it is to be tried
   * again. Throws what would befall every other try as well.
   */
  async read(read: PassInputs, groupOf: (input: string) => string): Promise<InputOutcome[] | undefined> {
    return this.open((means) => this.readWith(means, read, groupOf))
  }

  /** The same with a store that is open. */
  async readWith(means: Means, read: PassInputs, groupOf: (input: string) => string): Promise<InputOutcome[]> {
    const { config, pass } = this.job
    this.#counts = { ...this.#counts, inputs: Math.max(this.#counts.inputs, read.inputs.length) }
    const outcomes = await readInputs(read, means, { hash: pass.options.hash }, this.#terminal, {
      samples: this.#samples,
      landmarks: pass.options.evidence ? this.#landmarks : undefined,
      progress: (input) => {
        this.#events.alive()
        if (input === STANDARD_INPUT) this.#isNew = true
      },
      stopped: this.#events.stopped,
      done: (settled) => {
        const outcome = withoutLastLine(settled)
        const { input, status, bytes, format, summary } = outcome
        this.#counts = added(this.#counts, outcome)
        if (config.file !== '' && isNew(outcome)) means.store.groupRead(config.file, groupOf(input), now())
        if (CHANGED.has(status)) this.#isNew = true
        if (status !== 'known') {
          this.#terminal.event('input', { input, status, format, bytes, records: summary?.records })
        }
        this.#events.outcome(outcome)
      },
    })
    // What the end of the watch leaves is read when it begins again; a file that was just renamed under another name.
    const told = outcomes.filter(({ status, isGone }) => status !== 'stopped' && isGone !== true)
    tellOutcomes(told.map(withoutLastLine), this.#terminal)
    if (this.isDue && !this.#events.stopped()) await this.bringUpToDate(read, means)
    return outcomes
  }

  /** Judges what is new, tells receivers, purges once a day, and writes outputs; enters what the run has done so far. */
  async bringUpToDate(read: PassInputs, means: Means): Promise<void> {
    const { config, pass } = this.job
    const { store } = means
    const isJob = config.file !== ''
    if (isJob) registerOutputs(store, pass.told, this.#terminal)
    await this.#judge(read, means)
    if (isJob) {
      store.outbox.publishHead(now(), pass.told.headsEvery)
      this.#deliver(means)
      for (const group of store.inputGroups(config.file)) {
        const line = overdueText(group, now())
        if (line !== undefined) this.#terminal.problem(line)
      }
    }
    this.#judgedAt = now()
    if (dayOf(this.#judgedAt) !== this.#purgedOn) {
      this.#purgedOn = dayOf(this.#judgedAt)
      await keepRetention(store, config.job.retention, this.#terminal)
    }
    if (dayOf(this.#judgedAt) !== dayOf(this.#begun)) this.#endRun(means)
    else if (this.#run !== undefined) store.runGoesOn(this.#run, this.#progress())
    this.#tellOutside(means)
  }

  /** Tells receivers beside what else goes on: one that is dead, or slow, holds up nothing. The store stays open for it. */
  #deliver(means: Means): void {
    if (this.#delivering !== undefined) return
    const { told } = this.job.pass
    const stopped = () => this.#hasFailed || this.#events.stopped()
    const options = { limit: DELIVERY_LIMIT, always: false, digest: DIGEST_EVERY, stopped }
    this.#delivering = deliverOutputs(means.store, told, options, this.#terminal)
      .then(() => this.#tellOutside(means))
      .catch((thrown: unknown) => {
        this.#failure = thrown
      })
      .finally(() => {
        this.#delivering = undefined
      })
    this.#store.keepFor(this.#delivering)
  }

  #tellOutside({ store }: Pick<Means, 'store'>): void {
    const { config, pass } = this.job
    writeOutputs(store, config.file, pass.outputs, this.#terminal)
    this.metrics = prometheusText(statusOf(store, true, now()), config.file)
  }

  /** Judges what is new, and enters the run as ended: the last thing that is done. */
  async end(read: PassInputs): Promise<void> {
    await this.#delivering
    const ended = await this.open(async (means) => {
      const { config, pass } = this.job
      await this.#judge(read, means)
      this.#endRun(means)
      if (config.file !== '') {
        means.store.outbox.publishHead(now(), 0)
        const options = { limit: LAST_DELIVERY_LIMIT, always: false, isSecond: true, digest: DIGEST_EVERY } as const
        await deliverOutputs(means.store, pass.told, options, this.#terminal)
      }
      writeOutputs(means.store, config.file, pass.outputs, this.#terminal)
      return true
    })
    if (ended === undefined) this.#terminal.note('another process has the store: what was read last is not judged yet')
  }

  /** Enters what was thrown as the end of the run, so far as the store still takes it. */
  async fail(thrown: unknown): Promise<void> {
    this.#terminal.fail(toldOf(thrown))
    this.#hasFailed = true
    try {
      await this.open(async (means) => this.#endRun(means))
    } catch {
      // The store that fails is most often why.
    }
  }

  /** Does something with the store; undefined where another process has it. */
  async open<T>(act: (means: Means) => Promise<T>): Promise<T | undefined> {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
    const { config, pass, rules } = this.job
    return this.#store.use(pass.options, async ({ store, key }) => {
      this.#judged ??= await underKey(rules.policy, key)
      if (this.#run === undefined) {
        this.#begun = now()
        const groups = config.file === '' ? [] : config.job.inputs
        this.#run = store.beginRun({ job: config.file, pid: process.pid, started: this.#begun }, groups)
      }
      return act({ store, key, rules, judged: this.#judged })
    })
  }

  async #judge(read: PassInputs, means: Means): Promise<void> {
    if (!this.#isNew) return
    this.#isNew = false
    const landmarks = this.#landmarks
    this.#landmarks = new Landmarks()
    const { subjectDays } = await judgeInputs(read, means, this.job.pass.options, landmarks, this.#terminal)
    const { read: readings, records } = this.#counts
    const line = `${plural(readings, 'reading')}, ${plural(records, 'record')} since ${formatMinute(this.#begun)} UTC`
    this.#terminal.event('judged', { subjectDays, ...this.#counts })
    if (subjectDays > 0) this.#terminal.note(`judged ${plural(subjectDays, "client's day", "clients' days")}; ${line}`)
    this.#events.judged(`watching: ${line}`)
  }

  #progress() {
    return { ...this.#counts, problems: this.#terminal.problemCount, told: [...this.#terminal.problems] }
  }

  #endRun({ store }: Pick<Means, 'store'>): void {
    if (this.#run === undefined) return
    const { exitStatus: status, problemCount: problems } = this.#terminal
    store.endRun(this.#run, { ...this.#progress(), ended: now(), status })
    this.#terminal.event('end', { job: this.job.config.file, status, problems, ...this.#counts })
    this.#run = undefined
    this.#counts = NOTHING
    this.#terminal.restart()
  }
}

/** A last line that has no end yet is being written: what is wrong with it, and that it is one, is told when it has. */
function withoutLastLine(outcome: InputOutcome): InputOutcome {
  return { ...outcome, summary: outcome.ended }
}

const NOTHING: RunCounts = { inputs: 0, read: 0, bytes: 0, records: 0 }

/** What makes facts others than they were. */
const CHANGED: ReadonlySet<InputOutcome['status']> = new Set(['read', 'grown', 'replaced'])
