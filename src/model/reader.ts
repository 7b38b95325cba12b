import type { Chunks } from '../base/chunks.ts'
import type { HostPlace, LineScan } from '../base/line-scan/line-scan.ts'
import type { Oddities } from '../base/oddities.ts'
import type { Micros } from '../base/time.ts'
import type { LogMark } from './mark.ts'
import type { Observation } from './observation.ts'
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
  /** The place between two packets to which it has come; undefined where reading cannot be taken up again there. */
  place(): CapturePlace | undefined
}

/** A place in a capture from which it can be read again. */
export interface CapturePlace {
  /** In the (unpacked) stream. */
  readonly at: number
  /** How many frames stand before. */
  readonly frames: number
  /** What the reader has to know of what stands before. */
  readonly state: unknown
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
  /** The same from a place that one of its readers told, where the chunks begin. */
  resume(chunks: Chunks, oddities: Oddities, place: CapturePlace): CaptureReader
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

/** Knows which names say nothing to whoever reads. */
export interface NameFilter {
  /** Whether the name of a host that stands there can be passed over. */
  has(bytes: Uint8Array, start: number, end: number): boolean
  /** The same of a server's address, four words at an index, where a record names nothing. */
  hasServer(words: Uint32Array, at: number): boolean
  /** Passes over lines whose host `has` was asked for and said true; undefined where it cannot be run. */
  readonly scan: LineScan | undefined
}

export interface LogContext {
  readonly oddities: Oddities
  /**
   * A record that names such a host counts as read and makes no observation: nothing else in it is looked at. Without
   * it every record is read.
   */
  readonly unmatched?: NameFilter | undefined
  /** The IANA zone of local times that name no zone; UTC where the operator says nothing. */
  readonly timezone?: string | undefined
  /** In which the first record was written, where times have no year. */
  readonly year?: number | undefined
  /** When the input was last written: a time without a year is taken for the last one that is not after it. */
  readonly latest?: Micros | undefined
}

/** Who listens to a log: both get an object that is used again. */
export interface LogSink {
  observe(observation: Observation): void
  mark(mark: LogMark): void
}

/** A record that was read: `ok`. One that says nothing of a client's doings (a header, another record type): `skip`. */
export type RecordResult = 'ok' | 'skip' | BadRecord

/** A record that should have been read and was not; the reason is a stable snake_case name. */
export interface BadRecord {
  readonly bad: string
}

/** Reads one record after the other of one input; it may remember (a header), so each input has its own. */
export interface RecordReader {
  /** Hands what the record in `bytes[start…end)` says to the sink, its `position` left to the caller. */
  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult
  /**
   * What is remembered of the records before, as a text: readers with equal ones read on alike. Undefined, or no such
   * method, where a record may mean something else after other records.
   */
  readonly state?: () => string | undefined
  /**
   * Where the lines that follow name their host, if any such line is read (`ok`) that names one which can be passed over,
   * whatever else is in it.
   */
  readonly hostPlace?: () => HostPlace | undefined
}

/**
 * How a text is cut into records. `lines`: one a line, or syslog messages that tell their length (RFC 6587 §3.4.1).
 * `csv`: a quoted field may hold newlines; `delimiters` are those that may stand before a quote. `json`: objects, over
 * lines or in an array, also one behind keys (`under`); what is no object is taken by lines, or, with `delimiters`, a
 * text that begins with none as `csv`; with `element`, a text that begins as XML is cut into the elements of that name. `frame-streams`: binary.
 */
export type Framing =
  | 'lines'
  | 'frame-streams'
  | { readonly kind: 'csv'; readonly delimiters: string }
  | {
      readonly kind: 'json'
      readonly under?: readonly string[] | undefined
      readonly delimiters?: string | undefined
      readonly element?: string | undefined
    }

export interface LogFormat {
  readonly kind: 'log'
  readonly name: string
  readonly title: string
  /** The vendor's page on the fields. */
  readonly documentation: string
  readonly framing: Framing
  readonly attributes: LogAttributes
  /**
   * Nothing in a record tells whether it is whole: the last one counts only with its line end, for what is missing in it
   * may be that the request was blocked, or the rest of a name.
   */
  readonly needsLineEnd?: boolean
  /** It reads any product's log of some form, so it counts only where no other format claims a sample. */
  readonly general?: boolean
  /** It tells what DNS answered. */
  readonly givesAnswers?: boolean
  /** False where the fields follow documentation alone, and were not held against a real log or the vendor's examples. */
  readonly verified?: boolean
  /** Decides on the sample alone, whatever other formats say; a sample is claimed by exactly one. */
  claims(sample: LogSample): boolean
  open(context: LogContext): RecordReader
}

export type Format = CaptureFormat | LogFormat
