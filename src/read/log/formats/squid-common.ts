import { latin1 } from '../../../base/bytes.ts'
import type { HostPlace } from '../../../base/line-scan/line-scan.ts'
import { Oddities } from '../../../base/oddities.ts'
import type { LogContext, LogFormat, LogSink, NameFilter, RecordReader, RecordResult } from '../../../model/reader.ts'
import { readsMostLines } from '../claims.ts'
import { Interned } from '../interned.ts'
import { SquidRecord } from '../squid.ts'
import { httpdTime } from '../time.ts'
import { requestsUnmatched } from '../unmatched.ts'
import { fieldIs } from '../values.ts'

const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const OPEN = 0x5b
const CLOSE = 0x5d
const IN_REQUEST: HostPlace = { kind: 'quoted' }

/**
 * Squid's `logformat common` and `combined`, Apache's formats with Squid's request status behind them:
 * `%>a %[ui %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st ["%{Referer}>h" "%{User-Agent}>h"] %Ss:%Sh`. The time is when the
 * request ended; when it began is not said, nor the server's address.
 */
export const squidCommon: LogFormat = {
  kind: 'log',
  name: 'squid-common',
  title: 'Squid access log, common and combined formats',
  documentation: 'https://www.squid-cache.org/Doc/config/logformat/',
  framing: 'lines',
  attributes: { url: true, server: false, user: true, client: true, bytes: true, bytesUp: false, action: true },
  claims: (sample) => readsMostLines(sample, new SquidCommonReader({ oddities: new Oddities() })),
  open: (context) => new SquidCommonReader(context),
}

class SquidCommonReader implements RecordReader {
  readonly #record: SquidRecord
  readonly #times = new Interned((bytes, start, end) => httpdTime(latin1(bytes, start, end)))

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
    if (unmatched !== undefined) {
      const quote = find(bytes, QUOTE, start, end)
      if (requestsUnmatched(bytes, quote + 1, end, unmatched)) return 'ok'
    }
    const lineEnd = withoutHeaders(bytes, start, end)
    if (lineEnd === start) return 'skip'
    const record = this.#record
    const observation = record.observation
    observation.reset()

    const clientEnd = find(bytes, SPACE, start, lineEnd)
    const identEnd = find(bytes, SPACE, clientEnd + 1, lineEnd)
    const userEnd = find(bytes, SPACE, identEnd + 1, lineEnd)
    const timeEnd = find(bytes, CLOSE, userEnd + 2, lineEnd)
    const methodEnd = find(bytes, SPACE, timeEnd + 3, lineEnd)
    const urlEnd = find(bytes, SPACE, methodEnd + 1, lineEnd)
    const requestEnd = find(bytes, QUOTE, urlEnd + 1, lineEnd)
    const codeEnd = find(bytes, SPACE, requestEnd + 2, lineEnd)
    const sizeEnd = find(bytes, SPACE, codeEnd + 1, lineEnd)
    if (sizeEnd >= lineEnd) return { bad: 'too_few_fields' }

    const client = record.client(bytes, start, clientEnd)
    if (client !== 'ok') return client === 'skip' ? 'skip' : { bad: 'bad_client' }
    const time = bytes[userEnd + 1] === OPEN ? this.#times.get(bytes, userEnd + 2, timeEnd) : -1
    if (time < 0) return { bad: 'bad_time' }
    observation.time = time
    observation.end = time

    const statusStart = findLast(bytes, SPACE, sizeEnd, lineEnd) + 1
    const statusEnd = find(bytes, COLON, statusStart, lineEnd)
    // Referer and agent stand in quotes between size and status; what is in them Squid does not escape.
    const inPlace = statusStart === sizeEnd + 1 || (bytes[sizeEnd + 1] === QUOTE && bytes[statusStart - 2] === QUOTE)
    const whole = inPlace && statusEnd < lineEnd && isUpperCase(bytes[lineEnd - 1]!)
    const status = whole ? record.status(bytes, statusStart, statusEnd) : 'bad'
    if (status !== 'ok') return status === 'skip' ? 'skip' : { bad: 'bad_status' }
    if (record.replySize(bytes, codeEnd + 1, sizeEnd) !== 'ok') return { bad: 'bad_size' }
    if (bytes[timeEnd + 2] !== QUOTE) return { bad: 'bad_request' }
    const target = record.target(bytes, timeEnd + 3, methodEnd, methodEnd + 1, urlEnd)
    if (target !== 'ok') return target === 'skip' ? 'skip' : { bad: 'bad_url' }

    // As `%un` does: who proved to be somebody comes before what the client's machine said of itself.
    if (fieldIs(bytes, identEnd + 1, userEnd, '-')) record.user(bytes, clientEnd + 1, identEnd)
    else record.user(bytes, identEnd + 1, userEnd)
    sink.observe(observation)
    return 'ok'
  }
}

/** Where the byte stands, or `end`. */
function find(bytes: Uint8Array, byte: number, start: number, end: number): number {
  let i = start
  while (i < end && bytes[i] !== byte) i++
  return i < end ? i : end
}

/** Where the byte stands last, or `start - 1`. */
function findLast(bytes: Uint8Array, byte: number, start: number, end: number): number {
  let i = end - 1
  while (i >= start && bytes[i] !== byte) i--
  return i
}

/**
 * The end of the line without the ` [request headers] [reply headers]` of log_mime_hdrs, whose brackets are encoded.
 */
function withoutHeaders(bytes: Uint8Array, start: number, end: number): number {
  let last = withoutSpaces(bytes, start, end)
  for (let group = 0; group < 2 && last > start && bytes[last - 1] === CLOSE; group++) {
    const open = findLast(bytes, OPEN, start, last)
    if (open < start) break
    last = withoutSpaces(bytes, start, open)
  }
  return last
}

function withoutSpaces(bytes: Uint8Array, start: number, end: number): number {
  let last = end
  while (last > start && bytes[last - 1] === SPACE) last--
  return last
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}
