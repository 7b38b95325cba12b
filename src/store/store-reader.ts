import type { Database } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import type { SubjectDay } from '../model/facts.ts'
import type { Finding } from '../model/finding.ts'
import type { StoredReading } from '../model/reading.ts'
import { guarded, inWords } from './failure.ts'
import { type FindingQuery, FindingReader } from './findings.ts'
import { getMeta, type Identities, openForReading } from './open.ts'
import { counts, Readings } from './readings.ts'
import { SubjectDays } from './subject-days.ts'

/** What one reading could or could not show. */
export interface ReadingCoverage {
  /** `Reading.id` */
  readonly reading: number
  readonly reason: string
  readonly count: number
}

/** How much a store holds. */
export interface StoreStatus {
  readonly identities: Identities
  /** Rows, pending readings included. */
  readonly readings: number
  readonly sightings: number
  readonly marks: number
  readonly answers: number
  readonly subjects: number
  readonly findings: number
  /** Subject-days that changed since they were judged. */
  readonly dirty: number
  /** Of the sightings; undefined where there is none. */
  readonly firstDay: Day | undefined
  readonly lastDay: Day | undefined
}

/**
 * Looks into a store, also while another process writes to it: each call sees what was committed before it. Every
 * method throws OffchannelError `store_unusable` where the file or the machine fails.
 */
export class StoreReader {
  readonly file: string
  readonly identities: Identities
  protected readonly database: Database
  readonly #findings: FindingReader
  readonly #readings: Readings

  /** @param database as `openForReading` or `openForWriting` gives it; it is closed with this. */
  constructor(file: string, database: Database) {
    this.file = file
    this.database = database
    this.identities = getMeta(database, 'identities') as Identities
    this.#findings = new FindingReader(database)
    this.#readings = new Readings(database)
  }

  close(): void {
    this.database.close()
  }

  /** The worst first, then bypasses, then the latest. */
  findings(query: FindingQuery = {}): Finding[] {
    return guarded(this.file, () => this.#findings.list(query))
  }

  /**
   * By its id or the beginning of it; undefined where there is none. Throws OffchannelError `usage` where several begin
   * with it.
   */
  finding(id: string): Finding | undefined {
    return guarded(this.file, () => this.#findings.get(id))
  }

  /** All readings, also those that have not come to their end, by input. */
  readings(): StoredReading[] {
    return guarded(this.file, () => this.#readings.list())
  }

  /** Of the readings whose facts count, in the order of `readings()`, then by reason. */
  coverage(): ReadingCoverage[] {
    return guarded(this.file, () => {
      const statement = this.database.prepare<[number], ReadingCoverage>(
        'SELECT reading, reason, count FROM coverage WHERE reading = ? ORDER BY reason',
      )
      return this.#readings
        .list()
        .filter(counts)
        .flatMap((reading) => statement.all(reading.id))
    })
  }

  status(): StoreStatus {
    return guarded(this.file, () => {
      const row = this.database
        .prepare<[], Omit<StoreStatus, 'identities' | 'firstDay' | 'lastDay'> & Record<'first' | 'last', Day | null>>(`
          SELECT (SELECT count(*) FROM reading) AS readings, (SELECT count(*) FROM sighting) AS sightings,
            (SELECT count(*) FROM mark) AS marks, (SELECT count(*) FROM answer) AS answers,
            (SELECT count(DISTINCT subject) FROM party) AS subjects, (SELECT count(*) FROM finding) AS findings,
            (SELECT count(*) FROM dirty) AS dirty, (SELECT min(day) FROM sighting) AS first,
            (SELECT max(day) FROM sighting) AS last`)
        .get()!
      const { first, last, ...counted } = row
      return { identities: this.identities, ...counted, firstDay: first ?? undefined, lastDay: last ?? undefined }
    })
  }

  /**
   * All that is known, subject-day by subject-day in the order of day and subject: what changed since it was judged,
   * also where nothing is left of it, or everything. One subject-day is in memory at a time. It stays as it was when
   * the first was asked for, whatever is written meanwhile.
   */
  *subjectDays(which: 'dirty' | 'all'): Generator<SubjectDay, void, undefined> {
    // A connection of its own: the driver refuses writes on one that is in the middle of reading.
    const database = guarded(this.file, () => openForReading(this.file))
    try {
      yield* new SubjectDays(database, which).read()
    } catch (thrown) {
      throw inWords(this.file, thrown)
    } finally {
      database.close()
    }
  }
}
