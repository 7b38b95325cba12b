import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const TIME = { from: 'syslog.time', as: 'syslog' } as const
const ACTION = { from: 'action', blocked: ['block', 'reject'], allowed: ['pass'] } as const
/** What comes from such a port is an answer. */
const SERVER_PORTS = ['53', '80', '443', '853', '5222', '5223', '5228']

/** The columns behind the version differ: of IPv4 the addresses are columns 18 and 19, of IPv6 15 and 16. */
const COLUMNS = [
  ...['rule', '', '', 'tracker', 'interface', 'reason', 'action', 'direction', 'version'],
  ...['c9', 'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', 'c18', 'c19', 'c20', 'c21', 'c22', 'c23'],
]

function records(version: string, protocol: string, first: number): readonly RecordRule[] {
  const from = `c${first}`
  const to = `c${first + 1}`
  const fromPort = `c${first + 2}`
  const toPort = `c${first + 3}`
  const when = { version, [protocol]: ['tcp', 'udp'] }
  const shared = { time: TIME, transport: protocol, action: ACTION }
  const back = { ...shared, client: to, clientPort: toPort, server: from, serverPort: fromPort }
  return [
    { ...back, when: { ...when, [`c${first + 5}`]: 'SA' } },
    { ...back, when: { ...when, [fromPort]: SERVER_PORTS, [toPort]: { not: SERVER_PORTS } } },
    { ...shared, when, client: from, clientPort: fromPort, server: to, serverPort: toPort },
  ]
}

/** The packet filter's log of pfSense and OPNsense (`filterlog`): one line for each packet that a rule logged. */
export const pfsense = mappedFormat({
  name: 'pfsense',
  title: 'pfSense and OPNsense filter log',
  documentation: 'https://docs.netgate.com/pfsense/en/latest/monitoring/raw-filter-log-format.html',
  verified: true,
  attributes: { url: false, server: true, user: false, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'csv', header: COLUMNS, delimiter: ',', atLeast: 17 },
  syslog: true,
  detect: [
    {
      is: {
        version: ['4', '6'],
        direction: ['in', 'out', 'in/out'],
        action: ['pass', 'block', 'reject', 'match', 'rdr', 'nat', 'binat', 'synproxy drop'],
        rule: { like: 'number' },
      },
    },
  ],
  records: [...records('4', 'c16', 18), ...records('6', 'c12', 15)],
})
