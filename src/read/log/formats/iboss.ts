import { mappedFormat } from '../mapping/format.ts'

/**
 * iboss's web and DLP logs, JSON behind a syslog header. Its clock is UTC. What a page of warning was put before counts as
 * blocked, as nothing was fetched yet.
 */
export const iboss = mappedFormat({
  name: 'iboss',
  title: 'iboss Secure Access Service web log, JSON',
  documentation: 'https://docs.datadoghq.com/integrations/iboss/',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'json',
  syslog: true,
  unset: ['-'],
  detect: [{ has: ['filteringGroupName', 'upstreamByteUsage', 'downstreamByteUsage', 'iboss'] }],
  records: [
    {
      when: { logType: ['', 'WEB_LOG', 'DLP'] },
      time: [
        { from: 'proxyTransactionStartTime', as: 'unix' },
        { from: ['logTime', 'time'], as: 'iso', utc: true },
        { from: 'syslog.time', as: 'syslog' },
      ],
      client: ['privateIp', 'sourceIpAddress'],
      clientPort: 'sourcePort',
      server: 'ipAddress',
      serverPort: 'destinationPort',
      transport: { value: 'tcp' },
      name: 'host',
      url: 'url',
      method: 'requestMethod',
      user: 'username',
      device: 'computerName',
      application: 'applicationName',
      bytesUp: 'upstreamByteUsage',
      bytesDown: 'downstreamByteUsage',
      action: { from: ['action', 'sAction'], blocked: ['*block*', 'den*'], allowed: ['allow*'] },
    },
  ],
})
