import { mappedFormat } from '../mapping/format.ts'
import type { Conditions, RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'vp_time', as: 'iso' },
  { from: 'time', as: 'iso' },
  { from: 'syslog.time', as: 'syslog' },
]

const PLAIN = {
  time: TIMES,
  client: ['srcV6', { from: 'src', before: ':' }],
  server: ['dstV6', { from: 'dst', before: ':' }],
  transport: 'proto',
  user: ['usr', 'user'],
  bytesUp: 'sent',
  bytesDown: 'rcvd',
} as const

/** `src=10.0.0.5:51234:X0:name`, or the address alone; of IPv6 it stands apart: `srcV6=2001:db8::5 src=:51234:X0`. */
const PORTS = {
  clientPort: { from: 'src', after: ':', before: ':' },
  serverPort: { from: 'dst', after: ':', before: ':' },
} as const

const BLOCKED = ['*drop*', '*deny*', '*denied*', '*reject*', 'reset*', '*block*']
const ALLOWED = ['allow', 'forward', '*opened', '*closed', '*hit', '*accessed', '*allowed*', '97', '98', '537']
/** `fw_action` says nothing in records of connections that were let through. */
const ACTION = { from: ['fw_action', 'msg', 'm'], blocked: BLOCKED, allowed: ALLOWED } as const

/** A reset or a late packet that was thrown away may come from either end: its source is no client. */
const LATE = ['712', '713', '760']

function connections(ends: Conditions, ports: Partial<typeof PORTS>): readonly RecordRule[] {
  const shared = { ...PLAIN, ...ports, action: ACTION }
  const when: Conditions = { proto: ['tcp*', 'udp*'], ...ends }
  return [
    { ...shared, when: { ...when, dstname: { set: true } }, name: 'dstname' },
    { ...shared, when: { ...when, m: '537' }, duration: { from: 'cdur', unit: 'ms' }, logged: 'end' },
    { ...shared, when: { ...when, m: { not: LATE } } },
  ]
}

const CEF: Omit<RecordRule, 'when'> = {
  time: [
    { from: 'rt', as: 'unix' },
    { from: 'syslog.time', as: 'syslog' },
  ],
  client: 'src',
  clientPort: 'spt',
  server: 'dst',
  serverPort: 'dpt',
  transport: 'proto',
  user: [{ from: 'susr', after: '"', before: '"' }, 'susr', 'suser'],
  name: 'dhost',
  bytesUp: 'out',
  bytesDown: 'in',
  action: { from: ['fw_action', 'name'], blocked: BLOCKED, allowed: ALLOWED },
  means: 'http-host',
}

const UNSET = ['NA', '"NA"', 'N/A', 'Unknown (SSO failed)', 'Unknown (SSO bypassed)', 'Unknown (External IP)']

/**
 * SonicWall firewalls (SonicOS) as key=value and as CEF, and the logins of its SMA gateways. Requests that the content
 * filter saw name their host; connections are logged when they open and, with their bytes, when they close.
 */
export const sonicwall = mappedFormat({
  name: 'sonicwall',
  title: 'SonicWall firewall log, key=value and CEF, and SMA logins',
  documentation: 'https://studylib.net/doc/8163108/using-the-sonicos-log-event-reference-guide',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    {
      fields: 'key-value',
      syslog: true,
      unset: UNSET,
      detect: [{ has: ['id', 'sn', 'fw', 'pri', 'm', 'time'] }, { has: ['id', 'sn', 'fw', 'pri', 'msg', 'time'] }],
      records: [
        {
          when: {
            id: 'sslvpn',
            msg: 'user login successful',
            agent: ['*netextender*', '*mobile connect*', '*mobileconnect*'],
          },
          time: TIMES,
          mark: {
            kind: 'tunnel',
            event: 'start',
            outer: 'src',
            user: ['usr', 'user'],
            gateway: 'fw',
            protocol: { value: 'ssl' },
          },
        },
        {
          when: { msg: ['ssl vpn zone remote user login allowed*', 'vpn zone remote user login allowed*'] },
          time: TIMES,
          mark: {
            kind: 'tunnel',
            event: 'start',
            outer: ['srcV6', { from: 'src', before: ':' }],
            user: ['usr', 'user'],
            gateway: 'fw',
            protocol: 'sess',
          },
        },
        {
          when: { msg: 'user logged out*', sess: 'sslvpn*' },
          time: TIMES,
          mark: {
            kind: 'tunnel',
            event: 'end',
            outer: ['srcV6', { from: 'src', before: ':' }],
            user: ['usr', 'user'],
            gateway: 'fw',
            protocol: 'sess',
            duration: { from: 'dur', unit: 's' },
          },
        },
        ...connections({ src: '*:*', dst: '*:*' }, PORTS),
        ...connections({}, {}),
      ],
    },
    {
      fields: 'cef',
      syslog: true,
      unset: UNSET,
      detect: [{ is: { deviceVendor: 'SonicWall' } }],
      records: [{ ...CEF, when: { proto: ['tcp*', 'udp*'], signatureId: { not: LATE } } }],
    },
  ],
})
