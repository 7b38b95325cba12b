import { mappedFormat } from '../mapping/format.ts'
import type { Layout, RecordRule, TimeRules } from '../mapping/mapping.ts'

/** In front of every line of the product's own files. */
const OWN_TIME = { from: 'time', as: 'yyyy:MM:dd-HH:mm:ss' } as const
const RELAYED = { from: 'syslog.time', as: 'syslog' } as const

const ENDS = {
  client: 'srcip',
  clientPort: 'srcport',
  server: 'dstip',
  serverPort: 'dstport',
  transport: 'proto',
} as const

/** The same seen from the other side: what comes from such a port is an answer. */
const BACK = {
  client: 'dstip',
  clientPort: 'dstport',
  server: 'srcip',
  serverPort: 'srcport',
  transport: 'proto',
} as const
const SERVER_PORTS = ['53', '80', '443', '853', '5222', '5223', '5228']

const PACKETS = { from: 'action', blocked: ['drop', 'reject'], allowed: ['accept', 'dns request'] } as const

const TUNNEL_EVENTS = { start: 'connection started', end: 'connection terminated' } as const

function records(time: TimeRules): readonly RecordRule[] {
  return [
    {
      when: { sub: 'http', url: { set: true } },
      time,
      duration: { from: 'fullreqtime', unit: 'us' },
      logged: 'end',
      client: 'srcip',
      server: 'dstip',
      user: 'user',
      url: 'url',
      method: 'method',
      bytesDown: 'size',
      action: { from: 'action', blocked: ['block*', 'drop'], allowed: ['pass', 'accept'] },
    },
    {
      ...BACK,
      when: { sub: 'packetfilter', srcport: SERVER_PORTS, dstport: { not: SERVER_PORTS } },
      time,
      action: PACKETS,
    },
    { ...ENDS, when: { sub: 'packetfilter', srcport: { set: true } }, time, action: PACKETS },
    ...(['start', 'end'] as const).map((event) => ({
      when: { sub: 'vpn', event: TUNNEL_EVENTS[event] },
      time,
      mark: {
        kind: 'tunnel' as const,
        event,
        outer: 'srcip',
        inner: 'virtual_ip',
        user: 'username',
        gateway: ['host', 'syslog.host'],
        protocol: 'variant',
      },
    })),
  ]
}

const HEAD = '{time} {host} {program}: id="{id}" severity="{}" sys="{sys}" sub="{sub}" '
const PROXY = 'action="{action}" method="{method}" srcip="{srcip}" dstip="{dstip}" user="{user}" '
const PACKET =
  'action="{action}" {}srcip="{srcip}" dstip="{dstip}" proto="{proto}" {}srcport="{srcport}" dstport="{dstport}"'
const TUNNEL = 'event="{event}" username="{username}" variant="{variant}" srcip="{srcip}" virtual_ip="{virtual_ip}"'

/** What stands in the product's own files, with its own time in front. */
const OWN: Layout = {
  fields: {
    kind: 'text',
    templates: {
      http: `${HEAD}name="{}" ${PROXY}{}size="{size}" {}url="{url}" {}fullreqtime="{fullreqtime}"`,
      packet: `${HEAD}name="{}" ${PACKET}`,
      tunnel: `${HEAD}${TUNNEL}`,
      lease: [
        '{year}:{month}:{day}-{clock} {host} dhcpd: DHCPACK on {inner} to {mac} ({device}) via {}',
        '{year}:{month}:{day}-{clock} {host} dhcpd: DHCPACK on {inner} to {device} via {}',
      ],
    },
  },
  syslog: true,
  detect: [
    { has: ['time', 'sys', 'sub'], is: { 'text.kind': ['http', 'packet', 'tunnel'] } },
    { is: { 'text.kind': 'lease', year: { like: 'number' }, month: { like: 'number' } } },
  ],
  records: [
    ...records(OWN_TIME),
    {
      when: { 'text.kind': 'lease' },
      time: { from: ['year', 'month', 'day', 'clock'], as: 'yyyy MM dd HH:mm:ss' },
      mark: { kind: 'lease', event: 'start', inner: 'inner', device: 'device', gateway: 'host' },
    },
  ],
}

/** Behind the header of a relay that took the product's time off. */
const BEHIND_HEADER: Layout = {
  fields: 'key-value',
  syslog: true,
  detect: [{ has: ['syslog.time', 'id', 'sys', 'sub'], is: { sub: ['http', 'packetfilter', 'vpn', 'ips'] } }],
  records: records(RELAYED),
}

/**
 * Sophos UTM (SG, Astaro): web filter, packet filter, remote access and DHCP. A request is logged when it ended, a packet
 * when it came.
 */
export const sophosUtm = mappedFormat({
  name: 'sophos-utm',
  title: 'Sophos UTM (SG) web filter, packet filter and VPN log',
  documentation: 'https://www.elastic.co/docs/reference/integrations/sophos',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: false, action: true },
  layouts: [OWN, BEHIND_HEADER],
})
