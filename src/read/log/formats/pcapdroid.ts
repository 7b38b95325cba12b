import { mappedFormat } from '../mapping/format.ts'

/**
 * Connections that PCAPdroid saw on an Android phone, exported as CSV: each with the app that made it. `Info` is the host's
 * name, from DNS, TLS or HTTP.
 */
export const pcapdroid = mappedFormat({
  name: 'pcapdroid',
  title: 'PCAPdroid connections, CSV',
  documentation: 'https://emanuele-f.github.io/PCAPdroid/quick_start',
  verified: false,
  attributes: { url: true, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  fields: { kind: 'csv', header: true, delimiter: ',' },
  detect: [{ has: ['SrcIp', 'DstIp', 'UID', 'App', 'FirstSeen', 'LastSeen'] }],
  records: [
    {
      when: { Proto: 'DNS' },
      time: [
        { from: 'FirstSeen', as: 'iso' },
        { from: 'FirstSeen', as: 'unix' },
      ],
      client: 'SrcIp',
      clientPort: 'SrcPort',
      server: 'DstIp',
      serverPort: 'DstPort',
      transport: 'IPProto',
      application: 'App',
      bytesUp: 'BytesSent',
      bytesDown: 'BytesRcvd',
      action: { from: 'Status', blocked: ['*block*'], allowed: ['*'] },
      means: 'dns-query',
      dns: { query: 'Info' },
    },
    {
      time: [
        { from: 'FirstSeen', as: 'iso' },
        { from: 'FirstSeen', as: 'unix' },
      ],
      end: [
        { from: 'LastSeen', as: 'iso' },
        { from: 'LastSeen', as: 'unix' },
      ],
      client: 'SrcIp',
      clientPort: 'SrcPort',
      server: 'DstIp',
      serverPort: 'DstPort',
      transport: 'IPProto',
      name: 'Info',
      application: 'App',
      bytesUp: 'BytesSent',
      bytesDown: 'BytesRcvd',
      action: { from: 'Status', blocked: ['*block*'], allowed: ['*'] },
    },
  ],
})
