import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [{ from: 'syslog.time', as: 'syslog' }]
const UNSET = [
  '*****',
  '<unknown>',
  'Unknown',
  'Not Found',
  'No Authentication Required',
  'Not Applicable',
  'N/A',
  '::',
]

/** A teardown does not say who asked: the side with one of these ports is the server. */
const SERVER_PORTS = [
  ...['443', '80', '53', '123', '853', '5222', '5223', '5228', '5242', '4244', '8443', '8080', '8888', '3128', '1080'],
  ...['22', '25', '110', '143', '389', '445', '465', '587', '636', '993', '995', '3306', '3389', '5060', '5061'],
  ...['500', '4500', '1194', '1701', '1723', '3478', '3479', '3480', '3481', '19302', '19305', '51820'],
]

const ANSWERED = 'for {}:{server}/{serverPort} ({serverMapped}) to {}:{client}/{clientPort} ({clientMapped}'
const ASKED = 'for {}:{client}/{clientPort} ({clientMapped}) to {}:{server}/{serverPort} ({serverMapped}'
/** Versions before 8.4 wrote no brackets. */
const SESSIONS = ['Group <{}> User <{user}> IP <{outer}>', 'Group {} User {user} IP {outer}'] as const
const sessions = (id: string, text: string) => SESSIONS.map((who) => `%{product}-{}-${id}: ${who} ${text}`)

/** By what they say; where a user may be named, the sentence that names one stands first. */
const TEMPLATES = {
  built: [
    `%{product}-{}-{}: Built outbound {protocol} connection {} ${ANSWERED})({user})`,
    `%{product}-{}-{}: Built outbound {protocol} connection {} ${ANSWERED}) ({user})`,
    `%{product}-{}-{}: Built outbound {protocol} connection {} ${ANSWERED}`,
    '%{product}-{}-{}: Built inbound {protocol} connection {} for {}:{client}/{clientPort} ({clientMapped})({user}) to {}:{server}/{serverPort} ({serverMapped}',
    `%{product}-{}-{}: Built inbound {protocol} connection {} ${ASKED}) ({user})`,
    `%{product}-{}-{}: Built inbound {protocol} connection {} ${ASKED}`,
  ],
  teardown: [
    '%{product}-{}-{}: Teardown {protocol} connection {} for {}:{low}/{lowPort} to {}:{high}/{highPort} duration {duration} bytes {bytes} ({user})',
    '%{product}-{}-{}: Teardown {protocol} connection {} for {}:{low}/{lowPort} to {}:{high}/{highPort} duration {duration} bytes {bytes}',
  ],
  denied: [
    '%{product}-{}-106001: Inbound {protocol} connection denied from {client} to {server} flags ',
    '%{product}-{}-106006: Deny inbound {protocol} from {client} to {server} on interface ',
    '%{product}-{}-106007: Deny inbound {protocol} from {client} to {server} due to ',
    '%{product}-{}-106010: Deny inbound {protocol} src {client} dst {server} ',
    '%{product}-{}-106023: Deny {protocol} src {}:{client}/{clientPort}({user}) dst {}:{server}/{serverPort} by access-group ',
    '%{product}-{}-106023: Deny {protocol} src {}:{client}/{clientPort} dst {}:{server}/{serverPort} by access-group ',
    '%{product}-{}-106023: Deny {protocol} src {client} dst {server} by access-group ',
  ],
  list: [
    '%{product}-{}-106100: access-list {} {action} {protocol} {}/{client}({clientPort})({user}) -> {}/{server}({serverPort})',
    '%{product}-{}-106100: access-list {} {action} {protocol} {}/{client}({clientPort}){} -> {}/{server}({serverPort})',
    "%{product}-{}-106102: access-list {} {action} {protocol} for user '{user}' {}/{client}({clientPort}){} -> {}/{server}({serverPort})",
    '%{product}-{}-106102: access-list {} {action} {protocol} for user {user} {}/{client}({clientPort}){} -> {}/{server}({serverPort})',
    "%{product}-{}-106103: access-list {} {action} {protocol} for user '{user}' {}/{client}({clientPort}){} -> {}/{server}({serverPort})",
    '%{product}-{}-106103: access-list {} {action} {protocol} for user {user} {}/{client}({clientPort}){} -> {}/{server}({serverPort})',
  ],
  fetched: [
    '%{product}-{}-304001: {user}@{client} Accessed {} {server}:http://{url}',
    '%{product}-{}-304001: {client} Accessed {} {server}:http://{url}',
    '%{product}-{}-304001: {client} Accessed {} {server}:https://{url}',
  ],
  refused: '%{product}-{}-304002: Access denied URL {url} SRC {client} DEST {server} on interface ',
  connected: [
    ...sessions('722051', 'IPv4 Address <{inner}> IPv6 address <{inner6}> assigned to session'),
    ...sessions('113039', '{protocol} parent session started'),
    ...sessions('716001', '{protocol} session started'),
    '%{product}-{}-713228: Group = {}, Username = {user}, IP = {outer}, Assigned private IP address {inner} to remote user',
    '%{product}-{}-751025: Local:{} Remote:{outer} Username:{user} {}IPv4 Address={inner} IPv6 address={inner6} assigned to session',
    '%{product}-{}-746012: user-identity: Add IP-User mapping {inner} - {user} Succeeded - VPN user',
    '%{product}-{}-109201: UAUTH: Session={}, User={user}, Assigned IP={inner}, Succeeded adding entry',
  ],
  alive: [
    ...sessions('722022', '{protocol} connection established'),
    '%{product}-{}-716059: Group <{}> User <{user}> IP <{}> {protocol} session resumed connection from IP <{outer}>',
  ],
  disconnected: [
    '%{product}-{}-113019: Group = {}, Username = {user}, IP = {outer}, Session disconnected. Session Type: {protocol}, Duration: {duration}, Bytes xmt: ',
    ...sessions('716002', '{protocol} session terminated'),
    '%{product}-{}-746013: user-identity: Delete IP-User mapping {inner} - {user} Succeeded - VPN user logout',
  ],
  other: '%{product}-{}-{id}: {}',
} as const

const WHO = {
  time: TIMES,
  transport: [{ from: 'protocol', after: 'Probe ' }, 'protocol'],
  user: 'user',
} as const
const ENDS = {
  ...WHO,
  client: { from: 'client', before: '(' },
  clientPort: 'clientPort',
  server: { from: 'server', before: '(' },
  serverPort: 'serverPort',
} as const

const TEARDOWN = {
  ...WHO,
  duration: { from: 'duration', unit: 'clock' },
  logged: 'end',
  bytesTotal: { from: 'bytes', before: ' ' },
  action: { from: { value: 'built' }, allowed: ['*'] },
} as const
const LOW = { from: 'lowPort', before: '(' } as const
const HIGH = { from: 'highPort', before: '(' } as const
const INBOUND = { client: 'low', clientPort: LOW, server: 'high', serverPort: HIGH } as const
const OUTBOUND = { client: 'high', clientPort: HIGH, server: 'low', serverPort: LOW } as const

const RULES: readonly RecordRule[] = [
  {
    ...ENDS,
    when: { 'text.kind': 'built' },
    action: { from: 'text.kind', allowed: ['built'] },
    translated: { client: { from: 'clientMapped', before: ')' }, server: { from: 'serverMapped', before: ')' } },
  },
  { ...TEARDOWN, ...OUTBOUND, when: { 'text.kind': 'teardown', lowPort: SERVER_PORTS } },
  { ...TEARDOWN, ...INBOUND, when: { 'text.kind': 'teardown', highPort: SERVER_PORTS } },
  { ...TEARDOWN, ...OUTBOUND, when: { 'text.kind': 'teardown' } },
  { ...ENDS, when: { 'text.kind': 'denied' }, action: { from: 'text.kind', blocked: ['denied'] } },
  {
    ...ENDS,
    when: { 'text.kind': 'list' },
    action: { from: 'action', blocked: ['denied'], allowed: ['permitted', 'est-allowed'] },
  },
  {
    ...ENDS,
    when: { 'text.kind': 'fetched' },
    name: { from: 'url', before: '/' },
    url: 'url',
    action: { from: 'text.kind', allowed: ['fetched'] },
  },
  { ...ENDS, when: { 'text.kind': 'refused' }, url: 'url', action: { from: 'text.kind', blocked: ['refused'] } },
  ...(
    [
      ['connected', 'start'],
      ['alive', 'alive'],
      ['disconnected', 'end'],
    ] as const
  ).map(([kind, event]) => ({
    when: { 'text.kind': kind },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event,
      outer: 'outer',
      inner: ['inner', 'inner6'],
      user: 'user',
      gateway: 'syslog.host',
      protocol: 'protocol',
      ...(event === 'end' && { duration: { from: 'duration', unit: 'words' as const } }),
    },
  })),
]

const GROUPED = ['built', 'denied', 'list']

/** Where the user stands a security group may stand, alone or behind him: `LOCAL\\alice, 9:staff`, `9:staff`. */
const MESSAGES: readonly RecordRule[] = RULES.flatMap((rule) => {
  if (!GROUPED.includes(String(rule.when?.['text.kind']))) return [rule]
  const { user, ...others } = rule
  return [
    { ...others, when: { ...rule.when, user: '*, *' }, user: { from: 'user', before: ',' } },
    { ...others, when: { ...rule.when, user: '*:*' } },
    rule,
  ]
})

const CONNECTION = {
  time: [{ from: 'FirstPacketSecond', as: 'iso', utc: true }, ...TIMES],
  client: 'SrcIP',
  clientPort: 'SrcPort',
  server: 'DstIP',
  serverPort: 'DstPort',
  transport: 'Protocol',
  user: ['User', 'UserName'],
  action: {
    from: ['AccessControlRuleAction', 'InlineResult'],
    blocked: ['*block*', '*drop*', '*sinkhole*', '*reset*'],
    allowed: ['Allow', 'Trust', 'Monitor', 'Fastpath'],
  },
} as const
const ENDED = {
  ...CONNECTION,
  duration: { from: 'ConnectionDuration', unit: 's' },
  bytesUp: 'InitiatorBytes',
  bytesDown: 'ResponderBytes',
} as const
const REACHED = { name: 'ReferencedHost', url: 'URL' } as const

/** Bytes of a connection count when it ends; what is logged of its start comes again then. */
const EVENTS: readonly RecordRule[] = [
  { ...ENDED, when: { DNSQuery: { set: true } }, dns: { query: 'DNSQuery' }, means: 'dns-query' },
  { ...ENDED, ...REACHED, when: { ConnectionDuration: { set: true } } },
  { ...ENDED, ...REACHED, when: { ConnectType: 'End' } },
  { ...CONNECTION, ...REACHED },
]

/**
 * Cisco's firewalls: the messages of ASA, FWSM and PIX, and those of Firepower Threat Defense, which has the same and its
 * connection events besides. Built connections, teardowns, denials, fetched URLs, and remote access sessions.
 */
export const ciscoAsa = mappedFormat({
  name: 'cisco-asa',
  title: 'Cisco ASA, FWSM and Firepower Threat Defense log',
  documentation: 'https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: { kind: 'text', templates: TEMPLATES },
      syslog: true,
      unset: UNSET,
      detect: [{ is: { product: ['ASA', 'FTD', 'FWSM', 'PIX'], id: { not: ['43000*'] } } }],
      records: MESSAGES,
    },
    {
      fields: { kind: 'key-value', separator: ',', assign: ':' },
      syslog: true,
      unset: UNSET,
      detect: [
        { has: ['DeviceUUID', 'SrcIP', 'DstIP', 'Protocol'] },
        { has: ['AccessControlRuleAction', 'SrcIP', 'DstIP', 'Protocol'] },
      ],
      records: EVENTS,
    },
  ],
})
