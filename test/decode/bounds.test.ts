import { describe, expect, test } from 'vitest'
import { linkLayers } from '../../src/decode/link/index.ts'
import {
  authentication,
  bsdLoop,
  bsdNull,
  concat,
  type Ends,
  ethernet,
  filler,
  hopByHop,
  ipv6,
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_LOOP,
  LINKTYPE_NULL,
  LINKTYPE_RAW,
  linuxSll,
  linuxSll2,
  PROTOCOL_TCP,
  tcp,
  udpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { decode } from './drive.ts'
import { ipTunnels, ipv6Tunnels, tags } from './tunnels.ts'

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 443 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 443 }
const chained = ipv6(ends6, PROTOCOL_TCP, tcp(ends6, { payload: filler(20, 1) }), [hopByHop(), authentication()])
const frames: readonly [linkType: number, bytes: Uint8Array][] = [
  [LINKTYPE_ETHERNET, ethernet(udpPacket(ends4, filler(20, 1)), { vlans: [{ id: 1 }, { id: 2 }] })],
  [LINKTYPE_ETHERNET, ethernet(chained)],
  [
    LINKTYPE_ETHERNET,
    ethernet(concat([0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd], chained), { etherType: 8 + chained.length }),
  ],
  [LINKTYPE_LINUX_SLL, linuxSll(chained)],
  [LINKTYPE_LINUX_SLL2, linuxSll2(udpPacket(ends4, filler(20, 1)))],
  [LINKTYPE_NULL, bsdNull(chained)],
  [LINKTYPE_LOOP, bsdLoop(udpPacket(ends4, filler(20, 1)))],
  [LINKTYPE_RAW, chained],
  ...tags.map(({ wrap }): [number, Uint8Array] => [LINKTYPE_ETHERNET, wrap(chained)]),
  ...[...ipTunnels, ...ipv6Tunnels].map(({ wrap }): [number, Uint8Array] => [LINKTYPE_RAW, wrap(chained)]),
]
const seeds = frames.map(([, bytes]) => bytes)

const linkType = fc.constantFrom(...linkLayers.keys())
const change = fc.tuple(fc.nat(250), fc.nat(255))
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }), fc.nat(250))
  .map(([seed, changes, length]) => {
    const bytes = seed.slice(0, length)
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
    return bytes
  })
const bytes = fc.oneof(mutated, fc.uint8Array({ maxLength: 100 }))

describe('decoding any bytes', () => {
  test('gives a payload within them, or counts one oddity', () => {
    fc.assert(
      fc.property(linkType, bytes, (type, packet) => {
        const { ok, payload, oddities } = decode(type, packet)
        expect(payload.length).toBeLessThanOrEqual(2 * packet.length)
        if (ok) expect(Buffer.from(packet).toString('hex')).toContain(payload)
        else expect(oddities).toHaveLength(1)
      }),
      { numRuns: 5000 },
    )
  })

  test('that were cut sees nothing of what was cut off, though it still stands there', () => {
    for (const [type, packet] of frames) {
      for (let length = 0; length < packet.length; length++) {
        const [part, behind] = [packet.subarray(0, length), packet.subarray(length)]
        const wireLength = packet.length
        expect(decode(type, part, { behind, wireLength })).toEqual(decode(type, part, { wireLength }))
      }
    }
  })

  test('sees nothing of what stands before and behind them', () => {
    fc.assert(
      fc.property(linkType, bytes, fc.uint8Array({ maxLength: 40 }), (type, packet, around) => {
        const alone = decode(type, packet)
        for (const behind of [around, new Uint8Array(60).fill(0xff), new Uint8Array(60).fill(0x45)]) {
          expect(decode(type, packet, { before: around, behind })).toEqual(alone)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
