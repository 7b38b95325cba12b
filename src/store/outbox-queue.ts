import type { Database, Statement } from 'better-sqlite3'
import type { Micros } from '../base/time.ts'
import type { AuditHead } from '../model/audit.ts'
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'
import type { NoticeEvent, Summary } from '../model/notice.ts'
import type { OutputState } from '../model/output.ts'
import { OutboxWriter } from './outbox.ts'
import { HeadWriter } from './outbox-heads.ts'
import type { InTransaction } from './reading-writer.ts'

/** A message that waits, as the store keeps it. */
export type Waiting = { readonly seq: number; readonly at: Micros } & (
  | { readonly event: NoticeEvent; readonly finding: Finding }
  | { readonly event: 'summary'; readonly summary: Summary }
  | { readonly event: 'head'; readonly head: AuditHead }
)

interface WaitingRow {
  readonly seq: number
  readonly revision: number
  readonly event: NoticeEvent | 'summary' | 'head'
  readonly at: Micros
  readonly body: string
}

/** A receiver as a job file names it. */
export interface NamedOutput {
  readonly name: string
  /** Whether it is sent those of the audit log. */
  readonly heads: boolean
}

/** A receiver as the store knows it. */
export interface QueueState {
  readonly id: number
  /** How often the receiver has refused the oldest message, and how many runs in a row have failed. */
  readonly refusals: number
  readonly failures: number
  readonly retryAt: Micros | null
  /** When it last took something. */
  readonly lastDelivery: Micros | null
}

/** What waits for receivers, and what became of it. Each change is a transaction. */
export class OutboxQueue {
  readonly #database: Database
  readonly #inTransaction: InTransaction
  readonly #writer: OutboxWriter
  readonly #heads: HeadWriter
  readonly #state: Statement<[string, string], QueueState>
  readonly #next: Statement<[{ id: number; limit: number }], WaitingRow>
  readonly #waiting: Statement<[{ id: number }], number>
  readonly #moved: Statement
  readonly #failed: Statement
  readonly #trim: Statement
  readonly #trimOwn: Statement

  constructor(database: Database, inTransaction: InTransaction) {
    this.#database = database
    this.#inTransaction = inTransaction
    this.#writer = new OutboxWriter(database)
    this.#heads = new HeadWriter(database)
    this.#state = database.prepare(
      `SELECT id, refusals, failures, retry_at AS retryAt, last_delivery AS lastDelivery FROM output
      WHERE job = ? AND name = ?`,
    )
    const waits = 'seq >= (SELECT next FROM output WHERE id = :id) AND output IN (0, :id)'
    this.#next = database.prepare(`
      SELECT seq, revision, event, at, body FROM outbox WHERE ${waits} ORDER BY seq LIMIT :limit`)
    this.#waiting = database.prepare<[{ id: number }], number>(`SELECT count(*) FROM outbox WHERE ${waits}`).pluck()
    this.#moved = database.prepare(`
      UPDATE output SET next = :next, delivered = delivered + :delivered, dead = dead + :dead, refusals = 0,
        last_delivery = ifnull(:at, last_delivery) WHERE id = :id`)
    this.#failed = database.prepare(
      'UPDATE output SET refusals = :refusals, failures = :failures, error = :error, retry_at = :retryAt WHERE id = :id',
    )
    this.#trimOwn = database.prepare(
      'DELETE FROM outbox WHERE output = :id AND output != 0 AND seq < (SELECT next FROM output WHERE id = :id)',
    )
    this.#trim = database.prepare(
      'DELETE FROM outbox WHERE seq < (SELECT ifnull(min(next), 9007199254740991) FROM output)',
    )
  }

  /**
   * Makes these the receivers of a job. One that is new gets what is judged from now on, and one message that sums up
   * what there is already; what waited for one that is no longer named is dropped with it.
   */
  register(job: string, outputs: readonly NamedOutput[], at: Micros): void {
    const names = outputs.map(({ name }) => name)
    this.#inTransaction(() => {
      const database = this.#database
      const known = database.prepare<[string], string>('SELECT name FROM output WHERE job = ?').pluck().all(job)
      for (const name of known) {
        if (!names.includes(name)) database.prepare('DELETE FROM output WHERE job = ? AND name = ?').run(job, name)
      }
      for (const { name, heads } of outputs) {
        if (!known.includes(name)) this.#add(job, name, at)
        database.prepare('UPDATE output SET heads = ? WHERE job = ? AND name = ?').run(heads ? 1 : 0, job, name)
      }
      database.exec('DELETE FROM outbox WHERE output != 0 AND output NOT IN (SELECT id FROM output)')
      this.#trim.run()
      if (database.prepare('SELECT 1 FROM output').get() === undefined) database.exec('DELETE FROM told')
    })
  }

  /** Brings the outbox up to date with the suppressions of this moment. */
  reconsider(at: Micros): void {
    this.#inTransaction(() => {
      this.#writer.begin(at)
      this.#writer.reconsider()
      this.#writer.end()
    })
  }

  /** Puts the head of the audit log there, unless it is there already or one was put there less than `every` ago. */
  publishHead(at: Micros, every: Micros): void {
    this.#inTransaction(() => this.#heads.publish(at, every))
  }

  /** Undefined for a receiver that is not registered. */
  state(job: string, name: string): QueueState | undefined {
    return this.#inTransaction(() => this.#state.get(job, name))
  }

  /** The oldest that wait, in the order of judgement. */
  next(id: number, limit: number): Waiting[] {
    return this.#inTransaction(() => this.#next.all({ id, limit }).map(waitingOf))
  }

  waiting(id: number): number {
    return this.#inTransaction(() => this.#waiting.get({ id })!)
  }

  /** The receiver has these, up to this number. */
  delivered(id: number, upTo: number, count: number, at: Micros): void {
    this.#inTransaction(() => {
      this.#moved.run({ id, next: upTo + 1, delivered: count, dead: 0, at })
      this.#failed.run({ id, refusals: 0, failures: 0, error: '', retryAt: null })
      this.#trim.run()
      this.#trimOwn.run({ id })
    })
  }

  /** These, up to this number, are given up: they stand elsewhere. */
  buried(id: number, upTo: number, count: number): void {
    this.#inTransaction(() => {
      this.#moved.run({ id, next: upTo + 1, delivered: 0, dead: count, at: null })
      this.#trim.run()
      this.#trimOwn.run({ id })
    })
  }

  /** An attempt failed. */
  failed(id: number, state: Omit<QueueState, 'id' | 'lastDelivery'> & { readonly error: string }): void {
    const { refusals, failures, retryAt, error } = state
    this.#inTransaction(() => this.#failed.run({ id, refusals, failures, retryAt, error }))
  }

  #add(job: string, name: string, at: Micros): void {
    const database = this.#database
    const next = "(SELECT ifnull(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'outbox')"
    const { lastInsertRowid: id } = database
      .prepare(`
        INSERT INTO output(job, name, next, delivered, dead, refusals, failures, error, heads)
        VALUES (?, ?, ${next}, 0, 0, 0, 0, '', 0)`)
      .run(job, name)
    const summary = summaryOf(database)
    if (summary.findings === 0) return
    database
      .prepare("INSERT INTO outbox(output, finding, revision, event, at, body) VALUES (?, '', 0, 'summary', ?, ?)")
      .run(id, at, JSON.stringify(summary))
  }
}

/** How every receiver stands, by job and name. */
export function outputStates(database: Database): OutputState[] {
  return database
    .prepare<[], Record<'job' | 'name' | 'error', string> & Record<string, number | null>>(`
      SELECT job, name, delivered, dead, error, last_delivery AS lastDelivery, retry_at AS retryAt,
        (SELECT count(*) FROM outbox WHERE seq >= next AND output IN (0, id)) AS waiting,
        (SELECT count(*) FROM outbox WHERE event = 'head' AND seq >= next AND output = id) AS waitingHeads,
        (SELECT min(at) FROM outbox WHERE seq >= next AND output IN (0, id)) AS since
      FROM output ORDER BY job, name`)
    .all()
    .map(({ job, name, error, delivered, dead, waiting, waitingHeads, since, lastDelivery, retryAt }) => ({
      ...{ job, name, error, delivered: delivered!, dead: dead!, waiting: waiting!, waitingHeads: waitingHeads! },
      ...{ since: since ?? undefined, lastDelivery: lastDelivery ?? undefined, retryAt: retryAt ?? undefined },
    }))
}

/** Of the findings that are there and that the policy minds. */
function summaryOf(database: Database): Summary {
  const severities: Record<Severity, number> = { high: 0, medium: 0, low: 0, none: 0 }
  let [findings, bypasses, firstDay, lastDay] = [0, 0, Number.POSITIVE_INFINITY, 0]
  const rows = database
    .prepare<[], Record<'severity' | 'count' | 'bypasses' | 'first' | 'last', number>>(`
      SELECT severity, count(*) AS count, sum(bypass) AS bypasses, min(day) AS first, max(day) AS last
      FROM finding WHERE severity < ${SEVERITIES.indexOf('none')} GROUP BY severity`)
    .all()
  for (const row of rows) {
    severities[SEVERITIES[row.severity]!] = row.count
    findings += row.count
    bypasses += row.bypasses
    firstDay = Math.min(firstDay, row.first)
    lastDay = Math.max(lastDay, row.last)
  }
  return { why: 'first', findings, severities, bypasses, firstDay, lastDay, changes: 0 }
}

function waitingOf({ seq, revision, event, at, body }: WaitingRow): Waiting {
  const said = JSON.parse(body)
  if (event === 'head') return { seq, at, event, head: { ...said, at } }
  return event === 'summary' ? { seq, at, event, summary: said } : { seq, at, event, finding: { ...said, revision } }
}
