import { mappedFormat } from '../mapping/format.ts'
import type { DetectRule, Layout, RecordRule, Source, TimeRule } from '../mapping/mapping.ts'

/** Of connections that this device began. */
const ACTIONS = [
  ...['ConnectionSuccess', 'ConnectionFailed', 'ConnectionRequest', 'ConnectionFound', 'ConnectionAttempt'],
  'ConnectionAcknowledged',
]

/** Where a detail stands of what was seen in a packet: `AdditionalFields` is an object, or one as text. */
function detail(field: string, name: string): readonly Source[] {
  return [`${field}.${name}`, ...[':"', ': "'].map((mark) => ({ from: field, after: `"${name}"${mark}`, before: '"' }))]
}

function records(before: string): readonly RecordRule[] {
  const field = (name: string) => before + name
  const times: readonly TimeRule[] = [
    { from: field('Timestamp'), as: 'iso' },
    { from: field('TimeGenerated'), as: 'iso' },
    { from: field('Timestamp'), as: 'MMM d, yyyy h:mm:ss.SSS a' },
    { from: field('TimeGenerated'), as: 'M/d/yyyy, h:mm:ss.SSS a' },
  ]
  const details = field('AdditionalFields')
  const shared: Omit<RecordRule, 'when'> = {
    time: times,
    client: field('LocalIP'),
    clientPort: field('LocalPort'),
    server: field('RemoteIP'),
    serverPort: field('RemotePort'),
    transport: field('Protocol'),
    user: [field('InitiatingProcessAccountUpn'), field('InitiatingProcessAccountName')],
    device: field('DeviceName'),
    application: [field('InitiatingProcessFolderPath'), field('InitiatingProcessFileName')],
  }
  const inspected = (protocol: string) => ({
    [field('ActionType')]: `${protocol}ConnectionInspected`,
    [`${details}.direction`]: { not: 'in' },
    [details]: { not: ['*"direction":"in"*', '*"direction": "in"*'] },
  })
  return [
    {
      ...shared,
      when: { [field('ActionType')]: ACTIONS },
      name: [
        { from: field('RemoteUrl'), after: '://', before: '/' },
        { from: field('RemoteUrl'), before: '/' },
      ],
      action: { from: field('ActionType'), allowed: ['ConnectionSuccess'] },
    },
    { ...shared, when: inspected('Ssl'), name: detail(details, 'server_name'), means: 'tls-sni' },
    { ...shared, when: inspected('Http'), name: detail(details, 'host'), method: detail(details, 'method') },
    { ...shared, when: inspected('Dns'), dns: { query: detail(details, 'query') }, means: 'dns-query' },
  ]
}

const NAMES = ['ActionType', 'DeviceName', 'RemoteIP', 'InitiatingProcessFileName']

/** What its streams call its tables: of others nothing is read. */
const STREAMED: DetectRule = { has: ['properties.Timestamp'], is: { category: 'AdvancedHunting-*' } }

function layout(fields: Layout['fields'], before: string, detect?: DetectRule): Layout {
  return { fields, detect: [detect ?? { has: NAMES }], records: records(before) }
}

/**
 * Microsoft Defender's table DeviceNetworkEvents, as advanced hunting and Sentinel export it (CSV, JSON) and as it is
 * streamed. Each row is a connection of a device, with the program that made it; of connections that others began, and
 * of listening, nothing is said.
 */
export const microsoftDefender = mappedFormat({
  name: 'microsoft-defender',
  title: 'Microsoft Defender DeviceNetworkEvents, CSV and JSON',
  documentation: 'https://learn.microsoft.com/defender-xdr/advanced-hunting-devicenetworkevents-table',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  layouts: [
    layout({ kind: 'json', under: ['Results'] }, ''),
    layout('json', 'properties.', STREAMED),
    layout({ kind: 'csv', header: true }, ''),
  ],
})
