import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule, TimeRules } from '../mapping/mapping.ts'

const ACTION = {
  from: 'action',
  blocked: ['*block', '*deny', '*drop', '*fail', 'appblock'],
  allowed: ['*allow', '*remove', '*detect', 'begin', 'end', '*accept'],
} as const

/** Its own file and the stream of it; `count` is of packets that one line stands for. */
function records(time: TimeRules): readonly RecordRule[] {
  return [
    {
      when: { proto: ['tcp', 'udp'], client: { like: 'address' } },
      time,
      duration: { from: 'duration', unit: 'ms' },
      logged: 'end',
      client: 'client',
      clientPort: 'clientPort',
      server: 'server',
      serverPort: 'serverPort',
      transport: 'proto',
      user: 'user',
      bytesUp: 'sent',
      bytesDown: 'received',
      action: ACTION,
    },
  ]
}

const PAIRS = [
  ...['type={}', 'proto={proto}', 'srcIF={}', 'srcIP={client}', 'srcPort={clientPort}', 'srcMAC={}', 'dstIP={server}'],
  ...['dstPort={serverPort}', 'dstService={}', 'dstIF={}', 'rule={}', 'info={}', 'srcNAT={}', 'dstNAT={}'],
  ...['duration={duration}', 'count={}', 'receivedBytes={received}', 'sentBytes={sent}', 'receivedPackets={}'],
  ...['sentPackets={}', 'user={user}', 'protocol={}'],
].join('|')

/** The same order without the names, where the log is set so. */
const VALUES = [
  ...[
    '{}',
    '{proto}',
    '{}',
    '{client}',
    '{clientPort}',
    '{}',
    '{server}',
    '{serverPort}',
    '{}',
    '{}',
    '{}',
    '{}',
    '{}',
    '{}',
  ],
  ...['{duration}', '{}', '{received}', '{sent}', '{}', '{}', '{user}', '{}'],
].join('|')

/** `2026 11 21 18:52:00 Security +01:00 Block: type=FWD|…`. */
const FILE: Layout = {
  fields: {
    kind: 'text',
    templates: {
      pairs: `{year} {month} {day} {clock} {} {zone} {action}: ${PAIRS}|`,
    },
  },
  syslog: true,
  detect: [{ has: ['year', 'month', 'day', 'clock', 'action', 'proto', 'client'], is: { year: { like: 'number' } } }],
  records: records({ from: ['year', 'month', 'day', 'clock'], as: 'yyyy MM dd HH:mm:ss', zone: 'zone' }),
}

/** `Security box Block: type=FWD|…` behind a syslog header. */
const STREAM: Layout = {
  fields: {
    kind: 'text',
    templates: {
      pairs: `{level} {box} {action}: ${PAIRS}|`,
      values: `{level} {box} {action}: ${VALUES}`,
    },
  },
  syslog: true,
  detect: [
    {
      has: ['proto', 'client', 'action'],
      is: { level: ['Security', 'Info', 'Notice', 'Warning', 'Error'], 'text.kind': 'pairs' },
    },
    {
      is: {
        level: ['Security', 'Info', 'Notice', 'Warning'],
        proto: ['tcp', 'udp', 'icmp'],
        client: { like: 'address' },
      },
    },
  ],
  records: records({ from: 'syslog.time', as: 'syslog' }),
}

const JSON_FLOW: Layout = {
  fields: 'json',
  syslog: true,
  unset: ['-'],
  detect: [{ has: ['timestamp', 'action', 'src_ip', 'dst_ip', 'fw_rule', 'ip_proto', 'fwd_bytes'] }],
  records: [
    {
      when: { ip_proto: ['6', '17'] },
      time: { from: 'timestamp', as: 'unix' },
      duration: { from: 'duration', unit: 'ms' },
      logged: 'end',
      client: 'src_ip',
      clientPort: 'src_port',
      server: 'dst_ip',
      serverPort: 'dst_port',
      transport: 'ip_proto',
      user: 'user',
      bytesUp: 'fwd_bytes',
      bytesDown: 'rev_bytes',
      action: ACTION,
    },
  ],
}

/** Without a user the client's address stands in its place. */
const WEB: Omit<RecordRule, 'when'> = {
  time: { from: 'timestamp', as: 'unix' },
  client: 'source_ip',
  clientPort: 'source_port',
  server: 'destination_ip',
  serverPort: 'destination_port',
  url: 'name',
  name: 'domain',
  method: 'method',
  bytesDown: 'size',
  action: { from: 'action', blocked: ['1'], allowed: ['0'] },
}

const JSON_WEB: Layout = {
  fields: 'json',
  syslog: true,
  unset: ['-'],
  detect: [{ has: ['timestamp', 'traffic_type', 'source_ip', 'destination_ip', 'user_type', 'fw_rule'] }],
  records: [{ ...WEB, when: { user_type: '1' }, user: 'user' }, WEB],
}

/** Barracuda CloudGen Firewall: the activity log as text, and firewall and web events as JSON. */
export const barracudaCloudgen = mappedFormat({
  name: 'barracuda-cloudgen',
  title: 'Barracuda CloudGen Firewall activity and web log',
  documentation: 'https://campus.barracuda.com/product/cloudgenfirewall/doc/79465001/firewall-activity-log/',
  verified: true,
  attributes: { url: false, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [FILE, STREAM, JSON_FLOW, JSON_WEB],
})
