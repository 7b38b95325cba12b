import type { Database, Statement } from 'better-sqlite3'
import { type Day, dayOf, type Micros } from '../base/time.ts'
import type { NoticeEvent } from '../model/notice.ts'
import type { FindingHead, Standing } from '../model/review.ts'
import type { SaidFinding } from './changes.ts'
import { headOf } from './findings.ts'
import { NewFindings } from './new-findings.ts'
import { OUTBOX_LIMIT } from './outbox-limit.ts'
import { ReviewReader } from './reviews.ts'

/** A finding of a day longer ago than this, in days, is old when it is judged: more than so many at once are summed up. */
export const OLD_DAYS = 7
export const OLD_LIMIT = 20

/** Recent findings that one judgement tells one by one. */
export const RECENT_LIMIT = 10_000

interface ToldRow {
  readonly id: string
  readonly revision: number
  readonly body: string
}

/**
 * Puts what a judgement changed into the outbox, within the transaction that changes it. Without receivers it does
 * nothing. What is told is what the policy minds (severity low or more) and nobody has suppressed.
 */
export class OutboxWriter {
  readonly #counts: Statement<[], { readonly outputs: number; readonly waiting: number }>
  readonly #told: Statement<[string], number>
  readonly #tell: Statement
  readonly #forget: Statement
  readonly #put: Statement
  readonly #drop: Statement
  readonly #hidden: Statement<[string, string], ToldRow>
  readonly #withheld: Statement<[], ToldRow>
  readonly #reviews: ReviewReader
  #active = false
  #full = false
  #at: Micros = 0
  #leftOut = 0
  #oldest: Day = 0
  #old = new NewFindings('old', 0)
  #recent = new NewFindings('many', 0)
  #standingOf: (head: FindingHead) => Standing = () => {
    throw new Error('begin() comes first')
  }

  constructor(database: Database) {
    this.#reviews = new ReviewReader(database)
    this.#counts = database.prepare(
      'SELECT (SELECT count(*) FROM output) AS outputs, (SELECT count(*) FROM outbox) AS waiting',
    )
    this.#told = database.prepare<[string], number>('SELECT withheld FROM told WHERE finding = ?').pluck()
    this.#tell = database.prepare(
      'INSERT INTO told VALUES (?, ?) ON CONFLICT(finding) DO UPDATE SET withheld = excluded.withheld',
    )
    this.#forget = database.prepare('DELETE FROM told WHERE finding = ?')
    this.#put = database.prepare(
      'INSERT INTO outbox(output, finding, revision, event, at, body) VALUES (0, ?, ?, ?, ?, ?)',
    )
    this.#drop = database.prepare('DELETE FROM outbox WHERE seq = ?')
    this.#hidden = database.prepare(`
      SELECT id, revision, body FROM finding JOIN told ON told.finding = id
      WHERE withheld = 0 AND (app IN (SELECT value FROM json_each(?)) OR id IN (SELECT value FROM json_each(?))
        OR id IN (SELECT finding FROM succession))
      ORDER BY day, id`)
    this.#withheld = database.prepare(`
      SELECT id, revision, body FROM told JOIN finding ON id = told.finding WHERE withheld = 1 ORDER BY day, id`)
  }

  /** Before the first finding of a judgement. */
  begin(at: Micros): void {
    const { outputs, waiting } = this.#counts.get()!
    this.#active = outputs > 0
    if (!this.#active) return
    const today = dayOf(at)
    this.#at = at
    this.#full = waiting >= OUTBOX_LIMIT
    this.#leftOut = 0
    this.#oldest = today - OLD_DAYS
    this.#old = new NewFindings('old', this.#full ? 0 : OLD_LIMIT)
    this.#recent = new NewFindings(this.#full ? 'full' : 'many', this.#full ? 0 : RECENT_LIMIT)
    this.#standingOf = this.#reviews.standings(today)
  }

  /** A finding that is there and says something else than before, or was not there. */
  judged(said: SaidFinding, revision: number): void {
    if (this.#active) this.#tellOf(said, revision, true)
  }

  /** A finding that is no longer there, as it last was. */
  gone(said: SaidFinding, revision: number): void {
    if (this.#active) this.#takeBack(said, revision)
  }

  /**
   * Takes back what was told and has been suppressed since, and tells what no longer is: suppressions come and end
   * between judgements. Between `begin` and `end`.
   */
  reconsider(): void {
    if (!this.#active) return
    const inForce = this.#reviews.suppressions(dayOf(this.#at)).filter(({ lifted }) => lifted === undefined)
    const rows = this.#withheld.all()
    if (inForce.length > 0) {
      const [ids, apps] = [inForce.map(({ finding }) => finding), inForce.map(({ app }) => app)]
      rows.push(...this.#hidden.all(JSON.stringify(apps), JSON.stringify(ids)))
    }
    for (const { revision, body } of rows) this.#tellOf(JSON.parse(body) as SaidFinding, revision, false)
  }

  /** After the last finding: sums up what was too much to be told one by one. */
  end(): void {
    if (!this.#active) return
    for (const { summary } of [this.#old, this.#recent]) {
      if (summary !== undefined) this.#put.run('', 0, 'summary', this.#at, JSON.stringify({ ...summary, changes: 0 }))
    }
    if (this.#leftOut === 0) return
    const summary = { ...new NewFindings('full', 0).counted, changes: this.#leftOut }
    this.#put.run('', 0, 'summary', this.#at, JSON.stringify(summary))
  }

  #tellOf(said: SaidFinding, revision: number, isNews: boolean): void {
    const { severity } = said.verdicts[0]!
    if (severity.value === 'none') {
      this.#takeBack(said, revision)
      return
    }
    const told = this.#told.get(said.id)
    if (this.#standingOf(headOf({ ...said, revision })).value === 'suppressed') {
      if (told === 0) this.#send('suppressed', said, revision)
      this.#tell.run(said.id, 1)
    } else if (told !== 0) this.#tellNew(said, revision)
    else if (isNews) this.#send('changed', said, revision)
  }

  #takeBack(said: SaidFinding, revision: number): void {
    if (this.#told.get(said.id) === 0) this.#send('gone', said, revision)
    this.#forget.run(said.id)
  }

  #tellNew(said: SaidFinding, revision: number): void {
    const several = said.day < this.#oldest ? this.#old : this.#recent
    const undone = several.add(said)
    for (const { seq, id } of undone) {
      this.#drop.run(seq)
      this.#forget.run(id)
    }
    if (several.summary !== undefined) this.#forget.run(said.id)
    else {
      several.told(this.#send('found', said, revision), said.id)
      this.#tell.run(said.id, 0)
    }
  }

  /** The number of the message. */
  #send(event: NoticeEvent, said: SaidFinding, revision: number): number {
    if (this.#full) {
      this.#leftOut++
      return 0
    }
    return Number(this.#put.run(said.id, revision, event, this.#at, JSON.stringify(said)).lastInsertRowid)
  }
}
