import type { Database, Statement } from 'better-sqlite3'
import type { Micros } from '../base/time.ts'
import type { FindingChange, FindingRevision, Said } from '../model/revision.ts'
import { changesBetween, type SaidFinding } from './changes.ts'

/** Revisions kept of one finding: the oldest give way. */
const REVISIONS_KEPT = 50

type ChangeRow = readonly [verdict: string, of: string, from: Said, to: Said]

/** Reads what became of findings, also of those that are gone. */
export class HistoryReader {
  readonly #byFinding: Statement<[string], Omit<FindingRevision, 'changes'> & { readonly changes: string }>
  readonly #byPrefix: Statement<[{ prefix: string }], string>

  constructor(database: Database) {
    this.#byFinding = database.prepare(
      'SELECT revision, at, event, changes, more FROM finding_revision WHERE finding = ? ORDER BY revision',
    )
    this.#byPrefix = database
      .prepare<[{ prefix: string }], string>(`
        SELECT DISTINCT finding FROM finding_revision WHERE finding >= :prefix AND finding < :prefix || 'g'
        ORDER BY finding LIMIT 2`)
      .pluck()
  }

  /** The oldest first. */
  of(finding: string): FindingRevision[] {
    return this.#byFinding.all(finding).map((row) => ({
      ...row,
      changes: (JSON.parse(row.changes) as ChangeRow[]).map(
        ([verdict, of, from, to]): FindingChange => ({ verdict, of, from, to }),
      ),
    }))
  }

  /** The one id that begins so among findings that are or were there; undefined where none or several do. */
  idOf(prefix: string): string | undefined {
    const ids = this.#byPrefix.all({ prefix })
    return ids.length === 1 || ids[0] === prefix ? ids[0] : undefined
  }
}

/** Keeps of each revision of a finding what changed, within the transaction that changes it. */
export class HistoryWriter {
  readonly #last: Statement<[string], number>
  readonly #put: Statement
  readonly #trim: Statement

  constructor(database: Database) {
    this.#last = database
      .prepare<[string], number>('SELECT ifnull(max(revision), 0) FROM finding_revision WHERE finding = ?')
      .pluck()
    this.#put = database.prepare('INSERT INTO finding_revision VALUES (?, ?, ?, ?, ?, ?)')
    this.#trim = database.prepare(`
      DELETE FROM finding_revision WHERE finding = :finding AND revision <= (
        SELECT revision FROM finding_revision WHERE finding = :finding ORDER BY revision DESC LIMIT 1 OFFSET :kept)`)
  }

  /** A finding that was not there; gives its revision: one that was there before goes on from the one it had. */
  found(finding: string, at: Micros): number {
    const revision = this.#last.get(finding)! + 1
    this.#add(finding, revision, at, 'found')
    return revision
  }

  /**
   * A finding that says something else. Nothing is kept where only the policy it was judged under is another; gives
   * whether something is.
   */
  changed(before: SaidFinding, after: SaidFinding, revision: number, at: Micros): boolean {
    const { changes, more } = changesBetween(before, after)
    if (changes.length > 0) this.#add(after.id, revision, at, 'changed', changes, more)
    return changes.length > 0
  }

  gone(finding: string, revision: number, at: Micros): void {
    this.#add(finding, revision, at, 'gone')
  }

  #add(
    finding: string,
    revision: number,
    at: Micros,
    event: FindingRevision['event'],
    changes: readonly FindingChange[] = [],
    more = 0,
  ): void {
    const rows = changes.map(({ verdict, of, from, to }): ChangeRow => [verdict, of, from, to])
    this.#put.run(finding, revision, at, event, JSON.stringify(rows), more)
    if (revision > REVISIONS_KEPT) this.#trim.run({ finding, kept: REVISIONS_KEPT })
  }
}
