import { mappedFormat } from '../mapping/format.ts'

/**
 * The W3C log of Microsoft's Internet Information Services (https://learn.microsoft.com/windows/win32/http/w3c-logging).
 * It is a server's log: the client is whoever asked it, and the name the host that was asked for.
 */
export const microsoftIis = mappedFormat({
  name: 'microsoft-iis',
  title: 'Microsoft IIS access log, W3C',
  documentation: 'https://learn.microsoft.com/windows/win32/http/w3c-logging',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: false },
  fields: 'w3c',
  unset: ['-'],
  detect: [{ has: ['cs-uri-stem', 'sc-win32-status'] }, { has: ['cs-uri-stem', 's-port', 's-ip', 'c-ip'] }],
  records: [
    {
      time: { from: ['date', 'time'], as: 'iso', utc: true },
      duration: { from: 'time-taken', unit: 'ms' },
      logged: 'end',
      client: 'c-ip',
      server: 's-ip',
      serverPort: 's-port',
      transport: { value: 'tcp' },
      name: 'cs-host',
      user: 'cs-username',
      bytesUp: 'cs-bytes',
      bytesDown: 'sc-bytes',
      means: 'http-host',
    },
  ],
})
