import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

/** `timestamp` is what newer versions write; in records of tunnels of older ones it is a number of another kind. */
const TIMES: readonly TimeRule[] = [
  { from: 'timestamp', as: 'iso' },
  { from: ['date', 'time'], as: 'iso', zone: 'timezone' },
  { from: 'syslog.time', as: 'syslog' },
]

const ENDS = {
  time: TIMES,
  client: ['src_ip', 'sourceip'],
  clientPort: 'src_port',
  server: ['dst_ip', 'destinationip'],
  serverPort: 'dst_port',
  transport: 'protocol',
  user: ['user_name', 'user'],
  translated: {
    client: 'tran_src_ip',
    clientPort: 'tran_src_port',
    server: 'tran_dst_ip',
    serverPort: 'tran_dst_port',
  },
  action: {
    from: ['log_subtype', 'status'],
    blocked: ['denied', 'deny', 'dropped', 'drop', 'reject*', 'virus', 'block*'],
    allowed: ['allowed', 'allow', 'clean*', 'decrypt', 'do not decrypt', 'detected', 'alert'],
  },
} as const

const BYTES = { bytesUp: ['bytes_sent', 'sent_bytes'], bytesDown: ['bytes_received', 'recv_bytes'] } as const

const REMOTE_ACCESS = { log_type: 'event', log_component: 'ssl vpn', mode: { not: 'site*' } } as const
const TUNNEL_STATUS = { start: ['established', 'connected'], end: ['terminated', 'disconnected'] } as const
const LEASE_STATUS = { alive: 'renew', end: ['release', 'expire'] } as const

const TUNNELS: readonly RecordRule[] = (['start', 'end'] as const).flatMap((event) => [
  {
    when: { ...REMOTE_ACCESS, status: TUNNEL_STATUS[event] },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event,
      user: 'user_name',
      inner: 'ipaddress',
      gateway: ['device_name', 'syslog.host'],
      protocol: { value: 'ssl' },
    },
  },
  {
    when: {
      log_type: 'event',
      log_component: 'ipsec',
      status: TUNNEL_STATUS[event],
      user_name: { set: true },
      remotenetwork: '*/32',
    },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event,
      outer: 'remoteinterfaceip',
      inner: { from: 'remotenetwork', before: '/' },
      user: 'user_name',
      gateway: ['localinterfaceip', 'device_name'],
      protocol: { value: 'ipsec' },
    },
  },
])

const LEASES: readonly RecordRule[] = (['alive', 'end'] as const).map((event) => ({
  when: { log_type: 'event', log_component: 'dhcp server', status: LEASE_STATUS[event] },
  time: TIMES,
  mark: {
    kind: 'lease' as const,
    event,
    inner: ['reported_ip', 'ipaddress'],
    device: ['reported_host', 'client_host_name', 'src_mac', 'client_physical_address'],
    gateway: 'device_name',
    lifetime: { from: 'lease_time', unit: 's' as const },
  },
}))

/**
 * Sophos Firewall (XG, SFOS) and Cyberoam before it, key=value in the standard and the older device format. A connection
 * is logged when it begins and, with its bytes, when it ends.
 */
export const sophosFirewall = mappedFormat({
  name: 'sophos-firewall',
  title: 'Sophos Firewall (XG, Cyberoam) log, key=value',
  documentation: 'https://docs.sophos.com/nsg/sophos-firewall/21.5/syslog/index.html',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'key-value',
  syslog: true,
  unset: ['-', 'N/A'],
  detect: [
    { has: ['log_type', 'log_component', 'log_subtype', 'device_id'], is: { log_id: { like: 'number' } } },
    { has: ['log_type', 'log_component', 'log_subtype', 'device_serial_id'], is: { log_id: { like: 'number' } } },
  ],
  records: [
    ...(['connevent', 'con_event'] as const).map((event) => ({
      ...ENDS,
      when: { log_type: 'firewall', protocol: ['tcp', 'udp'], [event]: 'interim' },
      time: TIMES,
    })),
    {
      ...ENDS,
      ...BYTES,
      when: { log_type: 'firewall', protocol: ['tcp', 'udp'] },
      duration: { from: 'duration', unit: 's' },
      logged: 'end',
    },
    { ...ENDS, when: { log_type: ['content filtering', 'ssl'], sni: { set: true } }, name: 'sni', means: 'tls-sni' },
    {
      ...ENDS,
      ...BYTES,
      when: {
        log_type: ['content filtering', 'anti-virus', 'atp'],
        log_component: ['http', 'https', 'web', 'firewall'],
      },
      name: ['domain', 'domainname'],
      url: 'url',
    },
    { ...ENDS, when: { log_type: 'content filtering', log_component: ['application', 'ssl'] } },
    ...TUNNELS,
    ...LEASES,
  ],
})
