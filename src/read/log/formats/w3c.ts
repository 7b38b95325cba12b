import { mappedFormat } from '../mapping/format.ts'

/**
 * The W3C Extended Log File Format of any proxy, by the standard's names and the common additions: `c-ip`, `cs-host` or
 * `cs-uri`, `cs-username`, bytes, and what was done. A web server's own log, which names no other host, is not claimed.
 */
export const w3c = mappedFormat({
  name: 'w3c',
  title: 'Any proxy that writes the W3C extended format',
  documentation: 'https://www.w3.org/TR/WD-logfile.html',
  verified: false,
  general: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'w3c',
  syslog: true,
  unset: ['-'],
  detect: [
    { has: ['date', 'time', 'c-ip', 'cs-host'] },
    { has: ['date', 'time', 'c-ip', 'cs-uri'], is: { 'cs-uri': { like: 'url' } } },
    { has: ['date', 'time', 'c-ip', 'r-host'] },
  ],
  records: [
    {
      time: [{ from: ['date', 'time'], as: 'iso', utc: true }],
      duration: { from: 'time-taken', unit: 'ms' },
      logged: 'end',
      client: 'c-ip',
      clientPort: 'c-port',
      server: ['r-ip', 's-supplier-ip'],
      serverPort: ['r-port', 'cs-uri-port'],
      name: ['cs-host', 'r-host', 'cs(Host)'],
      url: ['cs-uri', 'c-uri'],
      method: 'cs-method',
      user: ['cs-username', 'c-username'],
      bytesUp: 'cs-bytes',
      bytesDown: 'sc-bytes',
      action: {
        from: ['sc-filter-result', 's-action', 'action', 'x-action'],
        blocked: ['den*', 'block*', 'TCP_DENIED*', 'drop*', 'reject*'],
        allowed: ['allow*', 'observed', 'proxied', 'TCP_*', 'permit*'],
      },
    },
  ],
})
