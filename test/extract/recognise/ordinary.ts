import {
  ascii,
  clientHello,
  concat,
  dnsQuery,
  dnsResponse,
  dtlsFragment,
  dtlsHello,
  dtlsRecord,
  filler,
  quicCrypto,
  quicInitial,
  uint16,
  uint32,
} from '../../build/index.ts'
import { type Sent, up } from './candidates.ts'

/** `count` datagrams, the odd ones from the server. */
export function exchange(count: number, build: (i: number, up: boolean) => Uint8Array): Sent[] {
  return Array.from({ length: count }, (_, i) => ({ up: i % 2 === 0, bytes: build(i, i % 2 === 0) }))
}

const hello = clientHello({ serverName: 'a.example', postQuantum: false })

/** What is no tunnel, as it goes to and fro. */
export const ordinary: readonly [string, Sent[]][] = [
  [
    'DNS',
    exchange(20, (i, first) => {
      const name = `n${i >> 1}.example`
      return first ? dnsQuery(name) : dnsResponse(name, 'A', [{ name, type: 'A', data: '192.0.2.1' }])
    }),
  ],
  [
    'RTP',
    exchange(60, (i, first) => {
      const fields = concat([0x80, i === 0 ? 0x80 : 0], uint16(500 + i), uint32(160 * i), uint32(first ? 7 : 9))
      return concat(fields, filler(160, i))
    }),
  ],
  [
    'RTP that is silent',
    exchange(60, (i) => concat([0x80, 0], uint16(i), uint32(160 * i), uint32(7), new Uint8Array(160))),
  ],
  [
    'QUIC',
    [
      up(quicInitial({ destination: filler(8, 1), size: 1200 }, quicCrypto(hello))),
      ...exchange(60, (i, first) =>
        concat([0x40 | (filler(1, i)[0]! & 0x1f)], filler(8, first ? 5 : 6), filler(60 + i, i)),
      ),
    ],
  ],
  ['DTLS', exchange(8, (i) => dtlsRecord([dtlsFragment(dtlsHello(hello), { sequence: i })], { sequence: i }))],
  [
    'NTP',
    exchange(20, (i, first) =>
      concat([first ? 0x23 : 0x24, 2, 6, 0xe9], uint32(0x45b), uint32(0xa11 + i), filler(4, 1), filler(32, i)),
    ),
  ],
  ['syslog', Array.from({ length: 20 }, (_, i) => up(ascii(`<34>1 - host app ${i} - - something happened`)))],
  [
    'STUN',
    exchange(20, (i, first) =>
      concat(
        [first ? 0 : 1, 1],
        uint16(i % 3 === 0 ? 128 : 72),
        uint32(0x2112a442),
        filler(12, i >> 1),
        filler(i % 3 === 0 ? 128 : 72, i),
      ),
    ),
  ],
  [
    'uTP',
    exchange(40, (i) =>
      concat([i < 2 ? 0x41 : i % 4 < 2 ? 0x01 : 0x21, 0], uint16(7), uint32(1000 * i), filler(132, i)),
    ),
  ],
  [
    'CoAP',
    exchange(40, (i, first) => concat([first ? 0x44 : 0x64, 1], uint16(i >> 1), filler(4, i >> 1), filler(30, i))),
  ],
  [
    'SIP',
    exchange(10, (i) => ascii(`${i % 2 === 0 ? 'REGISTER sip:a.example' : 'SIP/2.0 200'} ${i}\r\nCall-ID: 1\r\n\r\n`)),
  ],
  ['zeros', exchange(40, (i) => new Uint8Array(148 - (i % 2) * 56))],
  ['ones', exchange(40, (i) => new Uint8Array(148 - (i % 2) * 56).fill(0xff))],
  ['one byte', exchange(40, (i) => Uint8Array.of(i % 4 < 2 ? 0xff : 0x42))],
  ['one datagram over and over', exchange(40, () => filler(148, 1))],
  [
    'a counter behind a number',
    exchange(40, (i, first) =>
      concat([first ? 0x20 : 0x28], filler(8, first ? 1 : 2), uint32(i), uint32(0), filler(40, i)),
    ),
  ],
]
