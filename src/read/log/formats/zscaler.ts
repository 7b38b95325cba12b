import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** Nanolog's own clock is UTC unless the feed names another zone (`%s{tz}`). */
function times(...fields: string[]): TimeRule[] {
  return fields.flatMap((from) => [
    { from, as: 'EEE MMM d HH:mm:ss yyyy', zone: 'tz', utc: true },
    { from, as: 'iso', zone: 'tz', utc: true },
  ])
}

const TIMES: readonly TimeRule[] = [{ from: 'epochtime', as: 'unix' }, ...times('datetime', 'time', 'syslog.time')]

const BLOCKED = ['block*', 'drop*', 'reset*', 'deny*']
const ALLOWED = ['allow*', 'caution*', 'isolate*', 'redirect*', 'nat*']

/** `REQ_ALLOW`, `RES_BLOCK` in feeds for DNS. */
const DNS_ACTION = { blocked: [...BLOCKED, '*_block*', '*_drop*'], allowed: [...ALLOWED, '*_allow*'] } as const

const WEB: RecordRule = {
  time: TIMES,
  client: 'cip',
  server: 'sip',
  transport: { value: 'tcp' },
  url: 'eurl',
  method: 'reqmethod',
  user: { from: 'login', decode: 'percent' },
  bytesUp: 'reqsize',
  bytesDown: 'respsize',
  action: { from: 'action', blocked: BLOCKED, allowed: ALLOWED },
}

/** `cs` is the client's side, `sd` the server's; `inbytes` came from the server. */
const FIREWALL: RecordRule = {
  time: TIMES,
  logged: 'end',
  client: 'csip',
  clientPort: 'csport',
  server: ['sdip', 'cdip'],
  serverPort: ['sdport', 'cdport'],
  transport: ['proto', 'ipproto'],
  user: [
    { from: 'user', decode: 'percent' },
    { from: 'login', decode: 'percent' },
  ],
  device: 'devicehostname',
  bytesUp: 'outbytes',
  bytesDown: 'inbytes',
  action: { from: 'action', blocked: BLOCKED, allowed: ALLOWED },
}

const DNS: RecordRule = {
  time: TIMES,
  client: ['clt_sip', 'cip'],
  server: ['srv_dip', 'sip'],
  serverPort: ['srv_dport', 'sport'],
  user: [
    { from: 'user', decode: 'percent' },
    { from: 'login', decode: 'percent' },
  ],
  device: 'devicehostname',
  dns: {
    query: ['dns_req', 'req'],
    type: ['dns_reqtype', 'reqtype'],
    answers: ['dns_resp', 'res'],
    rcode: ['dns_resp', 'res'],
  },
}

/** Names that feeds give in the vendor's templates for collectors. */
const WEB_FEED: RecordRule = {
  ...WEB,
  // Tunnels and what is stored in clouds name nothing that a client reached.
  when: { sourcetype: ['', 'zscalernss-web'] },
  client: ['clientip', 'ClientIP', 'cltip', 'cip', 'clientpublicIP', 'cltintip', 'cintip', 'cltpubip'],
  clientPort: 'cltsourceport',
  server: ['serverip', 'sip'],
  name: ['hostname', 'host', 'ehost'],
  url: ['url', 'eurl'],
  method: ['requestmethod', 'reqmethod'],
  user: [
    { from: 'user', decode: 'percent' },
    { from: 'login', decode: 'percent' },
    { from: 'elogin', decode: 'percent' },
  ],
  device: ['devicehostname', 'edevicehostname'],
  bytesUp: ['requestsize', 'reqsize'],
  bytesDown: ['responsesize', 'respsize'],
  action: { from: ['action', 'reason'], blocked: BLOCKED, allowed: ALLOWED },
}

const RECORDS: readonly RecordRule[] = [
  { ...DNS, when: { resaction: DNS_ACTION.blocked }, action: { from: 'resaction', blocked: ['*'] } },
  { ...DNS, when: { reqaction: { set: true } }, action: { from: 'reqaction', ...DNS_ACTION } },
  { ...DNS, when: { dns_reqtype: { set: true } } },
  // The time of an aggregate is the sum of its sessions'.
  { ...FIREWALL, when: { csip: { set: true }, aggregate: 'yes' } },
  { ...FIREWALL, when: { csip: { set: true } }, duration: { from: 'durationms', unit: 'ms' } },
  WEB_FEED,
]

/** Names of the vendor's own feeds; together no other product has them. */
const DETECT: readonly DetectRule[] = [
  { is: { sourcetype: 'zscalernss-*' } },
  { has: ['csip', 'cdip', 'ssip', 'sdip', 'action'] },
  { has: ['dns_req', 'dns_reqtype', 'reqaction', 'resaction'] },
  { has: ['transactionsize', 'urlsupercategory', 'action'] },
  { has: ['requestsize', 'responsesize', 'urlsupercategory', 'action'] },
  { has: ['appclass', 'urlsupercategory', 'bwthrottle'] },
]

const UNSET = ['None', 'NA', 'N/A', 'Unknown', 'unknown', '-', ' ', '0.0.0.0']

function named(fields: Layout['fields']): Layout {
  return { fields, syslog: true, unset: UNSET, detect: DETECT, records: RECORDS }
}

const FRONT = ['time', 'login', 'proto', 'eurl', 'action', 'appname'] as const
const BACK = ['dlpeng', 'dlpdict', 'location', 'dept', 'cip', 'sip', 'reqmethod', 'respcode', 'ua', 'ereferer'] as const

/** The vendor's own CSV for the web, which names no column: as it was, and since there is a status of the application. */
function web(sizes: readonly string[], risk: readonly string[]): Layout {
  return {
    fields: { kind: 'csv', delimiter: ',', header: [...FRONT, ...sizes, ...risk, ...BACK], atLeast: 30 },
    unset: UNSET,
    detect: [
      {
        has: ['time', 'eurl', 'urlsupercat'],
        is: {
          action: ['allow*', 'block*', 'caution*', 'isolate*'],
          reqsize: { like: 'number' },
          respsize: { like: 'number' },
          riskscore: { like: 'number' },
          cip: { like: 'address' },
        },
      },
    ],
    records: [WEB],
  }
}

const CATEGORIES = ['urlclass', 'urlsupercat', 'urlcat', 'malwarecat', 'threatname', 'riskscore'] as const

/** The same of the firewall. */
const FIREWALL_TABLE: Layout = {
  fields: {
    kind: 'csv',
    delimiter: ',',
    header: [
      ...['time', 'login', 'dept', 'location', 'cdport', 'csport', 'sdport', 'ssport', 'csip', 'cdip', 'ssip', 'sdip'],
      ...['tsip', 'tsport', 'ttype', 'action', 'dnat', 'stateful', 'aggregate', 'nwsvc', 'nwapp', 'ipproto', 'ipcat'],
      ...['destcountry', 'avgduration', 'rulelabel', 'inbytes', 'outbytes', 'duration', 'durationms'],
    ],
    atLeast: 30,
  },
  unset: UNSET,
  detect: [
    {
      has: ['ttype', 'ipproto'],
      is: {
        csip: { like: 'address' },
        cdip: { like: 'address' },
        csport: { like: 'number' },
        stateful: ['yes', 'no'],
        aggregate: ['yes', 'no'],
        inbytes: { like: 'number' },
      },
    },
  ],
  records: RECORDS,
}

const CEF_TIMES: readonly TimeRule[] = [
  { from: 'rt', as: 'unix' },
  { from: 'rt', as: 'syslog' },
  { from: 'rt', as: 'EEE MMM d HH:mm:ss yyyy', utc: true },
  { from: 'syslog.time', as: 'syslog' },
]

const CEF: RecordRule = {
  time: CEF_TIMES,
  client: 'src',
  clientPort: 'spt',
  server: 'dst',
  serverPort: 'dpt',
  user: 'suser',
  device: ['deviceHostname', 'devicehostname'],
  action: { from: 'act', blocked: BLOCKED, allowed: ALLOWED },
}

/**
 * Zscaler Internet Access as Nanolog streaming (NSS) writes it to collectors: web, firewall and DNS feeds as key=value,
 * CSV, JSON and CEF, the web as LEEF too. What a feed holds is the operator's choice.
 */
export const zscaler = mappedFormat({
  name: 'zscaler',
  title: 'Zscaler Internet Access (NSS): web, firewall and DNS logs',
  documentation: 'https://help.zscaler.com/zia/nss-feed-output-format-web-logs',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    named({ kind: 'key-value', separator: '\t' }),
    named({ kind: 'csv', header: true }),
    named({ kind: 'json', within: 'event' }),
    web(['appclass', 'reqsize', 'respsize', 'stime', 'ctime'], CATEGORIES),
    web(['app_status', 'appclass', 'reqsize', 'respsize'], [...CATEGORIES, 'threatseverity']),
    FIREWALL_TABLE,
    {
      fields: 'cef',
      syslog: true,
      unset: UNSET,
      detect: [{ is: { deviceVendor: 'Zscaler', deviceProduct: ['NSSWeblog', 'NSSFWlog', 'NSSDNSlog'] } }],
      records: [
        { ...CEF, when: { deviceProduct: 'NSSDNSlog' }, dns: { query: 'label:dns_req', answers: 'label:dns_resp' } },
        { ...CEF, when: { deviceProduct: 'NSSFWlog' }, transport: 'proto', bytesUp: 'out', bytesDown: 'in' },
        {
          ...CEF,
          transport: { value: 'tcp' },
          name: 'dhost',
          url: 'request',
          method: 'requestMethod',
          bytesUp: 'out',
          bytesDown: 'in',
        },
      ],
    },
    {
      fields: 'leef',
      syslog: true,
      unset: UNSET,
      detect: [{ is: { vendor: 'Zscaler', product: ['NSS', 'NSS-*'] } }],
      records: [
        {
          time: [
            { from: 'devTime', as: 'MMM d yyyy HH:mm:ss Z', utc: true },
            { from: 'devTime', as: "EEE MMM d HH:mm:ss 'UTC' yyyy", utc: true },
            { from: 'devTime', as: "EEE MMM d HH:mm:ss 'GMT' yyyy", utc: true },
            { from: 'syslog.time', as: 'syslog' },
          ],
          client: ['src', 'srcPostNAT'],
          server: 'dst',
          transport: { value: 'tcp' },
          name: 'hostname',
          url: 'url',
          method: 'reqmethod',
          user: 'usrName',
          bytesUp: 'srcBytes',
          bytesDown: 'dstBytes',
          action: { from: 'cat', blocked: BLOCKED, allowed: ALLOWED },
        },
      ],
    },
  ],
})
