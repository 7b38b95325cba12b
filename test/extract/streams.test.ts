import { describe, expect, test } from 'vitest'
import { clientHelloRecords, type Ends, EXTENSION_KEY_SHARE, filler, tcpPacket } from '../build/index.ts'
import { ENDS, Extraction, segment, segments, syn } from './drive.ts'

const NAME = 'chat.signal.org'
const hello = clientHelloRecords({ serverName: NAME, order: [EXTENSION_KEY_SHARE] })

/** Places in the table of streams. */
const PLACES = 8192
/** What all streams together may hold, by the buffer of one that waits for its 60,000th byte. */
const LARGE_STREAMS = (32 * 1024 * 1024) / (64 * 1024)

/** Of connections that are not that of ENDS. */
function endsOf(connection: number): Ends {
  return { ...ENDS, source: `10.${64 + (connection >>> 16)}.${(connection >>> 8) & 255}.${connection & 255}` }
}

/** An island of one byte far behind a beginning that never comes. */
function far(connection: number): Uint8Array {
  return tcpPacket(endsOf(connection), { sequence: 1000 + 60_000, payload: [1] })
}

describe('the table of streams', () => {
  test('drops the stream that was idle longest where a bucket is full, and counts it', () => {
    const extraction = new Extraction()
    const connections = PLACES + 4000
    for (let i = 0; i < connections; i++) extraction.packet({ bytes: syn(1000, endsOf(i)) })
    const dropped = extraction.oddities.get('streams_dropped')
    expect(dropped).toBeGreaterThanOrEqual(connections - PLACES)
    expect(dropped).toBeLessThan(connections)
    const last = endsOf(connections - 1)
    extraction.packets(segments(hello, [700], 1000, last).reverse())
    expect(extraction.names).toEqual([NAME])
  })

  test('keeps a stream in which something happens, however many others come', () => {
    const extraction = new Extraction().packets([syn(), segment(hello, 0, 10)])
    for (let i = 0; i < 6 * PLACES; i++) {
      extraction.packet({ bytes: syn(1000, endsOf(i)) })
      if (i % 500 === 0) extraction.packet({ bytes: segment(hello, 10, 11 + i / 500) })
    }
    extraction.packet({ bytes: segment(hello, 11, hello.length) })
    expect(extraction.names).toEqual([NAME])
    expect(extraction.oddities.get('streams_dropped')).toBeGreaterThan(4 * PLACES)
  })

  test('reads what it has of a stream that it drops', () => {
    const early = clientHelloRecords({ serverName: NAME })
    const extraction = new Extraction().packets([segment(early, 0, 700)])
    for (let i = 0; extraction.names.length === 0; i++) {
      expect(i).toBeLessThan(20 * PLACES)
      extraction.packet({ bytes: syn(1000, endsOf(i)) })
    }
    expect(extraction.observed).toMatchObject([{ name: NAME, client: ENDS.source, frame: 1 }])
    expect(extraction.oddities.get('client_hello_incomplete')).toBe(1)
  })

  test('holds 32 MiB at most, whatever is sent, and has room again when streams end', () => {
    const extraction = new Extraction()
    const connections = 2 * LARGE_STREAMS
    for (let i = 0; i < connections; i++) extraction.packets([syn(1000, endsOf(i)), far(i)])
    expect(extraction.counts).toEqual({ streams_dropped: connections - LARGE_STREAMS })
    for (let i = 0; i < connections; i++) {
      extraction.packet({ bytes: tcpPacket(endsOf(i), { sequence: 1000, flags: 0x04 }) })
    }
    for (let i = 0; i < LARGE_STREAMS; i++) extraction.packets([syn(1000, endsOf(i)), far(i)])
    expect(extraction.counts).toEqual({ streams_dropped: connections - LARGE_STREAMS })
  })

  test('drops a stream that would need more than its limit, or lies in too many pieces', () => {
    const beyond = tcpPacket(ENDS, { sequence: 1000 + 70_000, payload: [1] })
    expect(new Extraction().packets([syn(), beyond]).counts).toEqual({ streams_dropped: 1 })
    const pieces = Array.from({ length: 65 }, (_, i) => segment(hello, 2 * i + 1, 2 * i + 2))
    expect(new Extraction().packets([syn(), ...pieces.slice(1)]).counts).toEqual({})
    expect(new Extraction().packets([syn(), ...pieces]).counts).toEqual({ streams_dropped: 1 })
    const all = new Extraction().packets([
      syn(),
      ...pieces.slice(1),
      segment(hello, 0, 200),
      segment(hello, 200, hello.length),
    ])
    expect([all.counts, all.observed.length]).toEqual([{}, 1])
  })

  test('gives up a stream in which nothing happened for two minutes, as new ones come', () => {
    const extraction = new Extraction().packets([syn(), segment(hello, 0, 700)])
    const later = 3 * 60 * 1_000_000
    for (let i = 0; i < 4096; i++) extraction.packet({ bytes: syn(1000, endsOf(i)), time: later })
    expect(extraction.oddities.get('client_hello_incomplete')).toBe(1)
    expect(extraction.oddities.get('streams_dropped')).toBe(0)
  })

  test('keeps a stream in which something happens every minute', () => {
    const extraction = new Extraction().packets([syn()])
    const minute = 60 * 1_000_000
    const pieces = segments(hello, [200, 400, 600, 800, 1000])
    for (const [i, bytes] of pieces.entries()) {
      for (let j = 0; j < 1024; j++) extraction.packet({ bytes: syn(1000, endsOf(j)), time: i * minute })
      extraction.packet({ bytes, time: i * minute })
    }
    expect(extraction.names).toEqual([NAME])
  })

  test('is empty again after any number of connections that end', () => {
    const extraction = new Extraction()
    for (let i = 0; i < 40_000; i++) {
      const ends = endsOf(i)
      extraction.packet({ bytes: syn(1000, ends) })
      extraction.packet({ bytes: tcpPacket(ends, { sequence: 1000, payload: filler(10, i) }) })
    }
    expect(extraction.counts).toEqual({})
  })
})
