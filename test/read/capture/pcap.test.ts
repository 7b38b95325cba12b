import { describe, expect, test } from 'vitest'
import { LAST_TIME } from '../../../src/base/time.ts'
import { pcap as format } from '../../../src/read/capture/pcap.ts'
import {
  type Captured,
  concat,
  filler,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  type PcapOptions,
  pcap,
} from '../../build/index.ts'
import { hex, readCapture, readings } from './drive.ts'

const START = Date.UTC(2026, 4, 12, 8) * 1000
const FILE_HEADER = 24

const packets: Captured[] = [
  { time: START + 123_456, bytes: filler(60, 1) },
  { time: START + 999_999, bytes: filler(0, 2) },
  { time: START - 1, bytes: filler(1, 3), wireLength: 1500 },
  { time: 0, bytes: filler(33, 4) },
  { time: (2 ** 32 - 1) * 1e6 + 999_999, bytes: filler(16, 5) },
]

const expected = packets.map(({ time, bytes, wireLength = bytes.length }, i) => ({
  frame: i + 1,
  time,
  linkType: LINKTYPE_ETHERNET,
  wireLength,
  bytes: hex(bytes),
}))

const VARIANTS: [string, Omit<PcapOptions, 'linkType'>][] = [
  ['microseconds', {}],
  ['microseconds, big-endian', { bigEndian: true }],
  ['nanoseconds', { nanoseconds: true }],
  ['nanoseconds, big-endian', { nanoseconds: true, bigEndian: true }],
  ['the modified format', { modified: true }],
  ['the modified format, big-endian', { modified: true, bigEndian: true }],
]

describe.each(VARIANTS)('a classic capture in %s', (_, options) => {
  const bytes = pcap(packets, { linkType: LINKTYPE_ETHERNET, ...options })
  const recordHeader = options.modified ? 24 : 16

  test('is claimed by its first four bytes, whatever its file header says further', () => {
    expect(format.claims(bytes)).toBe(true)
    expect(format.claims(bytes.subarray(0, 4))).toBe(true)
    expect(format.claims(bytes.subarray(0, 3))).toBe(false)
    expect(format.claims(bytes.subarray(1))).toBe(false)
  })

  test('gives its packets in order with their times, lengths and bytes, and a clean end', async () => {
    expect(await readCapture(format, bytes)).toEqual({ packets: expected, damage: undefined, oddities: [] })
  })

  test('gives the same whatever the reads and the window', async () => {
    for (const how of readings(60 + recordHeader)) {
      expect((await readCapture(format, bytes, how)).packets, JSON.stringify(how)).toEqual(expected)
    }
  })

  test('cut at any byte gives every packet before the cut, and says where it is cut', async () => {
    const starts = [0, FILE_HEADER]
    for (const { bytes: data } of packets) starts.push(starts.at(-1)! + recordHeader + data.length)
    for (let cut = 0; cut < bytes.length; cut++) {
      const { packets: read, damage } = await readCapture(format, bytes.subarray(0, cut), { step: 7 })
      const record = starts.findLastIndex((start) => start <= cut)
      expect(read, `cut at ${cut}`).toEqual(expected.slice(0, Math.max(0, record - 1)))
      const clean = record > 0 && starts[record] === cut
      const reason = record === 0 ? 'cut_file_header' : 'cut_packet'
      expect(damage, `cut at ${cut}`).toEqual(clean ? undefined : { reason, offset: starts[record] })
    }
  })

  test('ends at a length that no packet has, and says where', async () => {
    const damaged = concat(bytes, new Uint8Array(8), new Uint8Array(recordHeader - 8).fill(0xff), filler(500, 9))
    for (const step of [1, 7, damaged.length]) {
      const { packets: read, damage } = await readCapture(format, damaged, { step })
      expect(read).toEqual(expected)
      expect(damage).toEqual({ reason: 'impossible_packet_length', offset: bytes.length, detail: '4294967295 bytes' })
    }
  })
})

describe('a classic capture', () => {
  test('names its link type in the lower half of the word, whatever stands above it', async () => {
    const one = [{ time: START, bytes: filler(10, 1) }]
    const { packets: read } = await readCapture(format, pcap(one, { linkType: 0xf4000000 + LINKTYPE_RAW }))
    expect(read[0]!.linkType).toBe(LINKTYPE_RAW)
  })

  test('may hold fractions above a second: they count', async () => {
    const bytes = pcap([{ time: START, bytes: filler(4, 1) }], { linkType: LINKTYPE_RAW })
    bytes.set([0x40, 0x42, 0x0f, 0x00], FILE_HEADER + 4)
    const { packets: read, oddities } = await readCapture(format, bytes)
    expect(read[0]!.time).toBe(START + 1_000_000)
    expect(oddities).toEqual([])
  })

  test('cannot name a time that does not count exactly', () => {
    expect((2 ** 32 - 1) * 1e6 + 2 ** 32 - 1).toBeLessThan(LAST_TIME)
  })

  test('that is something else is damaged at its first byte', async () => {
    const { packets: read, damage } = await readCapture(format, filler(100, 1))
    expect(read).toEqual([])
    expect(damage).toEqual({ reason: 'not_a_capture', offset: 0 })
  })
})
