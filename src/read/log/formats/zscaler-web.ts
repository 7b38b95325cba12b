import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** Nanolog's own clock is UTC unless the feed names another zone (`%s{tz}`). */
const TIMES: readonly TimeRule[] = [
  { from: 'epochtime', as: 'unix' },
  { from: 'datetime', as: 'EEE MMM d HH:mm:ss yyyy', zone: 'tz', utc: true },
  { from: 'datetime', as: 'iso', zone: 'tz', utc: true },
  { from: 'time', as: 'EEE MMM d HH:mm:ss yyyy', zone: 'tz', utc: true },
  { from: 'time', as: 'iso', zone: 'tz', utc: true },
]

const RECORDS: readonly RecordRule[] = [
  {
    time: TIMES,
    client: ['clientip', 'ClientIP', 'cip', 'clientpublicIP', 'cintip'],
    server: ['serverip', 'sip'],
    transport: { value: 'tcp' },
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
    action: { from: ['action', 'reason'], blocked: ['block*'], allowed: ['allow*', 'caution*', 'isolate*'] },
  },
]

const UNSET = ['None', 'NA', 'N/A', 'Unknown', 'unknown', '-', ' ']

/** Names of the vendor's own feeds; together no other product has them. */
const DETECT: readonly DetectRule[] = [
  { has: ['transactionsize', 'urlsupercategory', 'action'] },
  { has: ['requestsize', 'responsesize', 'urlsupercategory', 'action'] },
  { has: ['appclass', 'urlsupercategory', 'bwthrottle'] },
  { has: ['hostname', 'requestmethod'], is: { sourcetype: 'zscalernss-web' } },
]

function layout(fields: Layout['fields']): Layout {
  return { fields, syslog: true, unset: UNSET, detect: DETECT, records: RECORDS }
}

/** Zscaler's web log as Nanolog streaming writes it to collectors: what a feed holds is the operator's choice. */
export const zscalerWeb = mappedFormat({
  name: 'zscaler-web',
  title: 'Zscaler Internet Access web log (NSS), key=value, CSV and JSON',
  documentation: 'https://help.zscaler.com/zia/nss-feed-output-format-web-logs',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    layout({ kind: 'key-value', separator: '\t' }),
    layout({ kind: 'csv', header: true }),
    layout({ kind: 'json', within: 'event' }),
  ],
})
