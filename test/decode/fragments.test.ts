import { describe, expect, test } from 'vitest'
import {
  authentication,
  dnsQuery,
  type Ends,
  filler,
  fragmentHeader,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  LINKTYPE_RAW,
  PROTOCOL_UDP,
  random,
  tunnels,
  udp,
  udpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { Driver } from './drive.ts'

const ends4: Ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 50000, destinationPort: 443 }
const ends6: Ends = { source: 'fd00::5', destination: '2001:db8::7', sourcePort: 50000, destinationPort: 443 }
const SECOND = 1_000_000

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** One fragment of a datagram. */
interface Piece {
  readonly start: number
  readonly end: number
}

function fragment(datagram: Uint8Array, { start, end }: Piece, six: boolean, identification = 7): Uint8Array {
  const part = datagram.subarray(start, end)
  const more = end < datagram.length
  if (six) return ipv6(ends6, PROTOCOL_UDP, part, [fragmentHeader(start, more, identification)])
  return ipv4(ends4, PROTOCOL_UDP, part, { identification, fragmentOffset: start, moreFragments: more })
}

/** Decodes them in turn; gives the payloads that were found. */
function payloads(driver: Driver, packets: readonly Uint8Array[], step = 0): string[] {
  const decoded = packets.map((packet, i) => driver.decode(LINKTYPE_RAW, packet, { time: i * step }))
  return decoded.filter(({ ok }) => ok).map(({ payload }) => payload)
}

describe('a datagram in fragments', () => {
  const content = filler(100, 1)
  const of4 = ipv4Fragments(ends4, PROTOCOL_UDP, udp(ends4, content), 24, 77)
  const of6 = ipv6Fragments(ends6, PROTOCOL_UDP, udp(ends6, content), 24, 77)

  test.each([
    ['IPv4', of4, '10.0.0.5 50000 > 198.51.100.7 443'],
    ['IPv6', of6, 'fd00::5 50000 > 2001:db8::7 443'],
  ])('of %s is whole with the one that comes last, whichever it is', (_, fragments, flow) => {
    for (const order of [fragments, fragments.toReversed()]) {
      const driver = new Driver()
      for (const early of order.slice(0, -1)) {
        const { ok, protocol } = driver.decode(LINKTYPE_RAW, early)
        expect({ ok, protocol }).toEqual({ ok: false, protocol: PROTOCOL_UDP })
      }
      expect(driver.decode(LINKTYPE_RAW, order.at(-1)!)).toEqual({
        ok: true,
        protocol: PROTOCOL_UDP,
        flow,
        payload: hex(content),
        cut: false,
      })
      expect(driver.finish()).toEqual([])
      expect(driver.headers).toHaveLength(fragments.length)
    }
  })

  test('may hold extension headers', () => {
    const rest = ipv6(ends6, PROTOCOL_UDP, udp(ends6, content), [authentication()]).subarray(40)
    const fragments = ipv6Fragments(ends6, 51, rest, 16, 3)
    expect(payloads(new Driver(), fragments)).toEqual([hex(content)])
  })

  test('is told from others by addresses, identification, and in IPv4 by protocol', () => {
    const driver = new Driver()
    const others = [
      ipv4Fragments({ ...ends4, source: '10.0.0.6' }, PROTOCOL_UDP, udp(ends4, filler(100, 2)), 24, 77),
      ipv4Fragments(ends4, PROTOCOL_UDP, udp(ends4, filler(100, 3)), 24, 78),
      ipv4Fragments(ends4, 136, udp(ends4, filler(100, 4)), 24, 77),
    ]
    const rounds = of4.flatMap((packet, i) => [packet, ...others.map((fragments) => fragments[i]!)])
    expect(payloads(driver, rounds)).toEqual([hex(content), hex(filler(100, 2)), hex(filler(100, 3))])
    expect(driver.finish()).toEqual([['transport_not_read', 1]])
  })

  test('that carries a tunnel is read like a whole one, in which fragments may be again', () => {
    const inner = udpPacket(ends4, content)
    const outer = tunnels.tunnelUdp(4789, tunnels.vxlan(frameOf(inner)))
    const ends = { source: '192.0.2.1', destination: '192.0.2.2' }
    expect(payloads(new Driver(), ipv4Fragments(ends, PROTOCOL_UDP, outer.subarray(20), 40, 1))).toEqual([hex(content)])

    const nested = of4.flatMap((packet, i) => {
      const whole = tunnels.tunnelUdp(4789, tunnels.vxlan(frameOf(packet)))
      return ipv4Fragments(ends, PROTOCOL_UDP, whole.subarray(20), 32, i + 1)
    })
    const driver = new Driver()
    expect(payloads(driver, nested)).toEqual([hex(content)])
    expect(driver.finish()).toEqual([])
    // The pieces of each come in turns, so that inner fragments wait while outer ones are put together.
    const shuffled = nested.toReversed()
    expect(payloads(new Driver(), shuffled)).toEqual([hex(content)])
  })

  test('that never becomes whole is counted, at the end or after thirty seconds', () => {
    const driver = new Driver()
    expect(payloads(driver, of4.slice(1))).toEqual([])
    expect(driver.oddities).toEqual([])
    expect(driver.decode(LINKTYPE_RAW, of4[0]!, { time: 31 * SECOND }).ok).toBe(false)
    expect(driver.oddities).toEqual([['fragments_incomplete', 1]])
    expect(driver.finish()).toEqual([['fragments_incomplete', 2]])
    expect(payloads(new Driver(), of4, 7 * SECOND)).toEqual([hex(content)])
    expect(payloads(new Driver(), of4, 8 * SECOND)).toEqual([])
  })

  test('that the snap length cut is never whole; its first fragment gives what is there', () => {
    const driver = new Driver()
    const [first, ...others] = of4.map((packet) =>
      driver.decode(LINKTYPE_RAW, packet.subarray(0, -1), { wireLength: packet.length }),
    )
    expect(first).toMatchObject({ ok: true, cut: true, payload: hex(content.subarray(0, 15)) })
    expect(others.some(({ ok }) => ok)).toBe(false)
    expect(driver.finish()).toEqual([['fragments_cut', of4.length]])
  })
})

function frameOf(packet: Uint8Array): Uint8Array {
  return Uint8Array.from([...new Uint8Array(12), 8, 0, ...packet])
}

describe('fragments that overlap', () => {
  const datagram = udp(ends4, filler(56, 1))
  const other = udp(ends4, filler(56, 2))

  test('with the same bytes are no oddity', () => {
    const driver = new Driver()
    const pieces = [
      { start: 0, end: 32 },
      { start: 16, end: 48 },
      { start: 16, end: 48 },
      { start: 40, end: 64 },
    ]
    expect(
      payloads(
        driver,
        pieces.map((piece) => fragment(datagram, piece, false)),
      ),
    ).toEqual([hex(datagram.subarray(8))])
    expect(driver.finish()).toEqual([])
  })

  test('with other bytes are counted, and the byte that came first stays', () => {
    const driver = new Driver()
    const packets = [
      fragment(datagram, { start: 0, end: 40 }, false),
      fragment(other, { start: 24, end: 48 }, false),
      fragment(datagram, { start: 40, end: 64 }, false),
    ]
    const expected = [...datagram.subarray(8, 40), ...other.subarray(40, 48), ...datagram.subarray(48)]
    expect(payloads(driver, packets)).toEqual([hex(Uint8Array.from(expected))])
    expect(driver.finish()).toEqual([['fragment_overlap', 2]])
  })

  test.each([
    [
      'ends before what is held (teardrop)',
      [
        { start: 0, end: 40 },
        { start: 24, end: 28, last: true },
      ],
    ],
    [
      'ends elsewhere',
      [
        { start: 40, end: 64, last: true },
        { start: 40, end: 60, last: true },
      ],
    ],
    [
      'goes past the end',
      [
        { start: 40, end: 48, last: true },
        { start: 40, end: 56, last: false },
      ],
    ],
  ])('are left out where one %s', (_, pieces: readonly (Piece & { readonly last?: boolean })[]) => {
    const driver = new Driver()
    const packets = pieces.map(({ start, end, last = false }) =>
      ipv4(ends4, PROTOCOL_UDP, datagram.subarray(start, end), {
        identification: 7,
        fragmentOffset: start,
        moreFragments: !last,
      }),
    )
    expect(payloads(driver, packets)).toEqual([])
    expect(driver.finish()).toEqual([
      ['fragment_overlap', 1],
      ['fragments_incomplete', 1],
    ])
  })
})

describe('hostile fragments', () => {
  test.each([
    ['past the longest datagram (ping of death)', { fragmentOffset: 65_528, moreFragments: false }, 100],
    ['of a length that is no multiple of eight', { fragmentOffset: 0, moreFragments: true }, 25],
    ['of no length', { fragmentOffset: 8, moreFragments: true }, 0],
  ])('%s are dropped', (_, fields, length) => {
    const driver = new Driver()
    expect(payloads(driver, [ipv4(ends4, PROTOCOL_UDP, filler(length, 1), fields)])).toEqual([])
    expect(driver.finish()).toEqual([['fragments_dropped', 1]])
  })

  test('of eight bytes each make a datagram of the greatest length', () => {
    const datagram = udp(ends4, filler(65_527 - 8, 1))
    const fragments = ipv4Fragments(ends4, PROTOCOL_UDP, datagram, 8, 9)
    expect(fragments).toHaveLength(8191)
    expect(payloads(new Driver(), fragments.toReversed())).toEqual([hex(datagram.subarray(8))])
  })

  test('in any number push out the oldest, which is counted, and leave the others readable', () => {
    const driver = new Driver()
    const firsts = Array.from({ length: 5000 }, (_, id) =>
      fragment(udp(ends4, filler(56, 1)), { start: 0, end: 32 }, true, id),
    )
    expect(payloads(driver, firsts, 1000)).toEqual([])
    const [name, dropped] = driver.oddities[0]!
    expect(name).toBe('fragments_dropped')
    expect(dropped).toBeGreaterThanOrEqual(5000 - 256)
    const rest = fragment(udp(ends4, filler(56, 1)), { start: 32, end: 64 }, true, 4999)
    expect(driver.decode(LINKTYPE_RAW, rest, { time: 5_000_000 }).ok).toBe(true)
    expect(driver.finish().find(([name]) => name === 'fragments_incomplete')![1]).toBe(5000 - dropped - 1)
  })
})

describe('any datagram', () => {
  /** Where it is cut, in which order the pieces come, and what comes twice or is cut out once more. */
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 10 })

  test('cut anywhere, in any order, with pieces that come again or overlap, is the same payload', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 490 }), cuts, fc.nat(), fc.boolean(), (length, units, seed, six) => {
        const datagram = udp(six ? ends6 : ends4, filler(length, seed))
        const places = units.map((unit) => unit * 8).filter((place) => place < datagram.length)
        const edges = [0, ...places.sort((a, b) => a - b), datagram.length]
        const pieces = edges.slice(1).map((end, i): Piece => ({ start: edges[i]!, end }))
        if (pieces.length === 1) return
        const next = random(seed)
        const again = pieces.filter(() => next() % 3 === 0)
        const joined = pieces.slice(1).map((piece, i): Piece => ({ start: pieces[i]!.start, end: piece.end }))
        const overlaps = joined.filter((_, i) => joined.length > 1 && next() % 4 === 0 && i < joined.length)
        const all = [...pieces, ...again, ...overlaps]
        const order = all.map((piece) => ({ piece, key: next() })).sort((a, b) => a.key - b.key)
        const driver = new Driver()
        const found = payloads(
          driver,
          order.map(({ piece }) => fragment(datagram, piece, six)),
        )
        expect(found.length).toBeGreaterThan(0)
        expect(new Set(found)).toEqual(new Set([hex(datagram.subarray(8))]))
        const counted = driver.finish().map(([name]) => name)
        expect(counted.filter((name) => name !== 'fragments_incomplete')).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test('of any fragments whatever breaks nothing', () => {
    const piece = fc.record({
      start: fc.nat(8191).map((unit) => unit * 8),
      length: fc.nat(64),
      more: fc.boolean(),
      id: fc.nat(2),
      near: fc.boolean(),
    })
    const query = dnsQuery('chat.example')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const driver = new Driver()
        for (const { start, length, more, id, near } of pieces) {
          const fields = { identification: id, fragmentOffset: near ? start % 128 : start, moreFragments: more }
          driver.decode(LINKTYPE_RAW, ipv4(ends4, PROTOCOL_UDP, filler(length, id), fields))
        }
        expect(driver.decode(LINKTYPE_RAW, udpPacket(ends4, query))).toMatchObject({ ok: true, payload: hex(query) })
        for (const [, count] of driver.finish()) expect(count).toBeLessThanOrEqual(pieces.length)
      }),
      { numRuns: 1000 },
    )
  })
})
