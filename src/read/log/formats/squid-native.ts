import type { HostPlace } from '../../../base/line-scan/line-scan.ts'
import { Oddities } from '../../../base/oddities.ts'
import type { LogContext, LogFormat, LogSink, NameFilter, RecordReader, RecordResult } from '../../../model/reader.ts'
import { readsMostLines } from '../claims.ts'
import { SquidRecord } from '../squid.ts'
import { decimalSeconds } from '../time.ts'
import { requestsUnmatched } from '../unmatched.ts'
import { readUnsigned } from '../values.ts'

const FIELDS = 10
const STATUS = 3
const METHOD = 5
const SPACE = 0x20
const IN_REQUEST: HostPlace = { kind: 'native' }
/** Cisco's Secure Web Appliance writes Squid's fields and its own verdicts behind them. */
const CISCO_VERDICTS = / <[^<>]*,-,[^<>]*>/

/**
 * Squid's own access log, `logformat squid`:
 * `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt`. The time is when the request ended, `%tr` the
 * milliseconds it took. What follows the tenth field (logged headers) is not looked at.
 */
export const squidNative: LogFormat = {
  kind: 'log',
  name: 'squid-native',
  title: 'Squid access log, native format',
  documentation: 'https://www.squid-cache.org/Doc/config/logformat/',
  framing: 'lines',
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: false, action: true },
  claims: (sample) =>
    !sample.lines.some((line) => CISCO_VERDICTS.test(line)) &&
    readsMostLines(sample, new SquidNativeReader({ oddities: new Oddities() })),
  open: (context) => new SquidNativeReader(context),
}

class SquidNativeReader implements RecordReader {
  readonly #record: SquidRecord
  readonly #starts = new Int32Array(FIELDS)
  readonly #ends = new Int32Array(FIELDS)
  readonly #unmatched: NameFilter | undefined

  constructor(context: LogContext) {
    this.#record = new SquidRecord(context.oddities)
    this.#unmatched = context.unmatched
  }

  /** A line stands for itself. */
  state(): string {
    return ''
  }

  hostPlace(): HostPlace {
    return IN_REQUEST
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    const unmatched = this.#unmatched
    if (unmatched !== undefined && namesUnmatched(bytes, start, end, unmatched)) return 'ok'
    const starts = this.#starts
    const ends = this.#ends
    const count = this.#split(bytes, start, end)
    if (count === 0) return 'skip'
    if (count < FIELDS) return { bad: 'too_few_fields' }
    const record = this.#record
    const observation = record.observation
    observation.reset()

    const ended = decimalSeconds(bytes, starts[0]!, ends[0]!)
    const elapsed = readUnsigned(bytes, starts[1]!, ends[1]!) * 1000
    if (ended < 0 || elapsed < 0 || elapsed > ended) return { bad: 'bad_time' }
    observation.time = ended - elapsed
    observation.end = ended

    const client = record.client(bytes, starts[2]!, ends[2]!)
    if (client !== 'ok') return client === 'skip' ? 'skip' : { bad: 'bad_client' }

    let slash = starts[3]!
    while (slash < ends[3]! && bytes[slash] !== 0x2f) slash++
    const status = slash < ends[3]! ? record.status(bytes, starts[3]!, slash) : 'bad'
    if (status !== 'ok') return status === 'skip' ? 'skip' : { bad: 'bad_status' }

    if (record.replySize(bytes, starts[4]!, ends[4]!) !== 'ok') return { bad: 'bad_size' }
    const target = record.target(bytes, starts[5]!, ends[5]!, starts[6]!, ends[6]!)
    if (target !== 'ok') return target === 'skip' ? 'skip' : { bad: 'bad_url' }
    record.user(bytes, starts[7]!, ends[7]!)
    if (record.hierarchy(bytes, starts[8]!, ends[8]!) !== 'ok') return { bad: 'bad_hierarchy' }
    sink.observe(observation)
    return 'ok'
  }

  /** Finds the fields, any number of spaces apart; gives how many there are, the tenth being the last looked for. */
  #split(bytes: Uint8Array, start: number, end: number): number {
    const starts = this.#starts
    const ends = this.#ends
    let i = start
    for (let field = 0; field < FIELDS; field++) {
      while (i < end && bytes[i] === SPACE) i++
      if (i === end) return field
      starts[field] = i
      while (i < end && bytes[i] !== SPACE) i++
      ends[field] = i
    }
    return FIELDS
  }
}

/** Whether the request, which begins with the sixth field, names a host that can be passed over. */
function namesUnmatched(bytes: Uint8Array, start: number, end: number, unmatched: NameFilter): boolean {
  let i = start
  for (let field = 0; field < METHOD; field++) {
    while (i < end && bytes[i] !== SPACE) i++
    while (i < end && bytes[i] === SPACE) i++
    // UDP_: the question of another cache.
    if (field === STATUS - 1 && bytes[i] === 0x55) return false
  }
  return requestsUnmatched(bytes, i, end, unmatched)
}
