import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatDay } from '../../src/base/time.ts'
import type { Finding } from '../../src/model/finding.ts'
import { capture, MORNING } from './inputs.ts'
import { Workplace } from './program.ts'

const POLICY = `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: staff-wifi, kind: guest, scope: managed, cidrs: [172.16.20.0/24] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'wifi*', vantage: access-network }
  - { match: 'proxy*', vantage: proxy }
  - { match: 'resolver*', vantage: resolver }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`

/** `2026-05-12 08:00:05.000` and the like. */
function clock(minute: number): string {
  return new Date(MORNING / 1000 + minute * 60_000).toISOString().replace('T', ' ').slice(0, 19)
}

function kea(minute: number, text: string): string {
  return `${clock(minute)}.101 INFO  [kea-dhcp4.leases/812.1402] ${text}\n`
}

const lease = (minute: number, address: string, hardware: string, seconds: number) =>
  kea(
    minute,
    `DHCP4_LEASE_ALLOC [hwtype=1 ${hardware}], cid=[no info], tid=0x1a2b: lease ${address} has been allocated for ${seconds} seconds`,
  )

const LAPTOP = '02:00:5e:10:00:14'
const PHONE = '02:00:5e:10:00:15'

/** What a site's servers wrote, and what was seen on its Wi-Fi: alice's laptop with the VPN, somebody's phone. */
const INPUTS: Readonly<Record<string, string | Uint8Array>> = {
  // The laptop gives its address back; the phone, which gets it, is not the one of the day before.
  'dhcp-1.log': lease(-900, '172.16.20.15', PHONE, 3600) + lease(-30, '172.16.20.14', LAPTOP, 7200),
  'dhcp-2.log': lease(40, '172.16.20.14', PHONE, 7200),
  'vpn-1.log': [
    `${clock(-20)} 172.16.20.14:59321 [alice] Peer Connection Initiated with [AF_INET]172.16.20.14:59321`,
    `${clock(-20)} alice/172.16.20.14:59321 MULTI: primary virtual IP for alice/172.16.20.14:59321: 10.8.0.5`,
    '',
  ].join('\n'),
  'vpn-2.log': `${clock(20)} alice/172.16.20.14:59321 SIGTERM[soft,remote-exit] received, client-instance exiting\n`,
  'wifi.pcap': capture(
    ...[5, 30, 50].map((minute) => ({
      client: '172.16.20.14',
      name: 'g.whatsapp.net',
      time: MORNING + minute * 60e6,
    })),
  ),
  'proxy.log': [5, 25]
    .map((minute) => {
      const time = (MORNING / 1e6 + minute * 60).toFixed(3)
      return `${time}      0 10.8.0.5 TCP_TUNNEL/200 5120 CONNECT web.telegram.org:443 - HIER_DIRECT/198.51.100.9 -\n`
    })
    .join(''),
  'resolver.log': [5, 50]
    .map((minute) => {
      const [day, time] = clock(minute).split(' ') as [string, string]
      const date = `${day.slice(8)}-May-${day.slice(0, 4)} ${time}.000`
      return `${date} client @0x7f1c 172.16.20.14#50000 (web.telegram.org): query: web.telegram.org IN A + (192.0.2.53)\n`
    })
    .join(''),
}

function inShort({ day, client, app, verdicts }: Finding): string[] {
  return verdicts.map(
    ({ route, minutes, bypass, sessions = [] }) =>
      `${formatDay(day)} ${client} ${app}: ${route.value} by ${route.rule}, ${minutes} min${bypass ? ', bypass' : ''}, ` +
      `rests on ${sessions.map(({ first, last }) => `${first.input}:${first.line}-${last.input}:${last.line}`).join(' ')}`,
  )
}

const EXPECTED = [
  // The proxy knows the address that the tunnel gave; once the tunnel has ended it is nobody's.
  '2026-05-12 10.8.0.5 telegram: unknown by blind-vantage, 1 min, rests on ',
  '2026-05-12 alice telegram: government by tunnel-address, 1 min, rests on vpn-1.log:1-vpn-2.log:1',
  `2026-05-12 ${LAPTOP} telegram: unknown by blind-vantage, 1 min, rests on dhcp-1.log:2-dhcp-1.log:2`,
  `2026-05-12 ${LAPTOP} whatsapp: no-tunnel by tunnel-down, 1 min, bypass, rests on dhcp-1.log:2-dhcp-1.log:2`,
  `2026-05-12 ${LAPTOP} whatsapp: split-tunnel by tunnel-up, 1 min, bypass, rests on dhcp-1.log:2-dhcp-1.log:2 vpn-1.log:1-vpn-2.log:1`,
  `2026-05-12 ${PHONE} telegram: unknown by blind-vantage, 1 min, rests on dhcp-2.log:1-dhcp-2.log:1`,
  `2026-05-12 ${PHONE} whatsapp: no-tunnel by tunnel-down, 1 min, bypass, rests on dhcp-2.log:1-dhcp-2.log:1`,
]

test('logs of leases and tunnels say whose it was and which way it took, in whichever order and run they come', async () => {
  const names = Object.keys(INPUTS)
  const place = new Workplace()
  for (const [name, content] of Object.entries(INPUTS)) place.put(name, content)
  place.put('policy.yaml', POLICY)
  writeFileSync(join(place.folder, 'a.key'), `${'5e'.repeat(32)}\n`, { mode: 0o600 })
  const options = ['--key', 'a.key', '--policy', 'policy.yaml', '--identities', 'clear']

  const together = await place.sweep([...names, '--store', 'together.db', ...options])
  expect(together.stderr).toBe('')
  expect(together.report.inputs.map(({ status }) => status)).toEqual(names.map(() => 'read'))
  expect(together.report.findings.flatMap(inShort).sort()).toEqual([...EXPECTED].sort())
  const findings = async (store: string) => (await place.run(['findings', '--all', '--json', '--store', store])).stdout
  const expected = await findings('together.db')

  await place.sweep([...names.toReversed(), '--store', 'backwards.db', ...options])
  expect(await findings('backwards.db')).toBe(expected)

  // One a run, judged each time: what was said of a finding on the way counts in its revision only.
  for (const name of names.toReversed()) await place.sweep([name, '--store', 'apart.db', ...options])
  const withoutRevision = (text: string) => text.replaceAll(/"revision":\d+/g, '"revision":0')
  expect(withoutRevision(await findings('apart.db'))).toBe(withoutRevision(expected))
})

test('a finding is shown with the records of the leases and tunnels that it rests on', async () => {
  const place = new Workplace()
  for (const [name, content] of Object.entries(INPUTS)) place.put(name, content)
  place.put('policy.yaml', POLICY)
  const { report } = await place.sweep([...Object.keys(INPUTS), '--policy', 'policy.yaml', '--identities', 'clear'])
  const split = report.findings.find(({ verdicts }) => verdicts.some(({ route }) => route.rule === 'tunnel-up'))!
  const { stdout } = await place.run(['show', split.id])
  expect(stdout).toContain(`    openvpn tunnel: ${clock(-20).slice(0, 16)} to ${clock(20).slice(0, 16)} UTC
      vpn-1.log, line 1 and vpn-2.log, line 1
`)
  expect(stdout).toContain(`    dhcp lease: ${clock(-30).slice(0, 16)} to ${clock(40).slice(0, 16)} UTC
      dhcp-1.log, line 2
`)
})
