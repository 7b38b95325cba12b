import { describe, expect, test } from 'vitest'
import {
  applicationData,
  clientHelloRecords,
  concat,
  type Ends,
  EXTENSION_KEY_SHARE,
  reversed,
  serverFlight,
  tcpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { ENDS, Extraction, evenly, extract, segment, segments, syn } from './drive.ts'

const NAME = 'chat.signal.org'
/** Its name stands behind the key share: the first segment of two does not hold it. */
const hello = clientHelloRecords({ serverName: NAME, order: [EXTENSION_KEY_SHARE] })
const inRecords = clientHelloRecords({ serverName: NAME, order: [EXTENSION_KEY_SHARE], recordSizes: [3, 400, 900] })
const small = clientHelloRecords({ serverName: NAME, postQuantum: false })

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]))
}

describe('a ClientHello in one segment', () => {
  test('is an observation of its client, server and frame', () => {
    expect(extract([syn(), segment(hello, 0, hello.length)]).observed).toEqual([
      {
        time: '1970-01-01T00:00:00.002000Z',
        means: 'tls-sni',
        name: NAME,
        client: '10.0.0.5',
        clientPort: 51234,
        server: '198.51.100.7',
        serverPort: 443,
        transport: 'tcp',
        input: 'test',
        frame: 2,
        alpn: ['h2', 'http/1.1'],
        ja4: expect.stringMatching(/^t13d0914h2_[0-9a-f]{12}_[0-9a-f]{12}$/),
      },
    ])
  })

  test('is read on any port, over either IP version, with a SYN and without', () => {
    for (const [source, destination] of [
      ['10.0.0.5', '198.51.100.7'],
      ['fd00::5', '2001:db8::7'],
    ] as const) {
      for (const destinationPort of [443, 5222, 853, 1]) {
        const ends: Ends = { source, destination, sourcePort: 40000, destinationPort }
        expect(extract([segment(hello, 0, hello.length, 1, ends)]).names).toEqual([NAME])
        expect(extract([syn(1, ends), segment(hello, 0, hello.length, 1, ends)]).names).toEqual([NAME])
      }
    }
  })

  test('on the SYN itself (TCP Fast Open) is read', () => {
    const bytes = tcpPacket(ENDS, { sequence: 999, flags: 0x02, payload: hello })
    expect(extract([bytes]).names).toEqual([NAME])
  })

  test('that was retransmitted, or captured twice, is observed once', () => {
    const { names, counts } = extract([
      syn(),
      ...Array(3).fill(segment(hello, 0, hello.length)),
      segment(hello, 0, 600),
    ])
    expect(names).toEqual([NAME])
    expect(counts).toEqual({})
  })

  test('of a new connection between the same ports is observed again', () => {
    const again = [syn(90_000), segment(hello, 0, hello.length, 90_000)]
    expect(extract([syn(), segment(hello, 0, hello.length), ...again]).names).toEqual([NAME, NAME])
  })

  test("is the client's: what the server sends is not awaited", () => {
    const back = reversed(ENDS)
    const { names, counts } = extract([
      syn(),
      tcpPacket(back, { sequence: 499, flags: 0x12 }),
      segment(hello, 0, hello.length),
      segment(serverFlight(2000), 0, 1000, 500, back),
      segment(serverFlight(2000), 1000, 2000, 500, back),
    ])
    expect(names).toEqual([NAME])
    expect(counts).toEqual({})
  })
})

describe('a ClientHello in several segments', () => {
  test.each([
    ['in one record', hello],
    ['in four records', inRecords],
    ['without a post-quantum share', small],
  ])('arrives in every order of up to five (%s)', (_, bytes) => {
    for (let count = 2; count <= 5; count++) {
      for (const order of permutations(segments(bytes, evenly(bytes.length, count - 1)))) {
        const { names, counts, observed } = extract([syn(), ...order])
        expect(names).toEqual([NAME])
        expect(counts).toEqual({})
        expect(observed[0]).toMatchObject({ firstFrame: 2, frame: count + 1 })
      }
    }
  })

  test.each([
    ['in one record', hello],
    ['in four records', inRecords],
  ])('arrives cut in two anywhere, in either order, with a SYN (%s)', (_, bytes) => {
    for (let cut = 1; cut < bytes.length; cut++) {
      const pieces = segments(bytes, [cut])
      expect(extract([syn(), ...pieces]).names, `cut at ${cut}`).toEqual([NAME])
      expect(extract([syn(), ...pieces.toReversed()]).names, `cut at ${cut}`).toEqual([NAME])
    }
  })

  test('arrives in order without a SYN, where six bytes of it come first', () => {
    for (let cut = 6; cut < hello.length; cut++) {
      expect(extract(segments(hello, [cut])).names, `cut at ${cut}`).toEqual([NAME])
    }
    for (let cut = 1; cut < 6; cut++) expect(extract(segments(hello, [cut])).names, `cut at ${cut}`).toEqual([])
  })

  test('arrives though the SYN comes again', () => {
    const [first, second] = segments(hello, [700]) as [Uint8Array, Uint8Array]
    for (const order of permutations([first, syn(), second])) expect(extract([syn(), ...order]).names).toEqual([NAME])
  })

  test('arrives byte by byte, forwards and backwards', () => {
    const cuts = Array.from({ length: small.length - 1 }, (_, i) => i + 1)
    const pieces = segments(small, cuts)
    expect(extract([syn(), ...pieces]).names).toEqual([NAME])
    expect(extract([syn(), ...pieces.reverse()]).names).toEqual([NAME])
  })

  test('arrives around the end of the sequence numbers', () => {
    for (const base of [0xffffffff, 0xffffff00, 0xfffffc18, 0, 0x7fffff00, 0x80000000]) {
      const pieces = segments(hello, evenly(hello.length, 3), base)
      for (const order of permutations(pieces)) expect(extract([syn(base), ...order]).names).toEqual([NAME])
      expect(extract(pieces).names).toEqual([NAME])
    }
  })

  test('arrives with what follows it in its last segment', () => {
    const stream = concat(hello, applicationData(300, 1))
    expect(extract([syn(), ...segments(stream, [700])]).names).toEqual([NAME])
  })

  test('arrives while other connections of the same hosts do', () => {
    const others = Array.from({ length: 50 }, (_, i): Ends => ({ ...ENDS, sourcePort: 30_000 + i }))
    const pieces = others.map((ends, i) => segments(hello, [600 + i], 1000 * i, ends))
    const { names, observed } = extract([
      ...others.map((ends, i) => syn(1000 * i, ends)),
      ...pieces.map(([first]) => first!),
      ...pieces.map(([, second]) => second!).reverse(),
    ])
    expect(names).toEqual(Array(50).fill(NAME))
    expect(new Set(observed.map(({ clientPort }) => clientPort)).size).toBe(50)
  })

  test('arrives in any pieces, in any order, any number of times, also overlapping, and is observed once', () => {
    const range = (length: number) => fc.tuple(fc.nat(length - 1), fc.integer({ min: 1, max: 600 }))
    const streams = fc.constantFrom(hello, inRecords, small)
    const scene = streams.chain((bytes) =>
      fc.record({
        bytes: fc.constant(bytes),
        cuts: fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 20 }),
        overlapping: fc.array(range(bytes.length), { maxLength: 8 }),
        repeated: fc.array(fc.nat(20), { maxLength: 8 }),
        base: fc.oneof(fc.nat(0xffffffff), fc.integer({ min: 0xfffff000, max: 0xffffffff })),
        order: fc.infiniteStream(fc.nat()),
      }),
    )
    fc.assert(
      fc.property(scene, ({ bytes, cuts, overlapping, repeated, base, order }) => {
        const pieces = segments(
          bytes,
          cuts.sort((a, b) => a - b),
          base,
        )
        const twice = repeated.map((i) => pieces[i % pieces.length]!)
        const across = overlapping.map(([from, length]) =>
          segment(bytes, from, Math.min(from + length, bytes.length), base),
        )
        const shuffled = [...pieces, ...twice, ...across]
          .map((packet) => ({ packet, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ packet }) => packet)
        const { names, counts } = extract([syn(base), ...shuffled])
        expect(names).toEqual([NAME])
        expect(counts).toEqual({})
      }),
      { numRuns: 1000 },
    )
  })

  test('that overlap and differ: the bytes that came first count', () => {
    const at = Buffer.from(hello).indexOf(NAME)
    const forged = hello.slice()
    forged.set(Buffer.from('xxxx'), at)
    const first = segment(hello, 700, hello.length)
    const second = segment(hello, 700, hello.length - 5)
    const rest = segment(hello, 0, 700)
    for (const from of [0, 600, 800]) {
      const late = segment(forged, from, hello.length)
      expect(extract([syn(), first, late, rest]).names, `from ${from}`).toEqual([NAME])
      expect(extract([syn(), second, late, rest]).names, `from ${from}`).toEqual([NAME])
    }
  })
})

describe('a ClientHello that does not come whole', () => {
  const end = hello.length
  const fin = (sequence: number) => segment(hello, sequence, sequence, 1000, ENDS, 0x11)

  test('says so at the end of the input, and names its server where the name had come', () => {
    const early = clientHelloRecords({ serverName: NAME })
    for (const [bytes, names] of [
      [hello, []],
      [early, [NAME]],
    ] as const) {
      const extraction = extract([syn(), segment(bytes, 0, 400)])
      expect(extraction.names).toEqual(names)
      expect(extraction.counts).toMatchObject({ client_hello_incomplete: 1 })
    }
  })

  test('because its segment was cut by the snap length is read as far as it goes', () => {
    const early = clientHelloRecords({ serverName: NAME })
    const bytes = segment(early, 0, early.length)
    for (const packets of [[syn()], []]) {
      const extraction = new Extraction().packets(packets)
      extraction.packet({ bytes: bytes.subarray(0, 300), wireLength: bytes.length })
      expect(extraction.names).toEqual([NAME])
      expect(extraction.counts).toEqual({ client_hello_incomplete: 1 })
    }
    const extraction = new Extraction().packets([syn(), segment(early, 0, 100)])
    const second = segment(early, 100, early.length)
    extraction.packet({ bytes: second.subarray(0, 300), wireLength: second.length })
    expect(extraction.names).toEqual([NAME])
  })

  test('because the connection is reset is given up at once', () => {
    const reset = tcpPacket(ENDS, { sequence: 1400, flags: 0x04 })
    const extraction = new Extraction().packets([syn(), segment(hello, 0, 400), reset])
    expect(extraction.counts).toEqual({ client_hello_incomplete: 1, client_hello_without_name: 1 })
    expect(extract([syn(), reset, segment(hello, 0, 400)]).names).toEqual([])
  })

  test('because the connection ends is given up, unless the FIN overtook a part of it', () => {
    const [first, second] = segments(hello, [700]) as [Uint8Array, Uint8Array]
    const cutShort = new Extraction().packets([syn(), first, fin(700)])
    expect(cutShort.counts).toEqual({ client_hello_incomplete: 1, client_hello_without_name: 1 })
    for (const order of permutations([first, second, fin(end)])) {
      const { names, counts } = extract([syn(), ...order])
      expect(names).toEqual([NAME])
      expect(counts).toEqual({})
    }
  })

  test('because another connection begins between the same ports is given up', () => {
    const early = clientHelloRecords({ serverName: 'a.example' })
    const { names, counts } = extract([syn(), segment(early, 0, 400), syn(9000), ...segments(hello, [700], 9000)])
    expect(names).toEqual(['a.example', NAME])
    expect(counts).toEqual({ client_hello_incomplete: 1 })
  })

  test('because its beginning was not seen says nothing', () => {
    expect(extract([segment(hello, 700, end)]).observed).toEqual([])
    expect(extract([syn(), segment(hello, 700, end)]).observed).toEqual([])
  })

  test('without a name, or with one that no host has, is counted', () => {
    const nameless = clientHelloRecords()
    expect(extract([segment(nameless, 0, nameless.length)]).counts).toEqual({ client_hello_without_name: 1 })
    const long = clientHelloRecords({ serverName: 'x'.repeat(256), postQuantum: false })
    expect(extract([segment(long, 0, long.length)])).toMatchObject({
      observed: [],
      counts: { client_hello_name_too_long: 1 },
    })
    const longest = clientHelloRecords({ serverName: 'x'.repeat(255), postQuantum: false })
    expect(extract([segment(longest, 0, longest.length)]).names).toEqual(['x'.repeat(255)])
  })

  test('whose name holds other bytes than a host name has them made harmless', () => {
    const odd = clientHelloRecords({ serverName: 'A.\0\n\\ \u00ff', postQuantum: false })
    expect(extract([segment(odd, 0, odd.length)]).names).toEqual(['a.\\000\\010\\092\\032\\255'])
  })

  test('that offers Encrypted Client Hello is marked and counted', () => {
    const offered = clientHelloRecords({ serverName: NAME, encryptedHello: true })
    const { observed, counts } = extract([segment(offered, 0, offered.length)])
    expect(observed).toMatchObject([{ name: NAME, encryptedHello: true }])
    expect(counts).toEqual({ client_hello_encrypted: 1 })
  })
})
