import { describe, expect, test } from 'vitest'
import {
  certificate,
  certificateMessage,
  clientHello,
  concat,
  DTLS_1_0,
  DTLS_1_2,
  dtlsFragment,
  dtlsHello,
  dtlsHelloVerifyRequest,
  dtlsRecord,
  filler,
  random,
  reversed,
  serverHello,
  udpPacket,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, extract } from './drive.ts'
import { alpnOf, datagramHelloOf, type HelloParts, serverNameOf, versionsOf } from './hellos.ts'

const NAME = 'vpn.palaver.example'
const client = (options: Parameters<typeof clientHello>[0] = {}) =>
  clientHello({ serverName: NAME, postQuantum: false, datagram: true, ...options })
const hello = dtlsHello(client())
const SIZE = hello.length - 4

function sent(...datagrams: readonly Uint8Array[]): Uint8Array[] {
  return datagrams.map((datagram) => udpPacket(ENDS, datagram))
}

function result({ names, counts }: Extraction): unknown {
  return { names, counts }
}

function part(from: number, to: number, sequence = 0, message = hello): Uint8Array {
  return dtlsFragment(message, { from, to, sequence })
}

describe('a DTLS client', () => {
  test.each([
    ['1.0', DTLS_1_0],
    ['1.2', DTLS_1_2],
    ["before 1.0, as Cisco's", 0x0100],
  ])('of version %s names its server once', (_, version) => {
    const datagram = dtlsRecord([dtlsFragment(hello)], { version })
    const { observed, counts } = extract(sent(datagram, datagram))
    expect(observed).toMatchObject([
      { means: 'dtls-sni', name: NAME, transport: 'udp', clientPort: 51234, serverPort: 443, frame: 1 },
    ])
    expect(counts).toEqual({})
  })

  test('that is asked for a cookie names its server once', () => {
    const cookie = filler(20, 3)
    const again = dtlsHello(client(), cookie)
    const packets = [
      ...sent(dtlsRecord([dtlsFragment(hello)])),
      udpPacket(reversed(ENDS), dtlsHelloVerifyRequest(cookie)),
      ...sent(dtlsRecord([dtlsFragment(again, { sequence: 1 })], { sequence: 1 })),
    ]
    expect(result(extract(packets))).toEqual({ names: [NAME], counts: {} })
    expect(result(extract(packets.slice(1)))).toEqual({ names: [NAME], counts: {} })
  })

  test('is named on any port and behind the header of CAPWAP', () => {
    const datagram = concat([1, 0, 0, 0], dtlsRecord([dtlsFragment(hello)]))
    expect(extract([udpPacket({ ...ENDS, destinationPort: 5246 }, datagram)]).names).toEqual([NAME])
  })

  test('that offers Encrypted Client Hello is marked and counted', () => {
    const offered = dtlsHello(client({ encryptedHello: true }))
    const { observed, counts } = extract(sent(dtlsRecord([dtlsFragment(offered)])))
    expect(observed).toMatchObject([{ name: NAME, encryptedHello: true }])
    expect(counts).toEqual({ client_hello_encrypted: 1 })
  })

  test('without a name, as browsers call each other, is counted', () => {
    const nameless = dtlsHello(clientHello({ postQuantum: false, datagram: true }))
    expect(result(extract(sent(dtlsRecord([dtlsFragment(nameless)]))))).toEqual({
      names: [],
      counts: { client_hello_without_name: 1 },
    })
  })
})

describe('fragments', () => {
  test.each<[string, readonly Uint8Array[]]>([
    ['in order', [dtlsRecord([part(0, 100)]), dtlsRecord([part(100, SIZE)])]],
    ['in another order', [dtlsRecord([part(100, SIZE)]), dtlsRecord([part(0, 100)])]],
    ['in one record', [dtlsRecord([part(100, SIZE), part(0, 100)])]],
    ['in records of one datagram', [concat(dtlsRecord([part(0, 100)]), dtlsRecord([part(100, SIZE)]))]],
    ['that overlap', [dtlsRecord([part(0, 150)]), dtlsRecord([part(50, SIZE)])]],
    ['of which one is empty', [dtlsRecord([part(0, 0), part(0, 100)]), dtlsRecord([part(100, SIZE)])]],
  ])('%s name their server once', (_, datagrams) => {
    const { observed, counts } = extract(sent(...datagrams, ...datagrams))
    expect(observed).toMatchObject([{ name: NAME, frame: datagrams.length }])
    expect(counts).toEqual({})
  })

  test('of two hellos of a handshake, interleaved, are told apart', () => {
    const again = dtlsHello(client(), filler(20, 3))
    const size = again.length - 4
    const datagrams = [part(0, 90), part(0, 80, 1, again), part(90, SIZE), part(80, size, 1, again)]
    expect(result(extract(sent(...datagrams.map((one) => dtlsRecord([one])))))).toEqual({ names: [NAME], counts: {} })
  })

  test('of a new connection between the same ports are read', () => {
    const [first, second] = [part(0, 100), part(100, SIZE)].map((one) => udpPacket(ENDS, dtlsRecord([one])))
    const other = dtlsHello(client({ seed: 9 }))
    const extraction = extract([first!, second!])
    for (const [i, bytes] of [part(0, 100, 0, other), part(100, SIZE, 0, other)].entries()) {
      extraction.packet({ bytes: udpPacket(ENDS, dtlsRecord([bytes])), time: 90_000_000 + i })
    }
    expect(extraction.names).toEqual([NAME, NAME])
  })

  test('of which one never comes are counted, and named where the name is in what came', () => {
    expect(result(extract(sent(dtlsRecord([part(0, SIZE - 1)]))))).toEqual({
      names: [NAME],
      counts: { client_hello_incomplete: 1 },
    })
    expect(result(extract(sent(dtlsRecord([part(1, SIZE)]))))).toEqual({
      names: [],
      counts: { client_hello_incomplete: 1, client_hello_without_name: 1 },
    })
  })

  test('in any pieces, records, datagrams and order, some of them twice, are one observation', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: SIZE - 1 }), { maxLength: 20 }),
        fc.integer(),
        (cuts, seed) => {
          const next = random(seed)
          const places = [0, ...cuts.sort((a, b) => a - b), SIZE]
          const parts = places.slice(1).map((to, i) => part(places[i]!, to))
          const all = [...parts, ...parts.filter(() => next() % 4 === 0)]
            .map((one) => ({ one, rank: next() }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ one }) => one)
          const datagrams: Uint8Array[] = []
          while (all.length > 0) {
            const records = Array.from({ length: 1 + (next() % 2) }, () => dtlsRecord(all.splice(0, 1 + (next() % 3))))
            datagrams.push(concat(...records))
          }
          expect(result(extract(sent(...datagrams)))).toEqual({ names: [NAME], counts: {} })
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('a datagram', () => {
  const datagram = dtlsRecord([dtlsFragment(hello)])

  test.each([
    ['that is encrypted', dtlsRecord([dtlsFragment(hello)], { epoch: 1 })],
    ['of a version that is none', dtlsRecord([dtlsFragment(hello)], { version: 0xfefe })],
    ['whose record is longer than it', datagram.subarray(0, datagram.length - 1)],
    ['whose fragment is longer than its record', dtlsRecord([dtlsFragment(hello).subarray(0, 100)])],
    [
      'whose fragment stands outside its message',
      dtlsRecord([concat([1, 0, 0, 9, 0, 0, 0, 0, 5, 0, 0, 5], filler(5, 1))]),
    ],
    ['whose message is larger than any', dtlsRecord([concat([1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5], filler(5, 1))])],
  ])('%s names nothing', (_, bytes) => {
    expect(result(extract(sent(bytes)))).toEqual({ names: [], counts: {} })
  })

  test('cut anywhere by the snap length names its server once the name is there', () => {
    const whole = udpPacket(ENDS, datagram)
    let named = false
    for (let length = 30; length < whole.length; length++) {
      const { names, counts } = new Extraction()
        .packet({ bytes: whole.subarray(0, length), wireLength: whole.length })
        .finish()
      if (named) expect(names, `${length} bytes`).toEqual([NAME])
      named = names.length > 0
      if (length >= 28 + 25) expect(counts.client_hello_incomplete, `${length} bytes`).toBe(1)
    }
    expect(named).toBe(true)
  })

  test('damaged in any way breaks nothing', () => {
    const datagrams = [datagram, dtlsRecord([part(0, 100), part(100, SIZE)]), dtlsRecord([part(50, SIZE)])]
    const extraction = new Extraction()
    for (let number = 0; number < 10_000; number++) {
      const next = random(number)
      const damaged = mutated(datagrams[next() % datagrams.length]!, next)
      if (damaged.length === 0) continue
      extraction.packet({ bytes: udpPacket({ ...ENDS, sourcePort: 1024 + (next() % 500) }, damaged) })
    }
    extraction.finish()
    for (const name of extraction.names) expect(name).toMatch(/^[\x21-\x7e]+$/)
    expect(extraction.names).toContain(NAME)
  })
})

test('state stays bounded, however many handshakes begin, and what is dropped is counted', () => {
  const extraction = new Extraction()
  const flows = 6000
  for (let i = 0; i < flows; i++) {
    const ends = { ...ENDS, source: `10.0.${i >> 8}.${i & 255}` }
    extraction.packet({ bytes: udpPacket(ends, dtlsRecord([part(100, SIZE)])), time: 1 + i })
  }
  const dropped = extraction.counts.dtls_dropped ?? 0
  expect(dropped).toBeGreaterThanOrEqual(flows - 4096)
  extraction.finish()
  expect(extraction.counts.client_hello_incomplete).toBe(flows)
})

test('a handshake that stays idle is given up while others begin', () => {
  const extraction = new Extraction()
  const message = dtlsRecord([part(0, SIZE - 1)])
  extraction.packet({ bytes: udpPacket(ENDS, message), time: 1_000_000 })
  for (let i = 0; i < 1024; i++) {
    const ends = { ...ENDS, source: `10.1.${i >> 8}.${i & 255}` }
    extraction.packet({ bytes: udpPacket(ends, dtlsRecord([part(100, SIZE)])), time: 62_000_000 + i })
  }
  expect(extraction.names).toEqual([NAME])
})

describe("a server's certificate", () => {
  const own = certificate({
    subject: [{ type: 'CN', value: '*.palaver.example' }],
    issuer: [{ type: 'CN', value: 'Palaver CA 1' }],
    dnsNames: ['*.palaver.example', 'palaver.example'],
    padding: 900,
  })
  const message = certificateMessage([own, certificate({ padding: 500 })])
  const size = message.length - 4
  const version = DTLS_1_2
  const announced = dtlsFragment(serverHello({ version }), { sequence: 1 })
  const piece = (from: number, to: number, sequence = 2) => dtlsFragment(message, { from, to, sequence })
  const answered = (...datagrams: readonly Uint8Array[]) =>
    datagrams.map((datagram) => udpPacket(reversed(ENDS), datagram))

  test.each<[string, readonly Uint8Array[]]>([
    ['in one datagram with the hello', [concat(dtlsRecord([announced]), dtlsRecord([piece(0, size)]))]],
    ['in one record with the hello', [dtlsRecord([announced, piece(0, size)])]],
    ['in a datagram of its own', [dtlsRecord([announced]), dtlsRecord([piece(0, size)])]],
    ['in fragments', [dtlsRecord([announced, piece(0, 800)]), dtlsRecord([piece(800, size)])]],
    ['in fragments in another order', [dtlsRecord([announced, piece(800, size)]), dtlsRecord([piece(0, 800)])]],
  ])('%s is an observation of the client that it is sent to, once', (_, datagrams) => {
    const packets = answered(...datagrams)
    const { observed, counts } = extract([...packets, ...packets])
    expect(observed).toMatchObject([
      {
        means: 'tls-certificate',
        name: '*.palaver.example',
        client: ENDS.source,
        clientPort: ENDS.sourcePort,
        server: ENDS.destination,
        serverPort: ENDS.destinationPort,
        transport: 'udp',
        frame: packets.length,
        aliases: ['palaver.example'],
        issuer: 'Palaver CA 1',
      },
    ])
    expect(counts).toEqual({})
  })

  test('of a new connection between the same ports is observed again', () => {
    const bytes = udpPacket(reversed(ENDS), dtlsRecord([announced, piece(0, size)]))
    const extraction = new Extraction().packet({ bytes, time: 1_000_000 }).packet({ bytes, time: 90_000_000 })
    expect(extraction.names).toEqual(['*.palaver.example', '*.palaver.example'])
  })

  test("is none without a hello before it, as a client's, nor under another number or behind DTLS 1.3", () => {
    const newest = dtlsFragment(serverHello({ version, extensions: concat([0, 43, 0, 2, 0xfe, 0xfc]) }), {
      sequence: 1,
    })
    for (const datagrams of [
      [dtlsRecord([piece(0, size)])],
      [dtlsRecord([announced, piece(0, size, 3)])],
      [dtlsRecord([newest, piece(0, size)])],
    ]) {
      expect(result(extract(answered(...datagrams)))).toEqual({ names: [], counts: {} })
    }
    const client = sent(dtlsRecord([dtlsFragment(hello)]), dtlsRecord([piece(0, size)]))
    expect(extract(client).observed).toMatchObject([{ means: 'dtls-sni' }])
  })

  test('of which a part never comes is counted, and read as far as it goes', () => {
    const end = own.length + 6
    expect(result(extract(answered(dtlsRecord([announced, piece(0, end)]))))).toEqual({
      names: ['*.palaver.example'],
      counts: {},
    })
    expect(result(extract(answered(dtlsRecord([announced, piece(0, end - 1)]))))).toEqual({
      names: ['*.palaver.example'],
      counts: { certificate_incomplete: 1 },
    })
    expect(result(extract(answered(dtlsRecord([announced, piece(6, size)]))))).toEqual({ names: [], counts: {} })
    expect(result(extract(answered(dtlsRecord([announced]))))).toEqual({ names: [], counts: {} })
  })

  test('damaged in any way breaks nothing', () => {
    const datagrams = [
      dtlsRecord([announced, piece(0, size)]),
      dtlsRecord([announced, piece(0, 800)]),
      dtlsRecord([piece(800, size)]),
    ]
    const extraction = new Extraction()
    for (let number = 0; number < 5000; number++) {
      const next = random(number)
      const damaged = mutated(datagrams[next() % datagrams.length]!, next)
      if (damaged.length === 0) continue
      const ends = reversed({ ...ENDS, sourcePort: 1024 + (next() % 500) })
      extraction.packet({ bytes: udpPacket(ends, damaged) })
    }
    extraction.finish()
    for (const name of extraction.names) expect(name).toMatch(/^[\x21-\x7e]+$/)
    expect(extraction.names).toContain('*.palaver.example')
  })
})

describe('the tunnel of AnyConnect', () => {
  const SESSION = filler(32, 5)
  const GROUPS = [10, [0, 2, 0, 29]] as const
  const observed = (parts: HelloParts, destinationPort = 443, version = parts.version ?? DTLS_1_2) =>
    extract([
      udpPacket(
        { ...ENDS, destinationPort },
        dtlsRecord([dtlsFragment(datagramHelloOf({ version, ...parts }))], { version }),
      ),
    ])

  test.each<[string, HelloParts, number, string]>([
    ['by its version', { version: 0x0100, sessionId: SESSION, suites: [0x0039] }, 443, 'confirmed'],
    ['by its version on any port', { version: 0x0100, suites: [0x0035, 0x002f] }, 8443, 'confirmed'],
    ['by its extension', { extensions: [[48018, [4, 1, 2, 3, 4]]] }, 8443, 'confirmed'],
    ['by one suite', { sessionId: SESSION, suites: [0xc02c], extensions: [GROUPS] }, 443, 'probable'],
    [
      'by one suite and a sign',
      { sessionId: SESSION, suites: [0x009d, 0x00ff], extensions: [GROUPS] },
      443,
      'probable',
    ],
    [
      'by one suite on another port',
      { sessionId: SESSION, suites: [0xc02c], extensions: [GROUPS] },
      9443,
      'indicative',
    ],
    ['by one suite and nothing else', { sessionId: SESSION, suites: [0xc02c] }, 9443, 'probable'],
    ['by shared keys', { sessionId: SESSION, suites: [0x00a9, 0xccab, 0x008d], extensions: [GROUPS] }, 443, 'probable'],
  ])('is observed %s', (_, parts, port, certainty) => {
    const extraction = observed(parts, port)
    expect(extraction.observed).toMatchObject([
      { means: 'vpn', client: ENDS.source, serverPort: port, protocol: 'anyconnect-dtls', certainty },
    ])
    expect(extraction.observed[0]).not.toHaveProperty('name')
    expect(extraction.counts).toEqual({})
  })

  test('is observed by its name, where it has one', () => {
    const extensions = [serverNameOf('vpn.palaver.example')]
    expect(observed({ version: 0x0100, extensions }).observed).toMatchObject([
      { means: 'vpn', name: 'vpn.palaver.example', protocol: 'anyconnect-dtls', certainty: 'confirmed' },
    ])
  })

  test('is observed once, though it is asked for a cookie', () => {
    const parts = { version: 0x0100, sessionId: SESSION, suites: [0x0039] }
    const [first, second] = [datagramHelloOf(parts), datagramHelloOf(parts, filler(20, 3))].map((message, sequence) =>
      udpPacket(ENDS, dtlsRecord([dtlsFragment(message, { sequence })], { version: 0x0100, sequence })),
    )
    expect(extract([first!, first!, second!]).observed).toHaveLength(1)
  })

  test.each<[string, HelloParts, number]>([
    ['of a call', { sessionId: SESSION, suites: [0xc02b], extensions: [[14, [0, 2, 0, 1, 0]]] }, 443],
    ['of a first session', { suites: [0xc02c] }, 443],
    ['with a short session', { sessionId: SESSION.subarray(0, 8), suites: [0xc02c] }, 443],
    ['that offers a choice of suites', { sessionId: SESSION, suites: [0xc02c, 0xc02b] }, 443],
    ['of a small device', { sessionId: SESSION, suites: [0xc0ae] }, 5684],
    ['of a small device with a shared key', { sessionId: SESSION, suites: [0xc0a8, 0x00ae] }, 443],
    ['with shared keys on another port', { sessionId: SESSION, suites: [0x00a8] }, 2100],
    ['with shared keys and others', { sessionId: SESSION, suites: [0x00a8, 0xc02c] }, 443],
    ['that offers protocols', { sessionId: SESSION, suites: [0xc02c], extensions: [alpnOf('coap')] }, 443],
    ['of DTLS 1.3', { sessionId: SESSION, suites: [0x1301], extensions: [versionsOf(0xfefc)] }, 443],
  ])('is not any hello: one %s', (_, parts, port) => {
    expect(observed(parts, port).observed).toEqual([])
  })

  test('is not taken for one by a name, nor where a part of the hello is missing', () => {
    const parts = { sessionId: SESSION, suites: [0xc02c] }
    const extensions = [serverNameOf('a.example')]
    expect(observed({ ...parts, extensions }).observed).toMatchObject([{ means: 'dtls-sni', name: 'a.example' }])
    const bytes = udpPacket(ENDS, dtlsRecord([dtlsFragment(datagramHelloOf({ ...parts, extensions: [GROUPS] }))]))
    const cut = { bytes: bytes.subarray(0, bytes.length - 2), wireLength: bytes.length }
    expect(new Extraction().packet(cut).finish().observed).toEqual([])
  })
})
