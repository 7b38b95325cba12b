import type { LogFormat } from '../../../model/reader.ts'
import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, Mapping } from '../mapping/mapping.ts'
import {
  DHCPD_RECORDS,
  DHCPD_TEMPLATES,
  NAMED_RECORDS,
  NAMED_TEMPLATES,
  NAMED_TIMES,
  namedSentences,
  OLD_QUERY,
} from '../named.ts'

/** named's and dhcpd's messages, and the capture of queries and responses, which only this product writes. */
function nios(detect: readonly DetectRule[]): Layout {
  return {
    fields: {
      kind: 'text',
      templates: {
        capture: namedSentences(
          '{client}: {transport}: query: {query} {class} {type} response: {rcode} {answers}',
          '{client} {transport}: query: {query} {class} {type} response: {rcode} {answers}',
        ),
        ...NAMED_TEMPLATES,
        ack: DHCPD_TEMPLATES.ack,
        release: ['DHCPRELEASE of {address} from {mac} ({host}) via {} TransID {id}', ...DHCPD_TEMPLATES.release],
        other: ['DHCP{}TransID {id}'],
        old: OLD_QUERY,
      },
    },
    syslog: true,
    detect,
    records: [
      {
        when: { 'text.kind': 'capture' },
        time: NAMED_TIMES,
        client: 'client',
        transport: 'transport',
        dns: { query: 'query', type: 'type', rcode: 'rcode', answers: 'answers', separator: ';' },
      },
      ...NAMED_RECORDS,
      ...DHCPD_RECORDS,
    ],
  }
}

const CEF_TIMES = [
  { from: 'rt', as: 'unix' },
  { from: 'start', as: 'unix' },
  { from: 'syslog.time', as: 'syslog', utc: true },
] as const

/** Response policy hits of NIOS, and what the Data Connector sends of BloxOne. */
const CEF: Layout = {
  fields: 'cef',
  syslog: true,
  unset: ['N/A'],
  detect: [{ is: { deviceVendor: 'Infoblox' } }],
  records: [
    {
      when: { deviceProduct: 'NIOS', signatureId: 'RPZ*' },
      time: CEF_TIMES,
      client: 'src',
      clientPort: 'spt',
      server: 'dst',
      user: 'User-Name',
      means: 'dns-answer',
      dns: { query: { from: 'msg', after: ' rewrite ', before: ' ' }, type: 'qtype' },
      action: {
        from: 'name',
        blocked: ['nxdomain', 'nodata', 'drop', 'cname', 'local-data', 'substitute*', 'block*'],
        allowed: ['passthru', 'tcp-only'],
      },
    },
    {
      when: { deviceProduct: 'Data Connector', destinationDnsDomain: { set: true } },
      time: CEF_TIMES,
      client: 'src',
      clientPort: 'spt',
      server: 'dst',
      transport: 'proto',
      user: 'suser',
      device: 'shost',
      means: 'dns-query',
      dns: { query: 'destinationDnsDomain', type: 'InfobloxDNSQType' },
      action: {
        from: ['InfobloxB1PolicyAction', 'act'],
        blocked: ['block*', 'redirect*', 'nxdomain', 'nodata', 'drop'],
        allowed: ['allow*', 'log', 'passthru'],
      },
    },
  ],
}

const HEADING: Omit<Extract<Mapping, { readonly layouts: unknown }>, 'layouts'> = {
  name: 'infoblox',
  title: 'Infoblox NIOS DNS and DHCP, BloxOne CEF',
  documentation:
    'https://infoblox-docs.atlassian.net/wiki/spaces/BloxOneThreatDefense/pages/35406922/DNS+Query+Response+Log+Message+Mapping',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
}

/** What is written so by this product alone; the rest of its messages are those of any named and dhcpd. */
const OWN = mappedFormat({
  ...HEADING,
  layouts: [
    nios([{ is: { 'text.kind': 'capture' } }, { has: ['id'], is: { 'text.kind': ['ack', 'release', 'other'] } }]),
    CEF,
  ],
})

/** Infoblox NIOS: queries, captured responses, response policies and DHCP; BloxOne by its Data Connector. */
export const infoblox: LogFormat = {
  ...mappedFormat({ ...HEADING, layouts: [nios([{ has: ['text.kind'] }]), CEF] }),
  claims: (sample) => OWN.claims(sample),
}
