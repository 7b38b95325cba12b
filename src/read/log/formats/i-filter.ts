import { mappedFormat } from '../mapping/format.ts'

/**
 * The access log of Digital Arts' i-FILTER (and D-SPA), version 10, in its default order of 35 columns
 * (https://www.pa-solution.net/daj/bs/faq/Detail.aspx?id=4301). The time is when the client connected.
 */
export const iFilter = mappedFormat({
  name: 'i-filter',
  title: 'Digital Arts i-FILTER access log',
  documentation: 'https://www.pa-solution.net/daj/bs/faq/Detail.aspx?id=4301',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: {
    kind: 'columns',
    columns: [
      ...['month', 'day', 'clock', 'worker', 'version', 'parent', 'server', 'peer', 'client', 'computer', 'user'],
      ...['start', 'status', '', '', 'verdict', '', '', '', '', '', '', '', '', '', '', '', 'request'],
    ],
  },
  unset: ['-'],
  detect: [
    {
      has: ['start', 'verdict'],
      is: {
        worker: { like: 'number' },
        version: '*/',
        client: { like: 'address' },
        status: { like: 'number' },
        request: '* HTTP/*',
      },
    },
  ],
  records: [
    {
      time: { from: 'start', as: 'httpd' },
      client: 'client',
      server: 'server',
      transport: { value: 'tcp' },
      url: { from: 'request', after: ' ', before: ' ' },
      method: { from: 'request', before: ' ' },
      user: { from: 'user', decode: 'percent' },
      device: 'computer',
      action: { from: 'verdict', blocked: ['block*', 'deny*'], allowed: ['pass*', 'allow*', 'accept*', 'proxy*'] },
    },
  ],
})
