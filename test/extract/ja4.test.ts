import { describe, expect, test } from 'vitest'
import { ClientHello, type HelloCarrier } from '../../src/extract/tls.ts'
import { concat, dtlsHello, uint16 } from '../build/index.ts'
import { alpnOf, type Extension, type HelloParts, helloOf, serverNameOf, values16, versionsOf } from './hellos.ts'

const GREASE = [0x0a0a, 0x5a5a, 0xfafa]

/** The hello that the specification takes for its example, in the order in which it gives its lists. */
const SUITES = [
  ...[0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9],
  ...[0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
]
const ALGORITHMS = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
const TYPES = [
  ...[0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d],
  ...[0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015],
]

function exampleExtensions(algorithms: readonly number[] = ALGORITHMS): Extension[] {
  const known: readonly Extension[] = [
    serverNameOf('web.palaver.example'),
    alpnOf('h2', 'http/1.1'),
    versionsOf(GREASE[1]!, 0x0304, 0x0303),
    [0x000d, values16(...algorithms)],
  ]
  return TYPES.map((type) => known.find(([one]) => one === type) ?? [type, []])
}

function ja4(parts: HelloParts, carrier: HelloCarrier = 'tls'): string {
  const message = carrier === 'dtls' ? dtlsHello(helloOf(parts)) : helloOf(parts)
  const inside = concat([9, 9, 9], message, [9, 9, 9])
  const hello = new ClientHello()
  hello.setMessage(inside, 7, 3 + message.length, carrier)
  expect(hello.read()).toBe(true)
  return hello.ja4
}

describe('the JA4 fingerprint of a hello', () => {
  test("is that of the specification's example", () => {
    const extensions = exampleExtensions()
    expect(ja4({ suites: SUITES, extensions })).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
    expect(ja4({ suites: SUITES, extensions }, 'quic')).toBe('q13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  test('leaves values out that say nothing, wherever they stand', () => {
    const algorithms = [GREASE[0]!, ...ALGORITHMS, GREASE[2]!]
    const extensions: Extension[] = [[GREASE[0]!, []], ...exampleExtensions(algorithms), [GREASE[2]!, [0]]]
    expect(ja4({ suites: [GREASE[1]!, ...SUITES], extensions })).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
  })

  test('is the same in whatever order suites and extensions stand, and another where algorithms do', () => {
    const extensions = exampleExtensions()
    const reversed = { suites: SUITES.toReversed(), extensions: extensions.toReversed() }
    expect(ja4(reversed)).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
    const others = exampleExtensions(ALGORITHMS.toReversed())
    expect(ja4({ suites: SUITES, extensions: others })).toMatch(
      /^t13d1516h2_8daaf6152771_(?!e5627efa2ab1)[0-9a-f]{12}$/,
    )
  })

  test('counts name and protocols among the extensions, and hashes neither', () => {
    const extensions = exampleExtensions().filter(([type]) => type !== 0)
    expect(ja4({ suites: SUITES, extensions })).toBe('t13i1515h2_8daaf6152771_e5627efa2ab1')
    const fewer = extensions.filter(([type]) => type !== 16)
    expect(ja4({ suites: SUITES, extensions: fewer })).toBe('t13i151400_8daaf6152771_e5627efa2ab1')
  })

  test('without signature algorithms ends with the extensions', () => {
    const empty = exampleExtensions([])
    expect(ja4({ suites: SUITES, extensions: empty })).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79')
  })

  test('of empty lists has zeros for their hashes', () => {
    expect(ja4({ version: 0x0301, suites: [] })).toBe('t10i000000_000000000000_000000000000')
    expect(ja4({ suites: [GREASE[0]!], extensions: [serverNameOf('a.example'), alpnOf('h2')] })).toBe(
      't12d0002h2_000000000000_000000000000',
    )
  })

  test('counts to 99', () => {
    const suites = Array.from({ length: 150 }, (_, i) => 0xc000 + i)
    const extensions = Array.from({ length: 120 }, (_, i): Extension => [0x7000 + i, []])
    expect(ja4({ suites, extensions })).toMatch(/^t12i999900_/)
  })

  test.each<[HelloCarrier, number, readonly number[], string]>([
    ['tls', 0x0002, [], 's2'],
    ['tls', 0x0300, [], 's3'],
    ['tls', 0x0301, [], '10'],
    ['tls', 0x0302, [], '11'],
    ['tls', 0x0303, [], '12'],
    ['tls', 0x0303, [0x0302, 0x0304, 0x0303], '13'],
    ['tls', 0x0303, [GREASE[2]!, 0x0302], '11'],
    ['tls', 0x0303, [GREASE[2]!], '12'],
    ['tls', 0x0303, [0x7f1c, 0x0303], '00'],
    ['dtls', 0xfeff, [], 'd1'],
    ['dtls', 0xfefd, [], 'd2'],
    ['dtls', 0xfefd, [0xfefd, 0xfefc, 0xfeff], 'd3'],
    ['dtls', 0x0100, [], '00'],
  ])('over %s of version %i that offers %j has version %s', (carrier, version, offered, expected) => {
    const extensions = offered.length === 0 ? [] : [versionsOf(...offered)]
    expect(ja4({ version, extensions }, carrier).slice(1, 3)).toBe(expected)
  })

  test.each<[readonly (string | readonly number[])[], string]>([
    [['h2'], 'h2'],
    [['http/1.1', 'h2'], 'h1'],
    [['h3-29'], 'h9'],
    [['x'], 'xx'],
    [[], '00'],
    [[''], '00'],
    [['', 'h2'], '00'],
    [[[0xab]], 'ab'],
    [[[0xab, 0xcd]], 'ad'],
    [[[0x30, 0xab]], '3b'],
    [[[0x30, 0x31, 0xab, 0xcd]], '3d'],
    [[[0x30, 0xab, 0xcd, 0x31]], '01'],
    [[[0x0a, 0x0a], 'h2'], '0a'],
  ])('whose first protocol is that of %j has %s', (protocols, expected) => {
    expect(ja4({ extensions: [alpnOf(...protocols)] }).slice(8, 10)).toBe(expected)
  })

  test('whose protocols claim more bytes than there are has none', () => {
    expect(ja4({ extensions: [[16, [0, 3, 9, 0x68, 0x32]]] }).slice(8, 10)).toBe('00')
    for (const body of [[], [0], [0, 0]]) expect(ja4({ extensions: [[16, body]] }).slice(8, 10)).toBe('00')
  })
})

describe('the protocols of a hello', () => {
  const protocols = (...extensions: readonly Extension[]) => {
    const hello = new ClientHello()
    const message = helloOf({ extensions })
    hello.setMessage(message, 4, message.length, 'tls')
    hello.read()
    return hello.alpn
  }

  test("stand in the client's order, with what is not printable made harmless", () => {
    expect(protocols(alpnOf('h2', 'http/1.1', 'Spdy 3'))).toEqual(['h2', 'http/1.1', 'Spdy\\0323'])
    expect(protocols(alpnOf([0x0a, 0x0a], '\\', [0xff, 0]))).toEqual(['\\010\\010', '\\092', '\\255\\000'])
  })

  test('are none without the extension, and end where one claims too much', () => {
    expect(protocols()).toEqual([])
    expect(protocols([16, concat(uint16(20), [2], Buffer.from('h2'), [9], Buffer.from('h3'))])).toEqual(['h2'])
  })
})
