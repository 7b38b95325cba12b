import type { Database, Statement } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import type { GivenAnswer, GivenAnswers } from '../model/given-answers.ts'
import { guarded } from './failure.ts'
import { openForReading } from './open.ts'

type Asked = Readonly<Record<'client' | 'address', string> & Record<'day' | 'without', number>>

/**
 * What clients were told by DNS in the readings that are complete. Each question is a look-up by the key of the table,
 * some microseconds, so nothing of it is loaded before.
 */
export class StoredAnswers implements GivenAnswers {
  readonly #file: string
  readonly #any: Statement<[], number>
  readonly #around: Statement<[Asked], GivenAnswer>
  readonly #addresses: Statement<[Pick<Asked, 'day'>], string>
  /** The content that is being read: what it told itself, in an earlier reading, is left out. 0 for a new one. */
  without = 0

  constructor(file: string, database: Database) {
    this.#file = file
    this.#any = database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM answer)').pluck()
    this.#around = database.prepare(`
      SELECT indicator.key AS indicator, start, until FROM answer
      JOIN reading ON reading.id = answer.reading AND state = 'current' AND content IS NOT :without
      JOIN indicator ON indicator.id = answer.indicator
      WHERE day IN (:day - 1, :day, :day + 1) AND address = :address
        AND client = (SELECT id FROM identity WHERE kind = 'address' AND tag = unhex(:client))`)
    this.#addresses = database
      .prepare<[Pick<Asked, 'day'>], string>(
        'SELECT DISTINCT address FROM answer WHERE day IN (:day - 1, :day, :day + 1)',
      )
      .pluck()
  }

  addresses(day: Day): ReadonlySet<string> {
    return guarded(this.#file, () => new Set(this.#addresses.all({ day })))
  }

  isEmpty(): boolean {
    return guarded(this.#file, () => this.#any.get() === 0)
  }

  around(client: string, address: string, day: Day): GivenAnswer[] {
    return guarded(this.#file, () => this.#around.all({ client, address, day, without: this.without }))
  }
}

/** The same for a thread that looks by itself, beside whoever writes to the store; it stays open. */
export function openAnswers(file: string): StoredAnswers {
  return guarded(file, () => new StoredAnswers(file, openForReading(file)))
}
