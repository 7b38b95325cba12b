import { expect, test } from 'vitest'
import { capture, MORNING } from './inputs.ts'
import { Workplace } from './program.ts'

const POLICY = `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: visitors, kind: guest, scope: visitor, cidrs: [172.16.20.0/24] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'wifi*', vantage: access-network }
registers:
  - { name: laptops, file: lists/laptops.csv, holds: devices, fields: [Name, MAC], group: Office }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`

const LIST = 'Name;MAC;Office\nlaptop-1;02-00-5E-10-00-14;Harbour Office\nlaptop-2;0200.5e10.0016;\nlaptop-3;;\n;;\n'

const lease = (address: string, hardware: string) =>
  `2026-05-12 07:50:00.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 ${hardware}], cid=[no info], ` +
  `tid=0x1a2b: lease ${address} has been allocated for 7200 seconds\n`

function workplace(list: string): Workplace {
  const place = new Workplace()
  const flow = (client: string) => ({ client, name: 'g.whatsapp.net', time: MORNING })
  place.put('wifi.pcap', capture(flow('172.16.20.14'), flow('172.16.20.15')))
  place.put(
    'dhcp.log',
    lease('172.16.20.14', '02:00:5e:10:00:14') +
      lease('172.16.20.15', '02:00:5e:10:00:15') +
      lease('172.16.20.16', '02:00:5e:10:00:16'),
  )
  place.put('configuration/policy.yaml', POLICY)
  place.put('configuration/lists/laptops.csv', list)
  return place
}

const SWEEP = ['wifi.pcap', 'dhcp.log', '--policy', 'configuration/policy.yaml'] as const

test('a laptop of the register is managed among visitors, and the summary says how much of the register was seen', async () => {
  const place = workplace(LIST)
  const { report, stderr } = await place.sweep(SWEEP)
  expect(stderr).toBe('')
  expect(report.findings.map(({ scope, group, verdicts }) => [scope, group, verdicts[0]!.bypass])).toEqual([
    ['managed', 'Harbour Office', true],
  ])
  const share = { register: 'laptops', holds: 'devices', scope: 'managed', entries: 3, nameless: 1, seen: 2, found: 1 }
  expect(report).toMatchObject({ registers: [share], judged: { setAside: { visitor: 1 } } })

  const { stdout } = await place.run(['judge', '--policy', 'configuration/policy.yaml'])
  expect(stdout).toContain('Register "laptops": 2 of 3 devices were seen, 1 with a finding; 1 row names nobody.\n')
  const listed = await place.run(['findings', '--policy', 'configuration/policy.yaml'])
  expect(listed.stdout).toContain('Register "laptops": 2 of 3 devices were seen, 1 with a finding')
  const before = await place.run(['findings', '--policy', 'configuration/policy.yaml', '--until', '2001-01-01'])
  expect(before.stdout).toContain('Register "laptops": 0 of 3 devices were seen')

  const shown = await place.run(['show', report.findings[0]!.id])
  expect(shown.stdout).toContain(', subject managed, Harbour Office\nwho leased: By a log of leases')

  // A changed list is a changed judgement, without reading an input again.
  place.put('configuration/lists/laptops.csv', LIST.replace('Harbour Office', ''))
  const again = JSON.parse((await place.run(['judge', '--policy', 'configuration/policy.yaml', '--json'])).stdout)
  expect(again).toMatchObject({ judged: { scope: 'all' }, findings: [{ scope: 'managed' }] })
  expect(again.findings[0].group).toBeUndefined()
})

test('a register that cannot be used is told in one line with its place, and nothing is read', async () => {
  const place = workplace(LIST.replace('MAC', 'Serial'))
  const { status, stderr, stdout } = await place.run(['sweep', ...SWEEP])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^[^\n]*configuration\/lists\/laptops\.csv:1: has no column "MAC": [^\n]*\n$/)
  place.put('configuration/policy.yaml', POLICY.replace('laptops.csv', 'none.csv'))
  const missing = await place.run(['sweep', ...SWEEP])
  expect(missing.stderr).toMatch(/^[^\n]*none\.csv: register "laptops" cannot be read [^\n]*: name a file [^\n]*\n$/)
})
