import { HTTP_FORWARDED, HTTP_REQUESTED } from '../httpd.ts'
import { mappedFormat } from '../mapping/format.ts'

/**
 * The common format with the virtual host in front: Apache's `vhost_combined` (`%v:%p`), nginx's `$host`. It tells who came
 * to which of one's own hosts.
 */
export const httpVhost = mappedFormat({
  name: 'http-vhost',
  title: 'Access log of Apache, nginx and others with virtual hosts',
  documentation: 'https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples',
  verified: true,
  general: true,
  attributes: { url: true, server: false, user: true, client: true, bytes: true, bytesUp: false, action: true },
  fields: { kind: 'columns', columns: ['host', 'client', '', 'user', 'time', 'request', 'status', 'bytes'] },
  syslog: true,
  unset: ['-'],
  detect: [
    { is: { host: { like: 'name' }, client: { like: 'address' }, request: '* HTTP/*', status: { like: 'number' } } },
  ],
  records: [...HTTP_FORWARDED, { ...HTTP_REQUESTED, when: { request: '* HTTP/*' }, name: 'host' }],
})
