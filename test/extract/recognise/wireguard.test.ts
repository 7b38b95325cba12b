import { describe, expect, test } from 'vitest'
import { amneziawg } from '../../../src/extract/recognise/amneziawg.ts'
import { wireguard } from '../../../src/extract/recognise/wireguard.ts'
import {
  concat,
  filler,
  wireguardCookie,
  wireguardData,
  wireguardInitiation,
  wireguardResponse,
} from '../../build/index.ts'
import { down, opinions, type Sent, up } from './candidates.ts'

const CLIENT = 0x11223344
const SERVER = 0x55667788
const initiation = wireguardInitiation(CLIENT)
const response = wireguardResponse(SERVER, CLIENT)

function data(receiver: number, from: number, count: number, length = 64): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => wireguardData(receiver, from + i, length))
}

function last<Item>(items: readonly Item[]): Item | undefined {
  return items.at(-1)
}

describe('a handshake of WireGuard', () => {
  test('is probable, and confirmed by an answer to it', () => {
    expect(opinions(wireguard, [up(initiation), down(response)])).toEqual(['probable', 'confirmed'])
    expect(opinions(wireguard, [up(initiation), down(wireguardCookie(CLIENT))])).toEqual(['probable', 'confirmed'])
  })

  test('that the server begins is the same', () => {
    expect(opinions(wireguard, [down(initiation), up(response)])).toEqual(['probable', 'confirmed'])
  })

  test('is not confirmed by what goes the same way or names another', () => {
    expect(opinions(wireguard, [up(initiation), up(response)])).toEqual(['probable', 'unknown'])
    expect(opinions(wireguard, [up(initiation), down(wireguardResponse(SERVER, 1))])).toEqual(['probable', 'unknown'])
    expect(opinions(wireguard, [up(initiation), down(wireguardCookie(1))])).toEqual(['probable', 'unknown'])
  })

  test('of which the beginning was missed is confirmed by data to either side', () => {
    expect(opinions(wireguard, [down(response), up(wireguardData(SERVER, 0))])).toEqual(['unknown', 'confirmed'])
    expect(opinions(wireguard, [up(initiation), down(wireguardData(CLIENT, 0))])).toEqual(['probable', 'confirmed'])
  })

  test('that is sent again with another index is confirmed by the answer to the last', () => {
    const again = wireguardInitiation(7)
    const answer = wireguardResponse(SERVER, 7)
    expect(opinions(wireguard, [up(initiation), up(again), down(answer)])).toEqual([
      'probable',
      'probable',
      'confirmed',
    ])
  })

  test("with bytes where zeros should be, as WARP's, is told by the answer alone", () => {
    const begins = wireguardInitiation(CLIENT, { header: [1, 0xa1, 0xb2, 0xc3] })
    const answers = wireguardResponse(SERVER, CLIENT, { header: [2, 0xa1, 0xb2, 0xc3] })
    expect(opinions(wireguard, [up(begins), down(answers)])).toEqual(['unknown', 'confirmed'])
    const other = wireguardResponse(SERVER, CLIENT + 1, { header: [2, 0xa1, 0xb2, 0xc3] })
    expect(opinions(wireguard, [up(begins), down(other)])).toEqual(['unknown', 'unknown'])
  })

  test.each([147, 149, 160])('is none with %i bytes', (length) => {
    expect(opinions(wireguard, [up(concat(initiation, filler(20, 1)).subarray(0, length))])).toEqual(['none'])
  })

  test('of which the end was not captured is read as far as it goes', () => {
    const cut = (bytes: Uint8Array) => ({ bytes: bytes.subarray(0, 40), cut: true })
    expect(opinions(wireguard, [cut(initiation), { ...cut(response), up: false }])).toEqual(['probable', 'confirmed'])
  })
})

describe('data of WireGuard without its handshake', () => {
  test('is probable where its counters rise both ways', () => {
    const sent = data(SERVER, 20, 6).flatMap((bytes, i) => [up(bytes), down(wireguardData(CLIENT, 9 + i, 80))])
    expect(opinions(wireguard, sent).slice(0, 8)).toEqual([...Array(7).fill('unknown'), 'probable'])
  })

  test('is indicative where it goes one way', () => {
    expect(last(opinions(wireguard, data(SERVER, 0, 12).map(up)))).toBe('indicative')
  })

  test('may be lost, come in another order and come twice', () => {
    const [a, b, c, d] = data(SERVER, 0, 4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const rest = data(SERVER, 1000, 6)
    expect(last(opinions(wireguard, [a, c, b, d, d, ...rest].map(up)))).toBe('indicative')
  })

  test('that fills the MTU of the tunnel need not be a multiple of 16', () => {
    const sent = [...data(SERVER, 0, 4, 1420), ...data(SERVER, 4, 6)]
    expect(last(opinions(wireguard, sent.map(up)))).toBe('indicative')
    expect(opinions(wireguard, [up(wireguardData(SERVER, 0, 70))])).toEqual(['none'])
  })

  test.each<[string, readonly Uint8Array[]]>([
    ['whose counter stays', Array<Uint8Array>(20).fill(wireguardData(SERVER, 3, 64))],
    ['whose counter jumps', Array.from({ length: 20 }, (_, i) => wireguardData(SERVER, 20_000 * i, 64))],
    ['to ever other indices', Array.from({ length: 20 }, (_, i) => wireguardData(SERVER + i, i, 64))],
    ['whose counter has an upper half', Array.from({ length: 20 }, (_, i) => concat([4, 0, 0, 0], filler(60, i)))],
    ['of a game', Array.from({ length: 20 }, (_, i) => concat([4, 0, 0, 0], filler(65, i)))],
  ])('%s is none', (_, datagrams) => {
    for (const opinion of opinions(wireguard, datagrams.map(up))) expect(['none', 'unknown', 'no']).toContain(opinion)
  })

  test('ends where something else is sent', () => {
    expect(last(opinions(wireguard, [up(data(SERVER, 0, 1)[0]!), up(filler(64, 1))]))).toBe('no')
  })
})

describe('AmneziaWG', () => {
  const altered = { header: [0x9c, 0x21, 0x4f, 0x7a], padding: filler(57, 1) }
  const answered = { header: [0x13, 0x77, 0x20, 0x31], padding: filler(90, 2) }
  const begins = wireguardInitiation(CLIENT, altered)
  const answers = wireguardResponse(SERVER, CLIENT, answered)

  test('is told by an answer that names the sender', () => {
    expect(opinions(amneziawg, [up(begins), down(answers)])).toEqual(['unknown', 'confirmed'])
    expect(opinions(amneziawg, [down(begins), up(answers)])).toEqual(['unknown', 'confirmed'])
  })

  test('is told among junk', () => {
    const junk = [300, 80, 1000].map((length) => up(filler(length, length)))
    const sent = [...junk, up(begins), down(filler(40, 3)), ...junk, up(begins), down(answers)]
    expect(last(opinions(amneziawg, sent))).toBe('confirmed')
  })

  test.each<[string, readonly Sent[]]>([
    ['an answer to another', [up(begins), down(wireguardResponse(SERVER, 1, answered))]],
    ['an answer of the same side', [up(begins), up(answers)]],
    ['an answer without its code', [up(begins), down(concat(answers.subarray(0, -32), new Uint8Array(32)))]],
    ['an answer before it', [down(answers), up(begins)]],
    ['zeros', [up(new Uint8Array(200)), down(new Uint8Array(150))]],
    ['what is not whole', [{ bytes: begins, cut: true }, down(answers)]],
  ])('is not told by %s', (_, sent) => {
    for (const opinion of opinions(amneziawg, sent)) expect(['none', 'unknown', 'no']).toContain(opinion)
  })

  test('is given up where no answer comes', () => {
    const sent = [up(begins), ...Array.from({ length: 8 }, (_, i) => up(filler(100, i)))]
    expect(opinions(amneziawg, sent)).toEqual([...Array(8).fill('unknown'), 'no'])
  })

  test('is not what WireGuard itself is told by', () => {
    expect(opinions(amneziawg, [up(initiation), down(response)])).toEqual(['none', 'none'])
  })
})
