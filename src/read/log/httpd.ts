import type { RecordRule } from './mapping/mapping.ts'

/** A client asked the machine for a host elsewhere: by CONNECT, or with the whole URL. */
export const FORWARDED = ['CONNECT *', '* http://*', '* https://*', '* ftp://*']

/** A line of Apache's common format, whatever stands in front. */
export const HTTP_REQUESTED: RecordRule = {
  time: { from: 'time', as: 'httpd' },
  client: 'client',
  transport: { value: 'tcp' },
  url: { from: 'request', after: ' ', before: ' ' },
  method: { from: 'request', before: ' ' },
  user: 'user',
  bytesDown: 'bytes',
}

export const HTTP_FORWARDED: readonly RecordRule[] = [
  {
    ...HTTP_REQUESTED,
    when: { request: 'CONNECT *' },
    // To CONNECT it is the proxy that answers; any other status may be the site's.
    action: { from: 'status', blocked: ['403', '405', '407'], allowed: ['200'] },
  },
  { ...HTTP_REQUESTED, when: { request: FORWARDED } },
]
