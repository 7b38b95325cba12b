import { mappedFormat } from '../mapping/format.ts'

const BLOCKED = ['block*', 'deny', 'denied']
const ALLOWED = ['userbrowsed', 'passthrough', 'allow*', 'monitor*', 'warning']

/**
 * FortiClient's traffic log, as endpoints send it to FortiAnalyzer and on: which program of which user reached a host,
 * wherever the machine was. A page that a user opened counts once for its host, with the time spent on it.
 */
export const forticlient = mappedFormat({
  name: 'forticlient',
  title: 'Fortinet FortiClient endpoint log, key=value',
  documentation: 'https://docs.fortinet.com/document/forticlient/7.4.5/log-message-reference/12',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'key-value',
  syslog: true,
  unset: ['N/A'],
  detect: [{ has: ['fctver', 'deviceip', 'type', 'eventtype'] }],
  records: [
    {
      // What others began with this machine says nothing of what it did.
      when: { type: 'traffic', direction: { not: 'inbound' } },
      time: [
        { from: ['date', 'time'], as: 'iso', zone: 'tz' },
        { from: 'syslog.time', as: 'syslog' },
      ],
      duration: { from: 'browsetime', unit: 's' },
      logged: 'end',
      client: ['srcip', 'deviceip'],
      clientPort: 'srcport',
      server: ['dstip', 'remoteip'],
      serverPort: 'dstport',
      transport: 'proto',
      name: 'remotename',
      user: 'user',
      device: 'hostname',
      application: 'srcname',
      bytesUp: 'sentbyte',
      bytesDown: 'rcvdbyte',
      action: { from: 'utmaction', blocked: BLOCKED, allowed: ALLOWED },
    },
  ],
})
