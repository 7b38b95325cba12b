import type { Database } from 'better-sqlite3'
import type { Rotation } from '../base/period.ts'
import type { Day } from '../base/time.ts'
import type { SubjectDay } from '../model/facts.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { OutputState } from '../model/output.ts'
import type { StoredReading } from '../model/reading.ts'
import type { FindingStatement, LastPurge, Tombstone } from '../model/retention.ts'
import {
  type FindingHead,
  isSettled,
  type Review,
  type ReviewedFinding,
  type ReviewState,
  type Standing,
  type Suppression,
} from '../model/review.ts'
import type { FindingRevision } from '../model/revision.ts'
import type { InputGroup, Run } from '../model/run.ts'
import { Across } from './across.ts'
import { lastingNameOf, namesInPeriods, readLastingSubjects } from './every-period.ts'
import { guarded, inWords } from './failure.ts'
import { findSubjects } from './find-subject.ts'
import { HistoryReader } from './finding-history.ts'
import { FindingList, type FindingPage, type StateCount } from './finding-list.ts'
import { type FindingQuery, FindingReader, headOf } from './findings.ts'
import { StoredAnswers } from './given-answers.ts'
import { type Grown, Growth, type SeenFile } from './growth.ts'
import { lastPurge } from './last-purge.ts'
import { Locker } from './locker.ts'
import { versionOf } from './migrate.ts'
import { getMeta, type Identities, openForReading, rotationOf } from './open.ts'
import { outputStates } from './outbox-queue.ts'
import { counts, type KnownContent, Readings } from './readings.ts'
import { ReviewReader } from './reviews.ts'
import { inputGroups, lastRuns } from './runs.ts'
import { readSeenSubjects, type SeenSubjects } from './seen-subjects.ts'
import { severityCounts } from './severity-counts.ts'
import { StatementReader } from './statement-reader.ts'
import { SubjectDays } from './subject-days.ts'
import { readTombstones } from './tombstones.ts'

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
  /** How long a pseudonym lasts. */
  readonly rotation: Rotation
  /** Short tag of the key that the pseudonyms were made under. */
  readonly keyCheck: string
  protected readonly database: Database
  /** Absent where pseudonyms last for ever, or the key is not known. */
  protected across: Across | undefined
  readonly #findings: FindingReader
  readonly #list: FindingList
  readonly #readings: Readings
  readonly #reviews: ReviewReader
  readonly #history: HistoryReader
  readonly #statements: StatementReader
  protected readonly growth: Growth

  /**
   * @param database as `openForReading` or `openForWriting` gives it; it is closed with this.
   * @param key of the store: for what goes on over the end of a period of pseudonyms, which nobody without it can join.
   */
  constructor(file: string, database: Database, key?: Uint8Array) {
    this.file = file
    this.database = database
    this.identities = getMeta(database, 'identities') as Identities
    this.rotation = rotationOf(database)
    if (key !== undefined) this.joinUnder(key)
    this.keyCheck = getMeta(database, 'key_check') as string
    this.#findings = new FindingReader(database)
    this.#list = new FindingList(database)
    this.#readings = new Readings(database)
    this.#reviews = new ReviewReader(database)
    this.#history = new HistoryReader(database)
    this.#statements = new StatementReader(database)
    this.growth = new Growth(database)
  }

  close(): void {
    this.database.close()
  }

  /** Joins the pseudonyms of all periods from now on, which needs the store's key; nothing where they last for ever. */
  joinUnder(key: Uint8Array): void {
    if (this.rotation !== 'none') this.across = new Across(key, this.rotation)
  }

  /** The worst first, then bypasses, then the latest. */
  findings(query: FindingQuery = {}): Finding[] {
    return guarded(this.file, () => this.#findings.list(query))
  }

  /**
   * Of a query those that stand so on this day, the worst first, then bypasses, then the latest; one in memory at a
   * time.
   */
  *findingPage(query: FindingQuery, page: FindingPage, today: Day): Generator<ReviewedFinding, void, undefined> {
    try {
      const isAnyStated = this.#statements.any()
      for (const finding of this.#list.page(query, page, this.#reviews.standings(today), today)) {
        const statements = isAnyStated ? this.statements(finding.id) : []
        yield statements.length === 0 ? finding : { ...finding, statements }
      }
    } catch (thrown) {
      throw inWords(this.file, thrown)
    }
  }

  /** How many findings of a query stand how on this day. */
  stateCounts(query: FindingQuery, today: Day): Record<ReviewState, StateCount> {
    return guarded(this.file, () => this.#list.counts(query, this.#reviews.standings(today), today))
  }

  /**
   * Day by day, then by id, one in memory at a time. They stay as they were when the first was asked for, whatever is
   * written meanwhile.
   */
  *eachFinding(query: FindingQuery = {}): Generator<Finding, void, undefined> {
    try {
      yield* this.#findings.each(query)
    } catch (thrown) {
      throw inWords(this.file, thrown)
    }
  }

  /**
   * By its id or the beginning of it; undefined where there is none. Throws OffchannelError `usage` where several begin
   * with it.
   */
  finding(id: string): Finding | undefined {
    return guarded(this.file, () => this.#findings.get(id))
  }

  /** What was done to a finding by its whole id, and to those that it succeeds, the oldest first; it may be gone. */
  reviews(id: string): Review[] {
    return guarded(this.file, () => this.#reviews.of(id))
  }

  /** Statements beside a finding by its whole id, and beside those that it succeeds, the oldest first. */
  statements(id: string): FindingStatement[] {
    return guarded(this.file, () => this.#statements.of([id, ...this.#reviews.succeeds(id)]))
  }

  /** Findings that are gone, and of which this one has all or a part, by id. */
  succeeds(id: string): string[] {
    return guarded(this.file, () => this.#reviews.succeeds(id))
  }

  /** Of a finding that is gone: those that have all or a part of it, by id. */
  successors(id: string): string[] {
    return guarded(this.file, () => this.#reviews.successors(id))
  }

  /** Those that end on this day or later, lifted ones included, the oldest first. */
  suppressions(from: Day): Suppression[] {
    return guarded(this.file, () => this.#reviews.suppressions(from))
  }

  /** How a finding stands on this day. */
  standing(finding: Finding, today: Day): Standing {
    return this.standings([finding], today)[0]!
  }

  /** How each of these stands on this day. */
  standings(findings: readonly Finding[], today: Day): Standing[] {
    return guarded(this.file, () => findings.map(headOf).map(this.#reviews.standings(today)))
  }

  /** Whether a finding as severe as this, or more, is neither closed nor suppressed on this day. */
  hasUnsettled(severity: Severity, today: Day): boolean {
    return guarded(this.file, () => {
      const standingOf = this.#reviews.standings(today)
      for (const head of this.#findings.heads(severity)) if (!isSettled(standingOf(head))) return true
      return false
    })
  }

  /** Ids of findings that were reviewed and are no longer found. */
  goneReviewed(): string[] {
    return guarded(this.file, () => this.#reviews.gone())
  }

  /** What became of a finding by its whole id, the oldest first: the last revisions; it may be gone. */
  history(id: string): FindingRevision[] {
    return guarded(this.file, () => this.#history.of(id))
  }

  /** The whole id of the one finding that begins so, also where it is gone; undefined where none or several do. */
  idOf(prefix: string): string | undefined {
    return guarded(this.file, () => this.#history.idOf(prefix))
  }

  /** The evidence locker, under the store's key. */
  locker(key: Uint8Array): Locker {
    return guarded(this.file, () => new Locker(this.file, this.database, key))
  }

  /** What clients were told by DNS in the inputs that were read. */
  answers(): StoredAnswers {
    return guarded(this.file, () => new StoredAnswers(this.file, this.database))
  }

  /**
   * Whole pseudonyms, in all periods, of whoever would have these for ever, as far as they are known.
   *
   * @param until also those that are not known, up to the period of this day.
   */
  inAllPeriods(lasting: readonly string[], until?: Day): string[] {
    return guarded(this.file, () => {
      const { across } = this
      const names = across === undefined ? lasting : [...namesInPeriods(this.database, across, lasting, until)]
      return until === undefined ? names.filter((name) => findSubjects(this.database, name).length > 0) : [...names]
    })
  }

  /** Where pseudonyms rotate: what those whom a text names would be called for ever, as far as that can be told. */
  lastingOf(client: string): string[] {
    return guarded(this.file, () => {
      const { across } = this
      const known = across === undefined ? [] : findSubjects(this.database, client)
      return known.flatMap((one) => lastingNameOf(this.database, across!, one) ?? [])
    })
  }

  /** Which users and devices were seen at all on these days, both included; under the key as they are called for ever. */
  seenSubjects(from: Day, until: Day): SeenSubjects {
    const { across } = this
    return guarded(this.file, () =>
      across === undefined
        ? readSeenSubjects(this.database, from, until)
        : readLastingSubjects(this.database, across, from, until),
    )
  }

  /** All readings, also those that have not come to their end, by input. */
  readings(): StoredReading[] {
    return guarded(this.file, () => this.#readings.list())
  }

  /** Whether any content of this length is known: one that is not needs no sample to be taken. */
  knowsLength(length: number): boolean {
    return guarded(this.file, () => this.#readings.knowsLength(length))
  }

  /**
   * The contents of this length and sample that the store has the facts of: whether to read one again is told from
   * them.
   */
  findContent(length: number, sample: string): KnownContent[] {
    return guarded(this.file, () => this.#readings.withSample(length, sample))
  }

  /**
   * The contents that may be the beginning of one of this length, the longest first: those of the same head. Whether
   * they are, their samples tell.
   *
   * @param headOf the hash of so many bytes that it begins with.
   */
  mayGoOn(length: number, headOf: (size: number) => string): Grown[] {
    return guarded(this.file, () =>
      this.growth
        .headSizes(length)
        .flatMap((size) => this.growth.withHead(headOf(size), length))
        .sort((a, b) => b.length - a.length || a.content - b.content),
    )
  }

  /** A file as it was when its content became known, by its path; undefined where none has been entered. */
  seenFile(path: string): SeenFile | undefined {
    return guarded(this.file, () => this.growth.seenFile(path))
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

  /** Without their bodies: as severe as this or more, of an app, of a client as tables show it. */
  protected heads(severity: Severity, app: string, client: string | undefined): Iterable<FindingHead> {
    return this.#findings.heads(severity, app, client)
  }

  /** Version of the schema. */
  get schema(): number {
    return guarded(this.file, () => versionOf(this.database))
  }

  /** The last run of every job, and the last sweep from the command line, the latest first. */
  lastRuns(): Run[] {
    return guarded(this.file, () => lastRuns(this.database))
  }

  /** The groups of inputs of a job, or of all jobs, by job and name. */
  inputGroups(job?: string): InputGroup[] {
    return guarded(this.file, () => inputGroups(this.database, job))
  }

  /** How every receiver stands that a job file names, by job and name. */
  outputs(): OutputState[] {
    return guarded(this.file, () => outputStates(this.database))
  }

  /** Findings that were purged or erased, by day and app, without whose they were. */
  tombstones(): Tombstone[] {
    return guarded(this.file, () => readTombstones(this.database))
  }

  /** What was last purged, as the audit log has it. */
  lastPurge(): LastPurge | undefined {
    return guarded(this.file, () => lastPurge(this.database))
  }

  /** How many findings there are of each severity. */
  severities(): Record<Severity, number> {
    return guarded(this.file, () => severityCounts(this.database))
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
   *
   * @param tunnelsTo by what logs call the server of a tunnel: with them come the days of whoever had one, seen or not.
   */
  *subjectDays(
    which: 'dirty' | 'all',
    tunnelsTo: (server: string) => boolean = () => false,
  ): Generator<SubjectDay, void, undefined> {
    // A connection of its own: the driver refuses writes on one that is in the middle of reading.
    const database = guarded(this.file, () => openForReading(this.file))
    try {
      yield* new SubjectDays(database, which, tunnelsTo, this.across).read()
    } catch (thrown) {
      throw inWords(this.file, thrown)
    } finally {
      database.close()
    }
  }
}
