import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  dnsResponse,
  type Ends,
  echConfigList,
  LINKTYPE_RAW,
  pcap,
  reversed,
  sshIdentification,
  tcpPacket,
  udpPacket,
  xmppHeader,
} from './index.ts'
import { tshark, tsharkInstalled } from './tshark.ts'

const NAME = 'chat.builders.example'
const START = Date.UTC(2026, 4, 12, 8) * 1000
const ends: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 53 }

describe.skipIf(!tsharkInstalled)('tshark reads without complaint', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offchannel-other-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function read(packets: readonly Uint8Array[], field: string) {
    const path = join(folder, 'built')
    const timed = packets.map((bytes, i) => ({ time: START + i, bytes }))
    writeFileSync(path, pcap(timed, { linkType: LINKTYPE_RAW }))
    return tshark(path, field)
  }

  test('service bindings: aliases, endpoints, hints and configurations for Encrypted Client Hello', () => {
    const ech = echConfigList([{ id: 7, publicName: 'cover.example' }])
    const answers = [
      { name: NAME, type: 'HTTPS', data: { priority: 0, target: 'edge.example' } },
      {
        name: NAME,
        type: 'HTTPS',
        data: { alpn: ['h3', 'h2'], ipv4: ['198.51.100.7', '198.51.100.8'], ipv6: ['2001:db8::7'], ech },
      },
      { name: NAME, type: 'SVCB', data: { priority: 2, target: 'svc.example', ipv4: ['198.51.100.9'] } },
    ] as const
    const packets = [udpPacket(reversed(ends), dnsResponse(NAME, 'HTTPS', answers))]
    const values = (field: string) => read(packets, `dns.svcb.${field}`)
    expect(values('svcparam.ipv4hint.ip')).toEqual({
      values: ['198.51.100.7', '198.51.100.8', '198.51.100.9'],
      complaints: [],
    })
    expect(values('svcparam.ipv6hint.ip').values).toEqual(['2001:db8::7'])
    expect(values('svcparam.echconfig').values).toEqual([Buffer.from(ech).toString('hex')])
    expect(values('targetname').values).toEqual(['edge.example', '<Root>', 'svc.example'])
    expect(values('svcpriority').values).toEqual(['0', '1', '2'])
    expect(values('svcparam.alpn').values).toEqual(['h3', 'h2'])
  })

  test('both identifications of SSH', () => {
    const there = { ...ends, destinationPort: 22 }
    const packets = [
      tcpPacket(there, { sequence: 1, payload: sshIdentification('OpenSSH_9.9') }),
      tcpPacket(reversed(there), { sequence: 1, payload: sshIdentification('dropbear_2024.86', { comments: 'x' }) }),
    ]
    expect(read(packets, 'ssh.protocol')).toEqual({
      values: ['SSH-2.0-OpenSSH_9.9', 'SSH-2.0-dropbear_2024.86 x'],
      complaints: [],
    })
  })

  test('the stream headers of XMPP', () => {
    const there = { ...ends, destinationPort: 5222 }
    const packets = [
      tcpPacket(there, { sequence: 1, payload: xmppHeader({ to: NAME, version: '1.0' }) }),
      tcpPacket(reversed(there), { sequence: 1, payload: xmppHeader({ id: '4', from: NAME }, { quote: '"' }) }),
    ]
    const { values, complaints } = read(packets, 'xml.attribute')
    expect(values).toContain(`to='${NAME}'`)
    expect(values).toContain('id="4"')
    expect(complaints).toEqual([])
    expect(read(packets, 'xmpp.stream').values).toHaveLength(2)
  })
})
