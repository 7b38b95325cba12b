import { FORWARDED, HTTP_FORWARDED } from '../httpd.ts'
import { mappedFormat } from '../mapping/format.ts'

/**
 * Apache's common and combined formats, which nginx and most other web servers write as well, where clients ask the machine
 * for hosts elsewhere. Requests for what is its own name no host and are skipped.
 */
export const httpAccess = mappedFormat({
  name: 'http-access',
  title: 'Access log of Apache, nginx and others, as a forward proxy',
  documentation: 'https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples',
  verified: false,
  general: true,
  attributes: { url: true, server: false, user: true, client: true, bytes: true, bytesUp: false, action: true },
  fields: { kind: 'columns', columns: ['client', '', 'user', 'time', 'request', 'status', 'bytes'] },
  syslog: true,
  unset: ['-'],
  detect: [{ is: { client: { like: 'address' }, request: FORWARDED, status: { like: 'number' } } }],
  records: HTTP_FORWARDED,
})
