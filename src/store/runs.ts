import type { Database, Statement } from 'better-sqlite3'
import type { Micros } from '../base/time.ts'
import type { InputGroup, Run, RunCounts } from '../model/run.ts'

/** Runs that are remembered: a year of one an hour. */
const RUNS_KEPT = 10_000

interface RunRow extends RunCounts {
  readonly job: string
  readonly pid: number
  readonly started: Micros
  readonly ended: Micros | null
  readonly status: number | null
  readonly problems: number
  readonly told: string
}

interface GroupRow {
  readonly job: string
  readonly name: string
  readonly every: Micros
  readonly since: Micros
  readonly last_read: Micros | null
}

/** What a run is begun with. */
export type NewRun = Pick<Run, 'job' | 'pid' | 'started'>

/** What it has done so far. */
export type RunProgress = RunCounts & {
  readonly problems: number
  readonly told: readonly string[]
}

/** What it ended with. */
export type RunEnd = RunProgress & {
  readonly ended: Micros
  readonly status: number
}

/** The last run of every job, and of sweeps from the command line, the latest first. */
export function lastRuns(database: Database): Run[] {
  const rows = database
    .prepare<[], RunRow>('SELECT * FROM run WHERE seq IN (SELECT max(seq) FROM run GROUP BY job) ORDER BY seq DESC')
    .all()
  return rows.map(runOf)
}

/** The groups of a job, or of all, by job and name. */
export function inputGroups(database: Database, job?: string): InputGroup[] {
  return database
    .prepare<{ job: string | null }, GroupRow>(
      'SELECT * FROM input_group WHERE :job IS NULL OR job = :job ORDER BY job, name',
    )
    .all({ job: job ?? null })
    .map(({ last_read, every, ...group }) => ({
      ...group,
      every: every === 0 ? undefined : every,
      lastRead: last_read ?? undefined,
    }))
}

/** Enters what runs did. */
export class RunWriter {
  readonly #insert: Statement
  readonly #end: Statement
  readonly #goOn: Statement
  readonly #prune: Statement
  readonly #keepGroup: Statement
  readonly #dropGroups: Statement
  readonly #readGroup: Statement

  constructor(database: Database) {
    this.#insert = database.prepare(`
      INSERT INTO run(job, pid, started, inputs, read, bytes, records, problems, told)
      VALUES (:job, :pid, :started, 0, 0, 0, 0, 0, '[]')`)
    this.#end = database.prepare(`
      UPDATE run SET ended = :ended, status = :status, inputs = :inputs, read = :read, bytes = :bytes,
        records = :records, problems = :problems, told = :told
      WHERE seq = :seq`)
    this.#goOn = database.prepare(`
      UPDATE run SET inputs = :inputs, read = :read, bytes = :bytes, records = :records, problems = :problems, told = :told
      WHERE seq = :seq`)
    this.#prune = database.prepare('DELETE FROM run WHERE seq <= ?')
    this.#keepGroup = database.prepare(`
      INSERT INTO input_group(job, name, every, since) VALUES (:job, :name, :every, :started)
      ON CONFLICT DO UPDATE SET every = excluded.every`)
    this.#dropGroups = database.prepare(
      'DELETE FROM input_group WHERE job = ? AND name NOT IN (SELECT value FROM json_each(?))',
    )
    this.#readGroup = database.prepare('UPDATE input_group SET last_read = ? WHERE job = ? AND name = ?')
  }

  /** Enters that a run began, with the groups that its job has now; gives its number. */
  begin(run: NewRun, groups: readonly Pick<InputGroup, 'name' | 'every'>[]): number {
    const { job, started } = run
    for (const { name, every } of groups) this.#keepGroup.run({ job, name, every: every ?? 0, started })
    this.#dropGroups.run(job, JSON.stringify(groups.map(({ name }) => name)))
    const seq = Number(this.#insert.run(run).lastInsertRowid)
    this.#prune.run(seq - RUNS_KEPT)
    return seq
  }

  end(seq: number, end: RunEnd): void {
    this.#end.run({ ...end, seq, told: JSON.stringify(end.told) })
  }

  /** Enters what a run that goes on has done so far. */
  goOn(seq: number, { told, ...done }: RunProgress): void {
    this.#goOn.run({ ...done, seq, told: JSON.stringify(told) })
  }

  /** Enters that something new of a group was read. */
  groupRead(job: string, name: string, time: Micros): void {
    this.#readGroup.run(time, job, name)
  }
}

function runOf({ job, pid, started, ended, status, inputs, read, bytes, records, problems, told }: RunRow): Run {
  return {
    ...{ job, pid, started, inputs, read, bytes, records, problems },
    ended: ended ?? undefined,
    status: status ?? undefined,
    told: JSON.parse(told) as string[],
  }
}
