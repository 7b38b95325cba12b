import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../src/base/address.ts'
import type { WantedServer } from '../../src/extract/flow-ends.ts'
import { clientHelloRecords, dnsQuery, filler, reversed, stunMessage, udpPacket } from '../build/index.ts'
import { ENDS, Extraction, segment, syn } from './drive.ts'

const BACK = reversed(ENDS)
const MINUTE = 60_000_000
const hello = clientHelloRecords({ serverName: 'chat.example.org' })
const synAck = segment(new Uint8Array(), 0, 0, 8999, BACK, 0x12)

/** What a signature or DNS knows. */
const wanted: WantedServer = (addresses, _, server) => formatAddress(addresses, server) === ENDS.destination

function noise(length: number, at: number, ends = ENDS): Uint8Array {
  return segment(filler(length, 9), 0, length, at, ends)
}

describe('a flow whose observation is followed', () => {
  const follow = () => new Extraction({ follows: () => true })

  test('is told again when it has ended: until when it went on, and what it carried each way', () => {
    const extraction = follow().packets([syn(), synAck, segment(hello, 0, hello.length)])
    extraction.packet({ bytes: noise(700, 9000, BACK), time: MINUTE })
    extraction.packet({ bytes: noise(50, 1000 + hello.length), time: 2 * MINUTE }).finish()
    expect(extraction.observed).toMatchObject([
      { means: 'tls-sni', name: 'chat.example.org', frame: 3 },
      {
        continued: true,
        means: 'tls-sni',
        name: 'chat.example.org',
        client: ENDS.source,
        serverPort: 443,
        transport: 'tcp',
        frame: 3,
        end: '1970-01-01T00:02:00.000000Z',
        bytesUp: hello.length + 50,
        bytesDown: 700,
      },
    ])
    expect(extraction.observed[1]!.time).toBe(extraction.observed[0]!.time)
    expect(extraction.observed[0]).not.toHaveProperty('bytesUp')
  })

  test('counts on the wire what the snap length cut', () => {
    const whole = noise(700, 9000, BACK)
    const extraction = follow().packets([syn(), synAck, segment(hello, 0, hello.length)])
    extraction.packet({ bytes: whole.subarray(0, 60), wireLength: whole.length }).finish()
    expect(extraction.observed.at(-1)!.bytesDown).toBeGreaterThanOrEqual(700)
  })

  test('is told with what its STUN showed', () => {
    const own = stunMessage(0x0001, [{ type: 0x4002, value: filler(4, 1) }])
    const extraction = follow()
      .packets([udpPacket(ENDS, own)])
      .finish()
    expect(extraction.observed.map(({ continued, stunAttributes }) => [continued, stunAttributes])).toEqual([
      [undefined, ['0x4002']],
      [true, ['0x4002']],
    ])
  })

  test('is told once, by what was observed first', () => {
    const extraction = follow().packets([syn(), segment(hello, 0, hello.length), segment(hello, 0, hello.length)])
    const again = clientHelloRecords({ serverName: 'other.example.org' })
    extraction.packets([segment(again, 0, again.length, 1000 + hello.length)]).finish()
    const ended = extraction.observed.filter(({ continued }) => continued)
    expect(ended.map(({ name }) => name)).toEqual(['chat.example.org'])
  })

  test('is not told where nobody asks, nor of look-ups', () => {
    const packets = [syn(), segment(hello, 0, hello.length)]
    expect(new Extraction().packets(packets).finish().observed).toHaveLength(1)
    const query = udpPacket({ ...ENDS, destinationPort: 53 }, dnsQuery('chat.example.org'))
    expect(follow().packets([query]).finish().observed).toHaveLength(1)
  })

  test('is one of 8,192 at a time: beyond them others are counted', () => {
    const extraction = follow()
    for (let i = 0; i < 8200; i++) {
      const ends = { ...ENDS, source: `10.1.${i >>> 8}.${i & 255}` }
      extraction.packet({ bytes: segment(hello, 0, hello.length, 1000, ends), time: 0 })
    }
    const early = extraction.oddities.get('flows_ended_early')
    extraction.finish()
    expect(extraction.oddities.get('flows_not_followed')).toBe(8 - early)
    expect(extraction.observed.filter(({ continued }) => continued)).toHaveLength(8192 + early)
  })
})

describe('a flow that names nothing', () => {
  const watch = (isWanted = wanted) => new Extraction({ isWanted })

  test('is observed at its end by its server’s address, where that says something', () => {
    const packets = [syn(), synAck, noise(90, 1000), noise(70, 9000, BACK)]
    expect(watch().packets(packets).finish().observed).toMatchObject([
      {
        means: 'address',
        client: ENDS.source,
        clientPort: 51_234,
        server: ENDS.destination,
        serverPort: 443,
        transport: 'tcp',
        frame: 1,
        bytesUp: 90,
        bytesDown: 70,
      },
    ])
    const elsewhere = watch(() => false)
    expect(elsewhere.packets(packets).finish().observed).toEqual([])
    expect(new Extraction().packets(packets).finish().observed).toEqual([])
  })

  test('is not where it carried nothing, or named something', () => {
    expect(watch().packets([syn(), synAck]).finish().observed).toEqual([])
    const { observed } = watch()
      .packets([syn(), synAck, segment(hello, 0, hello.length)])
      .finish()
    expect(observed.map(({ means }) => means)).toEqual(['tls-sni'])
  })

  test('is turned where it was there before, and the server spoke first', () => {
    const { observed } = watch()
      .packets([noise(70, 9000, { ...BACK, sourcePort: 5222 })])
      .finish()
    expect(observed).toMatchObject([
      { client: ENDS.source, server: ENDS.destination, serverPort: 5222, bytesUp: 0, bytesDown: 70 },
    ])
  })

  test('is not turned where the other side began it', () => {
    const incoming = [syn(1000, BACK), noise(70, 1000, BACK)]
    expect(watch().packets(incoming).finish().observed).toEqual([])
  })
})
