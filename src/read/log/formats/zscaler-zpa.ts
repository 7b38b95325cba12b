import { mappedFormat } from '../mapping/format.ts'
import type { MarkRule, RecordRule, TimeRule } from '../mapping/mapping.ts'

const LOGGED: TimeRule = { from: 'LogTimestamp', as: 'EEE MMM d HH:mm:ss yyyy', utc: true }

const STATES = {
  start: 'ZPN_STATUS_AUTHENTICATED',
  end: 'ZPN_STATUS_DISCONNECTED',
} as const

const TUNNEL = {
  kind: 'tunnel',
  outer: 'PublicIP',
  user: 'Username',
  device: 'Hostname',
  gateway: 'ZEN',
} as const satisfies Partial<MarkRule>

const STATUS: readonly RecordRule[] = [
  {
    when: { SessionStatus: STATES.end },
    time: [{ from: 'TimestampUnAuthentication', as: 'iso' }, LOGGED],
    mark: { ...TUNNEL, event: 'end', since: { from: 'TimestampAuthentication', as: 'iso' } },
  },
  {
    when: { SessionStatus: STATES.start },
    time: LOGGED,
    mark: { ...TUNNEL, event: 'alive', since: { from: 'TimestampAuthentication', as: 'iso' } },
  },
]

/**
 * Zscaler Private Access, JSON of the Log Streaming Service: what users reached through it (User Activity), and when
 * their client was signed in, from where (User Status).
 */
export const zscalerZpa = mappedFormat({
  name: 'zscaler-zpa',
  title: 'Zscaler Private Access user activity and status, JSON',
  documentation: 'https://help.zscaler.com/zpa/about-user-activity-log-fields',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'json',
  syslog: true,
  detect: [
    { has: ['LogTimestamp', 'Customer', 'ConnectionStatus', 'ClientPublicIP'] },
    { has: ['LogTimestamp', 'Customer', 'SessionStatus', 'Username'], is: { SessionStatus: 'ZPN_STATUS_*' } },
  ],
  records: [
    {
      when: { ConnectionStatus: { set: true }, Host: { set: true } },
      time: [{ from: 'TimestampConnectionStart', as: 'iso' }, LOGGED],
      end: [{ from: 'TimestampConnectionEnd', as: 'iso' }, LOGGED],
      client: ['ClientPrivateIP', 'ClientPublicIP'],
      server: 'ServerIP',
      serverPort: ['ServerPort', 'ServicePort'],
      transport: 'IPProtocol',
      name: 'Host',
      user: 'Username',
      bytesUp: ['ZENTotalBytesRxClient', 'ZENBytesRxClient'],
      bytesDown: ['ZENTotalBytesTxClient', 'ZENBytesTxClient'],
      action: { from: 'InternalReason', blocked: ['*POLICY_BLOCK*', '*REJECTED*', '*BRK_MT_SETUP_FAIL*'] },
      means: 'http-host',
    },
    ...STATUS,
  ],
})
