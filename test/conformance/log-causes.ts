import type { Aspect } from './logs.ts'

/** Why our reading of a record differs from the other tool's, and is right, or cannot be had. */
export interface Cause {
  /** The beginning of a product's name. */
  readonly product: string
  readonly aspect: Aspect
  /** In the record; left out: any. */
  readonly record?: RegExp
  readonly why: string
}

const DEVICE = 'the state or the administration of a device, and nothing that a client reached'
const BEGINNING = 'we show when it began and ended, the other tool when it was written'
const SIDES = 'what the client sent and received stand the other way round in the other tool'
const PERSON = 'we take the login, the other tool the name of the person'
const ANSWER = 'a packet of the answer: the port tells who asked'

export const CAUSES: readonly Cause[] = [
  { product: 'Azure', aspect: 'time', why: BEGINNING },
  {
    product: 'BIND',
    aspect: 'read',
    record: /resolving|validating|rpz_rrset_find|check-names/,
    why: 'the resolver itself',
  },
  { product: 'Barracuda', aspect: 'read', record: /event: |Received \d+ users| IPS /, why: DEVICE },
  { product: 'Broadcom', aspect: 'name', record: /"x-client/, why: 'an invented record: the host stands in cs-host' },
  {
    product: 'Broadcom',
    aspect: 'action',
    record: /"x-client/,
    why: 'an invented record: no such result is documented',
  },
  { product: 'CEF', aspect: 'read', record: /\|Malop |HIPMATCH|SCTP|USERID/, why: DEVICE },
  { product: 'CatoNetworks', aspect: 'time', why: BEGINNING },
  { product: 'CatoNetworks', aspect: 'user', why: PERSON },
  { product: 'Checkpoint', aspect: 'read', record: /^CEF.*\n/, why: 'lines that were broken by hand' },
  { product: 'Checkpoint', aspect: 'read', record: /icmp/, why: 'ICMP: nothing that a client reached' },
  { product: 'Checkpoint', aspect: 'read', record: /phishing/, why: 'an alert of mail' },
  { product: 'Checkpoint', aspect: 'user', record: /\(\w+\)/, why: PERSON },
  {
    product: 'Cisco/cisco-meraki',
    aspect: 'read',
    record: /anyconnect_vpn_(auth|connection)_/,
    why: 'a step of a login',
  },
  {
    product: 'Cisco/cisco-secure-firewall',
    aspect: 'read',
    record: /ICMP|icmp|-(106012|106015|11300[45]|75000[36]|852001):/,
    why: 'packets of no connection, keys and passwords: nothing that a client reached',
  },
  { product: 'Cisco/cisco-secure-firewall', aspect: 'read', record: /Port: 77777/, why: 'no such port' },
  { product: 'Cisco/cisco-secure-firewall', aspect: 'user', record: /User: Not Found/, why: 'no user' },
  { product: 'Cisco/cisco-secure-firewall', aspect: 'bytes', record: /-430002:/, why: 'bytes count at the end, once' },
  {
    product: 'Clavister',
    aspect: 'read',
    record: /event=(directed_|no_|tcp_|unsolicited_|ike_sa_)/,
    why: 'packets of no connection, and keys of a site',
  },
  { product: 'EfficientIP', aspect: 'read', record: /resolving|validating/, why: 'the resolver itself' },
  { product: 'EfficientIP', aspect: 'read', record: /#\d{6} /, why: 'no such port' },
  { product: 'Forcepoint/forcepoint-swg', aspect: 'user', why: PERSON },
  { product: 'Fortinet', aspect: 'read', record: /type="?event|event:vpn/, why: DEVICE },
  { product: 'Fortinet', aspect: 'read', record: /subtype=slb_http/, why: 'a server of its own, by a load balancer' },
  {
    product: 'Fortinet',
    aspect: 'action',
    record: /utmaction/,
    why: 'accepted, and then blocked by a security profile',
  },
  {
    product: 'Fortinet',
    aspect: 'bytes',
    record: /sentdelta/,
    why: 'of a session that goes on the bytes since its last record',
  },
  { product: 'Google Cloud/Google VPC', aspect: 'time', why: BEGINNING },
  { product: 'Google Cloud/Google VPC', aspect: 'client', why: ANSWER },
  { product: 'Google Cloud/Google VPC', aspect: 'server', why: ANSWER },
  { product: 'HAProxy', aspect: 'read', record: /"fingerprint"/, why: "fields of an operator's own choice" },
  { product: 'Ivanti', aspect: 'read', record: /AUT24604/, why: 'nobody logged in' },
  { product: 'Juniper', aspect: 'read', record: /RT_SCREEN/, why: DEVICE },
  { product: 'NGINX', aspect: 'read', record: /\[error\]/, why: 'the log of errors' },
  {
    product: 'NGINX',
    aspect: 'server',
    record: /"upstream_addr"/,
    why: 'the server behind it is no server of the client',
  },
  { product: 'Netfilter', aspect: 'client', record: /ACK SYN/, why: ANSWER },
  { product: 'Netfilter', aspect: 'server', record: /ACK SYN/, why: ANSWER },
  { product: 'Netskope/netskope-transaction', aspect: 'bytes', why: SIDES },
  {
    product: 'Netskope/netskope_events',
    aspect: 'client',
    why: 'we take the address of the device, the other tool that of the way out',
  },
  { product: 'Netskope/netskope_events', aspect: 'time', why: BEGINNING },
  {
    product: 'Olfeo/olfeo-saas',
    aspect: 'server',
    record: /"type":"dns"/,
    why: 'what the address is of is not documented',
  },
  { product: 'OpenBSD', aspect: 'read', record: /,(icmp|vrrp),/, why: 'ICMP and VRRP: nothing that a client reached' },
  { product: 'Palo Alto', aspect: 'read', record: /,SYSTEM,|"LogType": ?"SYSTEM"|HIPMATCH|SCTP/, why: DEVICE },
  { product: 'Palo Alto', aspect: 'read', record: /"LogType": ?"DNS"/, why: 'the name was left out' },
  {
    product: 'Palo Alto',
    aspect: 'read',
    record: /,\d+\/\d+\/\d\d \d+:\d\d,/,
    why: 'times that a spreadsheet wrote anew',
  },
  { product: 'Palo Alto', aspect: 'time', why: BEGINNING },
  { product: 'Palo Alto', aspect: 'bytes', record: /\|Palo Alto Networks\|LF\|/, why: SIDES },
  { product: 'Sophos/sophos firewall', aspect: 'read', record: /rproxy|httpd: id="0299"/, why: 'a server of its own' },
  { product: 'Stormshield', aspect: 'read', record: /logtype="vpn"/, why: 'keys of a site, no user' },
  {
    product: 'Suricata',
    aspect: 'read',
    record: /"alert"|"anomaly"|"smb"|"ssh"/,
    why: 'the flow stands in another event',
  },
  { product: 'Suricata', aspect: 'time', why: BEGINNING },
  { product: 'Suricata', aspect: 'client', record: /"dns"/, why: 'of an answer we show who asked' },
  { product: 'Suricata', aspect: 'server', record: /"dns"/, why: 'of an answer we show who asked' },
  {
    product: 'Umbrella/umbrella-dns',
    aspect: 'user',
    why: 'networks and machines are no users; and we leave out the name before the login',
  },
  { product: 'Umbrella/umbrella-proxy', aspect: 'read', record: /url\{|\n/, why: 'rows that were broken by hand' },
  { product: 'Unbound', aspect: 'read', record: /info: transparent/, why: 'a line that lost its zone' },
  { product: 'Zscaler', aspect: 'read', record: /zscalernss-(tunnel|casb)/, why: DEVICE },
  { product: 'Zscaler', aspect: 'user', why: 'we take the user, the other tool who owns the device' },
  { product: 'Zscaler', aspect: 'bytes', why: SIDES },
]

/** Products whose logs are not read, or not here. */
export const OTHERS: Readonly<Record<string, string>> = {
  Apache: 'a log of errors',
  'Cisco/cisco-sd-wan': 'flows without a date',
  Citrix: 'no format of ours',
  'Cloudflare/access_requests': 'logins',
  'Cloudflare/dns_logs': "a zone's own server: no client",
  'Cloudflare/firewall_events': "a server's own log",
  'F5 Networks': "a server's own log, its administration, steps of a login",
  GateWatcher: 'no format of ours',
  'Google Cloud/Google Cloud Load Balancing': "a server's own log",
  NetFlow: 'flows without a date',
  OCSF: 'no format of ours',
  SesameIT: 'alerts alone',
  'Sophos/sophos-analysis-threat-center': 'alerts alone',
  Vectra: 'alerts alone',
}
