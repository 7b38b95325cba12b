import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const TIMES = [
  { from: 'time', as: 'unix' },
  { from: 'time_str', as: 'iso' },
  { from: 'event_timestamp', as: 'iso' },
  { from: 'event_time', as: 'iso' },
] as const

const USER = ['vpn_user_email', 'user_name', 'ad_name'] as const

const TRAFFIC: RecordRule = {
  time: TIMES,
  client: 'src_ip',
  clientPort: 'src_port',
  server: 'dest_ip',
  serverPort: 'dest_port',
  transport: 'ip_protocol',
  user: USER,
  device: ['device_name', 'configured_host_name'],
  action: {
    from: 'action',
    blocked: ['block*', 'drop*', 'deny*', 'quarantine'],
    allowed: ['allow*', 'monitor', 'bypass'],
  },
}

const REMOTE = ['sdp user', 'vpn user'] as const
const TUNNEL_EVENTS = { start: ['connected', 'reconnected'], end: ['disconnected'] } as const

/**
 * Events of Cato's SASE cloud, JSON (https://api.catonetworks.com/documentation/#definition-EventFieldName): what its
 * firewalls, TLS inspection and protections saw, and when remote users came and went.
 */
export const cato = mappedFormat({
  name: 'cato',
  title: 'Cato Networks SASE events, JSON',
  documentation: 'https://api.catonetworks.com/documentation/#definition-EventFieldName',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: 'json',
  syslog: true,
  unset: ['unmapped user'],
  detect: [
    { has: ['account_id', 'event_type', 'event_sub_type', 'internalId'] },
    { has: ['event_sub_type', 'pop_name', 'account_id'] },
  ],
  records: [
    ...(['start', 'end'] as const).map((event) => ({
      when: { event_type: 'connectivity', event_sub_type: TUNNEL_EVENTS[event], src_is_site_or_vpn: REMOTE },
      time: TIMES,
      mark: {
        kind: 'tunnel' as const,
        event,
        outer: 'src_isp_ip',
        inner: 'src_ip',
        user: USER,
        device: ['device_name', 'configured_host_name'],
        gateway: 'pop_name',
        protocol: 'tunnel_protocol',
      },
    })),
    { ...TRAFFIC, when: { dns_query: { set: true } }, means: 'dns-query', dns: { query: 'dns_query' } },
    {
      ...TRAFFIC,
      when: { event_type: { not: 'connectivity' } },
      name: 'domain_name',
      url: ['full_path_url', 'url'],
      method: 'http_request_method',
    },
  ],
})
