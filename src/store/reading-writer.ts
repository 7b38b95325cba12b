import type { Batch } from '../model/batch.ts'
import type { Content, NewReading } from '../model/reading.ts'
import { type DaySpan, type Facts, widened } from './facts.ts'
import type { Readings } from './readings.ts'

/** How the reading of one content ended. */
export interface Completion {
  /**
   * kept: the store did not know this content. duplicate: it has its facts already, read with the same settings, and
   * those of this reading are gone. replaced: it had them read with other settings, which gave way to these.
   */
  readonly result: 'kept' | 'duplicate' | 'replaced'
  /** Input of the reading that was there before; undefined where there was none. */
  readonly of: string | undefined
}

/** Runs a change of the store in one transaction of its own. */
export type InTransaction = <T>(change: () => T) => T

/**
 * Puts the facts of one reading into the store, batch by batch. What a file gave counts once it is complete, what a
 * stream gave counts at once. After `complete` or `discard` it is not used again.
 */
export class ReadingWriter {
  readonly #facts: Facts
  readonly #readings: Readings
  readonly #inTransaction: InTransaction
  readonly #reading: NewReading
  readonly #id: number
  #span: DaySpan | undefined

  constructor(facts: Facts, readings: Readings, inTransaction: InTransaction, reading: NewReading) {
    this.#facts = facts
    this.#readings = readings
    this.#inTransaction = inTransaction
    this.#reading = reading
    this.#id = inTransaction(() => readings.begin(reading))
  }

  /** Merges a batch in one transaction; the larger the batch, the faster. */
  add(batch: Batch): void {
    this.#inTransaction(() => this.#add(batch))
  }

  /** Merges the last batch and makes the reading the current one of its content, in one transaction. */
  complete(content: Content, lastBatch: Batch, fileSha256?: string): Completion {
    return this.#inTransaction(() => {
      this.#add(lastBatch)
      const known = this.#readings.ofContent(content)
      if (known && content.sha256 !== undefined) this.#readings.setSha256(known.content, content.sha256)
      if (known && known.settings === this.#reading.settings) {
        this.#withdraw(this.#id, this.#span, this.#reading.source === 'stream')
        return { result: 'duplicate', of: known.input }
      }
      if (known) this.#withdraw(known.id, known.span, true)
      const id = known?.content ?? this.#readings.addContent(content)
      this.#readings.makeCurrent(this.#id, id, fileSha256)
      if (this.#span) this.#facts.markDirty(this.#id, this.#span)
      return { result: known ? 'replaced' : 'kept', of: known?.input }
    })
  }

  /** Takes back all that was added. */
  discard(): void {
    this.#inTransaction(() => this.#withdraw(this.#id, this.#span, this.#reading.source === 'stream'))
  }

  #add(batch: Batch): void {
    const span = this.#facts.add(this.#id, batch)
    if (!span) return
    this.#span = widened(this.#span, span)
    this.#readings.widen(this.#id, span)
    if (this.#reading.source === 'stream') this.#facts.markDirty(this.#id, span)
  }

  /** @param counted whether judgement may have seen its facts. */
  #withdraw(reading: number, span: DaySpan | undefined, counted: boolean): void {
    if (counted && span) this.#facts.markDirty(reading, span)
    this.#facts.delete(reading, span)
    this.#readings.remove(reading)
  }
}
