import { Oddities } from './base/oddities.ts'
import type { WantedServer } from './extract/flow-ends.ts'
import type { LogMark } from './model/mark.ts'
import type { ObservationSink } from './model/observation.ts'
import type { Packet } from './model/packet.ts'
import type { Damage, LogContext, NameFilter } from './model/reader.ts'
import type { FormatChange } from './read/log/refused.ts'

/** What was met in an input, whatever it named. */
export interface InputSummary {
  /** Packets of a capture, or records of a log that were read. */
  records: number
  /** Log records of a kind that says nothing of a client's doings. */
  skipped: number
  /** Log records that could not be read, by reason, with the first few lines. */
  readonly bad: Map<string, { count: number; readonly lines: number[] }>
  /** Where a log is of another format than its own. */
  changes: readonly FormatChange[]
  readonly oddities: Oddities
  /** The input broke off there; what came before it counts. */
  damage: Damage | undefined
}

/** Who listens to an input. */
export interface InputSink {
  readonly observe: ObservationSink
  /** What a log says of tunnels and leases. */
  readonly mark?: ((mark: LogMark) => void) | undefined
  /** Whether flows of a capture to a server that name nothing are to be observed. */
  readonly isWanted?: WantedServer | undefined
  /** Names of hosts that need not be observed: records of logs that name one are only counted. */
  readonly unmatched?: NameFilter | undefined
  /** Each IP header of every packet, the outermost first: `addresses`, `time` and `frame` are set. */
  readonly packet?: ((packet: Packet) => void) | undefined
  /** Of a part of a log: where a line stands that was followed, and how many of the part stand before it. */
  readonly placed?: ((at: number, lines: number) => void) | undefined
  /** Between two windows of the input: the moment for progress and for flushing. True ends the reading there. */
  readonly pause?: (() => boolean | Promise<boolean>) | undefined
}

/** What the times of a log are read with, where they leave something out. */
export type LogOptions = Omit<LogContext, 'oddities' | 'unmatched'>

export function emptySummary(): InputSummary {
  return { records: 0, skipped: 0, bad: new Map(), changes: [], oddities: new Oddities(), damage: undefined }
}

/** Lines of bad records that are remembered, of each reason. */
export const BAD_LINES_SHOWN = 3
