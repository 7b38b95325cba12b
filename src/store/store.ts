import type { Database } from 'better-sqlite3'
import type { Day, Micros } from '../base/time.ts'
import type { Finding } from '../model/finding.ts'
import type { NewReading } from '../model/reading.ts'
import type { InputGroup } from '../model/run.ts'
import { Facts } from './facts.ts'
import { guarded } from './failure.ts'
import { FindingWriter } from './findings.ts'
import { LocalIds } from './local-ids.ts'
import { getMeta, openForReading, openForWriting, refuseMissing, type StoreOptions, setMeta } from './open.ts'
import { type InTransaction, ReadingWriter } from './reading-writer.ts'
import { Readings } from './readings.ts'
import { RunLock } from './run-lock.ts'
import { type NewRun, type RunEnd, RunWriter } from './runs.ts'
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
  readonly #lock: RunLock
  readonly #ids: LocalIds
  readonly #facts: Facts
  readonly #ledger: Readings
  readonly #findingWriter: FindingWriter
  readonly #runs: RunWriter
  readonly #clock: () => Micros
  #judgedAt: Micros = 0

  private constructor(file: string, database: Database, lock: RunLock, clock: () => Micros) {
    super(file, database)
    this.#lock = lock
    this.#clock = clock
    this.#ids = new LocalIds(database, this.identities === 'clear')
    this.#facts = new Facts(database, this.#ids)
    this.#ledger = new Readings(database)
    this.#findingWriter = new FindingWriter(database)
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
        return new Store(file, openForWriting(file, options), lock, options.clock)
      } catch (thrown) {
        lock.release()
        throw thrown
      }
    })
  }

  /** Opens a store for looking only, also while a run writes to it. */
  static openReadOnly(file: string): StoreReader {
    return guarded(file, () => new StoreReader(file, openForReading(file)))
  }

  override close(): void {
    super.close()
    this.#lock.release()
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
      return { discarded: inputsOf('file'), interrupted: inputsOf('stream') }
    })
  }

  /** Begins a reading; several may go on side by side. */
  begin(reading: NewReading): ReadingWriter {
    return new ReadingWriter(this.#facts, this.#ledger, this.#inTransaction, reading)
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
   */
  judging(basis: string, run: () => void): void {
    this.#inTransaction(() => {
      this.#judgedAt = this.#clock()
      run()
      setMeta(this.database, 'judged_on', basis)
    })
  }

  /**
   * Within `judging`: makes these the findings of the subject-day, in place of those it had. One that says what it said
   * keeps its revision, one that says something else gets the next, a new one the first, one that is back after it was
   * gone the next of those it had, whatever `revision` it comes with.
   */
  replaceFindings(day: Day, subject: string, findings: readonly Finding[]): void {
    if (!this.database.inTransaction) throw new Error('findings are replaced within judging() only')
    this.#findingWriter.replace(day, subject, findings, this.#judgedAt)
  }

  /** Enters that a run of a job began, with its groups of inputs; gives its number. Those of a job that were are gone. */
  beginRun(run: NewRun, groups: readonly Pick<InputGroup, 'name' | 'every'>[]): number {
    return this.#inTransaction(() => this.#runs.begin(run, groups))
  }

  /** Enters what became of a run. */
  endRun(seq: number, end: RunEnd): void {
    this.#inTransaction(() => this.#runs.end(seq, end))
  }

  /** Enters that something new of a group of inputs was read. */
  groupRead(job: string, name: string, time: Micros): void {
    this.#inTransaction(() => this.#runs.groupRead(job, name, time))
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
