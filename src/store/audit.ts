import type { Database, Statement } from 'better-sqlite3'
import { deedOf, type FindingTrace } from '../audit/concerns.ts'
import { entryAfter, type NewEntry } from '../audit/entry.ts'
import type { AuditStart } from '../audit/verify.ts'
import { randomSalt } from '../base/authenticated.ts'
import type { AuditEntry } from '../model/audit.ts'
import type { Finding } from '../model/finding.ts'
import { guarded } from './failure.ts'
import { openForReading, openForReviewing } from './open.ts'
import { HeadWriter, logName } from './outbox-heads.ts'
import { recorded } from './recording.ts'
import { StoreReader } from './store-reader.ts'
import { type IdentityRow, subjectOf } from './subject.ts'

/**
 * Adds entries to the audit log, within the transaction that does what they tell, which also puts the head of one that
 * reveals or destroys into the outbox.
 */
export class AuditWriter {
  readonly #last: Statement<[], Pick<AuditEntry, 'seq' | 'hash'>>
  readonly #put: Statement
  readonly #heads: HeadWriter

  constructor(database: Database) {
    this.#last = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
    this.#put = database.prepare(`
      INSERT INTO audit(seq, at, author, action, details, salt, previous, hash)
      VALUES (:seq, :at, :author, :action, :details, :salt, :previous, :hash)`)
    this.#heads = new HeadWriter(database)
  }

  add(entry: NewEntry): AuditEntry {
    const next = entryAfter(this.#last.get(), entry, randomSalt())
    this.#put.run(next)
    this.#heads.entered(next)
    return next
  }
}

/** Entries that are in memory at a time. */
const TOGETHER = 10_000

/** What is asked of an audit log. */
export interface AuditQuery {
  /** The last so many; undefined for all. */
  readonly last?: number | undefined
  readonly action?: string | undefined
}

/** The audit log of a store, for looking: also of a copy, and without the key. */
export class AuditLog extends StoreReader {
  static openReadOnly(file: string): AuditLog {
    return guarded(file, () => new AuditLog(file, openForReading(file)))
  }

  /** The oldest first. */
  entries({ last, action }: AuditQuery = {}): AuditEntry[] {
    return guarded(this.file, () =>
      this.database
        .prepare<[object], AuditEntry>(`
          SELECT * FROM (SELECT * FROM audit WHERE :action IS NULL OR action = :action ORDER BY seq DESC LIMIT :last)
          ORDER BY seq`)
        .all({ action: action ?? null, last: last ?? -1 }),
    )
  }

  /** From a number on, one at a time. */
  *each(from: number): Generator<AuditEntry, void, undefined> {
    let next = from
    for (;;) {
      const some = guarded(this.file, () =>
        this.database
          .prepare<[number], AuditEntry>(`SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT ${TOGETHER}`)
          .all(next),
      )
      yield* some
      if (some.length < TOGETHER) return
      next = some.at(-1)!.seq + 1
    }
  }

  /** What tells the entries that concern a finding. */
  traceOf({ id, client, app, day, policy }: Finding): FindingTrace {
    const ids = new Set([id, ...this.succeeds(id)])
    const judged = [...ids].flatMap((one) => this.history(one).map(({ at }) => at))
    const suppressed = this.suppressions(0).filter(({ finding, app: of, client: whose }) =>
      finding === '' ? of === app && (whose === '' || whose === client) : ids.has(finding),
    )
    const deeds = [
      ...judged.map((at) => deedOf('judge', at)),
      ...this.reviews(id).map(({ at }) => deedOf('review', at)),
      ...this.statements(id).map(({ at }) => deedOf('correct', at)),
      ...suppressed.map(({ at }) => deedOf('suppress', at)),
      ...suppressed.flatMap(({ lifted }) => (lifted === undefined ? [] : [deedOf('suppress-lift', lifted.at)])),
    ]
    const subject = guarded(this.file, () => {
      const row = this.database
        .prepare<[string], Pick<IdentityRow, 'kind' | 'tag'>>(
          'SELECT kind, tag FROM finding JOIN identity ON identity.id = finding.subject WHERE finding.id = ?',
        )
        .get(id)
      return row === undefined ? '' : subjectOf(row)
    })
    return { ...{ id, subject, app, day, policy, deeds: new Set(deeds) }, since: Math.min(...judged) }
  }

  /** What the log is known by: the hash of its first entry, also where a purge took that out. */
  name(): string {
    return guarded(this.file, () => logName(this.database))
  }

  /** The last number that was given to an entry, also where the entry is gone; 0 before the first. */
  lastGiven(): number {
    return guarded(
      this.file,
      () =>
        this.database.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").pluck().get() ?? 0,
    )
  }

  /** What purges wrote down of the last entry that they took out of the log. */
  starts(): AuditStart[] {
    return this.entries({ action: 'purge' }).flatMap(({ details }) => {
      const { auditUpTo: seq, auditHash: hash } = JSON.parse(details) as Record<string, unknown>
      return typeof seq === 'number' && typeof hash === 'string' ? [{ seq, hash }] : []
    })
  }
}

/**
 * Where what changes nothing in the store is entered, also while a run writes; it needs no key. Where a run commits for too
 * long nothing is entered, and `store_unusable` says so: what is to be entered before it is done waits.
 */
export class AuditDesk extends AuditLog {
  static open(file: string): AuditDesk {
    return guarded(file, () => new AuditDesk(file, openForReviewing(file)))
  }

  enter(entry: NewEntry): AuditEntry {
    return recorded(this.file, this.database, () => new AuditWriter(this.database).add(entry))
  }
}
