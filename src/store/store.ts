import type { Database } from 'better-sqlite3'
import type { Day, Micros } from '../base/time.ts'
import type { AuditDetails } from '../model/audit.ts'
import type { Finding } from '../model/finding.ts'
import type { NewReading } from '../model/reading.ts'
import type { InputGroup } from '../model/run.ts'
import type { Across } from './across.ts'
import { leaveReadable } from './at-rest.ts'
import { AuditWriter } from './audit.ts'
import { type Compacted, compact, deleteSecurely, owesCompacting } from './compact.ts'
import { Facts } from './facts.ts'
import { guarded } from './failure.ts'
import { FindingWriter } from './findings.ts'
import type { NewSeenFile } from './growth.ts'
import { nameHoldersAcross } from './holders-across.ts'
import { factsFrom } from './kept-out.ts'
import { LocalIds } from './local-ids.ts'
import {
  getMeta,
  type Opened,
  openForReading,
  openForWriting,
  type Recipients,
  recipientsOf,
  refuseMissing,
  type StoreOptions,
  setMeta,
  type Upgrade,
} from './open.ts'
import { OutboxWriter } from './outbox.ts'
import { OutboxQueue } from './outbox-queue.ts'
import { type Continued, type InTransaction, ReadingWriter } from './reading-writer.ts'
import { Readings } from './readings.ts'
import { RunLock } from './run-lock.ts'
import { type NewRun, type RunEnd, type RunProgress, RunWriter } from './runs.ts'
import { type DataKey, SealedWriter } from './sealed.ts'
import { StoreReader } from './store-reader.ts'

/** What a run found left behind by one that was broken off: inputs, in the order they were begun. */
export interface Recovery {
  /** Files: all that was read of them is gone, they are to be read again. */
  readonly discarded: readonly string[]
  /** Streams: what was read of them stays, and their coverage says `interrupted`. */
  readonly interrupted: readonly string[]
}

/** The store, for a run that writes: there is one at a time, and it keeps others out until `close`. */
export class Store extends StoreReader {
  /** Where opening it brought it up to date. */
  readonly upgrade: Upgrade | undefined
  /** What waits for receivers outside. */
  readonly outbox: OutboxQueue
  readonly #lock: RunLock
  readonly #ids: LocalIds
  readonly #facts: Facts
  readonly #ledger: Readings
  readonly #findingWriter: FindingWriter
  readonly #outboxWriter: OutboxWriter
  readonly #runs: RunWriter
  readonly #clock: () => Micros
  readonly #author: string
  readonly #audit: AuditWriter
  #judgedAt: Micros = 0

  private constructor(file: string, { database, upgrade }: Opened, lock: RunLock, options: StoreOptions) {
    super(file, database, options.key)
    this.upgrade = upgrade
    this.#lock = lock
    this.#clock = options.clock
    this.#author = options.author ?? ''
    this.#audit = new AuditWriter(database)
    this.#ids = new LocalIds(database, this.identities)
    if (this.rotation !== 'none' && this.across === undefined) throw new Error('pseudonyms rotate, and there is no key')
    this.across?.register(database)
    this.#facts = new Facts(database, this.#ids, this.across)
    this.#ledger = new Readings(database)
    this.#outboxWriter = new OutboxWriter(database)
    this.#findingWriter = new FindingWriter(database, this.#outboxWriter)
    this.outbox = new OutboxQueue(database, this.#inTransaction)
    this.#runs = new RunWriter(database)
  }

  /**
   * Opens a store for writing and brings it up to the newest schema; where there is none, makes one that only its owner
   * may read. Throws OffchannelError `store_unusable` where another run is writing, where the file is no store or a
   * newer one, was made under another key or with the other choice of identities, or cannot be written.
   */
  static open(file: string, options: StoreOptions): Store {
    return guarded(file, () => {
      if (!options.create) refuseMissing(file)
      const lock = new RunLock(file)
      try {
        return new Store(file, openForWriting(file, options), lock, options)
      } catch (thrown) {
        lock.release()
        throw thrown
      }
    })
  }

  /** Opens a store for looking only, also while a run writes to it. */
  static openReadOnly(file: string, key?: Uint8Array): StoreReader {
    return guarded(file, () => new StoreReader(file, openForReading(file), key))
  }

  override close(): void {
    leaveReadable(this.database, this.file)
    super.close()
    this.#lock.release()
  }

  /** Whom identities are sealed to; empty where they are not. */
  get recipients(): Recipients {
    return guarded(this.file, () => recipientsOf(this.database))
  }

  /** Seals identities from now on under this data key: without one a store that seals them takes no facts. */
  sealUnder(dataKey: DataKey): void {
    this.#ids.sealUnder(new SealedWriter(this.database, dataKey))
  }

  /** Clears up after runs that were broken off. To be called before the first reading is begun. */
  recover(): Recovery {
    return this.#inTransaction(() => {
      const pending = this.#ledger.pending()
      for (const { id, source, span } of pending) {
        if (source === 'stream') {
          this.#ledger.makeCurrent(id, undefined, undefined)
          this.#facts.addCoverage(id, 'interrupted', 1)
        } else {
          this.#facts.delete(id, span)
          this.#ledger.remove(id)
        }
      }
      const inputsOf = (source: string) => pending.filter((row) => row.source === source).map((row) => row.input)
      const recovery = { discarded: inputsOf('file'), interrupted: inputsOf('stream') }
      const { discarded, interrupted } = recovery
      if (pending.length > 0) this.#enter('recover', { discarded: discarded.length, interrupted: interrupted.length })
      return recovery
    })
  }

  /** Begins a reading, of a log that goes on from what was read of it; several may go on side by side. */
  begin(reading: NewReading, continued?: Continued): ReadingWriter {
    const tables = { facts: this.#facts, readings: this.#ledger, growth: this.growth }
    return new ReadingWriter(tables, this.#inTransaction, reading, continued)
  }

  /** Remembers a file as it is whose content is known: the next time it need not be opened. */
  see(file: NewSeenFile): void {
    this.#inTransaction(() => this.growth.see(file))
  }

  /**
   * What the findings were last judged on, as `judging` was told; '' before the first time. Where it is not what they
   * are to be judged on now, everything is to be judged again, else what is dirty.
   */
  judgedOn(): string {
    return guarded(this.file, () => getMeta(this.database, 'judged_on') ?? '')
  }

  /**
   * Runs a judgement, all of it in one transaction: until it has ended, and after one that was broken off, the
   * findings are those of the one before.
   *
   * @param basis a hash of all that findings depend on beside the facts: policy, signatures, the judging program.
   * @param run is handed what takes the details that are entered in the audit log.
   */
  judging(basis: string, run: (tell: (details: AuditDetails) => void) => void): void {
    const { across } = this
    if (across !== undefined) {
      const which = this.judgedOn() === basis ? 'dirty' : 'all'
      this.#inTransaction(() => nameHoldersAcross(this.database, across, which))
    }
    this.#inTransaction(() => {
      this.#judgedAt = this.#clock()
      this.#outboxWriter.begin(this.#judgedAt)
      this.#findingWriter.begin()
      this.database.prepare('DELETE FROM dirty WHERE day < ?').run(factsFrom(this.database))
      let told: AuditDetails = {}
      run((details) => {
        told = details
      })
      this.#findingWriter.finish(this.#judgedAt)
      this.#outboxWriter.end()
      setMeta(this.database, 'judged_on', basis)
      this.#enterPolicy(told, this.#judgedAt)
      this.#enter('judge', told, this.#judgedAt)
    })
  }

  /** Enters in the audit log what changes nothing else in the store. */
  audit(action: string, details: AuditDetails): void {
    this.#inTransaction(() => this.#enter(action, details))
  }

  /** Makes a change by hand (purge, erase, re-label) and enters it in the audit log, in one transaction. */
  amend<T>(
    action: string,
    change: (database: Database, across: Across | undefined) => { readonly result: T; readonly details: AuditDetails },
  ): T {
    deleteSecurely(this.database)
    const result = this.#inTransaction(() => {
      const { result, details } = change(this.database, this.across)
      this.#enter(action, details)
      return result
    })
    this.#ids.forget()
    return result
  }

  /** Makes a change by hand, gives what came of it, and takes it back. */
  tryOut<T>(change: (database: Database, across: Across | undefined) => T): T {
    return guarded(this.file, () => {
      this.database.exec('BEGIN IMMEDIATE')
      try {
        return change(this.database, this.across)
      } finally {
        this.database.exec('ROLLBACK')
        this.#ids.forget()
      }
    })
  }

  /** Looks with a query of one's own. */
  look<T>(query: (database: Database, across: Across | undefined) => T): T {
    return guarded(this.file, () => query(this.database, this.across))
  }

  /** Whether `compact` was to follow something that was taken out, and did not come to its end. */
  get owesCompacting(): boolean {
    return guarded(this.file, () => owesCompacting(this.database))
  }

  /** Writes the file anew, so that nothing that was taken out of it is left in its bytes. */
  compact(): Compacted {
    return guarded(this.file, () => compact(this.database, this.file))
  }

  /**
   * Within `judging`: makes these the findings of the subject-day, in place of those it had. One that says what it said
   * keeps its revision, one that says something else gets the next, also where it was another subject's, a new one the
   * first, one that is back after it was gone the next of those it had, whatever `revision` it comes with.
   *
   * @param otherIds by their ids: those that what a finding is about may have stood under before.
   */
  replaceFindings(
    day: Day,
    subject: string,
    findings: readonly Finding[],
    otherIds: ReadonlyMap<string, readonly string[]> = new Map(),
  ): void {
    if (!this.database.inTransaction) throw new Error('findings are replaced within judging() only')
    this.#findingWriter.replace(day, subject, findings, otherIds, this.#judgedAt)
  }

  /** Enters that a run of a job began, with its groups of inputs; gives its number. Those of a job that were are gone. */
  beginRun(run: NewRun, groups: readonly Pick<InputGroup, 'name' | 'every'>[]): number {
    return this.#inTransaction(() => this.#runs.begin(run, groups))
  }

  /** Enters what a run that goes on has done so far. */
  runGoesOn(seq: number, done: RunProgress): void {
    this.#inTransaction(() => this.#runs.goOn(seq, done))
  }

  /** Enters what became of a run. */
  endRun(seq: number, end: RunEnd): void {
    const { inputs, read, bytes, records, problems, status } = end
    this.#inTransaction(() => {
      this.#runs.end(seq, end)
      this.#enter('sweep', { run: seq, inputs, read, bytes, records, problems, status })
    })
  }

  /** Enters that something new of a group of inputs was read. */
  groupRead(job: string, name: string, time: Micros): void {
    this.#inTransaction(() => this.#runs.groupRead(job, name, time))
  }

  #enter(action: string, details: AuditDetails, at = this.#clock()): void {
    this.#audit.add({ at, author: this.#author, action, details })
  }

  /** That another policy judges than the last time. */
  #enterPolicy({ policy }: AuditDetails, at: Micros): void {
    if (typeof policy !== 'string') return
    const last = getMeta(this.database, 'policy')
    if (last === policy) return
    setMeta(this.database, 'policy', policy)
    const seen = "SELECT 1 FROM audit WHERE action = 'policy' AND details ->> '$.policy' = ?"
    const isNew = this.database.prepare(seen).get(policy) === undefined
    this.#enter('policy', { policy, before: last ?? '', firstTime: isNew }, at)
  }

  readonly #inTransaction: InTransaction = (change) =>
    guarded(this.file, () => {
      try {
        return this.database.transaction(change).immediate()
      } catch (thrown) {
        // Ids that were given out in it are those of other rows next time.
        this.#ids.forget()
        throw thrown
      }
    })
}
