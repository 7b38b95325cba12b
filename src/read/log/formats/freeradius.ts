import type { LogContext, LogFormat, LogSample, LogSink, RecordReader, RecordResult } from '../../../model/reader.ts'
import { mappedFormat } from '../mapping/format.ts'
import type { Conditions, RecordRule, TimeRule } from '../mapping/mapping.ts'

const TAB = 0x09
const OPEN = 0x7b

/** The longest record in bytes: RADIUS packets hold 4096 (RFC 2865 §3), written out some times that. */
const RECORD_LIMIT = 64 * 1024
/** What the line of the time is called when a record is put together. */
const TIME_KEY = Buffer.from('Packet-Time=')

const events = ['start', 'alive', 'end'] as const
const STATES = { start: ['Start', '1'], alive: ['Interim-Update', 'Alive', '3'], end: ['Stop', '2'] } as const
/** Tunnel-Type (RFC 2868 §3.1) by what it speaks. */
const TUNNELS = { pptp: 'PPTP', l2tp: 'L2TP', esp: 'ESP', '': '*' } as const

/** `after` is what stands behind a name, where the value is not directly under it. */
function records(after: string): readonly RecordRule[] {
  const field = (name: string) => name + after
  const time: readonly TimeRule[] = [
    { from: field('Timestamp'), as: 'unix' },
    { from: field('Event-Timestamp'), as: 'iso' },
    { from: field('Event-Timestamp'), as: 'unix' },
    { from: field('Event-Timestamp'), as: 'MMM dd yyyy HH:mm:ss Z' },
    { from: 'Packet-Time', as: 'EEE MMM d HH:mm:ss yyyy' },
  ]
  const inner = [field('Framed-IP-Address'), field('Framed-IPv6-Address')]
  const user = field('User-Name')
  const gateway = [field('NAS-Identifier'), field('NAS-IP-Address'), field('NAS-IPv6-Address')]
  const duration = { from: field('Acct-Session-Time'), unit: 's' } as const
  const port = field('NAS-Port-Type')
  return events.flatMap((event) => {
    const when: Conditions = { [field('Acct-Status-Type')]: STATES[event] }
    const tunnels = Object.entries(TUNNELS).map(([name, type]) => ({
      when: { ...when, [port]: ['Virtual', '5'], [field('Tunnel-Type:0')]: type },
      time,
      mark: {
        kind: 'tunnel' as const,
        event,
        outer: [field('Tunnel-Client-Endpoint:0'), field('Calling-Station-Id')],
        inner,
        user,
        gateway,
        protocol: { value: name },
        duration,
      },
    }))
    const device = field('Calling-Station-Id')
    return [...tunnels, { when, time, mark: { kind: 'lease' as const, event, inner, user, device, gateway, duration } }]
  })
}

/** One record, its lines put together, or as JSON. */
const joined = mappedFormat({
  name: 'freeradius',
  title: 'FreeRADIUS accounting, detail files and JSON',
  documentation: 'https://www.freeradius.org/documentation/freeradius-server/3.2.x/raddb/mods-available/detail.html',
  verified: false,
  attributes: { url: false, server: false, user: true, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: { kind: 'key-value', separator: '\t' },
      detect: [{ has: ['Packet-Time'] }],
      records: records(''),
    },
    { fields: 'json', detect: [{ has: ['Acct-Status-Type', 'User-Name'] }], records: records('') },
    { fields: 'json', detect: [{ has: ['Acct-Status-Type.value', 'User-Name.value'] }], records: records('.value') },
  ],
})

/**
 * FreeRADIUS's accounting: detail files, where a record is a line with the time, one line an attribute, and an empty line,
 * and JSON lines with the attributes' names. Who was given an address, over Wi-Fi, a switch or a tunnel.
 */
export const freeradius: LogFormat = {
  ...joined,
  framing: 'lines',
  claims: (sample) => isDetail(sample) || joined.claims(sample),
  open: (context) => new DetailReader(context),
}

function isDetail({ lines }: LogSample): boolean {
  return lines.some((line) => line.startsWith('\tAcct-Status-Type = '))
}

class DetailReader implements RecordReader {
  readonly #context: LogContext
  readonly #reader: RecordReader
  readonly #record = new Uint8Array(RECORD_LIMIT)
  /** 0 before the line with the time; beyond the limit for a record that is too long. */
  #length = 0

  constructor(context: LogContext) {
    this.#context = context
    this.#reader = joined.open(context)
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    if (start === end) return this.#end(sink)
    if (bytes[start] === OPEN) return this.#reader.record(bytes, start, end, sink)
    if (bytes[start] !== TAB) {
      // Another record begins, and the empty line has not come.
      if (this.#length > 0) this.#context.oddities.count('record_cut')
      this.#record.set(TIME_KEY, 0)
      this.#length = TIME_KEY.length
    } else if (this.#length === 0) return 'skip'
    if (this.#length + end - start > RECORD_LIMIT) this.#length = RECORD_LIMIT + 1
    else {
      this.#record.set(bytes.subarray(start, end), this.#length)
      this.#length += end - start
    }
    return 'skip'
  }

  #end(sink: LogSink): RecordResult {
    const length = this.#length
    this.#length = 0
    if (length === 0) return 'skip'
    if (length <= RECORD_LIMIT) return this.#reader.record(this.#record, 0, length, sink)
    this.#context.oddities.count('record_too_long')
    return 'skip'
  }
}
