import { createHash } from 'node:crypto'
import type { Database, Statement } from 'better-sqlite3'
import { type Day, dayOf, QUARTERS_PER_DAY } from '../base/time.ts'
import type { Batch } from '../model/batch.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import type { Client } from '../model/sighting.ts'
import { getMeta } from './open.ts'

/**
 * What a pseudonym is known by once its holder was erased: a hash, since the pseudonym itself must be gone from the file.
 */
export function keptOutMark(subject: string): string {
  return createHash('sha256')
    .update(`offchannel kept out ${subject.replace('-', ' ')}`)
    .digest('hex')
}

/** The first day whose facts are not purged; 0 where none were. */
export function factsFrom(database: Database): Day {
  return Number(getMeta(database, 'facts_from') ?? 0)
}

/** Keeps out of new facts what was purged, and whom the store was told to forget. */
export class KeptOut {
  readonly #database: Database
  readonly #all: Statement<[], { readonly mark: string; readonly until: Day }>

  constructor(database: Database) {
    this.#database = database
    this.#all = database.prepare('SELECT mark, until FROM kept_out')
  }

  /** The batch without them; its coverage says how many facts there were. */
  without(batch: Batch): Batch {
    const from = factsFrom(this.#database)
    const until = new Map(this.#all.all().map((row) => [row.mark, row.until]))
    if (from === 0 && until.size === 0) return batch
    let [purged, erased] = [0, 0]
    const marks = new Map<string, Day>()
    const lastDayOf = (client: Client | undefined): Day => {
      if (client === undefined || until.size === 0) return -1
      const name = `${client.kind} ${client.tag}`
      const known = marks.get(name)
      if (known !== undefined) return known
      const last = until.get(keptOutMark(`${client.kind}-${client.tag}`)) ?? -1
      marks.set(name, last)
      return last
    }
    const stays = (day: Day, first: Day, ...clients: readonly (Client | undefined)[]) => {
      if (day < first) purged++
      else if (clients.some((client) => day <= lastDayOf(client))) erased++
      else return true
      return false
    }
    const dayOfQuarter = (quarter: number) => Math.floor(quarter / QUARTERS_PER_DAY)
    const kept = {
      sightings: batch.sightings.filter(({ quarter, client, user }) =>
        stays(dayOfQuarter(quarter), from, client, user),
      ),
      marks: batch.marks.filter(({ quarter, client }) => stays(dayOfQuarter(quarter), from - 1, client)),
      answers: batch.answers.filter(({ start, client }) => stays(dayOf(start), from - 1, client)),
      sessions: batch.sessions.filter(({ time, outer, inner, user, device }) =>
        stays(dayOf(time), from - SESSION_DAYS, outer, inner, user, device),
      ),
    }
    const coverage = [
      { reason: 'facts_before_retention', count: purged },
      { reason: 'facts_of_erased', count: erased },
    ]
    return { ...kept, coverage: [...batch.coverage, ...coverage.filter(({ count }) => count > 0)] }
  }
}
