import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

/** The columns of the database-compatible log, in their fixed order. */
const COLUMNS = [
  ...[
    'computer',
    'service',
    'date',
    'time',
    'packet',
    'user',
    'account',
    'called',
    'calling',
    'callback',
    'framed',
    'nas',
  ],
  ...['nas-address', 'nas-port', 'vendor', 'client', 'client-name', 'event-time', 'port-limit', 'port-type', 'connect'],
  ...[
    'protocol',
    'service-type',
    'authentication',
    'policy',
    'reason',
    'class',
    'session-timeout',
    'idle-timeout',
    'action',
  ],
  ...[
    'eap',
    'status',
    'delay',
    'octets-in',
    'octets-out',
    'session',
    'authentic',
    'session-time',
    'packets-in',
    'packets-out',
  ],
  ...['cause', 'multi', 'links', 'interim', 'tunnel', 'medium', 'tunnel-client', 'tunnel-server'],
]

const TIMES: readonly TimeRule[] = [{ from: ['date', 'time'], as: 'MM/dd/yyyy HH:mm:ss' }]

/** Acct-Status-Type (RFC 2866 §5.1). */
const EVENTS = { start: '1', end: '2', alive: '3' } as const
/** Tunnel-Type (RFC 2868 §3.1), and what Routing and Remote Access tells without a name. */
const TUNNELS = { pptp: '1', l2tp: '3', esp: '9', '': '*' } as const
/** NAS-Port-Type of a tunnel (RFC 2865 §5.41). */
const VIRTUAL = '5'

const events = ['start', 'end', 'alive'] as const

const USER = ['account', 'user'] as const

/** Records of accounting that are of tunnels, and those of other ports: Wi-Fi and switches that ask who somebody is. */
const RECORDS: readonly RecordRule[] = events.flatMap((event) => [
  ...Object.entries(TUNNELS).map(([name, tunnel]) => ({
    when: { packet: '4', status: EVENTS[event], 'port-type': VIRTUAL, tunnel },
    time: TIMES,
    mark: {
      kind: 'tunnel' as const,
      event,
      outer: ['tunnel-client', 'calling'],
      inner: 'framed',
      user: USER,
      gateway: ['nas', 'computer'],
      protocol: { value: name },
      duration: { from: 'session-time', unit: 's' as const },
    },
  })),
  {
    when: { packet: '4', status: EVENTS[event], 'port-type': { not: VIRTUAL } },
    time: TIMES,
    mark: {
      kind: 'lease' as const,
      event,
      inner: 'framed',
      user: USER,
      device: 'calling',
      gateway: ['nas', 'nas-address'],
      duration: { from: 'session-time', unit: 's' as const },
    },
  },
])

/**
 * The log of Windows' Network Policy Server and of Routing and Remote Access (Always On VPN), as files that databases
 * take. Only accounting tells of sessions: that somebody asked, or was let in, says neither when it ended nor from where.
 */
export const windowsVpn = mappedFormat({
  name: 'windows-vpn',
  title: 'Windows VPN accounting (RRAS, NPS), database-compatible log',
  documentation: 'https://learn.microsoft.com/windows-server/networking/technologies/nps/nps-accounting-configure',
  verified: false,
  attributes: { url: false, server: false, user: true, client: true, bytes: false, bytesUp: false, action: false },
  fields: { kind: 'csv', header: COLUMNS, delimiter: ',', atLeast: 30 },
  detect: [
    { has: ['computer', 'date', 'time'], is: { service: ['RAS', 'IAS'], packet: ['1', '2', '3', '4', '5', '11'] } },
  ],
  records: RECORDS,
})
