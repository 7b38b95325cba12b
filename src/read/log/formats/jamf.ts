import { mappedFormat } from '../mapping/format.ts'

const WHO = {
  time: { from: 'timestamp', as: 'iso', utc: true },
  client: 'source.ip',
  user: ['user.email', 'user.name'],
  device: ['device.userDeviceName', 'device.deviceId'],
} as const

/**
 * Jamf Protect's (Wandera's) streams of network traffic and of threats, JSON: what managed phones and Macs asked for,
 * wherever they were. The client's address is that of its way out, and often missing: the device tells who it was.
 */
export const jamf = mappedFormat({
  name: 'jamf',
  title: 'Jamf Protect (Wandera) network traffic and threat streams, JSON',
  documentation: 'https://www.elastic.co/docs/reference/integrations/jamf_protect',
  verified: false,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'json', within: 'event' },
  syslog: true,
  detect: [
    {
      is: {
        'metadata.vendor': ['Jamf', 'Wandera'],
        'metadata.product': ['Network Traffic Stream', 'Threat Events Stream'],
      },
    },
  ],
  records: [
    {
      ...WHO,
      when: { 'metadata.product': 'Network Traffic Stream' },
      action: { from: 'blocked', blocked: ['true'], allowed: ['false'] },
      dns: {
        query: 'hostName',
        type: 'dns.recordType',
        answers: 'destination.ips',
        rcode: 'dns.responseStatus',
        ttl: 'dns.ttl',
      },
    },
    {
      ...WHO,
      when: { 'eventType.name': 'ACCESS_*' },
      name: 'destination.name',
      server: 'destination.ip',
      serverPort: 'destination.port',
      application: 'app.id',
      action: { from: 'action', blocked: ['block*'], allowed: ['detect*'] },
    },
  ],
})
