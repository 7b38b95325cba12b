import type { LogFormat } from '../../../model/reader.ts'
import { mappedFormat } from '../mapping/format.ts'
import { NAMED_RECORDS, NAMED_TEMPLATES, OLD_QUERY } from '../named.ts'
import { efficientip } from './efficientip.ts'
import { infoblox } from './infoblox.ts'

const named = mappedFormat({
  name: 'bind',
  title: 'BIND 9 query, response and response policy log',
  documentation: 'https://bind9.readthedocs.io/en/latest/reference.html#namedconf-statement-category',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'text', templates: { ...NAMED_TEMPLATES, old: OLD_QUERY } },
  syslog: true,
  detect: [{ is: { 'text.kind': ['query', 'rewrite', 'response', 'failed', 'old'] } }],
  records: NAMED_RECORDS,
})

/**
 * named's log, in a file of its own or in syslog: the categories `queries`, `responses` and `rpz`. Products that are made
 * of it write the same and more, so a log that shows one of them is not claimed.
 */
export const bind: LogFormat = {
  ...named,
  claims: (sample) => named.claims(sample) && !efficientip.claims(sample) && !infoblox.claims(sample),
}
