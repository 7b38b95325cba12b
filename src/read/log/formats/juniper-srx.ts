import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule } from '../mapping/mapping.ts'

const TIME = { from: 'syslog.time', as: 'syslog' } as const
/** Behind a plain header the last parameter keeps its quotes and the bracket. */
const UNSET = ['N/A', '"N/A"]', 'NA', 'UNKNOWN', 'None', 'unauthenticated user', 'unknown-user']

/** Of structured data: `prefix` stands before the names of its parameters, `kind` holds the name of the message. */
function structured(fields: Layout['fields'], prefix: string, kind: string): Layout {
  const field = (name: string) => `${prefix}${name}`
  const ends = {
    time: TIME,
    client: field('source-address'),
    clientPort: field('source-port'),
    server: field('destination-address'),
    serverPort: field('destination-port'),
    transport: field('protocol-id'),
    translated: {
      client: field('nat-source-address'),
      clientPort: field('nat-source-port'),
      server: field('nat-destination-address'),
      serverPort: field('nat-destination-port'),
    },
    user: prefix === '' ? [{ from: 'username', after: '"', before: '"' }, 'username'] : field('username'),
  }
  const closed: RecordRule = {
    ...ends,
    duration: { from: field('elapsed-time'), unit: 's' },
    logged: 'end',
    bytesUp: field('bytes-from-client'),
    bytesDown: field('bytes-from-server'),
    action: { from: { value: 'close' }, allowed: ['close'] },
  }
  const isSession = { [field('protocol-id')]: ['6', '17'] }
  const opened = { from: { value: 'create' }, allowed: ['create'] }
  const denied = { from: { value: 'deny' }, blocked: ['deny'] }
  return {
    fields,
    syslog: true,
    unset: UNSET,
    detect: [
      {
        has: [field('source-address'), field('destination-address')],
        is: { [kind]: ['RT_FLOW_SESSION_*', 'APPTRACK_SESSION_*', 'WEBFILTER_URL_*', 'AV_*', 'CONTENT_FILTERING_*'] },
      },
    ],
    records: [
      { ...closed, when: { ...isSession, [kind]: ['RT_FLOW_SESSION_CLOSE*', 'APPTRACK_SESSION_CLOSE*'] } },
      { ...ends, when: { ...isSession, [kind]: ['RT_FLOW_SESSION_CREATE*', 'APPTRACK_SESSION_*'] }, action: opened },
      { ...ends, when: { ...isSession, [kind]: 'RT_FLOW_SESSION_DENY*' }, action: denied },
      { ...ends, when: { [kind]: 'WEBFILTER_URL_BLOCKED*' }, name: field('url'), means: 'http-url', action: denied },
      { ...ends, when: { [kind]: 'WEBFILTER_URL_PERMITTED*' }, name: field('url'), means: 'http-url', action: opened },
    ],
  }
}

const ENDS = { time: TIME, client: 'client', server: 'server' } as const
const CLOSED = {
  ...ENDS,
  action: { from: { value: 'close' }, allowed: ['close'] },
} as const

/**
 * The messages in words. Zones and names between the addresses and the counts may hold brackets themselves: what is then
 * taken for a count is no number, and no count of the record is used.
 */
const WORDS: Layout = {
  fields: {
    kind: 'text',
    templates: {
      icmp: '{}session {}->{} icmp {}',
      close: '{}session closed {}: {client}->{server} {}({up}) {}({down}) {seconds} {}',
      create: '{}session created {client}->{server} {}',
      deny: '{}session denied {client}->{server} {}',
    },
  },
  syslog: true,
  unset: UNSET,
  detect: [{ is: { 'text.kind': ['close', 'create', 'deny', 'icmp'] } }],
  records: [
    {
      ...CLOSED,
      when: { 'text.kind': 'close', up: { like: 'number' }, down: { like: 'number' } },
      duration: { from: 'seconds', unit: 's' },
      logged: 'end',
      bytesUp: 'up',
      bytesDown: 'down',
    },
    { ...CLOSED, when: { 'text.kind': 'close' } },
    { ...ENDS, when: { 'text.kind': 'create' }, action: { from: 'text.kind', allowed: ['create'] } },
    { ...ENDS, when: { 'text.kind': 'deny' }, action: { from: 'text.kind', blocked: ['deny'] } },
  ],
}

/**
 * Juniper SRX: sessions and web filter, as structured data (RFC 5424, or behind a plain header) and in words. A session
 * is logged at its end with what each side sent.
 */
export const juniperSrx = mappedFormat({
  name: 'juniper-srx',
  title: 'Juniper SRX session and web filter log',
  documentation:
    'https://www.juniper.net/documentation/en_US/junos12.2/topics/reference/general/session-log-entry-information-for-srx-series.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [structured('syslog', 'sd.', 'syslog.id'), structured('key-value', '', 'syslog.message'), WORDS],
})
