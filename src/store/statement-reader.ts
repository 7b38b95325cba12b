import type { Database, Statement } from 'better-sqlite3'
import type { FindingStatement } from '../model/retention.ts'

/** Reads the statements that stand beside findings. */
export class StatementReader {
  readonly #of: Statement<[string], FindingStatement>
  readonly #any: Statement<[], number>

  constructor(database: Database) {
    this.#any = database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM statement)').pluck()
    this.#of = database.prepare(
      'SELECT seq, finding, at, author, text, revision FROM statement WHERE finding = ? ORDER BY seq',
    )
  }

  /** Whether there is one at all. */
  any(): boolean {
    return this.#any.get() === 1
  }

  /** Of all of these findings, the oldest first. */
  of(findings: readonly string[]): FindingStatement[] {
    return findings.flatMap((id) => this.#of.all(id)).sort((a, b) => a.seq - b.seq)
  }
}
