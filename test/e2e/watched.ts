import { dnsLookup, ethernet, LINKTYPE_ETHERNET, merge, pcap, type Timed, tlsConversation } from '../build/index.ts'
import type { Identity } from './identities.ts'
import { MORNING, squidLog } from './inputs.ts'
import type { Workplace } from './program.ts'

/** People and devices that inputs name, all that is known of them. */
export const WATCHED: readonly Identity[] = [
  { kind: 'address', text: '10.83.217.45' },
  { kind: 'address', text: '10.83.218.146' },
  { kind: 'address', text: '2001:db8:4a7:19::c0de:31' },
  { kind: 'address', text: '198.51.100.217' },
  { kind: 'address', text: '10.84.133.77' },
  { kind: 'mac', text: '02:5e:7a:91:3c:d8' },
  { kind: 'mac', text: '02:5e:7a:a6:4b:e9' },
  { kind: 'user', text: 'EXAMPLE\\Wren.Okafor', spellings: ['wren.okafor@example', 'wren.okafor', 'w0kaf0r'] },
  { kind: 'user', text: 'petra-lindqvist', spellings: ['petra-lindqvist@example.org'] },
  { kind: 'device', text: 'LT-WREN-7731.example.org', spellings: ['lt-wren-7731'] },
]

/** Whom the policy leaves out. */
export const LEFT_OUT: readonly Identity[] = [
  { kind: 'address', text: '10.83.99.214' },
  { kind: 'address', text: '2001:db8:4a7:99::c0de:99' },
  { kind: 'user', text: 'EXAMPLE\\juno.mbeki', spellings: ['juno.mbeki', 'juno.mbeki@example'] },
]

const POLICY = `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.83.0.0/16, '2001:db8:4a7::/48'] }
  - { name: pool, kind: vpn-pool, scope: managed, cidrs: [10.84.0.0/16] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
exclusions:
  networks: [10.83.99.0/24, '2001:db8:4a7:99::/64']
  users: ['EXAMPLE\\juno.mbeki']
inputs:
  - { match: '**/*.pcap', vantage: office-lan }
  - { match: '**/proxy.log', vantage: proxy }
  - { match: '**/tunnels.log', vantage: vpn-egress, gateway: vpn-1 }
registers:
  - { name: laptops, file: laptops.csv, holds: devices, fields: [Name, MAC] }
groups:
  - { name: rota, users: ['EXAMPLE\\Wren.Okafor'], devices: [LT-WREN-7731] }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
exemptions:
  - { name: rota, apps: [signal], groups: [rota], from: 2026-05-01, until: 2026-06-15, approver: The secretary general, reason: Made for a test, reference: Decision 1 }
`

const JOB = `store: ../left/job.db
policy: policy.yaml
inputs:
  - { name: captures, paths: [captures], expect: every 1h }
  - { name: logs, paths: [logs] }
outputs:
  prometheus: ../left/job.prom
  summary: ../left/summary.json
  receivers:
    - { name: lake, kind: file, path: ../left/lake.ndjson, form: ecs }
    - { name: lake-2, kind: file, path: ../left/lake-2.ndjson, form: ocsf }
    - { name: siem, kind: syslog, to: 'tcp://127.0.0.1:9', form: json }
`

/** Puts inputs that name everybody under `given/`, with a policy and a job file that name some of them. */
export function putInputs(place: Workplace): void {
  place.put('given/captures/office.pcap', officeCapture())
  place.put('given/captures/cut.pcap', officeCapture().subarray(0, 900))
  place.put('given/logs/proxy.log', proxyLog())
  place.put('given/logs/leases.log', LEASES)
  place.put('given/logs/tunnels.log', TUNNELS)
  place.put('given/logs/names.log', NAMED_LEASE)
  place.put('given/broken.log', BROKEN)
  place.put('given/policy.yaml', POLICY)
  place.put('given/laptops.csv', 'Name;MAC;Owner\nLT-WREN-7731;02-5E-7A-91-3C-D8;wren.okafor\n')
  place.put('given/job.yaml', JOB)
  place.put('given/mistaken.yaml', POLICY.replace('kind: office', 'kind: offise'))
}

/** Frames with the hardware addresses of the two laptops. */
function officeCapture(): Uint8Array {
  const [first, second] = WATCHED.filter(({ kind }) => kind === 'mac').map(({ text }) =>
    Buffer.from(text.replaceAll(':', ''), 'hex'),
  )
  const framed = (mac: Buffer, packets: readonly Timed[]) =>
    packets.map(({ time, bytes }) => {
      const frame = Buffer.from(ethernet(bytes))
      mac.copy(frame, 0)
      mac.copy(frame, 6)
      return { time, bytes: frame }
    })
  const visit = (source: string, serverName: string, seconds: number) => {
    const ends = { source, destination: source.includes(':') ? '2001:db8:ff::9' : '198.51.100.9', destinationPort: 443 }
    const time = MORNING + seconds * 1e6
    return tlsConversation({
      ends: { ...ends, sourcePort: 50_000 + seconds },
      time,
      hello: { serverName },
      exchanges: [],
    })
  }
  const asked = {
    resolver: '203.0.113.53',
    name: 'g.whatsapp.net',
    answers: [{ name: 'g.whatsapp.net', type: 'A' as const, data: '198.51.100.9' }],
  }
  return pcap(
    merge(
      framed(first!, visit('10.83.217.45', 'g.whatsapp.net', 1)),
      framed(first!, dnsLookup({ ...asked, client: '10.83.217.45', time: MORNING })),
      framed(second!, visit('10.83.218.146', 'web.telegram.org', 120)),
      framed(second!, visit('2001:db8:4a7:19::c0de:31', 'chat.signal.org', 180)),
      framed(second!, visit('10.84.133.77', 'discord.com', 200)),
      framed(second!, visit('10.83.99.214', 'g.whatsapp.net', 240)),
      framed(second!, visit('2001:db8:4a7:99::c0de:99', 'web.telegram.org', 300)),
    ),
    { linkType: LINKTYPE_ETHERNET },
  )
}

const proxyLog = () =>
  squidLog(
    { client: '10.83.217.45', host: 'web.whatsapp.com', user: 'EXAMPLE\\Wren.Okafor' },
    { client: '10.83.218.146', host: 'web.telegram.org', user: 'petra-lindqvist@example.org' },
    { client: '10.83.218.146', host: 'web.whatsapp.com', user: '-' },
    { client: '10.83.99.214', host: 'web.telegram.org', user: '-' },
    { client: '10.83.218.146', host: 'discord.com', user: 'juno.mbeki@example' },
  )

const lease = (address: string, hardware: string) =>
  `2026-05-12 07:50:00.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 ${hardware}], cid=[no info], ` +
  `tid=0x1a2b: lease ${address} has been allocated for 7200 seconds\n`
const NAMED_LEASE =
  'May 12 07:51:59 dhcp1 dhcpd[812]: DHCPACK on 10.83.217.45 to 02:5e:7a:91:3c:d8 (LT-WREN-7731.example.org) via eth0\n'
const LEASES = lease('10.83.217.45', '02:5e:7a:91:3c:d8') + lease('10.83.218.146', '02:5e:7a:a6:4b:e9')

const peer = 'w0kaf0r/198.51.100.217:59321'
const TUNNELS = `2026-05-12 07:58:58 198.51.100.217:59321 VERIFY OK: depth=0, CN=w0kaf0r
2026-05-12 07:58:59 198.51.100.217:59321 [w0kaf0r] Peer Connection Initiated with [AF_INET]198.51.100.217:59321
2026-05-12 07:58:59 ${peer} MULTI_sva: pool returned IPv4=10.84.133.77, IPv6=2001:db8:84::6
2026-05-12 09:51:59 ${peer} SIGTERM[soft,remote-exit] received, client-instance exiting
`

/** Lines of a proxy that are none, each with somebody in it. */
const BROKEN = `${proxyLog()}1778572800.000 x 10.83.217.45 wren.okafor
10.83.217.45 EXAMPLE\\Wren.Okafor 02:5e:7a:91:3c:d8
not-a-time 0 10.83.217.45 TCP_TUNNEL/200 5120 CONNECT web.whatsapp.com:443 wren.okafor HIER_DIRECT/198.51.100.9 -
`
