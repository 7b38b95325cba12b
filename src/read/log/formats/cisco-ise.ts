import { mappedFormat } from '../mapping/format.ts'
import type { Conditions, RecordRule, TimeRule } from '../mapping/mapping.ts'

/** The time of the event stands in the first segment of a message, behind how many there are. */
const TIMES: readonly TimeRule[] = [
  ...['1', '2', '3', '4'].map((segments) => ({
    from: 'syslog.message',
    after: ` ${segments} 0 `,
    before: ' 00',
    as: 'iso',
  })),
  { from: 'Event-Timestamp', as: 'unix' },
  { from: 'syslog.time', as: 'syslog' },
]

const STATES = { start: 'Start', alive: 'Interim-Update', end: 'Stop' } as const
const events = ['start', 'alive', 'end'] as const

const SESSION = {
  inner: ['Framed-IP-Address', 'Framed-IPv6-Address'],
  user: 'User-Name',
  gateway: ['NetworkDeviceName', 'NAS-Identifier', 'NAS-IP-Address'],
  duration: { from: 'Acct-Session-Time', unit: 's' },
} as const

/** A port that is none is a VPN's; all others are Wi-Fi and switches. */
const RECORDS: readonly RecordRule[] = events.flatMap((event): RecordRule[] => {
  const when: Conditions = { 'Acct-Status-Type': STATES[event] }
  return [
    {
      when: { ...when, 'NAS-Port-Type': 'Virtual' },
      time: TIMES,
      mark: {
        ...SESSION,
        kind: 'tunnel',
        event,
        outer: [{ from: 'Tunnel-Client-Endpoint', after: ') ' }, 'Tunnel-Client-Endpoint', 'Calling-Station-ID'],
      },
    },
    { when, time: TIMES, mark: { ...SESSION, kind: 'lease', event, device: 'Calling-Station-ID' } },
  ]
})

/**
 * The RADIUS accounting of Cisco Identity Services Engine in syslog: who was given an address, over Wi-Fi, a switch or a
 * tunnel. Its other messages are skipped. A long message comes in segments: each counts by what it holds itself.
 */
export const ciscoIse = mappedFormat({
  name: 'cisco-ise',
  title: 'Cisco Identity Services Engine: RADIUS accounting (leases, tunnels)',
  documentation: 'https://www.cisco.com/c/en/us/td/docs/security/ise/syslog/Cisco_ISE_Syslogs/m_SyslogsList.html',
  verified: true,
  attributes: { url: false, server: false, user: true, client: true, bytes: false, bytesUp: false, action: false },
  fields: { kind: 'key-value', separator: ',', others: 'skip' },
  syslog: true,
  detect: [{ has: ['Acct-Status-Type', 'Acct-Session-Id', 'NAS-IP-Address'], is: { 'syslog.message': 'CISE_*' } }],
  records: RECORDS,
})
