import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
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
  udpPacket,
} from '../build/index.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, extract } from './drive.ts'

const NAME = 'vpn.palaver.example'
const hello = dtlsHello(clientHello({ serverName: NAME, postQuantum: false }))
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
    const again = dtlsHello(clientHello({ serverName: NAME, postQuantum: false }), cookie)
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
    const offered = dtlsHello(clientHello({ serverName: NAME, postQuantum: false, encryptedHello: true }))
    const { observed, counts } = extract(sent(dtlsRecord([dtlsFragment(offered)])))
    expect(observed).toMatchObject([{ name: NAME, encryptedHello: true }])
    expect(counts).toEqual({ client_hello_encrypted: 1 })
  })

  test('without a name, as browsers call each other, is counted', () => {
    const nameless = dtlsHello(clientHello({ postQuantum: false }))
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
    const again = dtlsHello(clientHello({ serverName: NAME, postQuantum: false }), filler(20, 3))
    const size = again.length - 4
    const datagrams = [part(0, 90), part(0, 80, 1, again), part(90, SIZE), part(80, size, 1, again)]
    expect(result(extract(sent(...datagrams.map((one) => dtlsRecord([one])))))).toEqual({ names: [NAME], counts: {} })
  })

  test('of a new connection between the same ports are read', () => {
    const [first, second] = [part(0, 100), part(100, SIZE)].map((one) => udpPacket(ENDS, dtlsRecord([one])))
    const other = dtlsHello(clientHello({ serverName: NAME, postQuantum: false, seed: 9 }))
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
