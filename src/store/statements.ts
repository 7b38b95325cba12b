import { digestOf } from '../audit/entry.ts'
import type { FindingStatement } from '../model/retention.ts'
import { AuditWriter } from './audit.ts'
import { guarded } from './failure.ts'
import { noSuchFinding } from './findings.ts'
import { openForReviewing } from './open.ts'
import { checkedEntry, type Entry, recorded } from './recording.ts'
import { StoreReader } from './store-reader.ts'

/** Whoever was told of the finding is told what was said of it: with a message as for any change. */
const TELL = `
  INSERT INTO outbox(output, finding, revision, event, at, body)
  SELECT 0, id, revision, 'changed', ?, body FROM finding JOIN told ON told.finding = id
  WHERE id = ? AND withheld = 0 AND EXISTS (SELECT 1 FROM output)`

/** Where a correction is recorded, also while a run writes; it needs no key. What cannot be throws `usage`. */
export class StatementDesk extends StoreReader {
  static open(file: string): StatementDesk {
    return guarded(file, () => new StatementDesk(file, openForReviewing(file)))
  }

  /** Puts a statement beside a finding, named by its id or the beginning of it. */
  state(id: string, entry: Entry): FindingStatement {
    const { at, author, text } = checkedEntry(entry, false)
    return recorded(this.file, this.database, () => {
      const finding = this.finding(id)
      if (finding === undefined) throw noSuchFinding(id, this.file)
      const { revision } = finding
      const row = this.database
        .prepare(`INSERT INTO statement(finding, subject, at, author, text, revision)
          SELECT id, subject, ?, ?, ?, revision FROM finding WHERE id = ?`)
        .run(at, author, text, finding.id)
      const seq = Number(row.lastInsertRowid)
      const details = { statement: seq, digest: digestOf([finding.id, text]) }
      new AuditWriter(this.database).add({ at, author, action: 'correct', details })
      this.database.prepare(TELL).run(at, finding.id)
      return { seq, finding: finding.id, at, author, text, revision }
    })
  }
}
