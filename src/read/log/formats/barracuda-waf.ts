import { mappedFormat } from '../mapping/format.ts'

/**
 * Barracuda Web Application Firewall's access log: requests from outside to servers of one's own, so messaging is in it
 * only where the device stands before a proxy.
 */
export const barracudaWaf = mappedFormat({
  name: 'barracuda-waf',
  title: 'Barracuda Web Application Firewall access log',
  documentation: 'https://campus.barracuda.com/product/webapplicationfirewall/doc/92767349/exporting-log-formats/',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: {
    kind: 'columns',
    columns: [
      ...[
        'zone',
        'unit',
        'kind',
        'service',
        'servicePort',
        'client',
        'clientPort',
        'login',
        '',
        'method',
        'protocol',
        'host',
      ],
      ...['version', 'status', 'sent', 'received', 'cached', 'milliseconds', 'server', 'serverPort'],
    ],
  },
  syslog: true,
  unset: ['-'],
  detect: [
    {
      is: {
        kind: 'TR',
        service: { like: 'address' },
        client: { like: 'address' },
        status: { like: 'number' },
        milliseconds: { like: 'number' },
      },
    },
  ],
  records: [
    {
      when: { kind: 'TR' },
      time: { from: 'syslog.time', as: 'syslog', zone: 'zone' },
      duration: { from: 'milliseconds', unit: 'ms' },
      logged: 'end',
      client: 'client',
      clientPort: 'clientPort',
      server: 'service',
      serverPort: 'servicePort',
      transport: { value: 'tcp' },
      user: 'login',
      name: 'host',
      method: 'method',
      bytesUp: 'received',
      bytesDown: 'sent',
      action: { from: 'status', blocked: ['403'], allowed: ['*'] },
    },
  ],
})
