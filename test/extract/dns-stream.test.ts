import { describe, expect, test } from 'vitest'
import { concat, dnsMessage, dnsOverTcp, dnsQuery, type Ends, filler, reversed } from '../build/index.ts'
import { Extraction, extract, segment, segments, syn } from './drive.ts'

const ends: Ends = { source: '10.0.0.5', destination: '192.0.2.53', sourcePort: 50001, destinationPort: 53 }
const NAMES = ['a.example', 'web.whatsapp.com', 'chat.signal.org']
const stream = concat(...NAMES.map((name) => dnsOverTcp(dnsQuery(name))))

describe('DNS over TCP', () => {
  test('gives every message of a segment that holds several', () => {
    const { observed } = extract([syn(1000, ends), segment(stream, 0, stream.length, 1000, ends)])
    expect(observed.map(({ name, transport, frame }) => [name, transport, frame])).toEqual(
      NAMES.map((name) => [name, 'tcp', 2]),
    )
  })

  test('gives messages that come byte by byte, and where each began', () => {
    const cuts = Array.from({ length: stream.length - 1 }, (_, i) => i + 1)
    const { observed } = extract([syn(1000, ends), ...segments(stream, cuts, 1000, ends)])
    expect(observed.map(({ name }) => name)).toEqual(NAMES)
    expect(observed[0]).toMatchObject({ firstFrame: 2, frame: 2 + 12 + 11 + 4 + 2 - 1 })
  })

  test('gives the same whether a SYN was seen or not, in whatever pieces it comes', () => {
    for (let cut = 1; cut < stream.length; cut++) {
      const pieces = segments(stream, [cut], 1000, ends)
      expect(extract(pieces).names, `cut at ${cut}`).toEqual(NAMES)
      expect(extract([syn(1000, ends), ...pieces]).names, `cut at ${cut}`).toEqual(NAMES)
      expect(extract([syn(1000, ends), ...pieces.reverse()]).names, `cut at ${cut}`).toEqual(NAMES)
    }
  })

  test('keeps both directions apart', () => {
    const response = dnsOverTcp(
      dnsMessage({
        response: true,
        questions: [{ name: 'a.example', type: 'A' }],
        answers: [{ name: 'a.example', type: 'A', data: '198.51.100.7' }],
      }),
    )
    const back = reversed(ends)
    const [up1, up2] = segments(stream, [20], 1000, ends)
    const [down1, down2] = segments(response, [9], 1000, back)
    const { observed } = extract([syn(1000, ends), up1!, down1!, up2!, down2!])
    expect(observed.map(({ means, name, client }) => [means, name, client])).toEqual([
      ...NAMES.map((name) => ['dns-query', name, '10.0.0.5']),
      ['dns-answer', 'a.example', '10.0.0.5'],
    ])
  })

  test('is followed over message after message on a connection that stays open', () => {
    const extraction = new Extraction().packet({ bytes: syn(0xffffff00, ends) })
    const many = concat(...Array.from({ length: 200 }, (_, i) => dnsOverTcp(dnsQuery(`n${i}.example`))))
    const cuts = Array.from({ length: Math.floor(many.length / 50) }, (_, i) => (i + 1) * 50)
    extraction.packets(segments(many, cuts, 0xffffff00, ends)).finish()
    expect(extraction.names).toEqual(Array.from({ length: 200 }, (_, i) => `n${i}.example`))
    expect(extraction.counts).toEqual({})
  })

  test('of another protocol is given up and counted', () => {
    const { names, counts } = extract([syn(1000, ends), segment(concat([0, 3], filler(100, 1)), 0, 102, 1000, ends)])
    expect(names).toEqual([])
    expect(counts).toEqual({ dns_stream_damaged: 1 })
  })

  test.each([
    ['FIN', 0x11],
    ['RST', 0x14],
  ])('that ends within a message (%s) says so', (_, flags) => {
    const { names, counts } = extract([
      syn(1000, ends),
      segment(stream, 0, stream.length - 3, 1000, ends),
      segment(stream, stream.length - 3, stream.length - 3, 1000, ends, flags),
    ])
    expect(names).toEqual(NAMES.slice(0, 2))
    expect(counts).toEqual({ dns_stream_incomplete: 1 })
  })

  test('that ends between messages is complete', () => {
    const { counts } = extract([syn(1000, ends), segment(stream, 0, stream.length, 1000, ends, 0x19)])
    expect(counts).toEqual({})
  })
})
