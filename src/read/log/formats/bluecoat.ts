import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** `date` and `time` are GMT. */
const TIMES: readonly TimeRule[] = [
  { from: ['date', 'time'], as: 'iso', utc: true },
  { from: 'gmttime', as: 'dd/MM/yyyy HH:mm:ss', utc: true },
  { from: 'syslog.time', as: 'syslog' },
  { from: 'x-cookie-date', as: 'EEE,%20dd-MMM-yy%20HH:mm:ss%20Z' },
]

const RECORD: RecordRule = {
  time: TIMES,
  duration: { from: 'time-taken', unit: 'ms' },
  logged: 'end',
  client: ['c-ip', 'x-client-address'],
  server: ['r-ip', 's-supplier-ip', 'cs-uri-address'],
  serverPort: 'cs-uri-port',
  transport: { value: 'tcp' },
  name: ['cs-host', 'cs-uri-host'],
  url: ['cs-uri', 'c-url', 'c-uri', 'cs-uri-path'],
  method: 'cs-method',
  user: ['cs-userdn', 'cs-username', 'cs-user', 'cs-auth-user'],
  device: 'x-client-device-name',
  bytesUp: 'cs-bytes',
  bytesDown: 'sc-bytes',
}

/** What the proxy did counts before what the filter thought of it. */
const RECORDS: readonly RecordRule[] = [
  { ...RECORD, when: { 's-action': '*denied*' }, action: { from: 's-action', blocked: ['*'] } },
  {
    ...RECORD,
    action: {
      from: ['sc-filter-result', 's-action'],
      blocked: ['denied'],
      allowed: ['observed', 'proxied', 'tcp_*', 'tunneled'],
    },
  },
]

/** No other log of this kind tells a filter's result so. */
const RESULT = ['observed', 'proxied', 'denied'] as const
const DETECT: readonly DetectRule[] = [
  { has: ['cs-host'], is: { 'sc-filter-result': RESULT, 'c-ip': { like: 'address' } } },
  { has: ['cs-host', 'cs-uri-scheme'], is: { 's-action': 'tcp_*', 'c-ip': { like: 'address' } } },
  { has: ['cs-host', 'x-bluecoat-request-tenant-id'] },
]

/** `bcreportermain_v1` of SGOS 6, for logs whose header is lost. */
const CLIENT = ['date', 'time', 'time-taken', 'c-ip', 'cs-username', 'cs-auth-group'] as const
const RESPONSE = ['sc-status', 's-action', 'cs-method', 'rs(Content-Type)', 'cs-uri-scheme'] as const
const HOST = ['cs-host', 'cs-uri-port', 'cs-uri-path', 'cs-uri-query', 'cs-uri-extension', 'cs(User-Agent)'] as const
const BYTES = ['s-ip', 'sc-bytes', 'cs-bytes', 'x-virus-id'] as const
const FILTER = ['x-exception-id', 'sc-filter-result', 'cs-categories'] as const
const MAIN = [...CLIENT, ...FILTER, 'cs(Referer)', ...RESPONSE, ...HOST, ...BYTES]

const SUPPLIER = ['s-supplier-name', 's-supplier-ip', 's-supplier-country', 's-supplier-failures'] as const
/** The same since SGOS 6.7. */
const MAIN_SUPPLIER = [...CLIENT, ...SUPPLIER, ...FILTER, 'cs(Referer)', ...RESPONSE, ...HOST, ...BYTES]
/** `bcreporterssl_v1`: no path is logged. */
const SSL = [
  ...[...CLIENT, ...SUPPLIER, ...FILTER, ...RESPONSE],
  ...['cs-host', 'cs-uri-port', 'cs-uri-extension', 'cs(User-Agent)', ...BYTES],
]
/** `main`, up to where versions differ. */
const PLAIN = [
  ...['date', 'time', 'time-taken', 'c-ip', 'sc-status', 's-action', 'sc-bytes', 'cs-bytes', 'cs-method'],
  ...['cs-uri-scheme', 'cs-host', 'cs-uri-port', 'cs-uri-path', 'cs-uri-query', 'cs-username'],
]

const SHARED = { unset: ['-'], detect: DETECT, records: RECORDS } as const

function layout(fields: Layout['fields'], syslog: boolean): Layout {
  return { fields, syslog, ...SHARED }
}

/** Rows without a header, which no relay forwards. */
function rows(columns: readonly string[]): Layout {
  const is = { 'c-ip': { like: 'address' }, 'cs-uri-port': { like: 'number' }, 'cs-bytes': { like: 'number' } } as const
  const actions = ['tcp_*', 'tunneled', 'isolation_*']
  return {
    ...layout({ kind: 'columns', columns }, true),
    detect: [{ is: { ...is, date: '20*', time: '*:*', 'sc-status': { like: 'number' }, 's-action': actions } }],
  }
}

/**
 * The access log of Blue Coat's ProxySG, today Broadcom's Edge SWG, and of the cloud service beside it: W3C with any
 * fields, `key=value` as its Splunk format writes it, and JSON. The time is when the request ended.
 */
export const bluecoat = mappedFormat({
  name: 'bluecoat',
  title: 'Blue Coat ProxySG, Broadcom Edge SWG and Cloud SWG access log',
  documentation: 'https://knowledge.broadcom.com/external/article?legacyId=TECH244752',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    layout({ kind: 'w3c', columns: MAIN }, false),
    layout('key-value', true),
    layout('json', true),
    ...[MAIN, MAIN_SUPPLIER, SSL, PLAIN].map(rows),
  ],
})
