import { describe, expect, test } from 'vitest'
import {
  ascii,
  clientHello,
  concat,
  filler,
  googleHello,
  googlePacket,
  quicCrypto,
  quicInitial,
  quicVersions,
  random,
  udpPacket,
} from '../build/index.ts'
import { mutated } from '../robustness/mutate.ts'
import { ENDS, Extraction, extract } from './drive.ts'

const NAME = 'web.telegram.org'
const tags = { PAD: filler(900, 1), SNI: ascii(NAME), VER: ascii('Q043') }
const chlo = googleHello(tags)

function sent(...datagrams: readonly Uint8Array[]): Extraction {
  return extract(datagrams.map((datagram) => udpPacket(ENDS, datagram)))
}

describe("Google's versions of QUIC", () => {
  test.each(['Q024', 'Q025', 'Q030', 'Q033', 'Q034', 'Q035', 'Q039', 'Q043', 'Q046'])(
    '%s name a server in clear',
    (version) => {
      const { observed, counts } = sent(googlePacket(version, chlo), googlePacket(version, chlo))
      expect(observed).toMatchObject([{ means: 'quic-sni', name: NAME, transport: 'udp', frame: 1 }])
      expect(counts).toEqual({})
    },
  )

  test('Q050 hides it in the same way as QUIC', () => {
    const { names, counts } = sent(
      quicInitial(
        { version: quicVersions.q050, destination: filler(8, 2), size: 1200 },
        quicCrypto(chlo, 0, chlo.length, 8),
      ),
    )
    expect({ names, counts }).toEqual({ names: [NAME], counts: {} })
  })

  test('T051 carries TLS in frames of its own', () => {
    const hello = clientHello({ serverName: NAME, postQuantum: false })
    const frames = [[7], [0], quicCrypto(hello, 60, hello.length, 8), quicCrypto(hello, 0, 60, 8)]
    const { names, counts } = sent(
      quicInitial({ version: quicVersions.t051, destination: filler(8, 2), size: 1200 }, ...frames),
    )
    expect({ names, counts }).toEqual({ names: [NAME], counts: {} })
  })

  test('those that are not known are counted', () => {
    const { names, counts } = sent(
      quicInitial({ number: 0x51303434, destination: filler(8, 2), size: 1200 }, quicCrypto(chlo, 0, chlo.length, 8)),
    )
    expect({ names, counts }).toEqual({ names: [], counts: { gquic_not_read: 1 } })
  })

  test('two connections between the same ports are two', () => {
    expect(sent(googlePacket('Q043', chlo, filler(8, 1)), googlePacket('Q043', chlo, filler(8, 2))).names).toEqual([
      NAME,
      NAME,
    ])
  })

  test.each<[string, Uint8Array, Record<string, number>]>([
    ['without a name', googleHello({ PAD: filler(900, 1) }), { client_hello_without_name: 1 }],
    ['whose name is longer than any', googleHello({ SNI: filler(256, 1) }), { client_hello_name_too_long: 1 }],
    [
      'that claims more tags than it has',
      concat(ascii('CHLO'), [255, 255, 0, 0], filler(900, 1)),
      { client_hello_damaged: 1, client_hello_without_name: 1 },
    ],
    [
      'whose values run backwards',
      concat(ascii('CHLO'), [2, 0, 0, 0], ascii('PAD\0'), [9, 0, 0, 0], ascii('SNI\0'), [8, 0, 0, 0], filler(900, 1)),
      { client_hello_damaged: 1, client_hello_without_name: 1 },
    ],
  ])('a hello %s is counted', (_, hello, expected) => {
    const { names, counts } = sent(googlePacket('Q043', hello))
    expect({ names, counts }).toEqual({ names: [], counts: expected })
  })

  test('a packet cut at any byte names the server once its name is there', () => {
    const packet = googlePacket('Q046', chlo)
    const nameEnd = packet.length - 4
    const extraction = new Extraction()
    for (let length = 1; length <= packet.length; length++) {
      const before = extraction.names.length
      extraction.packet({ bytes: udpPacket({ ...ENDS, sourcePort: 2000 + length }, packet.subarray(0, length)) })
      expect(extraction.names.slice(before), `${length} bytes`).toEqual(length >= nameEnd ? [NAME] : [])
    }
  })

  test('damaged in any way break nothing', () => {
    const extraction = new Extraction()
    for (let number = 0; number < 5000; number++) {
      const next = random(number)
      const damaged = mutated(
        googlePacket(next() % 2 === 0 ? 'Q043' : 'Q046', googleHello({ SNI: ascii(NAME), PDMD: ascii('X509') })),
        next,
      )
      if (damaged.length > 0) extraction.packet({ bytes: udpPacket({ ...ENDS, sourcePort: 1024 + number }, damaged) })
    }
    for (const name of extraction.names) expect(name).toMatch(/^[\x21-\x7e]+$/)
    expect(extraction.names).toContain(NAME)
  })
})
