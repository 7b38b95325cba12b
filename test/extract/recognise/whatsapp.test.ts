import { describe, expect, test } from 'vitest'
import { whatsapp } from '../../../src/extract/recognise/whatsapp.ts'
import { concat, filler, reversed } from '../../build/index.ts'
import { ENDS, extract, segment, segments, syn } from '../drive.ts'
import { oldWhatsappHello, whatsappHello } from './app-messages.ts'
import { down, opinions, up } from './candidates.ts'

const beginnings: readonly [string, Uint8Array][] = [
  ['with the hello of a handshake', whatsappHello()],
  ['behind what says how it is routed', whatsappHello({ routed: true })],
  ['as it was in 2015', oldWhatsappHello()],
]

describe.each(beginnings)('the connection of WhatsApp %s', (_, hello) => {
  test('is confirmed on any port', () => {
    for (const destinationPort of [443, 5222, 80, 40_000]) {
      const ends = { ...ENDS, destinationPort }
      const { observed } = extract([syn(1000, ends), segment(hello, 0, hello.length, 1000, ends)])
      expect(observed).toMatchObject([{ means: 'payload', protocol: 'whatsapp', certainty: 'confirmed' }])
    }
  })

  test('is confirmed however the client parts it', () => {
    for (let at = 4; at < 40; at++) {
      const { observed } = extract([syn(), ...segments(hello, [at])])
      expect(observed.map(({ protocol }) => protocol)).toEqual(['whatsapp'])
    }
  })

  test('is nothing before all of it has come, nor what a server says', () => {
    expect(opinions(whatsapp, [up(hello.subarray(0, 6))])).toEqual(['unknown'])
    expect(opinions(whatsapp, [down(hello)])).toEqual(['no'])
    const back = reversed(ENDS)
    expect(extract([syn(), segment(hello, 0, hello.length, 9000, back)]).observed).toEqual([])
  })
})

describe('the connection of WhatsApp', () => {
  test('is not told by its two letters', () => {
    expect(opinions(whatsapp, [up(concat([0x57, 0x41], filler(80, 1)))])).not.toContain('confirmed')
    expect(opinions(whatsapp, [up(new TextEncoder().encode('WATCH this connection, which is text'))])).toEqual(['none'])
    expect(opinions(whatsapp, [up(new TextEncoder().encode('EDIT /a HTTP/1.1\r\nHost: a.example\r\n\r\n'))])).toEqual([
      'none',
    ])
  })

  test('is no frame of no length, no frame beyond the limit and no other list', () => {
    for (const [at, byte] of [
      [4, 0x20],
      [7, 0x13],
    ] as const) {
      const bytes = whatsappHello()
      bytes[at] = byte
      expect(opinions(whatsapp, [up(bytes)])).toEqual(['none'])
    }
    const empty = whatsappHello()
    empty.fill(0, 4, 7)
    expect(opinions(whatsapp, [up(empty)])).toEqual(['none'])
    const old = oldWhatsappHello()
    old[4 + 3 + 23 + 3] = 0xf7
    expect(opinions(whatsapp, [up(old)])).toEqual(['none'])
  })
})
