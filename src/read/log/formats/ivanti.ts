import { mappedFormat } from '../mapping/format.ts'
import type { MarkRule, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** What is said of a session that a tunnel carries; newer versions name the session behind the user. */
const EVENTS = { start: 'Session started for user', end: 'Session ended for user' } as const
const events = ['start', 'end'] as const
/** Older versions leave out what family the address is of. */
const ADDRESSES = [' with IPv4 address ', ' with IP '] as const

const TIMES: readonly TimeRule[] = [
  { from: 'time', as: 'iso' },
  { from: 'syslog.time', as: 'syslog' },
]

/** What the standard format writes before a message. */
const BEFORE = '{date} {clock} - {gateway} - [{outer}] {user}({}){}: '

const TUNNEL = { kind: 'tunnel', user: 'user', gateway: ['vpn', 'fw'] } as const satisfies Partial<MarkRule>

const WELF: readonly RecordRule[] = events.map((event) => ({
  when: { msg: `*${EVENTS[event]}*` },
  time: TIMES,
  mark: {
    ...TUNNEL,
    event,
    outer: 'src',
    inner: ADDRESSES.map((words) => ({ from: 'msg', after: words, before: ',' })),
    // Without a host's name nothing stands before the sentence's first word.
    ...(event === 'start' && { device: { from: 'msg', after: ', hostname ', before: 'NWC' } }),
  },
}))

/**
 * Ivanti (Pulse) Connect Secure in WELF, as it is sent to syslog, and its standard format: when a tunnel began and ended, from
 * where, and with which address. Other messages (logins, policies, administration) are skipped.
 */
export const ivanti = mappedFormat({
  name: 'ivanti',
  title: 'Ivanti (Pulse) Connect Secure log',
  documentation: 'https://help.ivanti.com/ps/help/en_US/PCS/9.1R13/pcsag/logging_n_monitoring.htm',
  verified: true,
  attributes: { url: false, server: false, user: true, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: 'key-value',
      syslog: true,
      detect: [{ has: ['pri', 'fw', 'vpn', 'msg'], is: { id: 'firewall' } }],
      records: WELF,
    },
    {
      fields: {
        kind: 'text',
        templates: {
          start: ADDRESSES.map((words) => `${BEFORE}${EVENTS.start}{}${words}{inner},{}hostname {device}`),
          end: ADDRESSES.map((words) => `${BEFORE}${EVENTS.end}{}${words}{inner}`),
        },
      },
      syslog: true,
      detect: [{ has: ['outer', 'user'], is: { 'text.kind': ['start', 'end'] } }],
      records: events.map((event) => ({
        when: { 'text.kind': event },
        // The header's has a zone, where it is ISO 8601.
        time: [{ from: 'syslog.time', as: 'iso' }, { from: ['date', 'clock'], as: 'iso' }, ...TIMES],
        mark: {
          ...TUNNEL,
          event,
          outer: 'outer',
          inner: 'inner',
          user: [{ from: 'user', after: '::' }, 'user'],
          device: 'device',
          gateway: 'gateway',
        },
      })),
    },
  ],
})
