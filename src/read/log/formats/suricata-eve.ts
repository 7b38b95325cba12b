import { mappedFormat } from '../mapping/format.ts'
import type { RecordRule } from '../mapping/mapping.ts'

const TIME = { from: 'timestamp', as: 'iso' } as const

/** Whoever sent the packet that the record is about. */
const FORWARD = {
  time: TIME,
  client: 'src_ip',
  clientPort: 'src_port',
  server: 'dest_ip',
  serverPort: 'dest_port',
  transport: 'proto',
} as const

/** In answers of older versions the resolver stands as source. */
const BACKWARD = {
  time: TIME,
  client: 'dest_ip',
  clientPort: 'dest_port',
  server: 'src_ip',
  serverPort: 'src_port',
  transport: 'proto',
} as const

const BYTES = { bytesUp: 'flow.bytes_toserver', bytesDown: 'flow.bytes_toclient' } as const

/** The packet of an alert may go either way: only where the record says who began the flow is the client known. */
const ALERTED = { event_type: ['alert', 'drop'], 'flow.src_ip': { set: true } } as const
const ALERT = {
  time: TIME,
  client: 'flow.src_ip',
  clientPort: 'flow.src_port',
  server: 'flow.dest_ip',
  serverPort: 'flow.dest_port',
  transport: 'proto',
  action: { from: 'alert.action', blocked: ['blocked'], allowed: ['allowed'] },
} as const

/** Leases are told by the extended DHCP log. */
const LEASE = { kind: 'lease', protocol: { value: 'dhcp' }, device: ['dhcp.hostname', 'dhcp.client_mac'] } as const

const ANSWER = {
  query: ['dns.rrname', 'dns.queries.*.rrname', 'dns.query.*.rrname', 'dns.answers.0.rrname'],
  type: ['dns.rrtype', 'dns.queries.0.rrtype', 'dns.query.0.rrtype'],
  rcode: 'dns.rcode',
} as const

/** One record rule for each direction that answers are written in, and for each of three ways of writing the answer. */
function answers(): RecordRule[] {
  const when = { event_type: 'dns', 'dns.type': ['answer', 'response'] } as const
  const dns = {
    ...ANSWER,
    answers: ['dns.answers.*.rdata', 'dns.grouped.A', 'dns.grouped.AAAA', 'dns.rdata'],
    ttl: ['dns.answers.*.ttl', 'dns.ttl'],
  }
  return [
    { ...BACKWARD, when: { ...when, src_port: '53' }, means: 'dns-answer', dns },
    { ...FORWARD, when, means: 'dns-answer', dns },
  ]
}

/**
 * Suricata's EVE log, JSON (https://docs.suricata.io/en/latest/output/eve/eve-json-format.html): `dns` of versions 1 to 3,
 * `tls`, `quic`, `http`, `flow` as addresses, leases of `dhcp`, and alerts that say who began the flow. Other events are skipped.
 */
export const suricataEve = mappedFormat({
  name: 'suricata-eve',
  title: 'Suricata EVE log, JSON',
  documentation: 'https://docs.suricata.io/en/latest/output/eve/eve-json-format.html',
  verified: true,
  attributes: { url: true, server: true, user: false, client: true, bytes: true, bytesUp: true, action: true },
  fields: 'json',
  syslog: true,
  detect: [
    { has: ['timestamp', 'event_type'], is: { flow_id: { like: 'number' } } },
    { has: ['timestamp', 'event_type', 'src_ip', 'dest_ip', 'proto'] },
    { has: ['timestamp', 'stats.uptime'], is: { event_type: 'stats' } },
  ],
  records: [
    { ...FORWARD, when: { event_type: 'tls' }, name: 'tls.sni', means: 'tls-sni' },
    ...answers(),
    {
      ...FORWARD,
      when: { event_type: 'dns', 'dns.type': ['query', 'request'] },
      means: 'dns-query',
      dns: ANSWER,
    },
    { ...FORWARD, when: { event_type: 'quic' }, name: 'quic.sni', means: 'quic-sni' },
    {
      ...FORWARD,
      when: { event_type: 'http' },
      name: 'http.hostname',
      url: 'http.url',
      method: 'http.http_method',
      means: 'http-host',
    },
    {
      ...FORWARD,
      ...BYTES,
      when: { event_type: 'flow' },
      time: [{ from: 'flow.start', as: 'iso' }, TIME],
      end: { from: 'flow.end', as: 'iso' },
    },
    {
      // The acknowledgement of a question for options (DHCPINFORM) gives no address.
      when: { event_type: 'dhcp', 'dhcp.dhcp_type': 'ack', 'dhcp.assigned_ip': { not: ['', '0.0.0.0'] } },
      time: TIME,
      mark: { ...LEASE, event: 'start', inner: 'dhcp.assigned_ip', lifetime: { from: 'dhcp.lease_time', unit: 's' } },
    },
    {
      when: { event_type: 'dhcp', 'dhcp.dhcp_type': 'release' },
      time: TIME,
      mark: { ...LEASE, event: 'end', inner: 'dhcp.client_ip' },
    },
    { ...ALERT, when: { ...ALERTED, 'tls.sni': { set: true } }, name: 'tls.sni', means: 'tls-sni' },
    { ...ALERT, when: ALERTED, name: 'http.hostname', url: 'http.url', method: 'http.http_method', means: 'http-host' },
  ],
})
