import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkLayers } from '../../src/decode/link/index.ts'
import {
  authentication,
  type Ends,
  ethernet,
  filler,
  hopByHop,
  ipv6,
  linuxSll,
  linuxSll2,
  PROTOCOL_TCP,
  tcp,
  udpPacket,
} from '../build/index.ts'
import { decode } from './drive.ts'

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 443 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 443 }
const chained = ipv6(ends6, PROTOCOL_TCP, tcp(ends6, { payload: filler(20, 1) }), [hopByHop(), authentication()])
const seeds = [
  ethernet(udpPacket(ends4, filler(20, 1)), { vlans: [{ id: 1 }, { id: 2 }] }),
  ethernet(chained),
  linuxSll(chained),
  linuxSll2(udpPacket(ends4, filler(20, 1))),
  chained,
]

const linkType = fc.constantFrom(...linkLayers.keys())
const change = fc.tuple(fc.nat(120), fc.nat(255))
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }), fc.nat(120))
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
