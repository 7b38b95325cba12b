import { latin1 } from '../../base/bytes.ts'
import type { HostPlace } from '../../base/line-scan/line-scan.ts'
import type { Oddities } from '../../base/oddities.ts'
import { isTime, type Micros } from '../../base/time.ts'
import { Observation } from '../../model/observation.ts'
import type { LogContext, LogSample, LogSink, NameFilter, RecordReader, RecordResult } from '../../model/reader.ts'
import { SpreadObject } from './spread-object.ts'
import { decimalSeconds, isoTime } from './time.ts'
import { readAddress, readPort, readUnsigned } from './values.ts'
import { ZeekFields } from './zeek-fields.ts'
import { ZeekJson } from './zeek-json.ts'
import { ZeekTable } from './zeek-table.ts'

const HASH = 0x23
const BRACE = 0x7b
const DASH = 0x2d
const COMMON = ['ts', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'] as const

/** Index of the first of a log's own fields. */
export const OWN_FIELDS = COMMON.length

/** What tells one Zeek log from another. */
export interface ZeekLog {
  /** `#path` or `_path`, where it is not renamed. */
  readonly path: string
  /** Fields that every record of it has and no other log. */
  readonly always: readonly string[]
  /** Wanted beside the common ones; the first has index OWN_FIELDS. */
  readonly fields: readonly string[]
  /** The field that holds the name of a host. */
  readonly name?: string
}

/** Reads what only one log has; time, client and server stand in the observation already. */
export type ZeekObserver = (fields: ZeekFields, observation: Observation, sink: LogSink) => RecordResult

/** Reads one kind of Zeek log, TSV and JSON lines, even mixed; records of other logs are skipped. */
export class ZeekReader implements RecordReader {
  readonly #log: ZeekLog
  readonly #observe: ZeekObserver
  readonly #observation = new Observation()
  readonly #fields: ZeekFields
  readonly #table: ZeekTable
  readonly #json: ZeekJson
  /** Rows without a header count as ours: they are bad records, not another log's. */
  #tableIsOurs = true
  readonly #oddities: Oddities
  readonly #spread = new SpreadObject()
  #hasSpread = false

  readonly #unmatched: NameFilter | undefined
  /** Index of the name's field; -1 without. */
  readonly #name: number

  constructor(log: ZeekLog, context: LogContext, observe: ZeekObserver) {
    const wanted = [...COMMON, ...log.fields]
    this.#unmatched = context.unmatched
    this.#name = log.name === undefined ? -1 : wanted.indexOf(log.name)
    this.#log = log
    this.#oddities = context.oddities
    this.#observe = observe
    this.#fields = new ZeekFields(wanted.length)
    this.#table = new ZeekTable(wanted)
    this.#json = new ZeekJson(wanted)
  }

  state(): string | undefined {
    return this.#hasSpread ? undefined : this.#table.state
  }

  hostPlace(): HostPlace | undefined {
    if (!this.#tableIsOurs || this.#name < 0 || this.#spread.isOpen) return undefined
    return this.#table.place(this.#name)
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    if (this.#spread.isOpen) {
      const taken = this.#spread.take(bytes, start, end)
      if (taken === 'part') return 'skip'
      if (taken === 'whole') return this.record(this.#spread.bytes, 0, this.#spread.bytes.length, sink)
      this.#oddities.count('record_cut')
    }
    if (start === end) return 'skip'
    if (bytes[start] === HASH) {
      this.#table.header(bytes, start, end)
      const { path, names } = this.#table
      this.#tableIsOurs = names.length === 0 || isZeekLog(this.#log, path, (name) => names.includes(name))
      return 'skip'
    }
    if (bytes[start] === BRACE) {
      if (this.#spread.begins(bytes, start, end)) {
        this.#hasSpread = true
        return 'skip'
      }
      if (!this.#json.parse(bytes, start, end)) return { bad: 'bad_json' }
      if (!isZeekLog(this.#log, this.#json.path, (name) => this.#json.has(name))) return 'skip'
      this.#json.fill(this.#fields)
      const { starts, ends } = this.#fields
      if (this.#name >= 0 && this.#unmatched?.has(this.#fields.bytes, starts[this.#name]!, ends[this.#name]!))
        return 'ok'
    } else {
      if (!this.#tableIsOurs) return 'skip'
      if (this.#name >= 0 && this.#unmatched !== undefined) {
        const table = this.#table
        if (table.cell(bytes, start, end, this.#name) && this.#unmatched.has(bytes, table.start, table.end)) return 'ok'
      }
      const result = this.#table.row(bytes, start, end, this.#fields)
      if (result !== 'ok') return result
    }
    return this.#common() ?? this.#observe(this.#fields, this.#observation, sink)
  }

  /** Reads the fields that every log has; what is wrong with them, or undefined. */
  #common(): RecordResult | undefined {
    const { bytes, starts, ends } = this.#fields
    const observation = this.#observation
    observation.reset()
    const time = zeekTime(bytes, starts[0]!, ends[0]!)
    if (time < 0) return { bad: 'bad_time' }
    observation.time = time
    observation.end = time
    observation.hasClient = readAddress(bytes, starts[1]!, ends[1]!, observation.addresses, 0)
    if (!observation.hasClient) return { bad: 'bad_client' }
    observation.hasServer = readAddress(bytes, starts[3]!, ends[3]!, observation.addresses, 4)
    if (!observation.hasServer) return { bad: 'bad_server' }
    observation.clientPort = readPort(bytes, starts[2]!, ends[2]!)
    observation.serverPort = readPort(bytes, starts[4]!, ends[4]!)
    return observation.clientPort < 0 || observation.serverPort < 0 ? { bad: 'bad_port' } : undefined
  }
}

/** Whether a sample holds a header or a record of that log. */
export function hasZeekLog(log: ZeekLog, sample: LogSample): boolean {
  const table = new ZeekTable([])
  const json = new ZeekJson([])
  const spread = new SpreadObject()
  for (const line of sample.lines) {
    let bytes: Uint8Array = Buffer.from(line, 'latin1')
    const taken = spread.isOpen ? spread.take(bytes, 0, bytes.length) : 'cut'
    if (taken === 'part' || (taken === 'cut' && spread.begins(bytes, 0, bytes.length))) continue
    if (taken === 'whole') bytes = spread.bytes
    if (bytes[0] === HASH) {
      table.header(bytes, 0, bytes.length)
      if (isZeekLog(log, table.path, (name) => table.names.includes(name))) return true
    } else if (bytes[0] === BRACE && json.parse(bytes, 0, bytes.length)) {
      if (json.has('ts') && isZeekLog(log, json.path, (name) => json.has(name))) return true
    }
  }
  return false
}

/** A path may be missing or renamed, so the fields count as well. */
export function isZeekLog(log: ZeekLog, path: string, has: (name: string) => boolean): boolean {
  return path === log.path || log.always.every(has)
}

/** Zeek's three: seconds with decimals, milliseconds (JSON::TS_MILLIS) and ISO 8601 (JSON::TS_ISO8601); -1 for none. */
export function zeekTime(bytes: Uint8Array, start: number, end: number): Micros {
  if (end - start > 4 && bytes[start + 4] === DASH) return isoTime(latin1(bytes, start, end))
  const milliseconds = end - start > 11 ? readUnsigned(bytes, start, end) : -1
  if (milliseconds < 0) return decimalSeconds(bytes, start, end)
  return isTime(milliseconds * 1000) ? milliseconds * 1000 : -1
}
