import { mappedFormat } from '../mapping/format.ts'
import type { Conditions, Layout, MarkRule, RecordRule, TimeRule } from '../mapping/mapping.ts'

const BLOCKED = ['deny', 'drop*', 'reset*', 'block*', 'random-drop', 'sinkhole', 'override-lockout']
const ALLOWED = ['allow', 'alert', 'continue', 'override']
/** What ended a session that the rule had let through at first. */
const STOPPED = ['threat', 'policy-deny', 'decrypt-*']
const CONNECTED = ['gateway-connected', 'gateway-setup-ssl', 'gateway-setup-ipsec']
const ALIVE = [
  'gateway-tunnel-latency',
  'gateway-hip-*',
  'gateway-switch-to-ssl',
  'gateway-getconfig',
  'gateway-register',
]
const ENDED = ['gateway-logout', 'gateway-config-release', 'gateway-inactivity*']

const BEGIN = 'version receive_time serial type subtype config_version time_generated'
/** Columns that traffic, threat and decryption logs have in the same places. */
const SESSION = `${BEGIN} src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset
  time_logged sessionid repeatcnt sport dport natsport natdport flags proto action`
const HIERARCHY = 'dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name'
const DEVICES = `src_category src_profile src_model src_vendor src_osfamily src_osversion src_host src_mac dst_category
  dst_profile dst_model dst_vendor dst_osfamily dst_osversion dst_host dst_mac container_id pod_namespace pod_name
  src_edl dst_edl hostid serialnumber`

/** The field orders of the documentation, each column by the name of its variable. */
const TRAFFIC = `${SESSION} bytes bytes_sent bytes_received packets start elapsed category future_use seqno actionflags
  srcloc dstloc future_use2 pkts_sent pkts_received session_end_reason ${HIERARCHY} action_source src_uuid dst_uuid
  tunnelid monitortag parent_session_id parent_start_time tunnel assoc_id chunks chunks_sent chunks_received rule_uuid
  http2_connection link_change_count policy_id link_switches sdwan_cluster sdwan_device_type sdwan_cluster_type
  sdwan_site dynusergroup_name xff_ip ${DEVICES} src_dag dst_dag session_owner high_res_timestamp`
const THREAT = `${SESSION} misc threatid category severity direction seqno actionflags srcloc dstloc future_use
  contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid
  ${HIERARCHY} future_use2 src_uuid dst_uuid http_method tunnelid monitortag parent_session_id parent_start_time tunnel
  thr_category contentver future_use3 assoc_id ppid http_headers url_category_list rule_uuid http2_connection
  dynusergroup_name xff_ip ${DEVICES} domain_edl src_dag dst_dag partial_hash high_res_timestamp`
const DECRYPTION = `${SESSION} tunnel future_use future_use2 src_uuid dst_uuid rule_uuid hs_stage_c2f hs_stage_f2s
  tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve err_index root_status chain_status proxy_type
  cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len cert_flags cn
  issuer_cn root_cn sni error container_id pod_namespace pod_name src_edl dst_edl src_dag dst_dag high_res_timestamp`
const GLOBALPROTECT = `${BEGIN} vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip
  public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error
  opaque status location login_duration connect_method error_code portal seqno actionflags high_res_timestamp
  selection_type response_time priority attempted_gateways gateway ${HIERARCHY}`
const SYSTEM = `${BEGIN} vsys eventid object future_use future_use2 module severity opaque seqno actionflags
  ${HIERARCHY} future_use3 future_use4 high_res_timestamp`

const CSV_TIMES: readonly TimeRule[] = [
  { from: 'high_res_timestamp', as: 'iso' },
  { from: 'time_generated', as: 'iso' },
  { from: 'receive_time', as: 'iso' },
]

const CSV_SESSION = {
  time: CSV_TIMES,
  client: 'src',
  clientPort: 'sport',
  server: 'dst',
  serverPort: 'dport',
  transport: 'proto',
  user: 'srcuser',
  device: 'src_host',
  translated: { client: 'natsrc', clientPort: 'natsport', server: 'natdst', serverPort: 'natdport' },
  action: { from: 'action', blocked: BLOCKED, allowed: ALLOWED },
} as const

const CSV_TRAFFIC = {
  ...CSV_SESSION,
  duration: { from: 'elapsed', unit: 's' },
  logged: 'end',
  bytesUp: 'bytes_sent',
  bytesDown: 'bytes_received',
} as const

/** A session that is logged when it starts is logged again when it ends: only then its bytes count. */
const CSV_TRAFFIC_RECORDS: readonly RecordRule[] = [
  { ...CSV_SESSION, when: { subtype: 'start' } },
  { ...CSV_TRAFFIC, when: { session_end_reason: STOPPED }, action: stopped('session_end_reason') },
  CSV_TRAFFIC,
]

const CSV_THREAT_RECORDS: readonly RecordRule[] = [
  { ...CSV_SESSION, when: { subtype: 'url' }, url: 'misc', method: 'http_method' },
  CSV_SESSION,
]

const CSV_TUNNEL = {
  outer: ['public_ip', 'public_ipv6'],
  inner: ['private_ip', 'private_ipv6'],
  user: 'srcuser',
  device: 'machinename',
  gateway: ['gateway', 'portal'],
  protocol: 'tunnel_type',
  duration: { from: 'login_duration', unit: 's' },
} as const

/** Before PAN-OS 9.1.3 GlobalProtect was told in words, in the system log. */
const WORDS = {
  outer: { from: 'opaque', after: 'Login from: ', before: ',' },
  inner: { from: 'opaque', after: 'Private IP: ', before: ',' },
  user: { from: 'opaque', after: 'User name: ', before: ',' },
  gateway: 'object',
} as const

/** What a record says of an action that came later than the rule's. */
function stopped(field: string): RecordRule['action'] {
  return { from: field, blocked: STOPPED }
}

function tunnel(
  time: readonly TimeRule[],
  [event, status]: readonly [string, string],
  what: Omit<MarkRule, 'kind' | 'event'>,
  when: Conditions = {},
): readonly RecordRule[] {
  const { duration: _, ...open } = what
  const succeeded = { ...when, [status]: { not: 'failure' } }
  return [
    { when: { ...succeeded, [event]: CONNECTED }, time, mark: { ...open, kind: 'tunnel', event: 'start' } },
    { when: { ...succeeded, [event]: ALIVE }, time, mark: { ...open, kind: 'tunnel', event: 'alive' } },
    { when: { ...succeeded, [event]: ENDED }, time, mark: { ...what, kind: 'tunnel', event: 'end' } },
  ]
}

function csv(type: string, columns: string, records: readonly RecordRule[]): Layout {
  return {
    fields: { kind: 'csv', header: columns.split(/\s+/), delimiter: ',', atLeast: 20 },
    syslog: true,
    unset: ['0.0.0.0', '::'],
    detect: [{ has: ['serial', 'subtype', 'receive_time'], is: { type, time_generated: { like: 'time' } } }],
    records,
  }
}

/** The header of a table that was exported, and log types that name nobody's traffic. */
const OTHERS: Layout = {
  fields: { kind: 'csv', header: BEGIN.split(' '), delimiter: ',', atLeast: 7 },
  syslog: true,
  detect: [
    { is: { serial: 'Serial #', type: 'Type' } },
    {
      is: {
        type: [
          'CONFIG',
          'HIPMATCH',
          'USERID',
          'IPTAG',
          'AUTHENTICATION',
          'CORRELATION',
          'GTP',
          'SCTP',
          'TUNNEL',
          'AUDIT',
        ],
        receive_time: { like: 'time' },
      },
    },
  ],
  records: [],
}

const CEF_TIMES: readonly TimeRule[] = [
  { from: 'start', as: 'syslog', zone: 'dtz' },
  { from: 'rt', as: 'syslog', zone: 'dtz' },
  { from: 'rt', as: 'unix' },
]

const CEF_SESSION = {
  time: CEF_TIMES,
  client: ['src', 'label:Source IPv6 Address'],
  clientPort: 'spt',
  server: ['dst', 'label:Destination IPv6 Address'],
  serverPort: 'dpt',
  transport: 'proto',
  user: ['suser0', 'suser'],
  translated: {
    client: 'sourceTranslatedAddress',
    clientPort: 'sourceTranslatedPort',
    server: 'destinationTranslatedAddress',
    serverPort: 'destinationTranslatedPort',
  },
  action: { from: 'act', blocked: BLOCKED, allowed: ALLOWED },
} as const

/** `type` is the header's field that holds the log type; what was sent counts as in or out, as the template goes. */
function cefRecords(type: string, subtype: string, bytesUp: string, bytesDown: string): readonly RecordRule[] {
  const bytes = { bytesUp, bytesDown } as const
  const traffic: RecordRule = {
    ...CEF_SESSION,
    ...bytes,
    when: { [type]: 'TRAFFIC' },
    duration: { from: 'cn3', unit: 's' },
    logged: 'end',
  }
  return [
    { ...CEF_SESSION, when: { [type]: 'TRAFFIC', [subtype]: 'start' } },
    { ...traffic, when: { [type]: 'TRAFFIC', reason: STOPPED }, action: stopped('reason') },
    traffic,
    { ...CEF_SESSION, when: { [type]: 'THREAT', [subtype]: 'url' }, url: 'request', method: 'requestMethod' },
    { ...CEF_SESSION, when: { [type]: 'THREAT' } },
    { ...CEF_SESSION, when: { [type]: 'DECRYPTION' }, name: 'PanOSServerNameIndication', means: 'tls-sni' },
    {
      ...CEF_SESSION,
      when: { [type]: 'DNS' },
      server: 'PanOSDNSResolverIP',
      dns: { query: 'request', answers: 'PanOSDNSResponse', separator: ',', rcode: 'PanOSDNSResponseCode' },
    },
    ...tunnel(
      CEF_TIMES,
      ['PanOSEventIDValue', 'PanOSEventStatus'],
      {
        outer: ['PanOSPublicIPv4', 'PanOSPublicIPv6'],
        inner: ['PanOSPrivateIPv4', 'PanOSPrivateIPv6'],
        user: 'PanOSSourceUserName',
        device: 'PanOSEndpointDeviceName',
        gateway: ['PanOSGateway', 'PanOSPortal', 'PanOSDeviceName'],
        protocol: 'PanOSTunnelType',
        duration: { from: 'PanOSLoginDuration', unit: 's' },
      },
      { [type]: 'GLOBALPROTECT' },
    ),
  ]
}

function cef(product: string, records: readonly RecordRule[]): Layout {
  return {
    fields: 'cef',
    syslog: true,
    unset: ['0.0.0.0', '::', 'null'],
    detect: [{ is: { deviceVendor: 'Palo Alto Networks', deviceProduct: product } }],
    records,
  }
}

const LEEF_TIMES: readonly TimeRule[] = [
  { from: 'TimeGeneratedHighResolution', as: 'iso', utc: true },
  { from: 'devTime', as: 'iso', utc: true },
  { from: 'devTime', as: 'syslog' },
  { from: 'ReceiveTime', as: 'iso' },
]

const LEEF_SESSION = {
  time: LEEF_TIMES,
  client: 'src',
  clientPort: 'srcPort',
  server: 'dst',
  serverPort: 'dstPort',
  transport: 'proto',
  user: ['usrName', 'SourceUser', 'SUser'],
  translated: {
    client: 'srcPostNAT',
    clientPort: 'srcPostNATPort',
    server: 'dstPostNAT',
    serverPort: 'dstPostNATPort',
  },
  action: { from: ['Action', 'action', 'eventId'], blocked: BLOCKED, allowed: ALLOWED },
} as const

const LEEF_TRAFFIC = {
  ...LEEF_SESSION,
  bytesUp: ['srcBytes', 'BytesOut'],
  bytesDown: ['dstBytes', 'BytesIn'],
  logged: 'end',
} as const

const LEEF_RECORDS: readonly RecordRule[] = [
  { ...LEEF_SESSION, when: { cat: 'traffic', SubType: 'start' } },
  { ...LEEF_SESSION, when: { cat: 'traffic', Subtype: 'start' } },
  { ...LEEF_TRAFFIC, when: { cat: 'traffic', SessionEndReason: STOPPED }, action: stopped('SessionEndReason') },
  {
    ...LEEF_TRAFFIC,
    when: { cat: 'traffic', ElapsedTime: { set: true } },
    duration: { from: 'ElapsedTime', unit: 's' },
  },
  { ...LEEF_TRAFFIC, when: { cat: 'traffic' }, duration: { from: 'SessionDuration', unit: 's' } },
  { ...LEEF_SESSION, when: { cat: 'threat', SubType: 'url' }, url: 'URL', method: 'HTTPMethod' },
  { ...LEEF_SESSION, when: { cat: 'threat', Subtype: 'url' }, url: 'Miscellaneous', method: 'RequestMethod' },
  { ...LEEF_SESSION, when: { cat: 'threat' } },
  ...tunnel(
    LEEF_TIMES,
    ['eventId', 'EventStatus'],
    {
      outer: ['PublicIPv4', 'PublicIPv6'],
      inner: ['PrivateIPv4', 'PrivateIPv6'],
      user: 'usrName',
      device: 'EndpointDeviceName',
      gateway: ['Gateway', 'Portal', 'DeviceName'],
      protocol: 'TunnelType',
      duration: { from: 'LoginDuration', unit: 's' },
    },
    { cat: 'globalprotect' },
  ),
]

/** The template that IBM gives has bars between the pairs, although LEEF 1.0 knows only tabs. */
const LEEF_WITH_BARS: Layout = {
  fields: { kind: 'key-value', separator: '|' },
  syslog: true,
  unset: ['0.0.0.0', '::'],
  detect: [{ has: ['SerialNumber'], is: { cat: ['TRAFFIC', 'THREAT', 'SYSTEM', 'CONFIG', 'HIPMATCH', 'USERID'] } }],
  records: LEEF_RECORDS,
}

const LEEF: Layout = {
  fields: 'leef',
  syslog: true,
  unset: ['0.0.0.0', '::'],
  detect: [{ is: { vendor: 'Palo Alto Networks', product: ['PAN-OS*', 'Next Generation Firewall', 'Prisma Access'] } }],
  records: LEEF_RECORDS,
}

const JSON_TIMES: readonly TimeRule[] = [
  { from: 'TimeGeneratedHighResolution', as: 'iso', utc: true },
  { from: 'TimeGenerated', as: 'iso', utc: true },
  { from: 'TimeReceived', as: 'iso', utc: true },
]

const JSON_SESSION = {
  time: JSON_TIMES,
  client: 'SourceAddress',
  clientPort: 'SourcePort',
  server: 'DestinationAddress',
  serverPort: 'DestinationPort',
  transport: 'Protocol',
  user: 'SourceUser',
  device: 'SourceDeviceHost',
  translated: {
    client: 'NATSource',
    clientPort: 'NATSourcePort',
    server: 'NATDestination',
    serverPort: 'NATDestinationPort',
  },
  action: { from: 'Action', blocked: BLOCKED, allowed: ALLOWED },
} as const

const JSON_TRAFFIC = {
  ...JSON_SESSION,
  duration: { from: 'SessionDuration', unit: 's' },
  logged: 'end',
  bytesUp: 'BytesSent',
  bytesDown: 'BytesReceived',
} as const

/** Strata Logging Service (Cortex Data Lake) to an HTTPS receiver: firewalls and Prisma Access. */
const STRATA: Layout = {
  fields: 'json',
  unset: ['0.0.0.0', '::'],
  detect: [
    { has: ['LogType', 'DeviceSN', 'TimeReceived'] },
    { has: ['LogType', 'ConfigVersion', 'DGHierarchyLevel1'] },
  ],
  records: [
    { ...JSON_SESSION, when: { LogType: 'TRAFFIC', Subtype: 'start' } },
    { ...JSON_TRAFFIC, when: { LogType: 'TRAFFIC', SessionEndReason: STOPPED }, action: stopped('SessionEndReason') },
    { ...JSON_TRAFFIC, when: { LogType: 'TRAFFIC' } },
    { ...JSON_SESSION, when: { LogType: 'THREAT', Subtype: 'url' }, url: 'URL', method: 'HTTPMethod' },
    { ...JSON_SESSION, when: { LogType: ['THREAT', 'FILE', 'URL'] }, url: 'URL' },
    { ...JSON_SESSION, when: { LogType: 'DECRYPTION' }, name: 'ServerNameIndication', means: 'tls-sni' },
    {
      ...JSON_SESSION,
      when: { LogType: 'DNS' },
      server: 'DNSResolverIP',
      dns: { query: 'FQDN', answers: 'DNSResponse', rcode: 'DNSResponseCode' },
    },
    ...tunnel(
      JSON_TIMES,
      ['EventIDValue', 'EventStatus'],
      {
        outer: ['PublicIPv4', 'PublicIPv6'],
        inner: ['PrivateIPv4', 'PrivateIPv6'],
        user: 'SourceUserName',
        device: 'EndpointDeviceName',
        gateway: ['Gateway', 'Portal', 'DeviceName'],
        protocol: 'TunnelType',
        duration: { from: 'LoginDuration', unit: 's' },
      },
      { LogType: 'GLOBALPROTECT' },
    ),
  ],
}

/**
 * PAN-OS firewalls and Prisma Access: traffic, URL, threat, decryption and GlobalProtect logs, as the CSV of syslog and of
 * exported tables, CEF, LEEF, and the JSON of Strata Logging Service. A session is logged at its end.
 */
export const paloAlto = mappedFormat({
  name: 'palo-alto',
  title: 'Palo Alto Networks PAN-OS and Prisma Access log, CSV, CEF, LEEF and JSON',
  documentation:
    'https://docs.paloaltonetworks.com/pan-os/11-0/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions',
  verified: true,
  attributes: { url: true, server: true, user: true, client: true, bytes: true, bytesUp: true, action: true },
  layouts: [
    csv('TRAFFIC', TRAFFIC, CSV_TRAFFIC_RECORDS),
    csv('THREAT', THREAT, CSV_THREAT_RECORDS),
    csv('GLOBALPROTECT', GLOBALPROTECT, tunnel(CSV_TIMES, ['eventid', 'status'], CSV_TUNNEL)),
    csv('DECRYPTION', DECRYPTION, [{ ...CSV_SESSION, name: 'sni', means: 'tls-sni' }]),
    csv('SYSTEM', SYSTEM, [
      {
        when: { eventid: 'globalprotectgateway-config-succ' },
        time: CSV_TIMES,
        mark: { ...WORDS, kind: 'tunnel', event: 'start' },
      },
      {
        when: { eventid: ['globalprotectgateway-config-release', 'globalprotectgateway-logout-succ'] },
        time: CSV_TIMES,
        mark: { ...WORDS, kind: 'tunnel', event: 'end' },
      },
    ]),
    OTHERS,
    cef('LF', cefRecords('signatureId', 'name', 'out', 'in')),
    cef('PAN-OS', cefRecords('name', 'signatureId', 'in', 'out')),
    LEEF_WITH_BARS,
    LEEF,
    STRATA,
  ],
})
