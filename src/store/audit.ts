import type { Database, Statement } from 'better-sqlite3'
import { entryAfter, type NewEntry } from '../audit/entry.ts'
import type { AuditStart } from '../audit/verify.ts'
import type { AuditEntry } from '../model/audit.ts'
import { guarded } from './failure.ts'
import { getMeta, openForReviewing } from './open.ts'
import { recorded } from './recording.ts'
import { StoreReader } from './store-reader.ts'

/** Adds entries to the audit log, within the transaction that does what they tell. */
export class AuditWriter {
  readonly #last: Statement<[], Pick<AuditEntry, 'seq' | 'hash'>>
  readonly #put: Statement

  constructor(database: Database) {
    this.#last = database.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
    this.#put = database.prepare(`
      INSERT INTO audit(seq, at, author, action, details, previous, hash)
      VALUES (:seq, :at, :author, :action, :details, :previous, :hash)`)
  }

  add(entry: NewEntry): AuditEntry {
    const next = entryAfter(this.#last.get(), entry)
    this.#put.run(next)
    return next
  }
}

/** What is asked of an audit log. */
export interface AuditQuery {
  /** The last so many; undefined for all. */
  readonly last?: number | undefined
  readonly action?: string | undefined
}

/** The audit log of a store, for looking: also of a copy, and without the key. */
export class AuditLog extends StoreReader {
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

  /** What the log is known by: the hash of its first entry, also where a purge took that out. */
  name(): string {
    return guarded(
      this.file,
      () =>
        getMeta(this.database, 'audit_log') ??
        this.database.prepare<[], string>('SELECT hash FROM audit WHERE seq = 1').pluck().get() ??
        '',
    )
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
