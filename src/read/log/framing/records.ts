import type { Chunks } from '../../../base/chunks.ts'
import { messageOf } from '../../../base/errors.ts'
import type { HostPlace, LineScan } from '../../../base/line-scan/line-scan.ts'
import type { Damage } from '../../../model/reader.ts'

/** Longer records are no log record of any product; they are skipped and counted. */
export const RECORD_LIMIT = 256 * 1024

/**
 * Cuts a stream into records, each whole in the window. `next` never waits: it sets `start…end` (in `bytes`) and
 * `number`, valid until the next `more()`, and says true; false means that more must be read. `more` says false at the
 * end.
 */
export interface Records {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** The line that the record begins on, 1 for the first; where there are no lines, which record it is. */
  readonly number: number
  next(): boolean
  /**
   * Passes over the records that come next and name a host there which can be passed over; gives how many, 0 where it
   * cannot be seen.
   */
  pass?(place: HostPlace, scan: LineScan): number
  more(): Promise<boolean>
  readonly damage: Damage | undefined
  /** The stream ended without the end of a record: the last may have been cut. */
  readonly unterminated: boolean
}

/** What a stream that has ended broke off with; undefined where its end was a clean one. */
export function breakOf(chunks: Chunks): Damage | undefined {
  if (chunks.failure === undefined) return undefined
  return { reason: 'broke_off', offset: chunks.position, detail: messageOf(chunks.failure) }
}
