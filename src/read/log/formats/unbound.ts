import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

/** In a file with seconds, in a file with a date, and in syslog. */
const BEGINNINGS = ['[{seconds}] unbound[{}] ', 'unbound[{}] ', '[{}] ']

function sentences(...texts: readonly string[]): readonly string[] {
  return BEGINNINGS.flatMap((begin) => texts.map((text) => begin + text))
}

const TIMES: readonly TimeRule[] = [
  { from: 'seconds', as: 'unix' },
  { from: 'syslog.time', as: 'syslog' },
]
const SAID = { time: TIMES, client: 'client', clientPort: 'port' } as const
const QUESTION = { query: 'query', type: 'type' } as const
/** Other messages begin with words. */
const ASKED = { client: { like: 'address' } } as const

/**
 * Unbound's log: `log-queries`, `log-replies` (with `log-tag-queryreply` or without), `log-local-actions` and `rpz-log`.
 */
export const unbound = mappedFormat({
  name: 'unbound',
  title: 'Unbound query, reply and policy log',
  documentation: 'https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html',
  verified: true,
  attributes: { url: false, server: false, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: {
    kind: 'text',
    templates: {
      query: sentences('query: {client} {query} {type} {class}'),
      reply: sentences('reply: {client} {query} {type} {class} {rcode} {}'),
      policy: sentences('info: rpz: applied {}rpz-{policy} {client}@{port} {query} {type} {class}'),
      local: sentences('info: {zone} {policy} {client}@{port} {query} {type} {class}'),
      untagged: sentences('info: {client} {query} {type} {class} {rcode} {}'),
      asked: sentences('info: {client} {query} {type} {class}'),
    },
  },
  syslog: true,
  detect: [{ is: ASKED }],
  records: [
    { ...SAID, when: { ...ASKED, 'text.kind': ['query', 'asked'] }, means: 'dns-query', dns: QUESTION },
    {
      ...SAID,
      when: { ...ASKED, 'text.kind': ['reply', 'untagged'] },
      means: 'dns-answer',
      dns: { ...QUESTION, rcode: 'rcode' },
    },
    {
      ...SAID,
      when: { ...ASKED, 'text.kind': ['policy', 'local'] },
      means: 'dns-answer',
      dns: QUESTION,
      action: {
        from: 'policy',
        blocked: [
          ...['nxdomain', 'nodata', 'drop', 'local-data', 'cname-override'],
          ...['deny', 'refuse', 'redirect', 'inform_deny', 'inform_redirect', 'block_a'],
          ...['always_refuse', 'always_nxdomain', 'always_nodata', 'always_deny', 'always_null'],
        ],
        allowed: ['passthru', 'transparent', 'typetransparent', 'always_transparent', 'inform'],
      },
    },
  ],
})
