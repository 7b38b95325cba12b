import type { Database, Statement } from 'better-sqlite3'
import type { Content, Extent, LogEnd } from '../model/reading.ts'

/** What a log may go on from: a content that was read, and up to where. */
export interface Grown {
  readonly content: number
  readonly reading: number
  /** Bytes, unpacked. */
  readonly length: number
  readonly sample: string
  /** From where it can be read on; undefined where it must be read from its beginning. */
  readonly end: LogEnd | undefined
  readonly kind: 'capture' | 'log'
  readonly format: string
  /** Of its reading. */
  readonly settings: string
  readonly input: string
  /** It holds more than a header, which many files have alike. */
  readonly saysSomething: boolean
}

/** A file as it was when its content became known. */
export interface SeenFile {
  /** Its device, number, size and times, as whoever entered it wrote them. */
  readonly stat: string
  /** Of the bytes as they lie there, packed or not. */
  readonly sample: string
  readonly settings: string
  readonly input: string
  readonly format: string
}

/** A file whose content is known. */
export interface NewSeenFile extends Pick<SeenFile, 'stat' | 'sample'> {
  readonly path: string
  readonly content: Pick<Content, 'length' | 'sample'>
}

/** Bytes that `Extent.head` is of. */
export const HEAD_SIZE = 512

/** Lengths of a log that are remembered: the latest. */
const OUTGROWN_LIMIT = 1000

interface GrownRow extends Omit<Grown, 'end' | 'saysSomething'> {
  readonly says: 0 | 1
  readonly whole: number | null
  readonly lines: number | null
}

/** The tables that recognise a content which has grown, and a file that has not changed. */
export class Growth {
  readonly #lengths: Statement<unknown[], number>
  readonly #withHead: Statement<unknown[], GrownRow>
  readonly #setExtent: Statement
  readonly #forgetEnd: Statement
  readonly #outgrow: Statement
  readonly #trim: Statement
  readonly #grow: Statement
  readonly #seen: Statement<unknown[], SeenFile>
  readonly #see: Statement

  constructor(database: Database) {
    this.#lengths = database
      .prepare<unknown[], number>(`SELECT DISTINCT length FROM content WHERE length < ${HEAD_SIZE}`)
      .pluck()
    const grown = `
      SELECT content.id AS content, reading.id AS reading, length, sample, whole, lines, kind, format, settings, input,
        EXISTS (SELECT 1 FROM coverage WHERE reading = reading.id AND reason IN ('packets', 'records')) AS says
      FROM extent JOIN content ON content.id = extent.content JOIN reading ON reading.content = content.id`
    this.#withHead = database.prepare(`${grown} WHERE head = ? AND length < ? ORDER BY length DESC, content.id`)
    this.#setExtent = database.prepare('INSERT OR REPLACE INTO extent VALUES (?, ?, ?, ?)')
    this.#forgetEnd = database.prepare('UPDATE extent SET whole = NULL, lines = NULL WHERE content = ?')
    this.#outgrow = database.prepare(
      'INSERT OR IGNORE INTO outgrown SELECT length, sample, id, sha256 FROM content WHERE id = ?',
    )
    this.#trim = database.prepare(`
      DELETE FROM outgrown WHERE content = :content AND length <= (
        SELECT length FROM outgrown WHERE content = :content ORDER BY length DESC LIMIT 1 OFFSET ${OUTGROWN_LIMIT})`)
    this.#grow = database.prepare('UPDATE content SET length = ?, sample = ?, sha256 = ? WHERE id = ?')
    this.#seen = database.prepare(`
      SELECT stat, sample, settings, input, format FROM seen_file JOIN reading ON reading.content = seen_file.content
      WHERE path = ?`)
    this.#see = database.prepare(`
      INSERT OR REPLACE INTO seen_file SELECT :path, :stat, :file, id FROM (
        SELECT id FROM content WHERE length = :length AND sample = :sample
        UNION ALL SELECT content FROM outgrown WHERE length = :length AND sample = :sample LIMIT 1)`)
  }

  /** The numbers of bytes, up to 512, whose hash may be the head of a known content that is shorter than this. */
  headSizes(length: number): readonly number[] {
    const short = this.#lengths.all().filter((one) => one > 0 && one < length)
    return length > HEAD_SIZE ? [...short, HEAD_SIZE] : short
  }

  /** The known contents, shorter than `length`, that have this head: the longest first. */
  withHead(head: string, length: number): Grown[] {
    return this.#withHead.all(head, length).map(grownOf)
  }

  setExtent(content: number, { head, end }: Extent): void {
    this.#setExtent.run(content, head, end?.at ?? null, end?.lines ?? null)
  }

  /** Enters that a content must be read from its beginning when it has grown. */
  forgetEnd(content: number): void {
    this.#forgetEnd.run(content)
  }

  /** Makes a content what it has grown to; what it was stays known. */
  grow(id: number, { length, sample, sha256 }: Content): void {
    this.#outgrow.run(id)
    this.#trim.run({ content: id })
    this.#grow.run(length, sample, sha256 ?? null, id)
  }

  seenFile(path: string): SeenFile | undefined {
    return this.#seen.get(path)
  }

  see({ path, stat, sample, content }: NewSeenFile): void {
    this.#see.run({ path, stat, file: sample, length: content.length, sample: content.sample })
  }
}

function grownOf({ whole, lines, says, ...row }: GrownRow): Grown {
  return { ...row, saysSomething: says === 1, end: whole === null || lines === null ? undefined : { at: whole, lines } }
}
