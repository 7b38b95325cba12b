import { Oddities } from '../../base/oddities.ts'
import type { LogContext, LogFormat } from '../../model/reader.ts'
import { claimants, sampleOf } from '../detect.ts'
import { NOBODY } from './claims.ts'

/** Records that are put together to ask which format they are of, and their bytes. */
const BATCH_RECORDS = 100
const BATCH_BYTES = 64 * 1024
/** Bad records in a row that show that the log is another one from there on. */
const RUN = 100
/** A line that another format reads as well may be an accident; so many are none. */
const LEAST = 3
const CHANGES_SHOWN = 8

/** Where a log is not of its format: the line, and the format that it is of there; undefined where that cannot be told. */
export interface FormatChange {
  readonly line: number
  readonly format: string | undefined
}

/**
 * The records of a log that its format did not read. Of the first hundred, of a hundred after as many again, and so on,
 * every format is asked whether they are its own: so a log that changes its format or mixes two is told, at a cost that
 * does not grow with what is refused.
 */
export class RefusedRecords {
  readonly #own: LogFormat
  readonly #times: Omit<LogContext, 'oddities'>
  readonly #batch = Buffer.alloc(BATCH_BYTES)
  readonly #ends: number[] = []
  readonly #lines: number[] = []
  readonly #areBad: boolean[] = []
  readonly #changes: FormatChange[] = []
  #count = 0
  /** How many were refused when the next batch begins. */
  #next = 0
  /** Bad records since the last that was read, and the line of the first. */
  #run = 0
  #runLine = 0
  /** The line of the first refused record, bad or not, since the last that was read; 0 for none. */
  #since = 0
  /** The same, when the batch began. */
  #batchSince = 0

  /** `times` is what the log's own format is opened with. */
  constructor(own: LogFormat, times: Omit<LogContext, 'oddities'>) {
    this.#own = own
    this.#times = times
  }

  /** A record was read. */
  read(): void {
    this.#run = 0
    this.#since = 0
  }

  /** A record was skipped, or is bad; `line` is where it begins. */
  add(bytes: Uint8Array, start: number, end: number, line: number, isBad: boolean): void {
    if (this.#since === 0) this.#since = line
    if (isBad) {
      if (this.#run++ === 0) this.#runLine = line
      if (this.#run === RUN) this.#tell({ line: this.#runLine, format: undefined })
    }
    if (this.#count++ < this.#next) return
    if (this.#lines.length === 0) this.#batchSince = this.#since
    const from = this.#ends.at(-1) ?? 0
    if (from + end - start + 1 <= BATCH_BYTES) {
      this.#batch.set(bytes.subarray(start, end), from)
      this.#batch[from + end - start] = 0x0a
      this.#ends.push(from + end - start + 1)
      this.#lines.push(line)
      this.#areBad.push(isBad)
      if (this.#lines.length < BATCH_RECORDS) return
    }
    this.#ask()
  }

  /** Where the log is of another format, in the order of its lines; to be asked once, at the end. */
  finish(): readonly FormatChange[] {
    this.#ask()
    const told = this.#changes.filter(({ format }) => format !== undefined)
    return (told.length > 0 ? told : this.#changes).sort((a, b) => a.line - b.line)
  }

  #ask(): void {
    const length = this.#ends.at(-1) ?? 0
    if (length > 0) {
      const sample = sampleOf(this.#batch.subarray(0, length))
      // Of its own kinds of record it may leave out any.
      if (!this.#own.claims(sample)) for (const format of claimants(sample)) this.#look(format)
    }
    this.#ends.length = 0
    this.#lines.length = 0
    this.#areBad.length = 0
    this.#next = 2 * this.#count
  }

  /**
   * Finds the records of the batch that another format reads; a general one may read what its own format knows and
   * skips, too.
   */
  #look(format: LogFormat): void {
    const reader = format.open({ ...this.#times, oddities: new Oddities() })
    let first = 0
    let count = 0
    for (const [i, line] of this.#lines.entries()) {
      const from = i === 0 ? 0 : this.#ends[i - 1]!
      if (reader.record(this.#batch, from, this.#ends[i]! - 1, NOBODY) !== 'ok') continue
      if (format.general === true && !this.#areBad[i]) continue
      if (count++ === 0) first = i === 0 ? this.#batchSince : line
    }
    if (count >= LEAST) this.#tell({ line: first, format: format.name })
  }

  #tell(change: FormatChange): void {
    if (this.#changes.length === CHANGES_SHOWN) return
    if (this.#changes.some(({ format }) => format === change.format)) return
    this.#changes.push(change)
  }
}
