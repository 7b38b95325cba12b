import { describe, expect, test } from 'vitest'
import { esp } from '../../../src/extract/recognise/esp.ts'
import { concat, espPacket, filler, ikeMessage, NAT_KEEPALIVE, reversed, udpPacket, uint32 } from '../../build/index.ts'
import { extract } from '../drive.ts'
import { down, opinions, type Sent, up } from './candidates.ts'

const THERE = 0xc0ffee01
const BACK = 0xbadcab1e
const ON_4500 = { serverPort: 4500 }

function both(from: number, count: number): Sent[] {
  return Array.from({ length: count }, (_, i) => [
    up(espPacket(THERE, from + i)),
    down(espPacket(BACK, 7000 + from + i)),
  ]).flat()
}

function one(count: number): Sent[] {
  return Array.from({ length: count }, (_, i) => up(espPacket(THERE, 1 + i)))
}

describe('ESP in UDP', () => {
  test.each([4500, 4501])('is probable on port %i where its numbers rise both ways', (serverPort) => {
    expect(opinions(esp, both(90, 4), { serverPort })).toEqual([
      ...Array(5).fill('unknown'),
      ...Array(3).fill('probable'),
    ])
  })

  test('is indicative where it goes one way', () => {
    expect(opinions(esp, one(6), ON_4500)).toEqual([...Array(4).fill('unknown'), 'indicative', 'indicative'])
  })

  test('is confirmed where IKE goes beside it', () => {
    const message = ikeMessage({
      initiator: filler(8, 1),
      responder: filler(8, 2),
      exchange: 37,
      message: 9,
      marked: true,
    })
    expect(opinions(esp, [...both(1, 3), up(message)], ON_4500).at(-1)).toBe('confirmed')
    expect(opinions(esp, [...one(5), down(message)], ON_4500).at(-1)).toBe('probable')
  })

  test('goes on over what keeps its ports open', () => {
    const sent = both(1, 4).flatMap((sent) => [sent, up(NAT_KEEPALIVE)])
    expect(opinions(esp, sent, ON_4500).at(-1)).toBe('probable')
  })

  test('may be lost, come in another order and come twice', () => {
    const sent = [1, 2, 5, 4, 3, 5, 5, 400, 401].map((n) => up(espPacket(THERE, n)))
    expect(opinions(esp, sent, ON_4500).at(-1)).toBe('indicative')
  })

  test('goes on with another association, from its beginning', () => {
    const next = [1, 2, 3].map((n) => up(espPacket(0x12345678, n)))
    expect(opinions(esp, [...one(5), ...next], ON_4500).at(-1)).toBe('indicative')
    expect(opinions(esp, [...one(3), up(espPacket(0x12345678, 5000))], ON_4500).at(-1)).toBe('no')
  })

  test('is looked for on its ports alone', () => {
    expect(esp.ports).toEqual([4500, 4501])
    const packets = (serverPort: number) => {
      const ends = { source: '10.0.0.5', destination: '198.51.100.7', sourcePort: 40_000, destinationPort: serverPort }
      return both(1, 8).map(({ bytes, up: isUp = true }) => udpPacket(isUp ? ends : reversed(ends), bytes))
    }
    expect(extract(packets(4500)).observed.at(-1)).toMatchObject({ protocol: 'esp', certainty: 'probable' })
    expect(extract(packets(5000)).observed).toEqual([])
  })

  test('is found where the client has the port', () => {
    expect(opinions(esp, both(1, 8), { clientPort: 4500, serverPort: 31_337 }).at(-1)).toBe('probable')
  })

  test.each<[string, readonly Uint8Array[]]>([
    ['data of WARP', Array.from({ length: 9 }, (_, i) => concat([4, 1, 2, 3], [9, 8, 7, 6], [i], filler(55, i)))],
    ['numbers that jump', Array.from({ length: 9 }, (_, i) => espPacket(THERE, 5000 * i))],
    ['what ends between words', Array.from({ length: 9 }, (_, i) => espPacket(THERE, i, 89))],
    ['what is too short', Array.from({ length: 9 }, (_, i) => espPacket(THERE, i, 12))],
    ['an SPI that is reserved', Array.from({ length: 9 }, (_, i) => espPacket(255, i))],
    ['what has the marker and is not IKE', Array.from({ length: 9 }, (_, i) => concat(uint32(0), filler(60, i)))],
    ['keepalives alone', Array<Uint8Array>(9).fill(NAT_KEEPALIVE)],
  ])('is not %s', (_, datagrams) => {
    for (const opinion of opinions(esp, datagrams.map(up), ON_4500)) {
      expect(['none', 'unknown', 'no']).toContain(opinion)
    }
  })
})
