import type { Database, Statement } from 'better-sqlite3'
import { type Day, MICROS_PER_QUARTER, QUARTERS_PER_DAY, type Quarter } from '../base/time.ts'
import type { Evidence } from '../model/finding.ts'
import { MEANS } from '../model/observation.ts'

/** Whose a sighting was, by local ids, and in which minutes. */
export interface SeenAt {
  readonly day: Day
  readonly quarter: Quarter
  readonly client: number
  readonly reading: number
  readonly mask: number
}

/**
 * Finds the sighting that a verdict cites by its place in its input: of those by an address alone, and of clients that captures show
 * tunnels of. Each day's are listed once, in a table of this connection, since no index of the store has places.
 */
export class SightingsByPlace {
  readonly #database: Database
  readonly #listed = new Set<Day>()
  #find: Statement<[object], Pick<SeenAt, 'client' | 'reading' | 'mask'>> | undefined

  constructor(database: Database) {
    this.#database = database
  }

  find({ indicator, input, means, first, firstAt }: Evidence): SeenAt[] {
    const quarter = Math.floor(first / MICROS_PER_QUARTER)
    const [day, slot] = [Math.floor(quarter / QUARTERS_PER_DAY), quarter % QUARTERS_PER_DAY]
    this.#list(day)
    const rows = this.#find!.all({ day, slot, indicator, input, means: MEANS.indexOf(means), position: firstAt })
    return rows.map((row) => ({ day, quarter, ...row }))
  }

  #list(day: Day): void {
    if (this.#find === undefined) {
      this.#database.exec(`
        DROP TABLE IF EXISTS temp.seen_at;
        CREATE TEMP TABLE seen_at(position, day, slot, trait, reading, client, mask);
        CREATE INDEX temp.seen_at_position ON seen_at(position, day)`)
      this.#find = this.#database.prepare(`
        SELECT client, reading, mask FROM temp.seen_at
        WHERE position = :position AND day = :day AND slot = :slot AND (trait >> 2) & 31 = :means
          AND (SELECT key FROM indicator WHERE indicator.id = trait / 128) = :indicator
          AND (SELECT input FROM reading WHERE reading.id = reading) = :input`)
    }
    if (this.#listed.has(day)) return
    this.#listed.add(day)
    this.#database
      .prepare(`
        INSERT INTO temp.seen_at
        SELECT first_at, day, slot, trait, reading, party.client, mask FROM sighting JOIN party ON party.id = sighting.party
        WHERE day = :day AND ((trait >> 2) & 31 = ${MEANS.indexOf('address')}
          OR party.client IN (SELECT client FROM mark WHERE day BETWEEN :day - 1 AND :day + 1))`)
      .run({ day })
  }
}
