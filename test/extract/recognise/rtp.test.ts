import { describe, expect, test } from 'vitest'
import {
  ascii,
  channelData,
  clientHello,
  concat,
  dnsQuery,
  dnsResponse,
  dtlsFragment,
  dtlsHello,
  dtlsRecord,
  espPacket,
  filler,
  framed,
  ikeMessage,
  multiplexedTurn,
  quicCrypto,
  quicInitial,
  random,
  rtcpReport,
  rtpPacket,
  STUN_BINDING,
  STUN_BINDING_SUCCESS,
  stunMessage,
  stunXorAddress,
  TURN_ALLOCATE,
  TURN_DATA,
  TURN_DATA_ATTRIBUTE,
  TURN_SEND,
  uint16,
  uint32,
  wireguardData,
  wireguardInitiation,
  XOR_PEER_ADDRESS,
} from '../../build/index.ts'
import { MediaTraffic, voice } from './media.ts'

const THERE = { source: 0x1a2b3c4d }
const BACK = { source: 0x5e6f7081, ticks: 160, type: 0 }
const plain = (packet: Uint8Array) => packet

/** `count` packets of voice each way, in turn. */
function talk(traffic: MediaTraffic, count: number, carry: (packet: Uint8Array, up: boolean) => Uint8Array = plain) {
  for (let i = 0; i < count; i++) {
    traffic.send(carry(voice(THERE, i), true)).back(carry(voice(BACK, i), false))
  }
  return traffic
}

/** A way that was found. */
function met(options: { tcp?: boolean } = {}): MediaTraffic {
  const check = stunMessage(STUN_BINDING, [], { fingerprint: true })
  return new MediaTraffic(options).send(check).back(stunMessage(STUN_BINDING_SUCCESS, [], { fingerprint: true }))
}

describe('a call', () => {
  test('is probable by RTP both ways', () => {
    const { opinions, said } = talk(new MediaTraffic(), 4)
    expect(opinions).toEqual([...Array(7).fill('unknown'), 'probable'])
    expect(said).toBe('call/rtp/probable')
  })

  test('is indicative by RTP one way', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 9; i++) traffic.send(voice(THERE, i))
    expect(traffic.opinions).toEqual([...Array(8).fill('unknown'), 'indicative'])
    expect(traffic.said).toBe('call/rtp/indicative')
  })

  test('stays what it was where its source begins anew, or is silent', () => {
    const traffic = met()
    for (let i = 0; i < 9; i++) traffic.send(voice(THERE, i))
    expect(traffic.said).toBe('call/rtp/indicative')
    expect(traffic.send(voice(THERE, 900)).said).toBe('call/rtp/indicative')
    expect(talk(traffic, 4).send(voice(THERE, 900)).send(stunMessage(STUN_BINDING)).said).toBe('call/rtp/confirmed')
  })

  test('is confirmed by RTP both ways behind STUN', () => {
    expect(talk(met(), 3).said).toBe('payload/stun/confirmed')
    expect(talk(met(), 4).said).toBe('call/rtp/confirmed')
  })

  test('is found also where STUN comes later, or among RTP', () => {
    const traffic = talk(new MediaTraffic(), 4).send(stunMessage(STUN_BINDING))
    expect(traffic.said).toBe('call/rtp/confirmed')
  })

  test('is found behind a handshake of DTLS, among RTCP and what keeps alive', () => {
    const hello = dtlsRecord([dtlsFragment(dtlsHello(clientHello({ serverName: 'a.example', postQuantum: false })))])
    const traffic = met().send(hello).back(hello)
    for (let i = 0; i < 40; i++) traffic.send(rtcpReport(1)).back(ascii('OK'))
    expect(traffic.said).toBe('payload/stun/confirmed')
    expect(talk(traffic, 4).said).toBe('call/rtp/confirmed')
  })

  test.each<[string, (packet: Uint8Array, up: boolean) => Uint8Array]>([
    ['a channel', (packet) => channelData(0x4001, packet)],
    ['a padded channel', (packet) => channelData(0x4fff, packet, { padded: true })],
    ['a shared port', (packet) => multiplexedTurn(packet)],
    [
      'messages',
      (packet, up) => {
        const data = { type: TURN_DATA_ATTRIBUTE, value: packet }
        return stunMessage(up ? TURN_SEND : TURN_DATA, [stunXorAddress(XOR_PEER_ADDRESS, '192.0.2.9', 5), data])
      },
    ],
    ['nothing, by a relay that applications have of their own', plain],
  ])('is relayed in %s', (_, carry) => {
    const traffic = new MediaTraffic().send(stunMessage(TURN_ALLOCATE))
    expect(talk(traffic, 3, carry).said).toMatch(/^payload\/turn\//)
    expect(talk(traffic, 5, carry).said).toBe('call/turn/confirmed')
  })

  test('in a channel is probable where the beginning was missed', () => {
    expect(talk(new MediaTraffic(), 4, (packet) => channelData(0x4001, packet)).said).toBe('call/turn/probable')
  })

  test('goes over a stream, behind lengths or in channels', () => {
    const direct = new MediaTraffic({ tcp: true }).send(framed(stunMessage(STUN_BINDING)))
    expect(talk(direct, 4, framed).said).toBe('call/rtp/confirmed')
    const relayed = new MediaTraffic({ tcp: true }).send(stunMessage(TURN_ALLOCATE))
    const channel = (packet: Uint8Array) => channelData(0x4000, packet, { padded: true })
    expect(talk(relayed, 4, channel).said).toBe('call/turn/confirmed')
  })

  test('bears packets that are lost, late or come twice', () => {
    const traffic = new MediaTraffic()
    for (const i of [0, 1, 1, 3, 2, 4, 4, 9, 10, 12, 11, 13]) traffic.send(voice(THERE, i)).back(voice(BACK, i))
    expect(traffic.said).toBe('call/rtp/probable')
  })

  test('bears numbers that begin again from zero', () => {
    const packet = (i: number, source: number) =>
      rtpPacket({ source, sequence: (65_533 + i) & 0xffff, timestamp: (0xffffffff - 2000 + 960 * i) >>> 0 })
    const traffic = new MediaTraffic()
    for (let i = 0; i < 6; i++) traffic.send(packet(i, 7)).back(packet(i, 8))
    expect(traffic.said).toBe('call/rtp/probable')
  })

  test.each([
    ['number and clock', 900],
    ['clock', 0],
  ])('bears a source whose %s begin anew', (_, leap) => {
    const packet = (i: number, source: number) => {
      const sequence = i < 3 ? i : leap + i
      return rtpPacket({ source, sequence, timestamp: i < 3 ? 960 * i : 2e9 + 960 * i })
    }
    const traffic = new MediaTraffic()
    for (let i = 0; i < 7; i++) traffic.send(packet(i, 7)).back(packet(i, 8))
    expect(traffic.opinions.slice(-3)).toEqual(['unknown', 'unknown', 'probable'])
  })

  test('is not given up for what else the flow carries, as long as it is no more than what belongs', () => {
    const traffic = new MediaTraffic().send(voice(THERE, 0))
    for (let i = 0; i < 40; i++) traffic.send(ascii('keepalive')).back(rtcpReport(7))
    expect(traffic.last).toBe('unknown')
    expect(talk(traffic, 4).said).toBe('call/rtp/probable')
  })

  test('is found where packets have no time', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 4; i++) traffic.send(voice(THERE, i), { time: 0 }).back(voice(BACK, i), { time: 0 })
    expect(traffic.said).toBe('call/rtp/probable')
  })

  test('has sound and images among packets that only fill', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 12; i++) {
      for (const up of [true, false]) {
        const source = up ? 10 : 20
        traffic.send(voice({ source }, i), { up })
        for (let part = 0; part < 3; part++) {
          traffic.send(rtpPacket({ source: source + 1, sequence: 3 * i + part, timestamp: 3000 * i, type: 96 }), { up })
        }
        traffic.send(rtpPacket({ source: source + 2, sequence: i, timestamp: 0, type: 97 }), { up })
      }
    }
    expect(traffic.said).toBe('call/rtp/probable')
  })

  test('may have contributors and an extension', () => {
    const packet = (i: number, source: number) =>
      rtpPacket({ source, sequence: i, timestamp: 960 * i, contributors: [9], extension: filler(8, i) })
    const traffic = new MediaTraffic()
    for (let i = 0; i < 6; i++) traffic.send(packet(i, 7)).back(packet(i, 8))
    expect(traffic.said).toBe('call/rtp/probable')
  })

  test('may have a clock of milliseconds', () => {
    expect(
      Array.from({ length: 6 }).reduce<MediaTraffic>(
        (traffic, _, i) => traffic.send(voice({ source: 7, ticks: 40 }, i)).back(voice({ source: 8, ticks: 40 }, i)),
        new MediaTraffic(),
      ).said,
    ).toBe('call/rtp/probable')
  })
})

/** `count` datagrams, in turn from either side. */
function exchange(count: number, build: (i: number, up: boolean) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => build(i, i % 2 === 0))
}

describe('no call', () => {
  function said(datagrams: readonly Uint8Array[], traffic = new MediaTraffic()) {
    datagrams.forEach((bytes, i) => {
      traffic.send(bytes, { up: i % 2 === 0 })
    })
    return traffic
  }

  test('is what checks a way', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 60; i++) {
      const transaction = filler(12, i)
      traffic.send(stunMessage(STUN_BINDING, [], { transaction }))
      traffic.back(stunMessage(STUN_BINDING_SUCCESS, [], { transaction }))
    }
    expect(traffic.said).toBe('payload/stun/confirmed')
  })

  test('is RTCP, nor data over DTLS', () => {
    const record = concat([23], uint16(0xfefd), uint16(1), filler(6, 1), uint16(30), filler(30, 2))
    const traffic = met()
    for (let i = 0; i < 60; i++)
      traffic.send(i % 2 === 0 ? rtcpReport(7) : record).back(i % 2 === 0 ? record : rtcpReport(8))
    expect(traffic.said).toBe('payload/stun/confirmed')
  })

  test('is what a channel of another length holds', () => {
    const traffic = talk(met(), 20, (packet) => concat(channelData(0x4001, packet), new Uint8Array(4)))
    expect(traffic.said).toBe('payload/stun/confirmed')
  })

  test('is what has no clock, where packets have no time', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 40; i++) {
      const packet = rtpPacket({ source: 7, sequence: i, timestamp: 5 })
      traffic.send(packet, { time: 0 }).back(packet, { time: 0 })
    }
    expect(traffic.last).toBe('unknown')
  })

  test('is what many receive', () => {
    for (const server of [0xe0000001, 0xefffffff]) {
      expect(new MediaTraffic({ server }).send(voice(THERE, 0)).last).toBe('no')
    }
    expect(new MediaTraffic({ server: 0xf0000001 }).send(voice(THERE, 0)).last).toBe('unknown')
  })

  test.each<[string, (i: number, up: boolean) => Uint8Array]>([
    ['television', (i, up) => voice({ source: up ? 7 : 8, type: 33 }, i >> 1)],
    ['without a source', (i) => voice({ source: 0 }, i >> 1)],
    ['of ever other sources', (i) => rtpPacket({ source: i + 1, sequence: i, timestamp: 960 * i })],
    ['whose clock stands', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: i >> 1, timestamp: 5 })],
    ['whose clock counts packets', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: i >> 1, timestamp: i >> 1 })],
    ['whose clock counts microseconds', (i, up) => voice({ source: up ? 7 : 8, ticks: 40_000 }, i >> 1)],
    ['whose number rises by ten', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: 5 * i, timestamp: 480 * i })],
    [
      'whose number is the time, in pairs',
      (i) => rtpPacket({ source: 7 + (i & 1), sequence: 40 * (i >> 2) + ((i >> 1) & 1), timestamp: 480 * (i >> 1) }),
    ],
    ['whose clock races', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: i >> 1, timestamp: 60_000 * i })],
    ['whose clock leaps', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: i >> 1, timestamp: 1e9 * i })],
    ['whose number stands', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: 5, timestamp: 480 * i })],
    ['whose number is the time', (i, up) => rtpPacket({ source: up ? 7 : 8, sequence: 20 * i, timestamp: 480 * i })],
    [
      'of a game',
      (i, up) => concat([0x80, up ? 1 : 2], uint16(16 * i), [0x86, 0], uint16(i >> 1), uint16(24), filler(24, 1)),
    ],
  ])('is RTP %s', (_, build) => {
    for (const opinion of said(exchange(128, build)).opinions) expect(['none', 'unknown', 'no']).toContain(opinion)
  })

  const hello = clientHello({ serverName: 'a.example', postQuantum: false })
  test.each<[string, Uint8Array[]]>([
    [
      'DNS',
      exchange(60, (i, first) => {
        const answers = [{ name: 'a.example', type: 'A' as const, data: '192.0.2.1' }]
        const id = 0x8000 + (i >> 1)
        return first ? dnsQuery('a.example', 'A', id) : dnsResponse('a.example', 'A', answers, id)
      }),
    ],
    ['an Initial of QUIC', [quicInitial({ destination: filler(8, 1), size: 1200 }, quicCrypto(hello))]],
    ['QUIC', exchange(60, (i, first) => concat([0x40 | (i & 31)], filler(8, first ? 5 : 6), filler(60 + i, i)))],
    [
      'QUIC without its bit',
      exchange(60, (i, first) => concat([0x80 | (i & 31)], filler(8, first ? 5 : 6), filler(60, i))),
    ],
    ['NTP', exchange(60, (i, first) => concat([first ? 0xa3 : 0xa4, 2, 6, 0xe9], uint32(9), uint32(7), filler(36, i)))],
    ['syslog', exchange(60, (i) => ascii(`<34>1 - host app ${i} - - something happened`))],
    ['WireGuard', [wireguardInitiation(7), ...exchange(60, (i, first) => wireguardData(first ? 7 : 8, i, 64))]],
    ['IKE', exchange(60, (i, first) => ikeMessage({ initiator: filler(8, 1), response: !first, marked: i > 20 }))],
    ['ESP', exchange(60, (i, first) => espPacket(first ? 0x80010203 : 0x90010203, i >> 1))],
    [
      'uTP',
      exchange(60, (i) =>
        concat([0x01, 0], uint16(7), uint32(1000 * i), uint32(5), uint32(9), uint16(i), filler(99, i)),
      ),
    ],
    ['SNMP', exchange(60, (i) => concat([0x30, 0x29, 2, 1, 1, 4, 6], ascii('public'), filler(28, i)))],
    ['RADIUS', exchange(60, (i, first) => concat([first ? 1 : 2, i >> 1], uint16(80), filler(16, i), filler(60, i)))],
    ['zeros', exchange(60, () => new Uint8Array(100))],
    ['one datagram over and over', exchange(60, () => rtpPacket({ source: 7, sequence: 1, timestamp: 1 }))],
    ['0x80 over and over', exchange(60, () => new Uint8Array(100).fill(0x80))],
  ])('is %s', (_, datagrams) => {
    for (const opinion of said(datagrams).opinions) expect(['none', 'unknown', 'no']).toContain(opinion)
  })

  test('is what soon turns out to be something else, and that is said', () => {
    const traffic = new MediaTraffic()
    for (let i = 0; i < 12; i++) traffic.send(concat([0x80, 0], filler(60, i)))
    expect(traffic.opinions).toContain('no')
  })

  test('is any of 100,000 random datagrams that begin as RTP does', () => {
    const next = random(5)
    const bytes = filler(4096, 6)
    for (let flow = 0; flow < 2500; flow++) {
      const traffic = new MediaTraffic()
      for (let i = 0; i < 40; i++) {
        const from = next() % 4000
        const datagram = bytes.slice(from, from + 1 + (next() % 90))
        datagram[0] = [0x80, 0x81, 0x90, 0xbf][next() % 4]!
        // As a protocol would that has the same header on all, or a counter.
        if (flow % 3 > 0 && datagram.length > 12) datagram.fill(0x11, 8, 12)
        if (flow % 3 > 1 && datagram.length > 4) datagram.set(uint16(i), 2)
        traffic.send(datagram, { up: next() % 2 === 0, time: 1e15 + i * 20_000 })
      }
      for (const opinion of traffic.opinions) expect(['none', 'no', 'unknown']).toContain(opinion)
    }
  })
})
