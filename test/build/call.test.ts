import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  channelData,
  concat,
  type Ends,
  filler,
  framed,
  LINKTYPE_RAW,
  MAPPED_ADDRESS,
  MS_TURN_REMOTE_ADDRESS,
  msTurnCookie,
  multiplexedTurn,
  pcap,
  rtcpReport,
  rtpPacket,
  STUN_BINDING,
  STUN_REALM,
  STUN_SOFTWARE,
  stunAddress,
  stunMessage,
  stunText,
  stunXorAddress,
  TURN_CREATE_PERMISSION,
  TURN_DATA_ATTRIBUTE,
  TURN_SEND,
  tcpPacket,
  udpPacket,
  XOR_PEER_ADDRESS,
} from './index.ts'
import { tshark, tsharkInstalled } from './tshark.ts'

const PORT_STUN = 3478
const PORT_RTP = 5004
/** By itself it takes no port for RTP's. */
const AS_RTP = ['-d', `udp.port==${PORT_RTP},rtp`, '-d', `tcp.port==${PORT_RTP},rtp`]

const transaction = filler(12, 9)

function ends(destinationPort: number): Ends {
  return { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 40_000, destinationPort }
}

describe.skipIf(!tsharkInstalled)('tshark reads without complaint', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'offchannel-call-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function written(packets: readonly Uint8Array[]): string {
    const path = join(folder, 'built')
    const timed = packets.map((bytes, time) => ({ time, bytes }))
    writeFileSync(path, pcap(timed, { linkType: LINKTYPE_RAW }))
    return path
  }

  function read(payload: Uint8Array, field: string) {
    return tshark(written([udpPacket(ends(PORT_STUN), payload)]), field)
  }

  test('messages of STUN, with text and a checksum', () => {
    const attributes = [stunText(STUN_SOFTWARE, 'a client 1.0'), stunText(STUN_REALM, 'chat.example')]
    const message = stunMessage(STUN_BINDING, attributes, { fingerprint: true })
    expect(read(message, 'stun.att.software')).toEqual({ values: ['a client 1.0'], complaints: [] })
    expect(read(message, 'stun.att.realm').values).toEqual(['chat.example'])
    expect(read(message, 'stun.att.crc32.status').values).toEqual(['1'])
    expect(read(message, 'stun.id').values).toEqual([Buffer.from(filler(12, STUN_BINDING)).toString('hex')])
  })

  test('messages of TURN, with addresses of peers', () => {
    const four = stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5000)
    const six = stunXorAddress(XOR_PEER_ADDRESS, '2001:db8::7', 5001, transaction)
    const message = stunMessage(TURN_CREATE_PERMISSION, [four, six], { transaction })
    expect(read(message, 'stun.att.ipv4')).toEqual({ values: ['192.0.2.9'], complaints: [] })
    expect(read(message, 'stun.att.ipv6').values).toEqual(['2001:db8::7'])
    expect(read(message, 'stun.att.port').values).toEqual(['5000', '5001'])
  })

  test('messages of RFC 3489 and of Microsoft', () => {
    const mapped = stunMessage(STUN_BINDING, [stunAddress(MAPPED_ADDRESS, '192.0.2.9', 5000)], { cookie: false })
    expect(read(mapped, 'classicstun.att.ipv4')).toEqual({ values: ['192.0.2.9'], complaints: [] })
    const remote = stunAddress(MS_TURN_REMOTE_ADDRESS, '192.0.2.9', 5000)
    const microsoft = stunMessage(0x0115, [msTurnCookie(), remote], { cookie: false })
    expect(read(microsoft, 'classicstun.att.type').values).toEqual(['0x000f', '0x0012'])
  })

  test('channels of TURN, in datagrams and in a stream', () => {
    expect(read(channelData(0x4001, filler(7, 1)), 'stun.channel')).toEqual({ values: ['0x4001'], complaints: [] })
    expect(read(multiplexedTurn(filler(7, 1)), 'stun.channel').values).toEqual(['0xff10'])
    const parts = [stunMessage(STUN_BINDING), channelData(0x4002, filler(7, 1), { padded: true })]
    const stream = tcpPacket(ends(PORT_STUN), { sequence: 1, payload: concat(...parts, stunMessage(TURN_SEND)) })
    expect(tshark(written([stream]), 'stun.channel')).toEqual({ values: ['0x4002'], complaints: [] })
    expect(tshark(written([stream]), 'stun.type').values).toEqual(['0x0001', '0x0016'])
  })

  test('what is relayed with its message', () => {
    const data = { type: TURN_DATA_ATTRIBUTE, value: filler(30, 5) }
    const message = stunMessage(TURN_SEND, [stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5000), data])
    expect(read(message, 'stun.value').values).toContain(Buffer.from(data.value).toString('hex'))
  })

  test('RTP, in datagrams and behind lengths, and RTCP', () => {
    const fields = { sequence: 7, timestamp: 1120, source: 0xabcdef }
    const packets = [
      rtpPacket(fields),
      rtpPacket({ ...fields, marker: true, contributors: [1, 2], extension: filler(8, 1) }, filler(20, 2)),
      rtcpReport(0xabcdef),
    ]
    const stream = concat(framed(packets[0]!), framed(packets[1]!))
    const path = written([
      ...packets.map((packet) => udpPacket(ends(PORT_RTP), packet)),
      tcpPacket(ends(PORT_RTP), { sequence: 1, payload: stream }),
    ])
    const names = ['rtp.ssrc', 'rtp.timestamp', 'rtp.csrc.item', 'rtcp.senderssrc', '_ws.malformed']
    const args = ['-n', '-r', path, ...AS_RTP, '-T', 'fields', ...names.flatMap((name) => ['-e', name])]
    const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    expect(text.split('\n')).toEqual([
      '0x00abcdef\t1120\t\t\t',
      '0x00abcdef\t1120\t0x00000001,0x00000002\t\t',
      '\t\t\t0x00abcdef\t',
      '0x00abcdef,0x00abcdef\t1120,1120\t0x00000001,0x00000002\t\t',
      '',
    ])
  })
})
