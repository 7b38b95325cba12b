import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

const BLOCKED = ['deny', 'denied', 'block*', 'drop*', 'reset*', 'redirect']
const ALLOWED = [
  ...['accept', 'close', 'client-rst', 'server-rst', 'timeout', 'start', 'pass*', 'allow*', 'permit', 'monitored'],
  ...['detected', 'exempt', 'log*'],
]

/** `eventtime` in whatever unit the version writes, else the device's own clock. */
const TIMES: readonly TimeRule[] = [
  { from: 'eventtime', as: 'unix' },
  { from: ['date', 'time'], as: 'iso', zone: 'tz' },
  { from: 'timestamp', as: 'unix' },
  { from: 'syslog.time', as: 'syslog' },
]

/** Names of the plain layout, and of CEF, where its own dictionary has no word for them. */
const PLAIN = {
  client: ['srcip', 'src'],
  clientPort: ['srcport', 'src_port'],
  server: ['dstip', 'dst'],
  serverPort: ['dstport', 'dst_port'],
  transport: 'proto',
  user: [{ from: 'user', before: ',' }, 'unauthuser'],
  translated: { client: 'transip', clientPort: 'transport', server: 'tranip', serverPort: 'tranport' },
} as const

/** What a security profile did decides: the session itself may have been accepted before. */
const ACTION = { from: ['utmaction', 'action'], blocked: BLOCKED, allowed: ALLOWED } as const

const TUNNEL_ACTIONS = { start: 'tunnel-up', alive: 'tunnel-stats', end: 'tunnel-down' } as const

const PLAIN_RECORDS: readonly RecordRule[] = [
  {
    ...PLAIN,
    when: { type: 'traffic' },
    time: TIMES,
    duration: { from: 'duration', unit: 's' },
    logged: 'end',
    name: ['hostname', 'http_host'],
    bytesUp: ['sentdelta', 'sentbyte'],
    bytesDown: ['rcvddelta', 'rcvdbyte'],
    action: ACTION,
    means: 'http-host',
  },
  {
    ...PLAIN,
    when: { subtype: 'dns' },
    time: TIMES,
    action: ACTION,
    dns: {
      query: [{ from: 'qname', after: '[', before: ']' }, 'qname'],
      type: 'qtype',
      answers: 'ipaddr',
      separator: ',',
    },
  },
  {
    ...PLAIN,
    when: { type: ['utm', 'webfilter', 'app-ctrl'], subtype: ['ssl', 'ssh'] },
    time: TIMES,
    name: ['hostname', 'sni'],
    action: ACTION,
    means: 'tls-sni',
  },
  {
    ...PLAIN,
    when: { type: ['utm', 'webfilter', 'app-ctrl', 'anomaly', 'virus', 'ips'] },
    time: TIMES,
    name: 'hostname',
    url: 'url',
    method: 'httpmethod',
    bytesUp: 'sentbyte',
    bytesDown: 'rcvdbyte',
    action: ACTION,
  },
  ...(['start', 'alive', 'end'] as const).map((event) => ({
    when: {
      type: 'event',
      subtype: 'vpn',
      action: TUNNEL_ACTIONS[event],
    },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event,
      outer: 'remip',
      inner: ['tunnelip', 'assignip'],
      user: ['xauthuser', 'eapuser', 'user'],
      gateway: ['devname', 'locip'],
      protocol: 'tunneltype',
      duration: { from: 'duration', unit: 's' as const },
    },
  })),
]

const CEF = {
  client: 'src',
  clientPort: 'spt',
  server: 'dst',
  serverPort: 'dpt',
  transport: 'proto',
  user: ['duser', { from: 'suser', after: '\\\\' }, 'suser', 'FTNTFGTunauthuser'],
  translated: {
    client: 'sourceTranslatedAddress',
    clientPort: 'sourceTranslatedPort',
    server: 'destinationTranslatedAddress',
    serverPort: 'destinationTranslatedPort',
  },
} as const

const CEF_TIMES: readonly TimeRule[] = [
  { from: 'FTNTFGTeventtime', as: 'unix' },
  { from: 'FortinetFortiGateeventtime', as: 'unix' },
  { from: 'ad.eventtime', as: 'unix' },
  { from: ['FTNTFGTdate', 'FTNTFGTtime'], as: 'iso', zone: 'FTNTFGTtz' },
  { from: 'rt', as: 'unix' },
  { from: 'start', as: 'unix' },
  { from: 'start', as: 'syslog' },
  { from: 'syslog.time', as: 'syslog' },
]

const CEF_ACTION = {
  from: ['FTNTFGTutmaction', 'act', 'FortinetFortiGateaction'],
  blocked: BLOCKED,
  allowed: ALLOWED,
} as const

const CEF_TRAFFIC: RecordRule = {
  ...CEF,
  time: CEF_TIMES,
  duration: { from: 'FTNTFGTduration', unit: 's' },
  logged: 'end',
  name: 'dhost',
  bytesUp: 'out',
  bytesDown: 'in',
  action: CEF_ACTION,
  means: 'http-host',
}

const CEF_RECORDS: readonly RecordRule[] = [
  { ...CEF_TRAFFIC, when: { cat: 'traffic*' } },
  // What the header names stands in the extension again, but for some versions.
  { ...CEF_TRAFFIC, when: { cat: '', name: 'traffic:*' } },
  {
    ...CEF,
    when: { FTNTFGTsubtype: ['dns', 'dns-query', 'dns-response'] },
    time: CEF_TIMES,
    action: CEF_ACTION,
    dns: { query: 'FTNTFGTqname', type: 'FTNTFGTqtype', answers: 'FTNTFGTipaddr', separator: ',' },
  },
  {
    ...CEF,
    when: { cat: ['utm*', 'webfilter*', 'app-ctrl*', 'anomaly*', 'dns*'] },
    time: CEF_TIMES,
    name: ['dhost', 'FTNTFGThostname'],
    url: 'request',
    method: 'requestMethod',
    bytesUp: 'out',
    bytesDown: 'in',
    action: CEF_ACTION,
  },
]

const UNSET = ['N/A', '(null)', 'undefined']

function plain(separator: ' ' | ','): Layout {
  return {
    fields: { kind: 'key-value', separator },
    syslog: true,
    unset: UNSET,
    detect: [
      { has: ['logid', 'type', 'subtype', 'vd'] },
      { has: ['logid', 'type', 'subtype', 'devid'] },
      { has: ['logid', 'type', 'subtype', 'eventtime'] },
    ],
    records: PLAIN_RECORDS,
  }
}

/**
 * FortiGate's traffic, web filter, application control, DNS and VPN logs, as key=value (spaces or commas between) and as
 * CEF. A session is logged at its end; of a long one the bytes since its last record count.
 */
export const fortigate = mappedFormat({
  name: 'fortigate',
  title: 'Fortinet FortiGate log, key=value and CEF',
  documentation: 'https://docs.fortinet.com/document/fortigate/7.4.0/fortios-log-message-reference/656858/overview',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    plain(' '),
    plain(','),
    {
      fields: 'cef',
      syslog: true,
      unset: UNSET,
      detect: [{ is: { deviceVendor: 'Fortinet', deviceProduct: ['Fortigate', 'FortiGate*'] } }],
      records: CEF_RECORDS,
    },
  ],
})
