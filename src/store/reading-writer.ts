import type { Batch } from '../model/batch.ts'
import type { Content, Extent, NewReading } from '../model/reading.ts'
import { type DaySpan, type Facts, widened } from './facts.ts'
import type { Grown, Growth } from './growth.ts'
import type { Readings } from './readings.ts'

/** How the reading of one content ended. */
export interface Completion {
  /**
   * kept: the store did not know this content. grown: it knew its beginning, and has its facts in one reading with those
   * now. duplicate: it has its facts already, read with the same settings, and those of this reading are gone. replaced:
   * it had them read with other settings, which gave way to these.
   */
  readonly result: 'kept' | 'grown' | 'duplicate' | 'replaced'
  /** Input of the reading that was there before; undefined where there was none. */
  readonly of: string | undefined
}

/** What a log that grew goes on from. */
export interface Continued {
  readonly from: Grown
  /** more: what is added is what came after `from.end`. whole: it is everything, in place of what there was. */
  readonly with: 'more' | 'whole'
}

/** What a log's end tells for the next time. */
export interface Ending {
  readonly extent: Extent
  /** The facts of a last line that has no end yet; undefined where there is none. */
  readonly tail: Batch | undefined
}

/** Runs a change of the store in one transaction of its own. */
export type InTransaction = <T>(change: () => T) => T

/** The tables that a reading is written to. */
export interface ReadingTables {
  readonly facts: Facts
  readonly readings: Readings
  readonly growth: Growth
}

/**
 * Puts the facts of one reading into the store, batch by batch. What a file gave counts once it is complete, what a
 * stream gave counts at once. After `complete` or `discard` it is not used again.
 */
export class ReadingWriter {
  readonly #tables: ReadingTables
  readonly #inTransaction: InTransaction
  readonly #reading: NewReading
  readonly #continued: Continued | undefined
  /** Undefined where what came more of a log has not filled a batch. */
  #id: number | undefined
  #span: DaySpan | undefined

  constructor(tables: ReadingTables, inTransaction: InTransaction, reading: NewReading, continued?: Continued) {
    this.#tables = tables
    this.#inTransaction = inTransaction
    this.#reading = reading
    this.#continued = continued
    if (continued?.with !== 'more') this.#id = inTransaction(() => this.#begun())
  }

  /** Merges a batch in one transaction; the larger the batch, the faster. */
  add(batch: Batch): void {
    this.#inTransaction(() => this.#add(this.#begun(), batch))
  }

  /** Merges the last batch and makes the reading the current one of its content, in one transaction. */
  complete(content: Content, lastBatch: Batch, fileSha256?: string, ending?: Ending): Completion {
    return this.#inTransaction(() => {
      const { facts, readings, growth } = this.#tables
      const known = readings.ofContent(content)
      if (known && content.sha256 !== undefined) readings.setSha256(known.content, content.sha256)
      if (known && known.settings === this.#reading.settings) {
        this.#withdrawOwn()
        return { result: 'duplicate', of: known.input }
      }
      const from = this.#continued?.from
      if (from !== undefined && this.#continued?.with === 'more') {
        if (ending === undefined) throw new Error('a log that is read on has an ending')
        this.#extend(from, lastBatch, ending)
        growth.grow(from.content, content)
        growth.setExtent(from.content, ending.extent)
        return { result: 'grown', of: from.input }
      }
      const id = this.#begun()
      this.#add(id, lastBatch)
      const before = known ?? (from && readings.withContent(from.content))
      if (before) {
        if (facts.carryOver(before.id, id) && before.span) this.#widen(id, before.span)
        this.#withdraw(before.id, before.span, true)
      }
      const contentId = before?.content ?? readings.addContent(content)
      if (before && !known) growth.grow(contentId, content)
      readings.makeCurrent(id, contentId, fileSha256)
      if (ending) growth.setExtent(contentId, ending.extent)
      else growth.forgetEnd(contentId)
      if (ending?.tail) this.#widen(id, facts.addTail(id, ending.tail, ending.extent.end?.lines ?? -1))
      if (this.#span) facts.markDirty(id, this.#span)
      return { result: known ? 'replaced' : before ? 'grown' : 'kept', of: before?.input }
    })
  }

  /** Takes back all that was added. */
  discard(): void {
    this.#inTransaction(() => this.#withdrawOwn())
  }

  #begun(): number {
    this.#id ??= this.#tables.readings.begin(this.#reading)
    return this.#id
  }

  #add(id: number, batch: Batch): void {
    const span = this.#tables.facts.add(id, batch)
    this.#widen(id, span)
    if (span && this.#reading.source === 'stream') this.#tables.facts.markDirty(id, span)
  }

  #widen(id: number, span: DaySpan | undefined): void {
    if (!span) return
    this.#span = widened(this.#span, span)
    this.#tables.readings.widen(id, span)
  }

  /** Merges what was read on into the reading that there is. */
  #extend({ reading, end }: Grown, lastBatch: Batch, ending: Ending): void {
    const { facts, readings } = this.#tables
    const after = end?.lines ?? -1
    facts.takeBackTail(reading, after)
    if (this.#id !== undefined) {
      facts.absorb(this.#id, reading, this.#span)
      if (this.#span) readings.widen(reading, this.#span)
      this.#withdraw(this.#id, this.#span, false)
    }
    const more = facts.addMore(reading, lastBatch, after)
    const tail = ending.tail && facts.addTail(reading, ending.tail, ending.extent.end?.lines ?? -1)
    const span = widened(more, tail)
    if (span) readings.widen(reading, span)
    readings.forgetFileSha256(reading)
  }

  #withdrawOwn(): void {
    if (this.#id !== undefined) this.#withdraw(this.#id, this.#span, this.#reading.source === 'stream')
  }

  /** @param counted whether judgement may have seen its facts. */
  #withdraw(reading: number, span: DaySpan | undefined, counted: boolean): void {
    const { facts, readings } = this.#tables
    if (counted && span) facts.markDirty(reading, span)
    facts.delete(reading, span)
    readings.remove(reading)
  }
}
