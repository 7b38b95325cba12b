import { expect, test } from 'vitest'
import { ethernet, filler, LINKTYPE_ETHERNET, merge, pcap, tlsConversation, udpPacket } from '../build/index.ts'
import { EvidencePlace } from './evidence.ts'
import { MORNING } from './inputs.ts'

const POLICY = `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: staff-wifi, kind: guest, scope: managed, cidrs: [172.16.20.0/24] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: 'wifi*', vantage: access-network }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`

const [CLIENT, OTHER, GATEWAY, LAPTOP] = ['172.16.20.14', '172.16.20.15', '203.0.113.10', '02:00:5e:10:00:14']

/** `2026-05-12 08:00:05` */
function clock(minute: number): string {
  return new Date(MORNING / 1000 + minute * 60_000).toISOString().replace('T', ' ').slice(0, 19)
}

const DHCP = `${clock(-30)}.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 ${LAPTOP}], cid=[no info], tid=0x1a2b: lease ${CLIENT} has been allocated for 7200 seconds\n`

const VPN = [
  `${clock(-20)} ${OTHER}:59321 [alice] Peer Connection Initiated with [AF_INET]${OTHER}:59321`,
  `${clock(-20)} alice/${OTHER}:59321 MULTI: primary virtual IP for alice/${OTHER}:59321: 10.8.0.5`,
  `${clock(60)} alice/${OTHER}:59321 SIGTERM[soft,remote-exit] received, client-instance exiting`,
  '',
].join('\n')

/** A client's keepalives to the gateway at these seconds. */
function tunnel(client: string, ...seconds: readonly number[]) {
  return seconds.map((second) => ({
    time: MORNING + second * 1e6,
    bytes: udpPacket({ source: client, destination: GATEWAY, sourcePort: 4500, destinationPort: 4500 }, filler(60, 9)),
  }))
}

function visit(client: string, second: number) {
  const ends = { source: client, destination: '198.51.100.9', sourcePort: 50_000 + second, destinationPort: 443 }
  return tlsConversation({ ends, time: MORNING + second * 1e6, hello: { serverName: 'g.whatsapp.net' }, exchanges: [] })
}

/** Frames, from 1, as the capture has them. */
function wifi(...packets: readonly { readonly time: number; readonly bytes: Uint8Array }[]): Uint8Array {
  const timed = packets.map(({ time, bytes }) => ({ time, bytes: ethernet(bytes) }))
  return pcap(timed, { linkType: LINKTYPE_ETHERNET })
}

async function swept(inputs: Readonly<Record<string, string | Uint8Array>>): Promise<EvidencePlace> {
  const at = new EvidencePlace()
  at.newSigner('signer')
  at.policy = 'policy.yaml'
  at.put('policy.yaml', POLICY)
  for (const [name, content] of Object.entries(inputs)) at.put(name, content)
  const { report } = await at.sweep([...Object.keys(inputs), '--policy', 'policy.yaml'])
  at.ids = report.findings.map(({ id }) => id)
  return at
}

interface Indexed {
  readonly position: number
  readonly roles: readonly string[]
  readonly file: string
  readonly frame: number
  readonly at: number
  readonly capturedLength: number
  readonly wireLength: number
}

function indexed(at: EvidencePlace, of: 'frames' | 'lines'): readonly Indexed[] {
  return JSON.parse(at.read(`pack/data/${of}/index.json`).toString()).pieces
}

test('a pack has packets of the tunnel that was up, in the minute or the two around it, and none of anybody else', async () => {
  // In the minute of the visit; two minutes before and one after; and where the tunnel went down in between.
  const packets = merge(
    tunnel(CLIENT!, 61, 62, 63),
    tunnel(OTHER!, 60, 64, 500, 505),
    visit(CLIENT!, 70),
    tunnel(CLIENT!, 300, 430, 900, 1500),
    visit(CLIENT!, 370),
    visit(CLIENT!, 1200),
  )
  const at = await swept({ 'wifi.pcap': wifi(...packets) })
  await at.prove('pack')
  const seconds = indexed(at, 'frames')
    .filter(({ roles }) => roles.includes('tunnel'))
    .map(({ position }) => (packets[position - 1]!.time - MORNING) / 1e6)
  expect(seconds).toEqual([61, 300, 430])
  expect((await at.verify('pack', '--key', 'signer.pub')).status).toBe(0)
})

test('of a packet of a tunnel a pseudonymous pack has the headers, an identified one all', async () => {
  const at = await swept({ 'wifi.pcap': wifi(...merge(tunnel(CLIENT!, 61), visit(CLIENT!, 70))) })
  await at.prove('pack')
  const lengths = () =>
    indexed(at, 'frames')
      .filter(({ roles }) => roles.includes('tunnel'))
      .map(({ capturedLength, wireLength }) => [capturedLength, wireLength])
  expect(lengths()).toEqual([[42, 102]])
  await at.prove('whole.age', '--recipient', await at.newRecipient())
  await at.open('whole.age', 'pack-of-all')
  const { pieces } = JSON.parse(at.read('pack-of-all/data/frames/index.json').toString()) as { pieces: Indexed[] }
  const { file, at: place } = pieces.find(({ roles }) => roles.includes('tunnel'))!
  const frame = at.read('pack-of-all', file).subarray(place + 16, place + 16 + 102)
  expect(frame.equals(Buffer.from(ethernet(tunnel(CLIENT!, 61)[0]!.bytes)))).toBe(true)
})

test('a pack has the lines of the lease and of the tunnel that whose it was, and the route, rest on', async () => {
  const inputs = {
    'wifi.pcap': wifi(...merge(visit(CLIENT!, 70), visit(OTHER!, 80))),
    'dhcp.log': DHCP,
    'vpn.log': VPN,
  }
  const at = await swept(inputs)
  await at.prove('pack')
  const lines = indexed(at, 'lines').map(({ roles, position }) => `${roles} ${position}`)
  // The lease; of the tunnel its first record and its last.
  expect(lines).toEqual(['session 1', 'session 1', 'session 3'])
  const text = [...at.files('pack')].filter(([file]) => file.endsWith('.log')).map(([, bytes]) => Buffer.from(bytes))
  for (const secret of ['alice', LAPTOP!, CLIENT!, OTHER!]) expect(Buffer.concat(text).includes(secret)).toBe(false)
  expect((await at.verify('pack', '--key', 'signer.pub')).status).toBe(0)
})

test('a tunnel whose packets are gone is missing with the reason, once for each minute', async () => {
  const at = await swept({ 'wifi.pcap': wifi(...merge(tunnel(CLIENT!, 61, 62), visit(CLIENT!, 70))) })
  await at.sweep(['wifi.pcap', '--policy', 'policy.yaml', '--store', 'bare.db', '--no-evidence'])
  at.put('wifi.pcap', wifi(...visit(CLIENT!, 70)))
  const { stdout } = await at.run(['findings', '--store', 'bare.db', '--json'])
  const { id } = JSON.parse(stdout.split('\n')[0]!) as { id: string }
  const { status } = await at.run(['prove', id, '--store', 'bare.db', '--policy', 'policy.yaml', '--out', 'pack'])
  expect(status).toBe(0)
  const { missing } = JSON.parse(at.read(`pack/data/findings/${id}.json`).toString())
  const reason = 'the file is not the one that was read, or cannot be held against it'
  const place = { input: 'wifi.pcap', unit: 'frame', position: 0, role: 'tunnel', reason }
  expect(missing.filter(({ role }: { role: string }) => role === 'tunnel')).toEqual([place])
})
