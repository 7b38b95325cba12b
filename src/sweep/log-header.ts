import type { RecordReader, RecordResult } from '../model/reader.ts'
import { type Cut, type CutSettings, lineCut, Named, type Wanted } from './cut.ts'

/** Lines of a header that are kept, and bytes of them. */
const LINES_LIMIT = 20
const BYTES_LIMIT = 16 * 1024

/** A record and where it stands: its number, and its offset in the input or -1. */
export interface PlacedRecord {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly position: number
  readonly offset: number
}

/**
 * The records before the first that says something which tell a reader how to read the others, as the names of columns do: without
 * them nobody can read those that are cut. They go with the first record that is cut for a finding.
 */
export class LogHeader {
  readonly #reader: RecordReader
  readonly #cuts: Cut[] = []
  readonly #given = new Set<string>()
  #state: string | undefined
  #room = BYTES_LIMIT
  /** The first record behind it. */
  #end = Number.POSITIVE_INFINITY

  constructor(reader: RecordReader) {
    this.#reader = reader
    this.#state = reader.state?.()
  }

  /** To be told of the first records, as its reader has read them. */
  see({ bytes, start, end, ...place }: PlacedRecord, result: RecordResult): void {
    if (place.position > this.#end) return
    if (result === 'ok' || place.position > LINES_LIMIT || end - start > this.#room) this.#end = place.position
    const state = this.#reader.state?.()
    if (state === this.#state || place.position === this.#end) return
    this.#state = state
    this.#room -= end - start
    const header = { role: 'part', findings: new Set<string>() } as const
    this.#cuts.push(lineCut(bytes.subarray(start, end), { ...place, named: new Named() }, header))
  }

  /** Hands it on, before the record of this number, for those findings that do not have it yet. */
  takeFor({ findings }: Wanted, position: number, take: CutSettings['take']): void {
    if (this.#cuts.length === 0 || position < this.#end) return
    const others = [...findings].filter((finding) => !this.#given.has(finding))
    for (const finding of others) this.#given.add(finding)
    if (others.length > 0) for (const cut of this.#cuts) take(cut, { role: 'part', findings: new Set(others) })
  }
}
