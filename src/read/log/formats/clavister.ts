import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

/** The header of syslog, or the brackets of the log that the firewall keeps itself. */
const TIME: readonly TimeRule[] = [
  { from: 'syslog.time', as: 'syslog' },
  { from: 'syslog.message', after: '[', before: ']', as: 'iso' },
]

const ENDS = {
  time: TIME,
  client: 'connsrcip',
  clientPort: 'connsrcport',
  server: 'conndestip',
  serverPort: 'conndestport',
  transport: 'connipproto',
  user: ['user', 'username'],
  translated: {
    client: 'connnewsrcip',
    clientPort: 'connnewsrcport',
    server: 'connnewdestip',
    serverPort: 'connnewdestport',
  },
  action: {
    from: ['action', 'event'],
    blocked: ['drop', 'reject', 'block*', 'deny', 'blacklist*'],
    allowed: ['allow', 'close', 'conn_open*', 'conn_close*'],
  },
} as const

const CONNECTION = { event: ['conn_open*', 'conn_close*', 'connection_*'], connipproto: ['tcp', 'udp'] } as const
/** `1.24 K`: a count that was rounded is none. */
const EXACT = { 'syslog.message': { not: ['* K *', '* M *', '* G *'] } } as const

const REMOTE_USER = { authagent: ['oneconnect', 'sslvpn', 'ssl vpn', 'l2tp*', 'pptp*', 'xauth', 'eap'] } as const
const LOGIN = { start: 'login', end: 'logout' } as const

const LOGINS: readonly RecordRule[] = (['start', 'end'] as const).map((event) => ({
  when: { ...REMOTE_USER, authevent: LOGIN[event], username: { set: true } },
  time: TIME,
  mark: {
    kind: 'tunnel' as const,
    event,
    outer: 'srcip',
    user: 'username',
    gateway: ['syslog.host', 'authrule'],
    protocol: 'authagent',
  },
}))

/**
 * Clavister cOS Core, key=value with brackets or without: connections, requested URLs, remote users' logins. The time stands
 * in front.
 */
export const clavister = mappedFormat({
  name: 'clavister',
  title: 'Clavister NGFW log, key=value',
  documentation: 'https://docs.clavister.com/',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'key-value',
  syslog: true,
  unset: ['none', '(none)', 'n/a'],
  detect: [
    { has: ['id', 'event', 'connsrcip', 'conndestip', 'connipproto'], is: { id: { like: 'number' } } },
    { has: ['id', 'event', 'authrule', 'authagent', 'authevent'], is: { id: { like: 'number' } } },
    { has: ['id', 'event', 'srcip', 'destip', 'ipproto'], is: { id: { like: 'number' } } },
    { has: ['prio', 'id', 'rev', 'event'], is: { id: { like: 'number' } } },
  ],
  records: [
    {
      ...ENDS,
      when: { event: ['request_url', 'url_*', '*wcf*'], url: { set: true }, connsrcip: { set: true } },
      url: 'url',
    },
    { ...ENDS, when: { ...CONNECTION, ...EXACT }, bytesUp: 'origsent', bytesDown: 'termsent' },
    { ...ENDS, when: CONNECTION },
    { ...ENDS, when: { connsrcip: { set: true }, connipproto: ['tcp', 'udp'] }, action: undefined },
    {
      when: { event: ['ruleset_drop_packet', 'ruleset_reject_packet'], ipproto: ['tcp', 'udp'] },
      time: TIME,
      client: 'srcip',
      clientPort: 'srcport',
      server: 'destip',
      serverPort: 'destport',
      transport: 'ipproto',
      action: { from: 'event', blocked: ['*'] },
    },
    ...LOGINS,
  ],
})
