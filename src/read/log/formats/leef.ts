import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'devTime', as: 'unix' },
  { from: 'devTime', as: 'iso' },
  { from: 'devTime', as: 'MMM dd yyyy HH:mm:ss.SSS Z' },
  { from: 'devTime', as: 'syslog' },
  { from: 'syslog.time', as: 'syslog' },
]

/**
 * The Log Event Extended Format of any product, by the names that IBM defines for all. A time is read where it is a number,
 * ISO 8601, or as syslog writes it.
 */
export const leef = mappedFormat({
  name: 'leef',
  title: 'Any product that writes LEEF',
  documentation: 'https://www.ibm.com/docs/en/dsm?topic=leef-predefined-event-attributes',
  verified: false,
  general: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'leef',
  syslog: true,
  unset: ['-', 'N/A'],
  detect: [{ has: ['vendor', 'product'] }],
  records: [
    {
      when: { src: { set: true } },
      time: TIMES,
      client: 'src',
      clientPort: 'srcPort',
      server: 'dst',
      serverPort: 'dstPort',
      transport: 'proto',
      name: ['dstHostName', 'domain'],
      url: 'url',
      method: 'method',
      user: 'usrName',
      bytesUp: 'srcBytes',
      bytesDown: 'dstBytes',
      translated: {
        client: 'srcPostNAT',
        clientPort: 'srcPostNATPort',
        server: 'dstPostNAT',
        serverPort: 'dstPostNATPort',
      },
      action: {
        from: ['action', 'policy'],
        blocked: ['block*', 'den*', 'drop*', 'reject*', 'reset*'],
        allowed: ['allow*', 'accept*', 'permit*', 'pass*'],
      },
    },
  ],
})
