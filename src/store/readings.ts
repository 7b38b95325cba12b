import type { Database, Statement } from 'better-sqlite3'
import type { Content, NewReading, StoredReading } from '../model/reading.ts'
import type { DaySpan } from './facts.ts'

/** A content that the store holds the facts of. */
export interface KnownContent {
  readonly id: number
  /** Undefined where it was read with `--no-hash`, or its hash is not ready. */
  readonly sha256: string | undefined
  /** Of its current reading. */
  readonly settings: string
  readonly input: string
  /** What was read has grown since: this is its beginning. */
  readonly outgrown: boolean
}

/** A reading with the days that its facts lie on. */
export interface ReadingRow {
  readonly id: number
  readonly input: string
  readonly settings: string
  readonly source: 'file' | 'stream'
  readonly span: DaySpan | undefined
}

interface Row {
  readonly id: number
  readonly content: number | null
  readonly settings: string
  readonly input: string
  readonly kind: 'capture' | 'log'
  readonly format: string
  readonly source: 'file' | 'stream'
  readonly state: 'pending' | 'current'
  readonly file_sha256: string | null
  readonly first_day: number | null
  readonly last_day: number | null
  readonly length: number | null
  readonly sample: string | null
  readonly sha256: string | null
  readonly whole: number | null
  readonly lines: number | null
}

const SELECT = `
  SELECT reading.*, content.length, content.sample, content.sha256, extent.whole, extent.lines
  FROM reading LEFT JOIN content ON content.id = reading.content LEFT JOIN extent ON extent.content = content.id`

/** The ledger: which contents were read, from where and with which settings. */
export class Readings {
  readonly #insert: Statement
  readonly #widen: Statement
  readonly #remove: Statement
  readonly #makeCurrent: Statement
  readonly #insertContent: Statement
  readonly #forgetFileSha256: Statement
  readonly #setSha256: Statement
  readonly #knowsLength: Statement
  readonly #byContent: Statement<unknown[], Row>
  readonly #byOutgrown: Statement<unknown[], Row>
  readonly #withContent: Statement<unknown[], Row>
  readonly #pending: Statement<unknown[], Row>
  readonly #all: Statement<unknown[], Row>

  constructor(database: Database) {
    this.#insert = database.prepare(`
      INSERT INTO reading(settings, input, kind, format, source, state) VALUES (?, ?, ?, ?, ?, 'pending')`)
    this.#widen = database.prepare(`
      UPDATE reading SET first_day = min(ifnull(first_day, :first), :first), last_day = max(ifnull(last_day, :last), :last)
      WHERE id = :id`)
    this.#remove = database.prepare('DELETE FROM reading WHERE id = ?')
    this.#makeCurrent = database.prepare(
      `UPDATE reading SET state = 'current', content = ?, file_sha256 = ? WHERE id = ?`,
    )
    this.#forgetFileSha256 = database.prepare('UPDATE reading SET file_sha256 = NULL WHERE id = ?')
    this.#insertContent = database.prepare('INSERT INTO content(length, sample, sha256) VALUES (?, ?, ?)')
    this.#setSha256 = database.prepare('UPDATE content SET sha256 = :sha256 WHERE id = :content AND sha256 IS NULL')
    this.#knowsLength = database.prepare(`
      SELECT 1 FROM content WHERE length = :length UNION ALL SELECT 1 FROM outgrown WHERE length = :length LIMIT 1`)
    this.#byContent = database.prepare(`${SELECT} WHERE content.length = ? AND content.sample = ? ORDER BY content.id`)
    this.#withContent = database.prepare(`${SELECT} WHERE content.id = ?`)
    this.#byOutgrown = database.prepare(`
      SELECT reading.*, outgrown.length, outgrown.sample, outgrown.sha256, NULL AS whole, NULL AS lines
      FROM outgrown JOIN reading ON reading.content = outgrown.content
      WHERE outgrown.length = ? AND outgrown.sample = ? ORDER BY outgrown.content`)
    this.#pending = database.prepare(`${SELECT} WHERE reading.state = 'pending' ORDER BY reading.id`)
    this.#all = database.prepare(`${SELECT} ORDER BY input, length, sample, sha256, settings, reading.id`)
  }

  begin(reading: NewReading): number {
    const { settings, input, kind, format, source } = reading
    return Number(this.#insert.run(settings, input, kind, format, source).lastInsertRowid)
  }

  /** Enters that facts of the reading lie on these days. */
  widen(id: number, span: DaySpan): void {
    this.#widen.run({ id, ...span })
  }

  remove(id: number): void {
    this.#remove.run(id)
  }

  makeCurrent(id: number, content: number | undefined, fileSha256: string | undefined): void {
    this.#makeCurrent.run(content ?? null, fileSha256 ?? null, id)
  }

  addContent(content: Content): number {
    return Number(this.#insertContent.run(content.length, content.sample, content.sha256 ?? null).lastInsertRowid)
  }

  /** Enters a hash where there was none. */
  setSha256(content: number, sha256: string): void {
    this.#setSha256.run({ content, sha256 })
  }

  knowsLength(length: number): boolean {
    return this.#knowsLength.get({ length }) !== undefined
  }

  withSample(length: number, sample: string): KnownContent[] {
    const known = (statement: Statement<unknown[], Row>, outgrown: boolean) =>
      statement.all(length, sample).map(({ content, sha256, settings, input }) => {
        return { id: content!, sha256: sha256 ?? undefined, settings, input, outgrown }
      })
    return [...known(this.#byContent, false), ...known(this.#byOutgrown, true)]
  }

  /** Enters that a reading now holds more than the file that was hashed. */
  forgetFileSha256(id: number): void {
    this.#forgetFileSha256.run(id)
  }

  /**
   * The current reading of this content. SHA-256 decides where both have one; where one of them has none, length and
   * sample do.
   */
  ofContent(content: Content): (ReadingRow & { readonly content: number }) | undefined {
    const rows = this.#byContent.all(content.length, content.sample)
    const same =
      rows.find((row) => row.sha256 !== null && row.sha256 === content.sha256) ??
      rows.find((row) => row.sha256 === null || content.sha256 === undefined)
    return same && { ...readingRow(same), content: same.content! }
  }

  /** The current reading of a content by its id. */
  withContent(content: number): (ReadingRow & { readonly content: number }) | undefined {
    const row = this.#withContent.get(content)
    return row && { ...readingRow(row), content }
  }

  pending(): ReadingRow[] {
    return this.#pending.all().map(readingRow)
  }

  /** All of them by input, then content: in the same order on every machine. */
  list(): StoredReading[] {
    return this.#all.all().map((row) => ({
      id: row.id,
      input: row.input,
      kind: row.kind,
      format: row.format,
      source: row.source,
      settings: row.settings,
      state: row.state,
      content:
        row.length === null || row.sample === null
          ? undefined
          : { length: row.length, sample: row.sample, sha256: row.sha256 ?? undefined },
      fileSha256: row.file_sha256 ?? undefined,
      end: row.whole === null || row.lines === null ? undefined : { at: row.whole, lines: row.lines },
      firstDay: row.first_day ?? undefined,
      lastDay: row.last_day ?? undefined,
    }))
  }
}

/** Whether judgement and reports see the facts of a reading. */
export function counts(reading: Pick<StoredReading, 'state' | 'source'>): boolean {
  return reading.state === 'current' || reading.source === 'stream'
}

function readingRow(row: Row): ReadingRow {
  const { id, input, settings, source, first_day: first, last_day: last } = row
  return { id, input, settings, source, span: first === null || last === null ? undefined : { first, last } }
}
