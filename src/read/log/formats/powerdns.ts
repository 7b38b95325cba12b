import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const QUESTION = { query: 'qname', type: 'qtype' } as const

const STRUCTURED: readonly RecordRule[] = [
  {
    when: { msg: ['question', 'question answered from packet cache'], qname: { set: true } },
    time: [
      { from: 'ts', as: 'unix' },
      { from: 'syslog.time', as: 'syslog' },
    ],
    client: 'remote',
    transport: 'proto',
    means: 'dns-query',
    dns: QUESTION,
  },
  {
    when: { msg: 'answer', qname: { set: true } },
    time: [
      { from: 'ts', as: 'unix' },
      { from: 'syslog.time', as: 'syslog' },
    ],
    client: 'remote',
    transport: 'proto',
    means: 'dns-answer',
    dns: { ...QUESTION, rcode: 'rcode' },
  },
]

/**
 * PowerDNS: the Recursor's questions and answers (`quiet=no`), structured since version 4.8, in words before; and the
 * authoritative server's `log-dns-queries`.
 */
export const powerdns = mappedFormat({
  name: 'powerdns',
  title: 'PowerDNS Recursor and Authoritative Server query log',
  documentation: 'https://doc.powerdns.com/recursor/running.html',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [
    {
      fields: 'key-value',
      syslog: true,
      detect: [
        {
          has: ['msg', 'subsystem', 'prio'],
          is: { subsystem: ['syncres', 'nsspeeds', 'config', 'runtime', 'out', 'housekeeping'] },
        },
      ],
      records: STRUCTURED,
    },
    {
      fields: {
        kind: 'text',
        templates: {
          recursor: [
            "{}] question for '{query}|{type}' from {client}",
            "{}question answered from packet cache tag={} from {client} ('{query}|{type}')",
          ],
          authoritative: "Remote {client} wants '{query}|{type}', do = {}",
        },
      },
      syslog: true,
      detect: [{ is: { 'text.kind': ['recursor', 'authoritative'] } }],
      records: [
        {
          time: { from: 'syslog.time', as: 'syslog' },
          client: 'client',
          means: 'dns-query',
          dns: { query: 'query', type: 'type' },
        },
      ],
    },
  ],
})
