import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** The time in brackets is UTC, that of the header in front of it the device's own. */
const TIMES: readonly TimeRule[] = [
  { from: 'utc', as: 'iso', utc: true },
  { from: 'syslog.time', as: 'syslog' },
]

const BYTES = 'sent_bytes="{up}" rcvd_bytes="{down}"'
const NAMED = '{rest}dstname="{name}" {}'
/** The pairs that are looked for behind the addresses, by what they tell; the first that fit count. */
const PAIRS = {
  http: [
    `${NAMED}${BYTES} elapsed_time="{seconds} sec(s)"`,
    `${NAMED}${BYTES}`,
    '{rest}dstname="{name}"',
    '{rest}host="{name}"',
  ],
  tls: [`{rest}sni="{name}" {}${BYTES}`, '{rest}sni="{name}"'],
  dns: ['{rest}query_type="{type}" question="{question}"'],
  flow: [`{rest}duration="{seconds}" {}${BYTES}`, '{rest}'],
} as const

/**
 * Interfaces, protocol, addresses and ports, in this order; their names may hold spaces. Of a packet the length of its
 * header and its TTL stand before the addresses: then `a` and `b` are numbers. Who is logged in stands last.
 */
function sentences(protocol: string, pairs: readonly string[]): string[] {
  return pairs.flatMap((pair) => {
    const sentence = `msg_id="{id}" {disposition} {} ${protocol} {a} {b} {c} {d} ${pair}`
    const user = pair === '{rest}' ? 'src_user="{user}"' : '{}src_user="{user}"'
    return ['{}({utc}) {}', '{}'].flatMap((head) => [`${head}${sentence}${user}`, `${head}${sentence}`])
  })
}

const TUNNEL = 'user {user} from {outer} logged'
const EVENTS = {
  opened: [`msg_id="{id}" {protocol} VPN ${TUNNEL} in assigned virtual IP is {inner}`],
  closed: [`msg_id="{id}" {protocol} VPN ${TUNNEL} out assigned virtual IP is {inner}`],
  lease: [
    'msg_id="{id}" DHCPACK on {inner} to {mac} ({device}) via {}',
    'msg_id="{id}" DHCPACK on {inner} to {device} via {}',
  ],
} as const

const SHARED = { time: TIMES, action: { from: 'disposition', blocked: ['deny', 'drop'], allowed: ['allow'] } } as const

function records(kind: keyof typeof PAIRS, protocol: string, rule: Omit<RecordRule, 'when' | 'time'>): RecordRule[] {
  const when = { 'text.kind': `${kind} ${protocol}`, disposition: ['Allow', 'Deny', 'Drop'] }
  const shared: Omit<RecordRule, 'when'> = {
    ...SHARED,
    ...rule,
    user: 'user',
    transport: { value: protocol },
    duration: { from: 'seconds', unit: 's' },
    logged: 'end',
    bytesUp: 'up',
    bytesDown: 'down',
  }
  const ports = { clientPort: { from: 'rest', before: ' ' }, serverPort: { from: 'rest', after: ' ', before: ' ' } }
  return [
    {
      ...shared,
      when: { ...when, a: { like: 'address' } },
      client: 'a',
      clientPort: 'c',
      server: 'b',
      serverPort: 'd',
    },
    { ...shared, ...ports, when: { ...when, c: { like: 'address' } }, client: 'c', server: 'd' },
  ]
}

const DNS = { dns: { query: 'question', type: ['type', 'query_type'] }, means: 'dns-query' } as const

const WORDS: Layout = {
  fields: {
    kind: 'text',
    templates: {
      ...Object.fromEntries(
        Object.entries(EVENTS).map(([kind, texts]) => [
          kind,
          texts.flatMap((text) => [`{}({utc}) {}${text}`, `{}${text}`]),
        ]),
      ),
      'http tcp': sentences('tcp', PAIRS.http),
      'tls tcp': sentences('tcp', PAIRS.tls),
      'dns udp': sentences('udp', PAIRS.dns),
      'dns tcp': sentences('tcp', PAIRS.dns),
      'flow tcp': sentences('tcp', PAIRS.flow),
      'flow udp': sentences('udp', PAIRS.flow),
    },
  },
  syslog: true,
  detect: [{ has: ['text.kind', 'id'] }],
  records: [
    ...records('http', 'tcp', { name: 'name', means: 'http-host' }),
    ...records('tls', 'tcp', { name: 'name', means: 'tls-sni' }),
    ...records('dns', 'udp', DNS),
    ...records('dns', 'tcp', DNS),
    ...records('flow', 'tcp', {}),
    ...records('flow', 'udp', {}),
    ...(['opened', 'closed'] as const).map((kind) => ({
      when: { 'text.kind': kind },
      time: TIMES,
      mark: {
        kind: 'tunnel' as const,
        event: kind === 'opened' ? ('start' as const) : ('end' as const),
        outer: 'outer',
        inner: 'inner',
        user: 'user',
        gateway: 'syslog.host',
        protocol: 'protocol',
      },
    })),
    {
      when: { 'text.kind': 'lease' },
      time: TIMES,
      mark: { kind: 'lease', event: 'start', inner: 'inner', device: 'device', gateway: 'syslog.host' },
    },
  ],
}

const LEEF = {
  time: [
    { from: 'devTime', as: 'unix' },
    { from: 'devTime', as: 'syslog' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src',
  clientPort: 'srcPort',
  server: 'dst',
  serverPort: 'dstPort',
  transport: 'proto',
  user: ['usrName', 'src_user'],
  action: { from: 'disp', blocked: ['deny', 'drop'], allowed: ['allow'] },
} as const
const LEEF_BYTES = {
  duration: { from: 'duration', unit: 's' },
  logged: 'end',
  bytesUp: 'sent_bytes',
  bytesDown: 'rcvd_bytes',
} as const

const LEEF_LAYOUT: Layout = {
  fields: 'leef',
  syslog: true,
  detect: [{ is: { vendor: 'WatchGuard' } }],
  records: [
    ...(['in', 'out'] as const).map((way) => ({
      when: { msg: `*VPN user*`, eventId: way === 'in' ? '3E000002' : '3E000004' },
      time: LEEF.time,
      mark: {
        kind: 'tunnel' as const,
        event: way === 'in' ? ('start' as const) : ('end' as const),
        outer: { from: 'msg', after: ' from ', before: ' ' },
        inner: { from: 'msg', after: 'virtual IP is ' },
        user: { from: 'msg', after: 'user ', before: ' ' },
        gateway: ['host_name', 'serial'],
        protocol: { from: 'msg', before: ' VPN' },
      },
    })),
    {
      when: { msg: 'DHCPACK on*' },
      time: LEEF.time,
      mark: {
        kind: 'lease',
        event: 'start',
        inner: { from: 'msg', after: 'DHCPACK on ', before: ' ' },
        device: { from: 'msg', after: ' to ', before: ' via' },
        gateway: 'serial',
      },
    },
    { ...LEEF, ...DNS, when: { question: { set: true } } },
    { ...LEEF, ...LEEF_BYTES, when: { sni: { set: true } }, name: 'sni', means: 'tls-sni' },
    { ...LEEF, ...LEEF_BYTES, when: { dstname: { set: true } }, name: 'dstname', method: 'op' },
    { ...LEEF, ...LEEF_BYTES, when: { disp: { set: true }, dstPort: { set: true } } },
  ],
}

/**
 * WatchGuard Firebox: packet filter and proxies (HTTP, HTTPS, DNS), mobile VPN and DHCP, as messages in words and as
 * LEEF. A proxy writes its record when the request is over.
 */
export const watchguard = mappedFormat({
  name: 'watchguard',
  title: 'WatchGuard Firebox log, words and LEEF',
  documentation:
    'https://www.watchguard.com/help/docs/help-center/en-US/Content/en-US/Fireware/logging/read_log-msg.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [WORDS, LEEF_LAYOUT],
})
