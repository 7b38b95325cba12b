import type { Chunks } from '../base/chunks.ts'
import type { Oddities } from '../base/oddities.ts'
import type { ObservationSink } from './observation.ts'
import type { Packet } from './packet.ts'

/** How an input broke off: a stable snake_case reason, and the byte of the (unpacked) stream where. */
export interface Damage {
  readonly reason: string
  readonly offset: number
  /** More in words, where there is more to say. */
  readonly detail?: string
}

/**
 * Reads packets from a window. `next` never waits: it sets `packet` to the next one that is whole in the window, whose
 * bytes are valid until the next `more()`, and says true; false means that more must be read. `more` says false at the
 * end; `damage` then tells whether it was a clean one.
 */
export interface CaptureReader {
  next(packet: Packet): boolean
  more(): Promise<boolean>
  readonly damage: Damage | undefined
}

export interface CaptureFormat {
  readonly kind: 'capture'
  readonly name: string
  readonly title: string
  /** The specification. */
  readonly documentation: string
  /** Decides on the first bytes alone, whatever other formats say. */
  claims(head: Uint8Array): boolean
  open(chunks: Chunks, oddities: Oddities): CaptureReader
}

/** What every record of a log format carries: it bounds what any verdict on it can say. */
export interface LogAttributes {
  readonly url: boolean
  readonly server: boolean
  readonly user: boolean
  readonly client: boolean
  readonly bytes: boolean
  readonly bytesUp: boolean
  readonly action: boolean
}

/** The beginning of an input, for formats to recognise. */
export interface LogSample {
  readonly bytes: Uint8Array
  /**
   * Its complete lines (the last may be incomplete where it is the only one), one character a byte, without CR and LF.
   */
  readonly lines: readonly string[]
}

export interface LogContext {
  readonly oddities: Oddities
}

/** A record that was read: `ok`. One that says nothing of a client's doings (a header, another record type): `skip`. */
export type RecordResult = 'ok' | 'skip' | BadRecord

/** A record that should have been read and was not; the reason is a stable snake_case name. */
export interface BadRecord {
  readonly bad: string
}

/** Reads one record after the other of one input; it may remember (a header), so each input has its own. */
export interface RecordReader {
  /** Hands each observation of the record in `bytes[start…end)` to the sink, its `position` left to the caller. */
  record(bytes: Uint8Array, start: number, end: number, sink: ObservationSink): RecordResult
}

export interface LogFormat {
  readonly kind: 'log'
  readonly name: string
  readonly title: string
  /** The vendor's page on the fields. */
  readonly documentation: string
  readonly framing: 'lines'
  readonly attributes: LogAttributes
  /** Decides on the sample alone, whatever other formats say; a sample is claimed by exactly one. */
  claims(sample: LogSample): boolean
  open(context: LogContext): RecordReader
}

export type Format = CaptureFormat | LogFormat
