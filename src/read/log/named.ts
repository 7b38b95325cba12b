import type { RecordRule, TimeRule } from './mapping/mapping.ts'

/** What may stand before `client`: in syslog a category and a severity, in a file of named's own the time before them. */
const BEGINNINGS = ['{date} {clock} {}client ', '{}client ']

/** Each sentence with either beginning. */
export function namedSentences(...sentences: readonly string[]): readonly string[] {
  return BEGINNINGS.flatMap((begin) => sentences.map((sentence) => begin + sentence))
}

/** `print-time yes`, `iso8601` and `iso8601-utc`, or the time of syslog. */
export const NAMED_TIMES: readonly TimeRule[] = [
  { from: ['date', 'clock'], as: 'dd-MMM-yyyy HH:mm:ss.SSS' },
  { from: 'date', as: 'iso' },
  { from: 'syslog.time', as: 'syslog' },
]

/**
 * The messages of ISC's named that say what a client asked, which are those of every product made of it. They come in
 * the order in which they are tried: the query log first.
 */
export const NAMED_TEMPLATES = {
  query: namedSentences('{client}: query: {query} {class} {type} {flags} ({server})'),
  rewrite: namedSentences('{client}: rpz {trigger} {policy} rewrite {query}/{type}/{class} via {}'),
  response: namedSentences('{client}: response: {query} {class} {type} {rcode} {}'),
  failed: namedSentences('{client}: query failed ({}) for {query}/{class}/{type} at {}'),
} as const

/** Before version 9.5 the server's address was not logged. To be tried last: it fits what says more, too. */
export const OLD_QUERY = namedSentences('{client}: query: {query} IN {type}')

const SAID = { time: NAMED_TIMES, client: 'client' } as const
const QUESTION = { query: 'query', type: 'type' } as const

export const NAMED_RECORDS: readonly RecordRule[] = [
  { ...SAID, when: { 'text.kind': 'query' }, server: 'server', means: 'dns-query', dns: QUESTION },
  { ...SAID, when: { 'text.kind': ['old', 'failed'] }, means: 'dns-query', dns: QUESTION },
  {
    ...SAID,
    when: { 'text.kind': 'rewrite' },
    means: 'dns-answer',
    dns: QUESTION,
    action: {
      from: 'policy',
      blocked: ['nxdomain', 'nodata', 'drop', 'cname', 'local-data'],
      allowed: ['passthru', 'tcp-only'],
    },
  },
  { ...SAID, when: { 'text.kind': 'response' }, means: 'dns-answer', dns: { ...QUESTION, rcode: 'rcode' } },
]

/** Of ISC's dhcpd, behind a syslog header, as products print it that hold both servers. */
export const DHCPD_TEMPLATES = {
  ack: [
    'DHCPACK on {address} to {mac} ({host}) via {} lease-duration {lifetime} {}',
    'DHCPACK on {address} to {mac} via {} lease-duration {lifetime} {}',
    'DHCPACK on {address} to {mac} ({host}) via {} lease-duration {lifetime}',
    'DHCPACK on {address} to {mac} via {} lease-duration {lifetime}',
    'DHCPACK on {address} to {mac} ({host}) via {} [{lifetime}]',
    'DHCPACK on {address} to {mac} via {} [{lifetime}]',
    'DHCPACK on {address} to {mac} ({host}) via {}',
    'DHCPACK on {address} to {mac} via {}',
  ],
  release: [
    'DHCPRELEASE of {address} from {mac} ({host}) via {}',
    'DHCPRELEASE of {address} from {mac} via {}',
    'DHCPEXPIRE on {address} to {mac}',
  ],
} as const

const LEASE = {
  kind: 'lease',
  inner: 'address',
  device: ['host', 'mac'],
  gateway: 'syslog.host',
  protocol: { value: 'dhcp' },
} as const

export const DHCPD_RECORDS: readonly RecordRule[] = [
  {
    when: { 'text.kind': 'ack' },
    time: NAMED_TIMES,
    mark: { ...LEASE, event: 'start', lifetime: { from: 'lifetime', unit: 's' } },
  },
  { when: { 'text.kind': 'release' }, time: NAMED_TIMES, mark: { ...LEASE, event: 'end' } },
]
