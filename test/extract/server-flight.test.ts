import { describe, expect, test } from 'vitest'
import {
  applicationData,
  ascii,
  certificate,
  certificateFlight,
  certificateMessage,
  clientHelloRecords,
  concat,
  type Ends,
  filler,
  RECORD_CHANGE_CIPHER_SPEC,
  RECORD_HANDSHAKE,
  random,
  reversed,
  serverFlight,
  serverHello,
  tcpPacket,
  tlsRecords,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, evenly, extract, segment, segments, syn } from './drive.ts'

const NAME = 'chat.palaver.example'
const BACK = reversed(ENDS)
const BASE = 5000

const own = certificate({
  subject: [{ type: 'CN', value: NAME }],
  issuer: [{ type: 'CN', value: 'Palaver CA 1' }],
  dnsNames: [NAME, '*.palaver.example'],
  padding: 900,
})
const others = [certificate({ subject: [{ type: 'CN', value: 'Palaver CA 1' }], padding: 1000 })]
const flight = certificateFlight([own, ...others])
const together = certificateFlight([own, ...others], { recordSizes: [] })
const inPieces = certificateFlight([own, ...others], { recordSizes: [3, 100, 5, 700, 11] })

/** Of the last byte of the server's own certificate: what follows is not waited for. */
const NEEDED = Buffer.from(flight).indexOf(own) + own.length

const hello = clientHelloRecords({ serverName: NAME, postQuantum: false })

/** What a server says first, and that it accepts. */
function synAck(base = BASE, ends: Ends = BACK): Uint8Array {
  return tcpPacket(ends, { sequence: base - 1, flags: 0x12 })
}

function answer(bytes: Uint8Array, cuts: readonly number[] = [], base = BASE, ends: Ends = BACK): Uint8Array[] {
  return segments(bytes, cuts, base, ends)
}

function certificates({ observed }: Extraction): unknown[] {
  return observed.filter(({ means }) => means === 'tls-certificate').map(({ name }) => name)
}

describe("a server's certificate", () => {
  test('is an observation of the client that it is sent to', () => {
    const { observed, counts } = extract([
      syn(),
      synAck(),
      ...segments(hello, []),
      ...answer(flight, evenly(flight.length, 2)),
    ])
    expect(observed).toMatchObject([
      { means: 'tls-sni', name: NAME, client: '10.0.0.5', frame: 3 },
      {
        time: '1970-01-01T00:00:00.005000Z',
        means: 'tls-certificate',
        name: NAME,
        client: '10.0.0.5',
        clientPort: 51234,
        server: '198.51.100.7',
        serverPort: 443,
        transport: 'tcp',
        frame: 5,
        firstFrame: 4,
        aliases: ['*.palaver.example'],
        issuer: 'Palaver CA 1',
      },
    ])
    expect(counts).toEqual({})
  })

  test.each([
    ['each message in a record', flight],
    ['all messages in a record', together],
    ['in records that cut messages and headers', inPieces],
    ['behind a warning that the name is not known', concat([21, 3, 3, 0, 2, 1, 112], flight)],
  ])('is read from segments in every order, with a handshake before them (%s)', (_, bytes) => {
    for (let count = 1; count <= 6; count++) {
      const pieces = answer(bytes, evenly(bytes.length, count - 1))
      for (const order of [pieces, pieces.toReversed(), [...pieces.slice(1), ...pieces.slice(0, 1)]]) {
        const extraction = extract([syn(), synAck(), ...segments(hello, []), ...order])
        expect(certificates(extraction), `${count} segments`).toEqual([NAME])
        expect(extraction.counts).toEqual({})
      }
    }
  })

  test('is read in the middle of a connection, on any port, where its segments come in order', () => {
    for (const sourcePort of [443, 993, 5223, 1]) {
      const ends = { ...BACK, sourcePort }
      for (const bytes of [flight, together, inPieces]) {
        for (let cut = 20; cut < NEEDED; cut += 37) {
          expect(certificates(extract(answer(bytes, [cut], BASE, ends))), `cut at ${cut}`).toEqual([NAME])
        }
      }
    }
  })

  test('is read as soon as it is there: the rest of what the server sends is not waited for', () => {
    const extraction = new Extraction().packets(answer(flight.subarray(0, NEEDED)))
    expect(certificates(extraction)).toEqual([NAME])
    const early = new Extraction().packets(answer(flight.subarray(0, NEEDED - 1)))
    expect(certificates(early)).toEqual([])
    expect(certificates(early.packets([segment(flight, NEEDED - 1, NEEDED, BASE, BACK)]))).toEqual([NAME])
  })

  test('that was retransmitted, or captured twice, is observed once; of another connection again', () => {
    const pieces = answer(flight, evenly(flight.length, 2))
    const twice = pieces.flatMap((piece) => [piece, piece])
    const extraction = extract([syn(), synAck(), ...twice, ...pieces])
    expect(certificates(extraction)).toEqual([NAME])
    const again = answer(flight, evenly(flight.length, 2), 90_000)
    expect(certificates(extract([...pieces, ...again]))).toEqual([NAME, NAME])
  })

  test('in any pieces, in any order, any number of times, is observed once', () => {
    const scene = fc.constantFrom(flight, together, inPieces).chain((bytes) =>
      fc.record({
        bytes: fc.constant(bytes),
        cuts: fc.uniqueArray(fc.integer({ min: 6, max: bytes.length - 1 }), { maxLength: 20 }),
        repeated: fc.array(fc.nat(20), { maxLength: 6 }),
        order: fc.infiniteStream(fc.nat()),
      }),
    )
    fc.assert(
      fc.property(scene, ({ bytes, cuts, repeated, order }) => {
        const pieces = answer(
          bytes,
          cuts.sort((a, b) => a - b),
        )
        const shuffled = [...pieces, ...repeated.map((i) => pieces[i % pieces.length]!)]
          .map((packet) => ({ packet, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ packet }) => packet)
        const extraction = extract([syn(), synAck(), ...shuffled])
        expect(certificates(extraction)).toEqual([NAME])
        expect(extraction.counts).toEqual({})
      }),
      { numRuns: 500 },
    )
  })

  test('is read behind what a server says before TLS begins', () => {
    for (const greeting of [
      '220 mail.example ESMTP\r\n',
      'S',
      '* OK ready\r\n',
      '\x05\x00',
      'HTTP/1.1 200 OK\r\n\r\n',
    ]) {
      const before = ascii(greeting)
      const extraction = extract([
        syn(),
        synAck(),
        ...answer(before),
        ...answer(flight, [700, 1400], BASE + before.length),
      ])
      expect(certificates(extraction), greeting).toEqual([NAME])
    }
  })

  test('that is for no host is counted', () => {
    for (const options of [{}, { subject: [{ type: 'CN', value: 'WebRTC' }] }, { dnsNames: [] }] as const) {
      expect(extract(answer(certificateFlight([certificate(options)])))).toMatchObject({
        observed: [],
        counts: { certificate_without_name: 1 },
      })
    }
  })

  test('that is none is counted', () => {
    const { observed, counts } = extract(answer(certificateFlight([ascii('no certificate')])))
    expect(observed).toEqual([])
    expect(counts).toEqual({ certificate_damaged: 1, certificate_without_name: 1 })
  })
})

describe('a certificate that does not come whole', () => {
  test('at the end of the input is counted, and read as far as it goes', () => {
    const extraction = extract(answer(flight.subarray(0, NEEDED - 1)))
    expect(certificates(extraction)).toEqual([NAME])
    expect(extraction.counts).toEqual({ certificate_incomplete: 1 })
    const early = extract(answer(flight.subarray(0, Buffer.from(flight).indexOf(own) + 20)))
    expect(early.observed).toEqual([])
    expect(early.counts).toEqual({ certificate_incomplete: 1, certificate_without_name: 1 })
  })

  test('because nothing of it came says nothing', () => {
    const helloAlone = tlsRecords(RECORD_HANDSHAKE, serverHello())
    for (const bytes of [helloAlone, helloAlone.subarray(0, 50), flight.subarray(0, helloAlone.length + 12)]) {
      expect(extract(answer(bytes))).toMatchObject({ observed: [], counts: {} })
    }
  })

  test('because the snap length cut it is read as far as it goes', () => {
    const whole = segment(flight, 0, flight.length, BASE, BACK)
    for (const before of [[], [syn(), synAck()]]) {
      const extraction = new Extraction().packets(before)
      extraction.packet({ bytes: whole.subarray(0, 40 + NEEDED - 30), wireLength: whole.length }).finish()
      expect(certificates(extraction)).toEqual([NAME])
      expect(extraction.counts).toEqual({ certificate_incomplete: 1 })
    }
  })

  test('because a segment is lost is read as far as it goes once the connection ends', () => {
    const [first, , third] = answer(flight, [NEEDED - 200, NEEDED - 100])
    const end = tcpPacket(BACK, { sequence: BASE + flight.length, flags: 0x04 })
    const extraction = new Extraction().packets([syn(), synAck(), first!, third!, end])
    expect(certificates(extraction)).toEqual([NAME])
    expect(extraction.counts).toEqual({ certificate_incomplete: 1 })
  })
})

describe('no certificate', () => {
  const resumed = concat(tlsRecords(RECORD_HANDSHAKE, serverHello()), tlsRecords(RECORD_CHANGE_CIPHER_SPEC, [1]))
  const helloOf = (message: Uint8Array) => tlsRecords(RECORD_HANDSHAKE, concat(serverHello(), message))

  test.each<[string, Uint8Array]>([
    ['a server of TLS 1.3 sends', serverFlight(3000)],
    ['a session that goes on needs', concat(resumed, applicationData(40, 1))],
    ['a server without certificates sends', helloOf(Uint8Array.of(14, 0, 0, 0))],
    ['is in an empty list', helloOf(certificateMessage([]))],
    ['is in a list that claims another length', helloOf(Uint8Array.of(11, 0, 0, 9, 0, 0, 9, 0, 0, 3, 1, 2, 3))],
    ['is larger than its list', helloOf(Uint8Array.of(11, 0, 0, 9, 0, 0, 6, 0, 0, 9, 1, 2, 3))],
    ['of over 64 KiB is waited for', helloOf(Uint8Array.of(11, 2, 0, 6, 2, 0, 3, 2, 0, 0))],
    ['stands behind a hello of over 4 KiB', tlsRecords(RECORD_HANDSHAKE, concat([2, 0, 0x10, 1], filler(4097, 1)))],
    ['stands behind a hello too short to be one', tlsRecords(RECORD_HANDSHAKE, concat([2, 0, 0, 20], filler(20, 1)))],
    ['stands behind an alert that ends all', Uint8Array.of(21, 3, 3, 0, 2, 2, 40)],
    ['is in encrypted data', applicationData(3000, 1)],
  ])('%s', (_, bytes) => {
    for (const before of [[], [syn(), synAck()]]) {
      for (const cuts of [[], [20], [80], [89, 95]].filter((places) => places.every((at) => at < bytes.length))) {
        expect(extract([...before, ...answer(bytes, cuts)])).toMatchObject({ observed: [], counts: {} })
      }
    }
  })

  test('of a client is read', () => {
    const flights = tlsRecords(RECORD_HANDSHAKE, certificateMessage([own]))
    expect(extract([syn(), ...segments(concat(hello, flights), [hello.length])]).observed).toMatchObject([
      { means: 'tls-sni' },
    ])
  })
})

describe('the table of streams', () => {
  const PLACES = 8192
  const endsOf = (connection: number): Ends => ({
    ...ENDS,
    source: `10.${64 + (connection >>> 16)}.${(connection >>> 8) & 255}.${connection & 255}`,
  })

  test('gives up what servers have not said before anything else, and counts none of it', () => {
    const extraction = new Extraction()
    for (let i = 0; i < 2 * PLACES; i++) extraction.packet({ bytes: synAck(BASE, reversed(endsOf(i))) })
    const clients = Array.from({ length: 500 }, (_, i) => endsOf(100_000 + i))
    for (const ends of clients) extraction.packet({ bytes: syn(1000, ends) })
    for (const ends of clients) extraction.packets(segments(hello, [200], 1000, ends).reverse())
    expect(extraction.names).toEqual(Array(500).fill(NAME))
    expect(extraction.counts).toEqual({})
  })

  test('holds little of an answer whose beginning is lost, and drops it without a count', () => {
    const data = applicationData(60_000, 1)
    const pieces = answer(data, evenly(data.length, 43)).slice(1)
    const extraction = extract([syn(), synAck(), ...pieces])
    expect(extraction.observed).toEqual([])
    expect(extraction.counts).toEqual({})
  })
})

test('what comes in records and segments of one byte each costs no more for every byte the longer it gets', () => {
  const large = certificate({ subject: [{ type: 'CN', value: NAME }], padding: 9000 })
  const slow = certificateFlight([large], { recordSizes: Array(10_000).fill(1) })
  const extraction = new Extraction().packets([syn(), synAck()])
  for (let at = 6; at < slow.length; at++) {
    // The first six come together: fewer are not taken for an answer.
    extraction.packet({ bytes: segment(slow, at === 6 ? 0 : at, at + 1, BASE, BACK), time: 1000 })
  }
  expect(certificates(extraction)).toEqual([NAME])
})

test('flights damaged in any way break nothing', () => {
  const extraction = new Extraction()
  const kinds = [flight, together, inPieces, serverFlight(300)]
  for (let number = 0; number < 10_000; number++) {
    const next = random(number)
    const ends = { ...BACK, destinationPort: 1024 + (next() % 2000) }
    const bytes = mutated(kinds[next() % kinds.length]!, next)
    if (next() % 2 === 0) extraction.packet({ bytes: synAck(BASE, ends) })
    const cuts = Array.from({ length: next() % 3 }, () => next() % (bytes.length + 1)).sort((a, b) => a - b)
    const pieces = answer(bytes, cuts, BASE, ends)
    extraction.packets(next() % 2 === 0 ? pieces : pieces.reverse())
  }
  extraction.finish()
  for (const { name } of extraction.observed) expect(name).toMatch(/^[\x21-\x7e]+$/)
  expect(extraction.names).toContain(NAME)
})
