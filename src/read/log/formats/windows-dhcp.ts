import { mappedFormat } from '../mapping/format.ts'
import type { MarkRule, TimeRule } from '../mapping/mapping.ts'

const COLUMNS = ['id', 'date', 'time', 'description', 'address', 'host', 'hardware', 'user']

const TIME: TimeRule = { from: ['date', 'time'], as: 'MM/dd/yy HH:mm:ss' }

const LEASE = {
  kind: 'lease',
  protocol: { value: 'dhcp' },
  inner: 'address',
  device: ['host', 'hardware'],
  user: 'user',
} as const satisfies Partial<MarkRule>

/** New and renewed leases, BOOTP's among them. */
const GIVEN = ['10', '11', '20', '21']
/** Given back, deleted, expired. */
const ENDED = ['12', '16', '17', '18', '23']

/**
 * The audit log of Windows' DHCP server (DhcpSrvLog-*.log): leases that were given, renewed, given back or expired. The
 * lines before the table, and what the service says of itself, are skipped.
 */
export const windowsDhcp = mappedFormat({
  name: 'windows-dhcp',
  title: 'Windows DHCP server audit log',
  documentation:
    'https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-r2-and-2008/dd183591(v=ws.10)',
  verified: true,
  attributes: { url: false, server: false, user: true, client: true, bytes: false, bytesUp: false, action: false },
  fields: { kind: 'csv', header: COLUMNS, delimiter: ',', atLeast: 1 },
  detect: [
    { has: ['date', 'time'], is: { id: [...GIVEN, ...ENDED], address: { like: 'address' } } },
    {
      is: {
        id: 'ID',
        date: 'Date',
        time: 'Time',
        description: 'Description',
        address: 'IP Address',
        host: 'Host Name',
      },
    },
  ],
  records: [
    { when: { id: GIVEN, address: { like: 'address' } }, time: TIME, mark: { ...LEASE, event: 'start' } },
    { when: { id: ENDED, address: { like: 'address' } }, time: TIME, mark: { ...LEASE, event: 'end' } },
  ],
})
