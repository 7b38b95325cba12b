import { LogMark } from '../../../model/mark.ts'
import type { LogContext, LogFormat, LogSink, RecordReader, RecordResult } from '../../../model/reader.ts'
import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [{ from: 'syslog.time', as: 'syslog' }]

/** Sessions that are remembered at a time; the longest known gives way. */
const SESSION_LIMIT = 100_000

/** What a module writes before its words: `notice apmd[12]: 01490500:5: /Common/vpn:Common:49dc8781: `. */
const before = (id: string) => `{}${id}:{}: {session}: `

const TEMPLATES = {
  began: `${before('01490500')}New session from client IP {outer} `,
  named: `${before('01490010')}Username '{user}'`,
  assigned: [4, 6].flatMap((family) =>
    ['Dynamic', 'Static'].flatMap((how) => [
      `${before('01490549')}Assigned PPP ${how} IPv${family}: {inner} {}Client IP: {outer} `,
      `${before('01490549')}Assigned PPP ${how} IPv${family}: {inner} {}Client IP: {outer}`,
    ]),
  ),
  closed: [`${before('01490505')}PPP tunnel {} closed`, `${before('01490502')}Session deleted `],
  packet: `${before('01580002')}{action} ACL: {} packet: {protocol} {client} -> {server}`,
} as const

/** The session stands for the device until what is known of it is put together. */
const RECORDS: readonly RecordRule[] = [
  ...(['began', 'named', 'assigned', 'closed'] as const).map((kind) => ({
    when: { 'text.kind': kind },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event: kind === 'assigned' ? ('start' as const) : kind === 'closed' ? ('end' as const) : ('alive' as const),
      outer: 'outer',
      inner: 'inner',
      user: 'user',
      gateway: 'syslog.host',
      device: [{ from: 'session', afterLast: ':' }, 'session'],
    },
  })),
  {
    when: { 'text.kind': 'packet' },
    time: TIMES,
    client: 'client',
    server: 'server',
    transport: 'protocol',
    action: { from: 'action', allowed: ['allow'], blocked: ['discard', 'reject', 'deny'] },
  },
]

const messages = mappedFormat({
  name: 'f5-apm',
  title: 'F5 BIG-IP Access Policy Manager (also tunnels)',
  documentation: 'https://my.f5.com/manage/s/article/K11124',
  verified: false,
  attributes: { url: false, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'text', templates: TEMPLATES },
  syslog: true,
  detect: [{ has: ['text.kind', 'session'] }],
  records: RECORDS,
})

/**
 * F5 BIG-IP's Access Policy Manager: network access tunnels with both addresses and the user, and what its access lists
 * said of connections. It names the user, where he came from and which address he was given in messages of their own,
 * which a session's number holds together.
 */
export const f5Apm: LogFormat = { ...messages, open: (context) => new Sessions(context) }

interface Session {
  user: string
  /** The outer and the inner address, as in a mark. */
  readonly addresses: Uint32Array
  hasOuter: boolean
  hasInner: boolean
}

/** Puts together what the messages of one session say: a tunnel is told once its inner address is known. */
class Sessions implements RecordReader {
  readonly #reader: RecordReader
  readonly #sessions = new Map<string, Session>()
  readonly #mark = new LogMark()

  constructor(context: LogContext) {
    this.#reader = messages.open(context)
  }

  record(bytes: Uint8Array, start: number, end: number, sink: LogSink): RecordResult {
    return this.#reader.record(bytes, start, end, {
      observe: (observation) => sink.observe(observation),
      mark: (mark) => this.#add(mark, sink),
    })
  }

  #add(said: LogMark, sink: LogSink): void {
    const session = this.#sessionOf(said.device)
    if (said.user !== '') session.user = said.user
    if (said.hasOuter) session.addresses.set(said.addresses.subarray(0, 4), 0)
    if (said.hasInner) session.addresses.set(said.addresses.subarray(4, 8), 4)
    session.hasOuter ||= said.hasOuter
    session.hasInner ||= said.hasInner
    if (said.event === 'end') this.#sessions.delete(said.device)
    if (!session.hasInner) return
    const mark = this.#mark
    mark.reset()
    mark.event = said.event
    mark.time = said.time
    mark.gateway = said.gateway
    mark.user = session.user
    mark.addresses.set(session.addresses)
    mark.hasOuter = session.hasOuter
    mark.hasInner = true
    sink.mark(mark)
  }

  #sessionOf(id: string): Session {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const session = { user: '', addresses: new Uint32Array(8), hasOuter: false, hasInner: false }
    if (this.#sessions.size === SESSION_LIMIT) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest)
        break
      }
    }
    this.#sessions.set(id, session)
    return session
  }
}
