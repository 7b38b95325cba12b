import { mappedFormat } from '../mapping/format.ts'
import type { TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'time', as: 'iso', zone: 'tz' },
  { from: 'syslog.time', as: 'syslog' },
]

/** A record is written when what it tells of is over; `duration` has decimals. */
const TRAFFIC = {
  time: TIMES,
  duration: { from: 'duration', unit: 's' },
  logged: 'end',
  client: 'src',
  clientPort: 'srcport',
  server: ['dst', 'origdst'],
  serverPort: 'dstport',
  transport: 'ipproto',
  user: 'user',
  translated: { client: 'modsrc', clientPort: 'modsrcport' },
  bytesUp: 'sent',
  bytesDown: 'rcvd',
  action: { from: 'action', blocked: ['block*'], allowed: ['pass'] },
} as const

/** A mobile user's IPsec, told from a site's by its user; keys are renewed under way, so no record says when it began. */
const MOBILE = { logtype: 'vpn', phase: '2', user: { set: true } } as const
const IPSEC = {
  outer: 'dst',
  inner: { from: 'remotenet', before: '/' },
  user: 'user',
  gateway: 'fw',
  protocol: { value: 'ipsec' },
} as const
const SSL = { outer: 'src', inner: 'remotenet', user: 'user', gateway: 'fw', protocol: { value: 'ssl' } } as const

/** Stormshield Network Security (formerly NETASQ): connections, filter, plugins, web and SSL proxies, VPN sessions. */
export const stormshield = mappedFormat({
  name: 'stormshield',
  title: 'Stormshield Network Security log, key=value',
  documentation:
    'https://documentation.stormshield.eu/SNS/v4/en/Content/Description_of_Audit_logs/Specific_fields-connection.htm',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'key-value',
  syslog: true,
  detect: [{ has: ['time', 'fw', 'startime', 'logtype'] }],
  records: [
    { ...TRAFFIC, when: { logtype: 'ssl' }, name: 'dstname', means: 'tls-sni' },
    { ...TRAFFIC, when: { logtype: ['web', 'plugin'], proto: ['http*', 'ssl'] }, name: 'dstname', method: 'op' },
    { ...TRAFFIC, when: { logtype: ['connection', 'filter', 'plugin', 'web'], ipproto: ['tcp', 'udp'] } },
    {
      when: { logtype: 'xvpn', msg: '*tunnel created*' },
      time: TIMES,
      mark: { ...SSL, kind: 'tunnel', event: 'start' },
    },
    {
      when: { logtype: 'xvpn', msg: 'user authenticated*' },
      time: TIMES,
      mark: { ...SSL, kind: 'tunnel', event: 'alive' },
    },
    {
      when: { logtype: 'xvpn', msg: ['*tunnel removed*', '*tunnel closed*', '*tunnel deleted*'] },
      time: TIMES,
      mark: { ...SSL, kind: 'tunnel', event: 'end' },
    },
    { when: { ...MOBILE, msg: '*established*' }, time: TIMES, mark: { ...IPSEC, kind: 'tunnel', event: 'alive' } },
  ],
})
