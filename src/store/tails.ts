import type { Database, Statement } from 'better-sqlite3'
import type { Day } from '../base/time.ts'

/** Tables of facts that a log's last line can be in. */
export type FactTable = 'sighting' | 'session_mark' | 'answer' | 'coverage'

/** Told of every row of a reading that is about to be written, by its key. */
export type KeepRow = (table: FactTable, key: readonly (string | number)[]) => void

/** Keys as they are told. Of an answer the quarter-hour stands for its start, which moves when others are merged into it. */
const KEYS: Readonly<Record<FactTable, readonly string[]>> = {
  sighting: ['day', 'party', 'trait', 'slot', 'reading'],
  session_mark: [
    ...['day', 'inner', 'kind', 'at', 'event', 'outer', 'user', 'device', 'since', 'until', 'gateway', 'protocol'],
    'reading',
  ],
  answer: ['day', 'client', 'address', 'start - start % 900000000', 'indicator', 'reading'],
  coverage: ['reading', 'reason'],
}

const VALUES: Readonly<Record<FactTable, readonly string[]>> = {
  sighting: [...KEYS.sighting, 'mask', 'count', 'up', 'down', 'first', 'last', 'first_at', 'last_at'],
  session_mark: [...KEYS.session_mark, 'position'],
  answer: ['day', 'client', 'address', 'start', 'indicator', 'reading', 'until'],
  coverage: ['reading', 'reason', 'count'],
}

interface TailRow {
  readonly fact: FactTable
  readonly key: string
  readonly before: string | null
}

/** What the last line of a log, which has no end yet, said: the days of it, and who was seen. */
export interface TailFacts {
  readonly first: Day
  readonly last: Day
  readonly parties: readonly { readonly day: Day; readonly party: number }[]
}

/**
 * What the facts of a reading were before the last line of its log, which had no end, was merged into them: so that it
 * can be taken back when the line goes on.
 */
export class Tails {
  readonly #keep: Readonly<Record<FactTable, Statement>>
  readonly #delete: Readonly<Record<FactTable, Statement>>
  readonly #restore: Readonly<Record<FactTable, Statement>>
  readonly #of: Statement<unknown[], TailRow>
  readonly #forget: Statement

  constructor(database: Database) {
    const each = (sql: (table: FactTable) => string) =>
      Object.fromEntries(
        (Object.keys(KEYS) as FactTable[]).map((table) => [table, database.prepare(sql(table))]),
      ) as Record<FactTable, Statement>
    const isRow = (table: FactTable) => KEYS[table].map((column, i) => `${column} = :k${i}`).join(' AND ')
    this.#keep = each(
      (table) => `
        INSERT OR IGNORE INTO tail SELECT :of, '${table}', json_array(${KEYS[table].map((_, i) => `:k${i}`).join(', ')}),
          (SELECT json_array(${VALUES[table].join(', ')}) FROM ${table} WHERE ${isRow(table)})`,
    )
    this.#delete = each((table) => `DELETE FROM ${table} WHERE ${isRow(table)}`)
    this.#restore = each((table) => {
      const columns = VALUES[table]
      return `INSERT INTO ${table}(${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    })
    this.#of = database.prepare<unknown[], TailRow>('SELECT fact, key, before FROM tail WHERE reading = ?')
    this.#forget = database.prepare('DELETE FROM tail WHERE reading = ?')
  }

  /** Remembers rows of this reading as they are, each before it is written to. */
  keeping(reading: number): KeepRow {
    return (table, key) => this.#keep[table].run({ of: reading, ...byPlace(key) })
  }

  /** What the last line said; undefined where it said nothing of a day. */
  of(reading: number): TailFacts | undefined {
    const parties: { day: Day; party: number }[] = []
    const days: Day[] = []
    for (const { fact, key } of this.#of.all(reading)) {
      if (fact === 'coverage') continue
      const [day, party] = JSON.parse(key) as [number, number]
      days.push(day)
      if (fact === 'sighting') parties.push({ day, party })
    }
    return days.length === 0 ? undefined : { first: Math.min(...days), last: Math.max(...days), parties }
  }

  /** Makes the facts of the reading what they were before the last line. */
  takeBack(reading: number): void {
    for (const { fact, key, before } of this.#of.all(reading)) {
      this.#delete[fact].run(byPlace(JSON.parse(key)))
      if (before !== null) this.#restore[fact].run(...JSON.parse(before))
    }
    this.forget(reading)
  }

  /** The last line stays for good, or the reading goes. */
  forget(reading: number): void {
    this.#forget.run(reading)
  }
}

/** As parameters; a number is bound as a large one, since the driver binds others as fractions, which JSON would round. */
function byPlace(key: readonly (string | number)[]): Record<string, string | bigint> {
  return Object.fromEntries(key.map((value, i) => [`k${i}`, typeof value === 'number' ? BigInt(value) : value]))
}
