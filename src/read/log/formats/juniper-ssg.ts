import { mappedFormat } from '../mapping/format.ts'

/**
 * Juniper SSG and ISG (NetScreen, ScreenOS): the traffic log. A session is logged when it ends, by when it began and how
 * long it was; where the policy says so, when it begins as well.
 */
export const juniperSsg = mappedFormat({
  name: 'juniper-ssg',
  title: 'Juniper SSG (NetScreen) traffic log',
  documentation: 'https://vdocuments.us/screenos-message-log-reference-guide.html',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'key-value',
  syslog: true,
  detect: [{ has: ['device_id', 'start_time', 'duration', 'policy_id', 'service', 'proto', 'action', 'sent', 'rcvd'] }],
  records: [
    {
      when: { start_time: { set: true }, proto: ['6', '17'] },
      time: { from: 'start_time', as: 'iso' },
      duration: { from: 'duration', unit: 's' },
      client: 'src',
      clientPort: 'src_port',
      server: 'dst',
      serverPort: 'dst_port',
      transport: 'proto',
      bytesUp: 'sent',
      bytesDown: 'rcvd',
      action: { from: 'action', blocked: ['deny', 'reject'], allowed: ['permit', 'tunnel'] },
    },
  ],
})
