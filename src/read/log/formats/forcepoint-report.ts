import { mappedFormat } from '../mapping/format.ts'

/**
 * A detail report of Forcepoint's (Websense's) web protection, exported as CSV: its columns are chosen by whoever made it,
 * its days and times local. Days are read where they are written year first: the others cannot be told apart.
 */
export const forcepointReport = mappedFormat({
  name: 'forcepoint-report',
  title: 'Forcepoint (Websense) investigative detail report, CSV',
  documentation:
    'https://help.forcepoint.com/websec/en-us/on-prem/85/web_admin_guide/guid-509de829-7e89-4693-8d6e-525af887098f.html',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: { kind: 'csv', header: true, delimiter: ',' },
  unset: ['-'],
  detect: [{ has: ['Day', 'URL Hostname', 'Action'] }],
  records: [
    {
      time: { from: ['Day', 'Time'], as: 'iso' },
      client: 'Source IP',
      server: 'Destination IP',
      serverPort: 'Port',
      transport: { value: 'tcp' },
      name: 'URL Hostname',
      url: 'Full URL',
      user: 'User',
      bytesUp: 'Bytes Sent',
      bytesDown: 'Bytes Received',
      action: { from: 'Action', blocked: ['*block*', '*den*'], allowed: ['*permit*', '*allow*'] },
    },
  ],
})
