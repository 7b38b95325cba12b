import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

const BLOCKED = ['block*', 'deny', 'drop']
const ALLOWED = ['allow*', 'alert', 'bypass*', 'proceed', 'isolate']

const EVENT: RecordRule = {
  time: { from: 'timestamp', as: 'unix' },
  client: ['userip', 'srcip'],
  clientPort: 'srcport',
  server: ['dstip', 'dsthost'],
  serverPort: 'dstport',
  user: ['user', 'ur_normalized', 'acting_user'],
  device: 'hostname',
  bytesUp: 'client_bytes',
  bytesDown: 'server_bytes',
  action: { from: 'action', blocked: BLOCKED, allowed: ALLOWED },
}

const EVENTS: readonly RecordRule[] = [
  {
    ...EVENT,
    when: { type: 'network' },
    time: [
      { from: 'start_time', as: 'iso' },
      { from: 'start_time', as: 'unix' },
      { from: 'timestamp', as: 'unix' },
    ],
    end: [
      { from: 'end_time', as: 'iso' },
      { from: 'end_time', as: 'unix' },
    ],
    transport: 'ip_protocol',
    name: 'domain',
  },
  { ...EVENT, when: { url: { set: true } }, transport: { value: 'tcp' }, url: 'url' },
  { ...EVENT, when: { domain: { set: true } }, transport: { value: 'tcp' }, name: 'domain' },
]

/** Names that only Netskope's events have. */
const EVENT_DETECT: readonly DetectRule[] = [
  { has: ['access_method', 'traffic_type', 'ur_normalized'] },
  { has: ['_id', 'organization_unit', 'ur_normalized', 'ccl'] },
  { has: ['_id', 'access_method', 'dlp_incident_id'] },
]

const TRANSACTION_TIME: readonly TimeRule[] = [
  { from: ['date', 'time'], as: 'iso', utc: true },
  { from: 'x-cs-timestamp', as: 'unix' },
]

/** What the proxy saw of it: a request, or, where it decrypted nothing, the name that the client asked TLS for. */
const TRANSACTION: RecordRule = {
  time: TRANSACTION_TIME,
  duration: { from: 'time-taken', unit: 'ms' },
  logged: 'end',
  client: ['x-cs-userip', 'c-ip'],
  server: ['x-cs-dst-ip', 's-ip'],
  serverPort: ['x-cs-dst-port', 'cs-uri-port'],
  transport: { value: 'tcp' },
  name: ['cs-host', 'x-cs-sni'],
  user: 'cs-username',
  bytesUp: 'cs-bytes',
  bytesDown: 'sc-bytes',
  action: { from: 'x-policy-action', blocked: BLOCKED, allowed: ALLOWED },
}

const TRANSACTIONS: readonly RecordRule[] = [
  { ...TRANSACTION, when: { 'cs-method': { set: true } }, url: ['x-cs-url', 'cs-uri'], method: 'cs-method' },
  { ...TRANSACTION, means: 'tls-sni' },
]

const TRANSACTION_DETECT: readonly DetectRule[] = [
  {
    has: ['x-cs-access-method', 'x-cs-traffic-type'],
    is: { 'x-type': ['http_transaction', 'websocket'], bytes: { like: 'number' } },
  },
]

/** The order of the columns where their header is lost; new ones only came behind these. */
const COLUMNS = [
  ...['date', 'time', 'time-taken', 'cs-bytes', 'sc-bytes', 'bytes', 'c-ip', 's-ip', 'cs-username', 'cs-method'],
  ...['cs-uri-scheme', 'cs-uri-query', 'cs-user-agent', 'cs-content-type', 'sc-status', 'sc-content-type', 'cs-dns'],
  ...['cs-host', 'cs-uri', 'cs-uri-port', 'cs-referer', 'x-cs-session-id', 'x-cs-access-method', 'x-cs-app'],
  ...['x-s-country', 'x-s-latitude', 'x-s-longitude', 'x-s-location', 'x-s-region', 'x-s-zipcode', 'x-c-country'],
  ...['x-c-latitude', 'x-c-longitude', 'x-c-location', 'x-c-region', 'x-c-zipcode', 'x-c-os', 'x-c-browser'],
  ...['x-c-browser-version', 'x-c-device', 'x-cs-site', 'x-cs-timestamp', 'x-cs-page-id', 'x-cs-userip'],
  ...['x-cs-traffic-type', 'x-cs-tunnel-id', 'x-category', 'x-other-category', 'x-type', 'x-server-ssl-err'],
  ...['x-client-ssl-err', 'x-transaction-id', 'x-request-id', 'x-cs-sni', 'x-cs-domain-fronted-sni', 'x-category-id'],
  ...['x-other-category-id', 'x-sr-headers-name', 'x-sr-headers-value', 'x-cs-ssl-ja3', 'x-sr-ssl-ja3s'],
  ...['x-ssl-bypass', 'x-ssl-bypass-reason', 'x-r-cert-subject-cn', 'x-r-cert-issuer-cn', 'x-r-cert-startdate'],
  ...['x-r-cert-enddate', 'x-r-cert-valid', 'x-r-cert-expired', 'x-r-cert-untrusted-root', 'x-r-cert-incomplete-chain'],
  ...['x-r-cert-self-signed', 'x-r-cert-revoked', 'x-r-cert-revocation-check', 'x-r-cert-mismatch'],
  ...['x-cs-ssl-fronting-error', 'x-cs-ssl-handshake-error', 'x-sr-ssl-handshake-error'],
  ...['x-sr-ssl-client-certificate-error', 'x-sr-ssl-malformed-ssl', 'x-s-custom-signing-ca-error'],
  ...['x-cs-ssl-engine-action', 'x-cs-ssl-engine-action-reason', 'x-sr-ssl-engine-action'],
  ...['x-sr-ssl-engine-action-reason', 'x-ssl-policy-src-ip', 'x-ssl-policy-dst-ip', 'x-ssl-policy-dst-host'],
  ...['x-ssl-policy-dst-host-source', 'x-ssl-policy-categories', 'x-ssl-policy-action', 'x-ssl-policy-name'],
  ...['x-cs-ssl-version', 'x-cs-ssl-cipher', 'x-sr-ssl-version', 'x-sr-ssl-cipher', 'x-cs-src-ip-egress'],
  ...['x-s-dp-name', 'x-cs-src-ip', 'x-cs-src-port', 'x-cs-dst-ip', 'x-cs-dst-port', 'x-sr-src-ip', 'x-sr-src-port'],
  ...['x-sr-dst-ip', 'x-sr-dst-port', 'x-cs-ip-connect-xff', 'x-cs-ip-xff', 'x-cs-connect-host', 'x-cs-connect-port'],
  ...['x-cs-connect-user-agent', 'x-cs-url', 'x-cs-uri-path', 'x-cs-http-version', 'rs-status', 'x-cs-app-category'],
  ...['x-cs-app-cci', 'x-cs-app-ccl', 'x-cs-app-tags', 'x-cs-app-suite', 'x-cs-app-instance-id'],
  ...['x-cs-app-instance-name', 'x-cs-app-instance-tag', 'x-cs-app-activity', 'x-cs-app-from-user', 'x-cs-app-to-user'],
  ...['x-cs-app-object-type', 'x-cs-app-object-name', 'x-cs-app-object-id', 'x-rs-file-type', 'x-rs-file-category'],
  ...['x-rs-file-language', 'x-rs-file-size', 'x-rs-file-md5', 'x-rs-file-sha256', 'x-error', 'x-c-local-time'],
  'x-policy-action',
]

function transactions(fields: Layout['fields']): Layout {
  return { fields, unset: ['-'], detect: TRANSACTION_DETECT, records: TRANSACTIONS }
}

/**
 * Netskope's events and alerts as its API gives them (JSON), and its transaction events: W3C, or CSV as log streaming
 * writes it, with a header or without.
 */
export const netskope = mappedFormat({
  name: 'netskope',
  title: 'Netskope events (JSON) and web transactions (W3C, CSV, JSON)',
  documentation: 'https://docs.netskope.com/en/netskope-help/admin-console/reporting/transaction-events/',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    { fields: 'json', syslog: true, unset: ['-'], detect: EVENT_DETECT, records: EVENTS },
    transactions({ kind: 'w3c', columns: COLUMNS }),
    transactions({ kind: 'csv', header: COLUMNS, delimiter: ',' }),
    transactions({ kind: 'csv', header: true, delimiter: ',' }),
    transactions('json'),
  ],
})
