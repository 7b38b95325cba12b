import type { Database, Statement } from 'better-sqlite3'
import type { Micros } from '../base/time.ts'
import type { AuditEntry } from '../model/audit.ts'
import { getMeta, setMeta } from './open.ts'
import { OUTBOX_LIMIT } from './outbox-limit.ts'

/** What reveals or destroys: that it was done is told at once, without waiting for the end of a run. */
const AT_ONCE: ReadonlySet<string> = new Set([
  ...['unseal', 'export', 'report', 'subject-report', 'prove'],
  ...['purge', 'erase', 'recipients', 'reseal'],
])

/** The entry whose head was put into the outbox last, and when. */
interface Put {
  readonly seq: number
  readonly at: Micros
}

/** Puts heads of the audit log into the outbox, one for each receiver that is sent them, within a transaction. */
export class HeadWriter {
  readonly #database: Database
  readonly #put: Statement

  constructor(database: Database) {
    this.#database = database
    this.#put = database.prepare(`
      INSERT INTO outbox(output, finding, revision, event, at, body)
      SELECT id, '', 0, 'head', ?, ? FROM output WHERE heads = 1`)
  }

  /** After an entry was made. */
  entered(entry: AuditEntry): void {
    if (AT_ONCE.has(entry.action)) this.#send(entry, entry.at)
  }

  /** Puts the head of the last entry there, unless it is there already or one was put there less than `every` ago. */
  publish(at: Micros, every: Micros): void {
    const last = this.#database
      .prepare<[], Pick<AuditEntry, 'seq' | 'hash'>>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
      .get()
    if (last === undefined) return
    const put = JSON.parse(getMeta(this.#database, 'head_put') ?? '{"seq":0,"at":0}') as Put
    // A log that was cut off has a lower number than was told of it: that is to be told all the more.
    if (last.seq !== put.seq && (at - put.at >= every || at < put.at)) this.#send(last, at)
  }

  #send({ seq, hash }: Pick<AuditEntry, 'seq' | 'hash'>, at: Micros): void {
    const database = this.#database
    const isFull = database.prepare<[number], number>('SELECT count(*) >= ? FROM outbox').pluck()
    // A newer head proves what an older one does: where there is no room it takes the place of those that wait.
    if (isFull.get(OUTBOX_LIMIT) === 1) database.exec("DELETE FROM outbox WHERE event = 'head'")
    const body = JSON.stringify({ log: logName(database), seq, hash })
    if (this.#put.run(at, body).changes > 0) {
      setMeta(database, 'head_put', JSON.stringify({ seq, at } satisfies Put))
    }
  }
}

/** What the log is known by: the hash of its first entry, also where a purge took that out; '' before the first. */
export function logName(database: Database): string {
  return (
    getMeta(database, 'audit_log') ??
    database.prepare<[], string>('SELECT hash FROM audit WHERE seq = 1').pluck().get() ??
    ''
  )
}
