import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const REQUEST: Omit<RecordRule, 'when' | 'action'> = {
  time: { from: 'time', as: 'unix' },
  client: 'client',
  server: 'server',
  url: 'url',
  user: 'user',
  bytesDown: 'size',
}

/**
 * Web requests as Barracuda's Web Security Gateway writes them, and CloudGen firewalls that stream to it. The firewall's
 * template says ALLOWED in every line, and only a number further behind what became of the request.
 */
export const barracudaWeb = mappedFormat({
  name: 'barracuda-web',
  title: 'Barracuda Web Security Gateway and CloudGen web log stream',
  documentation:
    'https://campus.barracuda.com/product/cloudgenfirewall/doc/170820935/how-to-configure-web-log-streaming',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: false, action: true },
  fields: {
    kind: 'columns',
    columns: [
      ...[
        'time',
        '',
        'client',
        'server',
        '',
        'origin',
        'url',
        'size',
        'marker',
        'action',
        'reason',
        '',
        '',
        '',
        'number',
      ],
      ...['', '', '', '', '', '', '', '', '', 'user'],
    ],
    atLeast: 15,
  },
  syslog: true,
  unset: ['-', 'ANON', '[ANON]', '[-]'],
  detect: [
    {
      is: {
        time: { like: 'number' },
        client: { like: 'address' },
        marker: ['BYF', '*BYF'],
        number: { like: 'number' },
      },
    },
  ],
  records: [
    { ...REQUEST, when: { action: ['BLOCKED', 'DENIED'] }, action: { from: 'action', blocked: ['*'] } },
    { ...REQUEST, when: { number: '1' }, action: { from: 'number', blocked: ['1'] } },
    { ...REQUEST, action: { from: 'action', allowed: ['ALLOWED', 'DETECTED'] } },
  ],
})
