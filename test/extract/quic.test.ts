import { describe, expect, test } from 'vitest'
import {
  clientHello,
  concat,
  EXTENSION_KEY_SHARE,
  filler,
  QUIC_CONNECTION_CLOSE,
  QUIC_HANDSHAKE,
  QUIC_PING,
  QUIC_RETRY,
  QUIC_ZERO_RTT,
  quicAck,
  quicCrypto,
  quicInitial,
  quicLongPacket,
  quicVersionNegotiation,
  quicVersions,
  random,
  reversed,
  udpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, extract } from './drive.ts'

const NAME = 'web.whatsapp.com'
const ID = Uint8Array.of(0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08)
const hello = clientHello({ serverName: NAME, postQuantum: false, alpn: ['h3'] })
/** As Chrome sends it: over two datagrams, with its name behind the key share. */
const large = clientHello({ serverName: NAME, order: [EXTENSION_KEY_SHARE], alpn: ['h3'] })

type Options = Partial<Parameters<typeof quicInitial>[0]>

/** A datagram of 1,200 bytes with one Initial. */
function initial(options: Options, ...frames: readonly ArrayLike<number>[]): Uint8Array {
  return quicInitial({ destination: ID, size: 1200, ...options }, ...frames)
}

function sent(...datagrams: readonly Uint8Array[]): Uint8Array[] {
  return datagrams.map((datagram) => udpPacket(ENDS, datagram))
}

function received(...datagrams: readonly Uint8Array[]): Uint8Array[] {
  return datagrams.map((datagram) => udpPacket(reversed(ENDS), datagram))
}

function result({ names, counts }: Extraction): unknown {
  return { names, counts }
}

describe('the vectors of the standards', () => {
  // RFC 9001 A.2 and RFC 9369 A.2: the same CRYPTO frame, which PADDING fills to 1,162 bytes.
  const frame = Buffer.from(
    '060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c0' +
      '00000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e0005000501' +
      '00000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304' +
      '000d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07' +
      '048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff',
    'hex',
  )

  test.each([
    [
      'RFC 9001',
      quicVersions.v1,
      'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11',
      'e221af44860018ab0856972e194cd934',
    ],
    [
      'RFC 9369',
      quicVersions.v2,
      'd76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485',
      'a18b2faa745b6fe189cf772a9f84cbfc',
    ],
  ])('of %s A.2 are what the builder makes and what is read', (_, version, first, last) => {
    const packet = initial({ version, packetNumber: 2, numberLength: 4 }, frame)
    expect(packet.length).toBe(1200)
    expect(Buffer.from(packet).toString('hex', 0, 32)).toBe(first)
    expect(Buffer.from(packet).toString('hex', 1184)).toBe(last)
    expect(extract(sent(packet)).observed).toMatchObject([
      { means: 'quic-sni', name: 'example.com', transport: 'udp', clientPort: 51234, serverPort: 443, frame: 1 },
    ])
  })

  test('are refused under the number of a version with other keys', () => {
    const packet = initial({ version: quicVersions.draft29, number: 1 }, frame)
    expect(result(extract(sent(packet)))).toEqual({ names: [], counts: { quic_not_decrypted: 1 } })
  })
})

describe('a client of', () => {
  test.each(Object.entries(quicVersions).filter(([name]) => !/[qt]05/.test(name)))(
    '%s names its server',
    (_, version) => {
      expect(result(extract(sent(initial({ version }, quicCrypto(hello)))))).toEqual({ names: [NAME], counts: {} })
    },
  )

  test.each([
    ['drafts that kept a salt', 0xff000019, quicVersions.draft27],
    ['the last draft', 0xff000022, quicVersions.v1],
    ['Facebook of draft 22', 0xfaceb001, quicVersions.draft22],
    ['Facebook of draft 27', 0xfaceb002, quicVersions.draft27],
    ['a Facebook version that is not known', 0xfaceb00e, quicVersions.v1],
    ['a version that asks for negotiation', 0x1a2a3a4a, quicVersions.v1],
    ['such a version with the salt of draft 29', 0x0a0a0a0a, quicVersions.draft29],
  ])('%s names its server', (_, number, version) => {
    expect(extract(sent(initial({ version, number }, quicCrypto(hello)))).names).toEqual([NAME])
  })

  test('a version that is not known is counted where HTTP/3 is offered, and nowhere else', () => {
    const packet = initial({ number: 0x12345678 }, quicCrypto(hello))
    const elsewhere = udpPacket({ ...ENDS, destinationPort: 4433 }, packet)
    expect(result(extract([...sent(packet), elsewhere]))).toEqual({ names: [], counts: { quic_version_unknown: 1 } })
  })

  test('any port is known by content', () => {
    const packet = initial({}, quicCrypto(hello))
    expect(extract([udpPacket({ ...ENDS, sourcePort: 443, destinationPort: 8853 }, packet)]).names).toEqual([NAME])
  })

  test('a fixed bit that is not set names its server, as RFC 9287 allows it', () => {
    expect(extract(sent(initial({ fixedBit: false }, quicCrypto(hello)))).names).toEqual([NAME])
  })
})

describe('a ClientHello', () => {
  test.each([
    ['in one frame', [initial({}, quicCrypto(hello))]],
    ['behind other frames', [initial({}, QUIC_PING, [0, 0], quicAck({ largest: 0 }), quicCrypto(hello))]],
    [
      'behind an acknowledgement with ranges and counts',
      [
        initial(
          {},
          quicAck({
            largest: 900,
            ranges: [
              [1, 2],
              [3, 70],
            ],
            ecn: true,
          }),
          quicCrypto(hello),
        ),
      ],
    ],
    ['behind a token', [initial({ token: filler(700, 5) }, quicCrypto(hello))]],
    ['with a long packet number', [initial({ packetNumber: 0xfedcba, numberLength: 3 }, quicCrypto(hello))]],
    [
      'behind 0-RTT in the same datagram',
      [
        concat(
          quicLongPacket(QUIC_ZERO_RTT, { destination: ID }, filler(300, 1)),
          initial({ size: 900 }, quicCrypto(hello)),
        ),
      ],
    ],
    [
      'before 0-RTT in the same datagram',
      [
        concat(
          initial({ size: 900 }, quicCrypto(hello)),
          quicLongPacket(QUIC_ZERO_RTT, { destination: ID }, filler(300, 1)),
        ),
      ],
    ],
    [
      'in two Initials of one datagram',
      [
        concat(
          initial({ size: 600 }, quicCrypto(hello, 100)),
          initial({ size: 600, packetNumber: 1 }, quicCrypto(hello, 0, 100)),
        ),
      ],
    ],
    [
      'whose second part comes first',
      [initial({ packetNumber: 1 }, quicCrypto(large, 1000)), initial({}, quicCrypto(large, 0, 1000))],
    ],
    [
      'whose second part goes to the id that the server chose',
      [
        initial({}, quicCrypto(large, 0, 1000)),
        initial({ destination: filler(4, 9), keysFrom: ID, packetNumber: 1 }, quicCrypto(large, 1000)),
      ],
    ],
    [
      'of which parts overlap',
      [initial({}, quicCrypto(large, 0, 1000)), initial({ packetNumber: 1 }, quicCrypto(large, 600))],
    ],
  ])('%s names its server once', (_, datagrams) => {
    const { observed, counts } = extract(sent(...datagrams, ...datagrams))
    expect(observed).toMatchObject([{ name: NAME, frame: datagrams.length }])
    expect(counts).toEqual({})
  })

  test('that came in parts stands at the frames that it needed', () => {
    const [first, second] = [
      initial({}, quicCrypto(large, 0, 1000)),
      initial({ packetNumber: 1 }, quicCrypto(large, 1000)),
    ]
    const { observed } = extract([...sent(first!), ...received(filler(100, 1)), ...sent(second!)])
    expect(observed).toMatchObject([{ frame: 3, firstFrame: 1 }])
  })

  test('of which a part never comes is counted, and named where the name is in what came', () => {
    const named = clientHello({ serverName: NAME })
    const part = initial({}, quicCrypto(named, 0, 1000))
    expect(result(extract(sent(part)))).toEqual({ names: [NAME], counts: { client_hello_incomplete: 1 } })
    const rest = initial({}, quicCrypto(named, 1000))
    expect(result(extract(sent(rest)))).toEqual({
      names: [],
      counts: { client_hello_incomplete: 1, client_hello_without_name: 1 },
    })
  })

  test('that offers Encrypted Client Hello is marked and counted', () => {
    const offered = clientHello({ serverName: NAME, postQuantum: false, encryptedHello: true })
    const { observed, counts } = extract(sent(initial({}, quicCrypto(offered))))
    expect(observed).toMatchObject([{ name: NAME, encryptedHello: true }])
    expect(counts).toEqual({ client_hello_encrypted: 1 })
  })

  test('without a name is counted', () => {
    const nameless = clientHello({ postQuantum: false })
    expect(result(extract(sent(initial({}, quicCrypto(nameless)))))).toEqual({
      names: [],
      counts: { client_hello_without_name: 1 },
    })
  })

  test('is not looked for behind a frame that ends the connection or does not belong there', () => {
    for (const frame of [
      QUIC_CONNECTION_CLOSE,
      [0x08, 0, 0],
      [0x06, 0, 0x7f, 0xff],
      [0x02, 0, 0, 0xbf, 0xff, 0xff, 0xff],
    ]) {
      expect(result(extract(sent(initial({}, frame, quicCrypto(hello)))))).toEqual({ names: [], counts: {} })
    }
  })

  test('that is another message or of a size that none has is counted as damaged', () => {
    for (const message of [concat([2], hello.subarray(1)), concat([1, 0xff, 0xff, 0xff], hello.subarray(4))]) {
      expect(result(extract(sent(initial({}, quicCrypto(message)))))).toEqual({
        names: [],
        counts: { client_hello_damaged: 1 },
      })
    }
  })

  test('beyond the limit is given up, and counted', () => {
    const far = initial({}, concat([6], [0x80, 1, 0, 4], [1], [7]))
    expect(result(extract(sent(far)))).toEqual({
      names: [],
      counts: { quic_dropped: 1, client_hello_incomplete: 1, client_hello_without_name: 1 },
    })
  })
})

describe('a connection', () => {
  const serverId = filler(8, 20)
  const clientId = filler(5, 21)
  const fromServer = quicInitial(
    { destination: clientId, keysFrom: ID, source: serverId, fromServer: true, size: 1200 },
    quicAck({ largest: 0 }),
  )
  const first = initial({ source: clientId }, quicCrypto(hello))

  test('of which all is seen names its server once, and nothing is odd', () => {
    const acknowledged = initial(
      { destination: serverId, keysFrom: ID, source: clientId, packetNumber: 1 },
      quicAck({ largest: 0 }),
    )
    const handshake = quicLongPacket(QUIC_HANDSHAKE, { destination: serverId, source: clientId }, filler(1200, 2))
    const packets = [...sent(first), ...received(fromServer), ...sent(acknowledged, handshake, first)]
    expect(result(extract(packets))).toEqual({ names: [NAME], counts: {} })
    // The client's further packets cannot be opened without those of the server, and are not missed.
    expect(result(extract(sent(first, acknowledged, handshake)))).toEqual({ names: [NAME], counts: {} })
  })

  test('that was picked up at the server is counted, and does not hide the client', () => {
    const longId = { destination: filler(8, 22), keysFrom: ID, source: serverId, fromServer: true, size: 1200 }
    const early = quicInitial(longId, quicAck({ largest: 0 }))
    const { names, counts } = extract([...received(early), ...sent(first)])
    expect({ names, counts }).toEqual({ names: [NAME], counts: { quic_not_decrypted: 1 } })
    // An id that is too short for a client's first packet is a server's.
    expect(result(extract(received(fromServer)))).toEqual({ names: [], counts: {} })
  })

  test('that is told to come again names its server once', () => {
    const retryId = filler(12, 23)
    const retry = quicLongPacket(QUIC_RETRY, { destination: clientId, source: retryId }, filler(60, 3))
    const again = initial(
      { destination: retryId, source: clientId, token: filler(44, 3), packetNumber: 1 },
      quicCrypto(hello),
    )
    expect(result(extract([...sent(first), ...received(retry), ...sent(again)]))).toEqual({ names: [NAME], counts: {} })
    expect(result(extract(sent(again)))).toEqual({ names: [NAME], counts: {} })
  })

  test('that negotiates its version names its server once, if the hello is the same', () => {
    const asked = initial({ number: 0x1a2a3a4a }, quicCrypto(hello))
    const offer = quicVersionNegotiation({ source: ID, versions: [1, 0x6b3343cf] })
    const again = initial({ version: quicVersions.v2 }, quicCrypto(hello))
    expect(result(extract([...sent(asked), ...received(offer), ...sent(again)]))).toEqual({ names: [NAME], counts: {} })
  })

  test('that follows another between the same ports is named too', () => {
    const other = clientHello({ serverName: 'chat.signal.org', postQuantum: false, seed: 9 })
    expect(extract(sent(first, initial({ destination: filler(8, 30) }, quicCrypto(other)))).names).toEqual([
      NAME,
      'chat.signal.org',
    ])
  })

  test('is not hidden by a packet that was forged with its id', () => {
    const forged = first.slice()
    forged[600]! ^= 1
    expect(result(extract(sent(forged, first)))).toEqual({ names: [NAME], counts: { quic_not_decrypted: 1 } })
    expect(extract(sent(forged, forged, forged, first)).names).toEqual([])
  })
})

describe('a datagram', () => {
  const packet = initial({}, quicCrypto(hello))

  test('with one byte changed names nothing', () => {
    const extraction = new Extraction()
    for (let at = 0; at < packet.length; at++) {
      const before = extraction.counts.quic_not_decrypted ?? 0
      const changed = packet.slice()
      changed[at]! ^= 1 << (at % 8)
      extraction.packet({ bytes: udpPacket({ ...ENDS, sourcePort: 2000 + at }, changed) })
      expect(extraction.names, `byte ${at}`).toEqual([])
      // In the first bytes it can become a packet of another type, version or length, or none of QUIC.
      if (at >= 18) expect(extraction.counts.quic_not_decrypted, `byte ${at}`).toBe(before + 1)
    }
    expect(extraction.finish().names).toEqual([])
  })

  test('cut anywhere names nothing, and is counted where its beginning was captured', () => {
    const extraction = new Extraction()
    const whole = udpPacket(ENDS, packet)
    for (let length = 29; length < whole.length; length++) {
      const before = extraction.counts.quic_cut ?? 0
      extraction.packet({ bytes: whole.subarray(0, length), wireLength: whole.length })
      expect(extraction.counts.quic_cut ?? 0, `${length} bytes`).toBe(before + (length >= 28 + 15 ? 1 : 0))
    }
    expect(extraction.finish().names).toEqual([])
  })

  test('is one connection: what goes to another id behind the first is not looked at', () => {
    const other = quicInitial({ destination: filler(8, 30), size: 600 }, quicCrypto(hello))
    const ping = quicInitial({ destination: ID, size: 600 }, QUIC_PING)
    expect(result(extract(sent(concat(ping, other))))).toEqual({ names: [], counts: {} })
    expect(extract(sent(concat(other, ping))).names).toEqual([NAME])
  })

  test('below the size of a client is not looked at', () => {
    expect(result(extract(sent(initial({ size: 900 }, quicCrypto(hello)))))).toEqual({ names: [], counts: {} })
  })

  test('damaged in any way breaks nothing', () => {
    const datagrams = [
      packet,
      initial({}, quicCrypto(large, 0, 1000)),
      initial({ packetNumber: 1 }, quicCrypto(large, 1000)),
      concat(initial({ size: 600 }, quicCrypto(hello, 100)), initial({ size: 600 }, quicCrypto(hello, 0, 100))),
    ]
    const extraction = new Extraction()
    for (let number = 0; number < 10_000; number++) {
      const next = random(number)
      const damaged = mutated(datagrams[next() % datagrams.length]!, next)
      const ends = { ...ENDS, sourcePort: 1024 + (next() % 200) }
      extraction.packet({ bytes: udpPacket(next() % 8 === 0 ? reversed(ends) : ends, damaged) })
    }
    extraction.finish()
    expect(new Set(extraction.names)).toEqual(new Set([NAME]))
  })
})

test('a hello in any frames, packets, datagrams and order, some of them twice, is one observation', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: large.length - 1 }), { maxLength: 24 })
  fc.assert(
    fc.property(cuts, fc.integer(), fc.integer({ min: 1, max: 6 }), (places, seed, perPacket) => {
      const next = random(seed)
      const sorted = [0, ...places.sort((a, b) => a - b), large.length]
      let frames = sorted.slice(1).map((to, i) => quicCrypto(large, sorted[i]!, to))
      frames = shuffled([...frames, ...frames.filter(() => next() % 4 === 0)], next)
      const packets: Uint8Array[] = []
      for (let number = 0; frames.length > 0; number++) {
        const taken: ArrayLike<number>[] = []
        let length = 0
        while (frames.length > 0 && taken.length < 2 * perPacket && length + frames[0]!.length < 1100) {
          const frame = frames.shift()!
          length += frame.length
          taken.push(frame, next() % 2 === 0 ? QUIC_PING : [0, 0, 0])
        }
        if (taken.length === 0) {
          // A frame too large for a datagram.
          const frame = frames.shift()!
          taken.push(frame)
        }
        packets.push(initial({ packetNumber: number, numberLength: 1 + (next() % 4) }, ...taken))
      }
      const order = shuffled([...packets, ...packets.filter(() => next() % 4 === 0)], next)
      expect(result(extract(sent(...order)))).toEqual({ names: [NAME], counts: {} })
    }),
    { numRuns: 200 },
  )
})

test('state stays bounded, however many connections begin, and what is dropped is counted', () => {
  const extraction = new Extraction()
  const flows = 6000
  for (let i = 0; i < flows; i++) {
    const ends = { ...ENDS, source: `10.0.${i >> 8}.${i & 255}` }
    extraction.packet({ bytes: udpPacket(ends, initial({}, quicCrypto(large, 0, 1000))), time: 1 + i })
  }
  const dropped = extraction.counts.quic_dropped ?? 0
  expect(dropped).toBeGreaterThanOrEqual(flows - 4096)
  expect(extraction.counts.client_hello_incomplete).toBe(dropped)
  extraction.finish()
  expect(extraction.counts.client_hello_incomplete).toBe(flows)
})

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}
