import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { links } from '../decode/links.ts'
import { ipTunnels, ipv6Tunnels, tags } from '../decode/tunnels.ts'
import { dnsQuery, LINKTYPE_ETHERNET, LINKTYPE_RAW, pcap, udpPacket } from './index.ts'
import { DNS_NAME, tshark, tsharkInstalled } from './tshark.ts'

const NAME = 'chat.builders.example'
const query4 = udpPacket(
  { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 53 },
  dnsQuery(NAME),
)
const query6 = udpPacket(
  { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 53 },
  dnsQuery(NAME, 'AAAA'),
)

describe.skipIf(!tsharkInstalled)('tshark finds a look-up', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offchannel-layers-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(
    [
      ...links,
      ...tags.map((carrier) => ({ ...carrier, linkType: LINKTYPE_ETHERNET })),
      ...ipTunnels.map((carrier) => ({ ...carrier, linkType: LINKTYPE_RAW })),
      ...ipv6Tunnels.map((carrier) => ({ ...carrier, linkType: LINKTYPE_RAW })),
    ].filter(({ ours }) => !ours),
  )('in $name', (carrier) => {
    const packets = ipv6Tunnels.some(({ name }) => name === carrier.name) ? [query6] : [query4, query6]
    const path = join(folder, 'built')
    const timed = packets.map((packet, time) => ({ time, bytes: carrier.wrap(packet) }))
    writeFileSync(path, pcap(timed, { linkType: carrier.linkType }))
    expect(tshark(path, DNS_NAME).values).toEqual(packets.map(() => NAME))
  })
})
