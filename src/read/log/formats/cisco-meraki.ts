import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule, TimeRule } from '../mapping/mapping.ts'

const TIMES: readonly TimeRule[] = [
  { from: 'time', as: 'unix' },
  { from: 'syslog.time', as: 'unix' },
  { from: 'syslog.time', as: 'syslog' },
]

const FIREWALLS = ['flows', 'firewall', 'vpn_firewall', 'cellular_firewall', 'bridge_anyconnect_client_vpn_firewall']
const ENDS = 'src={client} dst={server} {}protocol={protocol} sport={clientPort} dport={serverPort}'
const CLIENT_VPN = "user id '{user}' local ip {inner}"
const LEASE = 'events dhcp lease of ip {inner} from {} for client mac {mac}'

/** What a collector left of the header stands before a message: nothing, the time and the device, the version too. */
function headed(messages: readonly string[]): readonly string[] {
  return messages.flatMap((message) => [message, `1 {time} {gateway} ${message}`, `{time} {gateway} ${message}`])
}

const TEMPLATES = {
  url: headed(['urls src={client} dst={server} {}request: {method} {url}']),
  rule: headed(
    FIREWALLS.flatMap((name) => [
      `${name} ${ENDS} pattern: Group Policy {action}`,
      `${name} ${ENDS} pattern: {action} {}`,
    ]),
  ),
  flow: headed([
    ...FIREWALLS.map((name) => `${name} {action} ${ENDS}`),
    `ip_flow_start ${ENDS} {}translated_src_ip={mapped} translated_port={mappedPort}`,
    `ip_flow_start ${ENDS} {}translated_dst_ip={mappedServer} translated_port={mappedServerPort}`,
    `ip_flow_start ${ENDS} translated`,
  ]),
  refused: headed(["events content_filtering_block url='{url}' server='{server}' client_mac='{mac}'"]),
  lease: headed([`${LEASE} with hostname {device} from router `, `${LEASE} from router `]),
  connected: headed([
    `events anyconnect_vpn_connect ${CLIENT_VPN} connected from {outer}`,
    `events anyconnect_vpn_connect ${CLIENT_VPN} reconnected from {outer}`,
    `events client_vpn_connect ${CLIENT_VPN} connected from {outer}`,
    `events client_vpn_connect ${CLIENT_VPN} reconnected from {outer}`,
  ]),
  disconnected: headed([
    `events anyconnect_vpn_disconnect ${CLIENT_VPN} connected from {outer}`,
    `events client_vpn_disconnect ${CLIENT_VPN} connected from {outer}`,
  ]),
  // The steps of a login: the tunnel's own records tell who had it.
  login: headed(['events type=anyconnect_vpn_{}']),
}

const FLOW = {
  time: TIMES,
  client: 'client',
  clientPort: 'clientPort',
  server: 'server',
  serverPort: { from: 'serverPort', before: ' ' },
  transport: 'protocol',
  translated: {
    client: 'mapped',
    clientPort: { from: 'mappedPort', before: ' ' },
    server: 'mappedServer',
    serverPort: { from: 'mappedServerPort', before: ' ' },
  },
  action: { from: 'action', blocked: ['deny', '1'], allowed: ['allow', '0'] },
} as const

const TUNNEL = {
  outer: { from: 'outer', before: ' ' },
  inner: 'inner',
  user: 'user',
  gateway: ['gateway', 'syslog.host'],
} as const

const RECORDS: readonly RecordRule[] = [
  {
    time: TIMES,
    when: { 'text.kind': 'url' },
    client: 'client',
    server: { from: 'server', before: ' ' },
    url: 'url',
    method: 'method',
  },
  { ...FLOW, when: { 'text.kind': ['rule', 'flow'] } },
  {
    time: TIMES,
    when: { 'text.kind': 'refused' },
    device: 'mac',
    server: 'server',
    url: 'url',
    action: { from: 'text.kind', blocked: ['refused'] },
  },
  {
    time: TIMES,
    when: { 'text.kind': 'lease' },
    mark: {
      kind: 'lease',
      event: 'start',
      inner: 'inner',
      device: ['device', 'mac'],
      gateway: ['gateway', 'syslog.host'],
    },
  },
  { time: TIMES, when: { 'text.kind': 'connected' }, mark: { ...TUNNEL, kind: 'tunnel', event: 'start' } },
  { time: TIMES, when: { 'text.kind': 'disconnected' }, mark: { ...TUNNEL, kind: 'tunnel', event: 'end' } },
]

/** Meraki MX: fetched URLs, firewall rules and flows, client VPN, AnyConnect and DHCP. A request is logged when it begins. */
export const ciscoMeraki = mappedFormat({
  name: 'cisco-meraki',
  title: 'Cisco Meraki MX log',
  documentation:
    'https://documentation.meraki.com/General_Administration/Monitoring_and_Reporting/Syslog_Event_Types_and_Log_Samples',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: false, bytesUp: false, action: true },
  fields: { kind: 'text', templates: TEMPLATES },
  syslog: true,
  detect: [{ is: { 'text.kind': Object.keys(TEMPLATES) } }],
  records: RECORDS,
})
