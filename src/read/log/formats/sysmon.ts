import { mappedFormat } from '../mapping/format.ts'
import type { Condition, Layout, RecordRule, TimeRule } from '../mapping/mapping.ts'

const PROVIDER = 'Microsoft-Windows-Sysmon'

/** Where a shipper puts what Sysmon wrote. */
interface Shipper {
  /** The event's number. */
  readonly id: string
  /** What says that it is Sysmon's. */
  readonly provider: Readonly<Record<string, Condition>>
  readonly computer: string
  /** Before the names of the event's data, `.` included. */
  readonly data: string
  /** Wazuh writes the first letter small. */
  readonly isLowered?: boolean
}

const SHIPPERS: readonly Shipper[] = [
  {
    id: 'winlog.event_id',
    provider: { 'winlog.channel': `${PROVIDER}/Operational` },
    computer: 'winlog.computer_name',
    data: 'winlog.event_data.',
  },
  { id: 'event_id', provider: { source_name: PROVIDER }, computer: 'computer_name', data: 'event_data.' },
  { id: 'EventID', provider: { SourceName: PROVIDER }, computer: 'Hostname', data: '' },
  {
    id: 'data.win.system.eventID',
    provider: { 'data.win.system.providerName': PROVIDER },
    computer: 'data.win.system.computer',
    data: 'data.win.eventdata.',
    isLowered: true,
  },
  {
    id: 'Event.System.EventID',
    provider: { 'Event.System.Provider.#attributes.Name': PROVIDER },
    computer: 'Event.System.Computer',
    data: 'Event.EventData.',
  },
]

function records({ id, computer, data, isLowered }: Shipper): readonly RecordRule[] {
  const field = (name: string) => data + (isLowered ? name[0]!.toLowerCase() + name.slice(1) : name)
  const time: TimeRule = { from: field('UtcTime'), as: 'iso', utc: true }
  const who = { user: field('User'), device: computer, application: field('Image') }
  return [
    {
      // What others began with this machine says nothing of what it did.
      when: { [id]: '3', [field('Initiated')]: 'true' },
      ...who,
      time,
      client: field('SourceIp'),
      clientPort: field('SourcePort'),
      server: field('DestinationIp'),
      serverPort: field('DestinationPort'),
      transport: field('Protocol'),
    },
    {
      when: { [id]: '22' },
      ...who,
      time,
      dns: {
        query: field('QueryName'),
        answers: field('QueryResults'),
        separator: ';',
        rcode: field('QueryStatus'),
      },
    },
  ]
}

/** As Windows itself exports events, and collectors hand them on. */
const EXPORTED: Shipper = { id: 'EventID', provider: { 'Provider.Name': PROVIDER }, computer: 'Computer', data: '' }

function layout(shipper: Shipper, fields: Layout['fields'] = 'json'): Layout {
  return {
    fields,
    syslog: true,
    unset: ['-'],
    detect: [{ has: [shipper.id], is: shipper.provider }],
    records: records(shipper),
  }
}

/**
 * Sysmon's events 3 (a connection) and 22 (a DNS query) of Windows, as the XML of Windows and as JSON by winlogbeat, NXLog, Wazuh
 * or a converter of event files: which program of which user connected or asked. Other events are skipped, and so is the host's name of a
 * connection, which Sysmon looks up from the address.
 */
export const sysmon = mappedFormat({
  name: 'sysmon',
  title: 'Sysmon connections and DNS queries, XML and JSON',
  documentation: 'https://learn.microsoft.com/sysinternals/downloads/sysmon',
  verified: true,
  attributes: { url: false, server: true, user: true, client: true, bytes: false, bytesUp: false, action: false },
  layouts: [...SHIPPERS.map((shipper) => layout(shipper)), layout(EXPORTED, 'windows-event')],
})
