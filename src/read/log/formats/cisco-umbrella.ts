import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule } from '../mapping/mapping.ts'

const TIME = { from: 'Timestamp', as: 'iso', utc: true } as const

/** The identity that a policy matched is a person, a machine or a network: the column of its type tells which. */
const PERSON = [{ from: 'Identity', afterLast: '(', beforeLast: ')' }, 'Identity'] as const
const PEOPLE = ['*user*']
const MACHINES = ['*roaming*', '*computer*', '*mobile*', '*chromebook*']

/** A record, once for each of what the identity may be. */
function ofEach(rule: RecordRule): RecordRule[] {
  return [
    { ...rule, when: { 'Identity Type': PEOPLE }, user: PERSON },
    { ...rule, when: { 'Identity Type': MACHINES }, device: 'Identity' },
    rule,
  ]
}

function table(header: readonly string[], detect: DetectRule, rule: RecordRule): Layout {
  return { fields: { kind: 'csv', header, delimiter: ',' }, detect: [detect], records: ofEach(rule) }
}

const DNS = table(
  [
    ...['Timestamp', 'Identity', 'Identities', 'Internal IP', 'External IP', 'Action', 'Query Type', 'Response Code'],
    ...['Domain', 'Categories', 'Identity Type'],
  ],
  {
    has: ['Domain', 'Response Code'],
    is: { Timestamp: { like: 'time' }, Action: ['allowed', 'blocked', 'proxied', 'detected'], 'Query Type': '*)' },
  },
  {
    time: TIME,
    client: ['Internal IP', 'External IP'],
    action: { from: 'Action', blocked: ['blocked'], allowed: ['allowed', 'proxied', 'detected'] },
    means: 'dns-query',
    dns: { query: 'Domain' },
  },
)

const WEB = table(
  [
    ...['Timestamp', 'Identity', 'Internal IP', 'External IP', 'Destination IP', 'Content Type', 'Action', 'URL'],
    ...['Referer', 'User Agent', 'Status', 'Request Size', 'Response Size', 'Response Body Size', 'SHA', 'Categories'],
    ...['AV Detections', 'PUAs', 'AMP Disposition', 'AMP Malware Name', 'AMP Score', 'Identity Type'],
    ...['Blocked Categories', 'Identities', 'Identity Types', 'Request Method'],
  ],
  { has: ['URL'], is: { Timestamp: { like: 'time' }, Action: ['allowed', 'blocked'], URL: { like: 'url' } } },
  {
    time: TIME,
    client: ['Internal IP', 'External IP'],
    server: 'Destination IP',
    transport: { value: 'tcp' },
    url: 'URL',
    method: 'Request Method',
    bytesUp: 'Request Size',
    bytesDown: 'Response Size',
    action: { from: 'Action', blocked: ['blocked'], allowed: ['allowed'] },
  },
)

const IP = table(
  [
    ...['Timestamp', 'Identity', 'Source IP', 'Source Port', 'Destination IP', 'Destination Port', 'Categories'],
    'Identity Type',
  ],
  {
    is: {
      Timestamp: { like: 'time' },
      'Source IP': { like: 'address' },
      'Source Port': { like: 'number' },
      'Destination IP': { like: 'address' },
      'Destination Port': { like: 'number' },
      // The first version had no such column.
      'Identity Type': [...PEOPLE, ...MACHINES, '*network*', '*site*', '*tunnel*', ''],
    },
  },
  {
    time: TIME,
    client: 'Source IP',
    clientPort: 'Source Port',
    server: 'Destination IP',
    serverPort: 'Destination Port',
  },
)

const FIREWALL = table(
  [
    ...['Timestamp', 'Origin IDs', 'Identity', 'Identity Type', 'Direction', 'Protocol', 'Packet Size', 'Source IP'],
    ...['Source Port', 'Destination IP', 'Destination Port', 'Data Center', 'Rule ID', 'Action'],
  ],
  {
    is: {
      Timestamp: { like: 'time' },
      Direction: ['outbound', 'inbound', 'from_*', 'to_*'],
      'Source IP': { like: 'address' },
      'Destination IP': { like: 'address' },
      Action: ['allow*', 'block*'],
    },
  },
  {
    time: TIME,
    client: 'Source IP',
    clientPort: 'Source Port',
    server: 'Destination IP',
    serverPort: 'Destination Port',
    transport: 'Protocol',
    action: { from: 'Action', blocked: ['block*'], allowed: ['allow*'] },
  },
)

/**
 * What Cisco Umbrella and Secure Access put into an S3 bucket as CSV without a header: DNS, web, IP and firewall logs
 * (https://docs.umbrella.com/deployment-umbrella/docs/log-formats-and-versioning). Columns only ever came behind the
 * others, so that all versions are read.
 */
export const ciscoUmbrella = mappedFormat({
  name: 'cisco-umbrella',
  title: 'Cisco Umbrella DNS, web, IP and firewall logs, CSV',
  documentation: 'https://docs.umbrella.com/deployment-umbrella/docs/log-formats-and-versioning',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [DNS, WEB, IP, FIREWALL],
})
