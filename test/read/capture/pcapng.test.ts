import { describe, expect, test } from 'vitest'
import { isTime } from '../../../src/base/time.ts'
import { pcapng as format } from '../../../src/read/capture/pcapng.ts'
import {
  type Block,
  concat,
  filler,
  LINKTYPE_ETHERNET,
  LINKTYPE_LINUX_SLL2,
  LINKTYPE_RAW,
  ordered,
  pcapng,
  type Section,
  uint32,
} from '../../build/index.ts'
import { fc } from '../../property.ts'
import { hex, type ReadPacket, readCapture, readings } from './drive.ts'

const START = Date.UTC(2026, 4, 12, 8) * 1000 + 123_456
const INTERFACE = 1
const ENHANCED = 6

/** Two sections of both byte orders with every kind of block. */
const sections: readonly [Section, Section] = [
  {
    options: [{ code: 4, value: [0x74] }],
    blocks: [
      { kind: 'interface', linkType: LINKTYPE_RAW },
      { kind: 'interface', linkType: LINKTYPE_ETHERNET, resolution: { base: 10, exponent: 9 }, offset: 3600 },
      { kind: 'enhanced', time: START, bytes: filler(41, 1), options: [{ code: 1, value: [0x63] }] },
      { kind: 'names', address: [198, 51, 100, 7], name: 'a.example' },
      { kind: 'enhanced', time: START + 1, bytes: filler(40, 2), interface: 1, wireLength: 900 },
      { kind: 'obsolete', time: START + 2, bytes: filler(7, 3), interface: 1 },
      { kind: 'statistics', time: START },
      { kind: 'simple', bytes: filler(12, 4) },
    ],
  },
  {
    bigEndian: true,
    lengthUnknown: true,
    blocks: [
      { kind: 'interface', linkType: LINKTYPE_LINUX_SLL2, snapLength: 20 },
      { kind: 'other', type: 0x0bad, body: [1, 2, 3] },
      { kind: 'other', type: 0x80000bad, body: filler(64, 6) },
      { kind: 'enhanced', time: START + 3, bytes: filler(20, 7) },
      { kind: 'simple', bytes: filler(20, 8), wireLength: 1500 },
    ],
  },
]

const bytes = pcapng(...sections)

const expected: ReadPacket[] = [
  { frame: 1, time: START, linkType: LINKTYPE_RAW, wireLength: 41, bytes: hex(filler(41, 1)) },
  { frame: 2, time: START + 1, linkType: LINKTYPE_ETHERNET, wireLength: 900, bytes: hex(filler(40, 2)) },
  { frame: 3, time: START + 2, linkType: LINKTYPE_ETHERNET, wireLength: 7, bytes: hex(filler(7, 3)) },
  { frame: 4, time: START + 2, linkType: LINKTYPE_RAW, wireLength: 12, bytes: hex(filler(12, 4)) },
  { frame: 5, time: START + 3, linkType: LINKTYPE_LINUX_SLL2, wireLength: 20, bytes: hex(filler(20, 7)) },
  { frame: 6, time: START + 3, linkType: LINKTYPE_LINUX_SLL2, wireLength: 1500, bytes: hex(filler(20, 8)) },
]

const LONGEST_BLOCK = 92

/** A file of one section with one interface, and these blocks. */
function file(...blocks: readonly Block[]): Uint8Array {
  return pcapng({ blocks: [{ kind: 'interface', linkType: LINKTYPE_RAW }, ...blocks] })
}

/** A packet block whose fields are as given. */
function enhanced(fields: { id?: number; high?: number; low?: number; captured?: number; data?: Uint8Array }): Block {
  const { id = 0, high = 0, low = 0, data = filler(8, 1), captured = data.length } = fields
  const words = [id, high, low, captured, data.length].flatMap((word) => ordered(word, 4))
  return { kind: 'other', type: ENHANCED, body: concat(words, data) }
}

const good: Block = { kind: 'enhanced', time: START, bytes: filler(16, 1) }

describe('a pcapng file', () => {
  test('is claimed by the magic of its section header in either byte order', () => {
    expect(format.claims(bytes)).toBe(true)
    expect(format.claims(bytes.subarray(0, 12))).toBe(true)
    expect(format.claims(bytes.subarray(0, 11))).toBe(false)
    expect(format.claims(pcapng({ bigEndian: true, blocks: [] }))).toBe(true)
    expect(format.claims(concat(uint32(0x0a0d0d0a), filler(20, 1)))).toBe(false)
  })

  test('gives the packets of all its sections and interfaces in order, and a clean end', async () => {
    expect(await readCapture(format, bytes)).toEqual({
      packets: expected,
      damage: undefined,
      oddities: [['packet_without_time', 2]],
    })
  })

  test('gives the same whatever the reads and the window', async () => {
    for (const how of readings(LONGEST_BLOCK)) {
      expect((await readCapture(format, bytes, how)).packets, JSON.stringify(how)).toEqual(expected)
    }
  })

  test('cut at any byte gives every packet before the cut, and says which block is cut', async () => {
    const view = new DataView(bytes.buffer)
    const starts = [0]
    for (let at = 0; at < bytes.length; starts.push(at)) {
      // Where the second section begins the byte order changes.
      const little = view.getUint32(at + 4, true)
      at += little < bytes.length ? little : view.getUint32(at + 4)
    }
    expect(starts).toHaveLength(1 + 2 + sections[0].blocks.length + sections[1].blocks.length)
    let packetsBefore = 0
    for (let cut = 0; cut < bytes.length; cut++) {
      const { packets, damage } = await readCapture(format, bytes.subarray(0, cut), { step: 11 })
      const block = starts.findLast((start) => start <= cut)!
      expect(damage, `cut at ${cut}`).toEqual(block === cut ? undefined : { reason: 'cut_block', offset: block })
      expect(packets, `cut at ${cut}`).toEqual(expected.slice(0, packets.length))
      expect(packets.length - packetsBefore).toBeGreaterThanOrEqual(0)
      if (block !== cut) expect(packets.length).toBe(packetsBefore)
      packetsBefore = packets.length
    }
  })

  test('skips blocks longer than the window, and counts those that were packets', async () => {
    const large = filler(500, 1)
    const blocks = file(
      good,
      { kind: 'other', type: 0x0bad, body: large },
      { kind: 'enhanced', time: START, bytes: large },
      { kind: 'simple', bytes: large },
      { kind: 'obsolete', time: START, bytes: large },
      good,
    )
    for (const step of [1, 100, 4096]) {
      const { packets, damage, oddities } = await readCapture(format, blocks, { step, size: 256 })
      expect(packets.map(({ frame }) => frame)).toEqual([1, 5])
      expect(damage).toBeUndefined()
      expect(oddities).toEqual([['packet_too_long', 3]])
    }
  })

  test('cut inside a block longer than the window says where that block begins', async () => {
    const before = file(good)
    const blocks = file(good, { kind: 'other', type: 0x0bad, body: filler(500, 1) })
    for (const length of [before.length + 300, blocks.length - 1]) {
      const { packets, damage } = await readCapture(format, blocks.subarray(0, length), { step: 50, size: 128 })
      expect(packets).toHaveLength(1)
      expect(damage).toEqual({ reason: 'cut_block', offset: before.length })
    }
  })

  test.each([
    ['a section header', pcapng({ options: [{ code: 1, value: filler(300, 1) }], blocks: [] })],
    [
      'an interface',
      pcapng({ blocks: [{ kind: 'interface', linkType: 1, options: [{ code: 1, value: filler(300, 1) }] }] }),
    ],
  ])('ends at %s longer than the window: what follows would be read by the wrong interface', async (what, blocks) => {
    const all = concat(file(good), blocks, file(good).subarray(28))
    const { packets, damage } = await readCapture(format, all, { size: 128 })
    expect(packets).toHaveLength(1)
    const offset = file(good).length + (what === 'an interface' ? 28 : 0)
    expect(damage).toMatchObject({ reason: 'damaged_block', offset })
  })

  test.each([
    ['0', 0],
    ['below the shortest block', 8],
    ['not a multiple of four', 61],
    ['above every block', 2 ** 32 - 4],
  ])('ends at a block whose length is %s, and says where', async (_, length) => {
    const before = file(good)
    const all = concat(before, file(good).subarray(28 + 20))
    all.set(ordered(length, 4), before.length + 4)
    const { packets, damage } = await readCapture(format, all)
    expect(packets).toHaveLength(1)
    expect(damage).toEqual({ reason: 'damaged_block', offset: before.length, detail: `length ${length}` })
  })

  test('ends where the two lengths of a block differ', async () => {
    const all = file(good, good)
    all[all.length - 4]! ^= 4
    const { packets, damage } = await readCapture(format, all)
    expect(packets).toHaveLength(1)
    expect(damage).toMatchObject({ reason: 'damaged_block', detail: 'the two lengths differ' })
  })

  test('ends at a section header without the byte-order magic, and at an interface too short to be one', async () => {
    const all = concat(file(good), file(good))
    all[file(good).length + 8] = 0
    expect(await readCapture(format, all)).toMatchObject({
      packets: [{ frame: 1 }],
      damage: { reason: 'damaged_section_header', offset: file(good).length },
    })
    const short = file(good, { kind: 'other', type: INTERFACE, body: [1, 0, 0, 0] }, good)
    expect(await readCapture(format, short)).toMatchObject({
      packets: [{ frame: 1 }],
      damage: { reason: 'damaged_interface' },
    })
  })

  test('takes no more than 4,096 interfaces in a section', async () => {
    const many: Block[] = Array(4096).fill({ kind: 'interface', linkType: LINKTYPE_RAW })
    expect((await readCapture(format, pcapng({ blocks: many }))).damage).toBeUndefined()
    expect((await readCapture(format, file(...many))).damage).toMatchObject({ reason: 'damaged_interface' })
  })

  test('counts packets of an interface that no block describes, and of one of the section before', async () => {
    const all = concat(file(good, enhanced({ id: 1 }), good), pcapng({ blocks: [good] }), file(good))
    const { packets, damage, oddities } = await readCapture(format, all)
    expect(packets.map(({ frame }) => frame)).toEqual([1, 3, 5])
    expect(damage).toBeUndefined()
    expect(oddities).toEqual([['packet_of_unknown_interface', 2]])
  })

  test('reads of a packet block that claims more than it holds what it holds, and of one without fields nothing', async () => {
    const data = filler(8, 3)
    const all = file(enhanced({ captured: 4000, data }), { kind: 'other', type: ENHANCED, body: filler(16, 1) }, good)
    const { packets, oddities } = await readCapture(format, all)
    expect(packets.map(({ frame, bytes: read }) => [frame, read])).toEqual([
      [1, hex(data)],
      [3, hex(filler(16, 1))],
    ])
    expect(oddities).toEqual([['damaged_packet_block', 2]])
  })

  test('gives a packet without a time the time of the one before it', async () => {
    const all = file({ kind: 'simple', bytes: filler(4, 1) }, good, { kind: 'simple', bytes: filler(4, 1) })
    const { packets, oddities } = await readCapture(format, all)
    expect(packets.map(({ time }) => time)).toEqual([0, START, START])
    expect(oddities).toEqual([['packet_without_time', 2]])
  })

  test('gives a packet whose time cannot be the time of the one before it', async () => {
    const all = file(good, enhanced({ high: 0xffffffff, low: 0xffffffff }), good)
    const { packets, oddities } = await readCapture(format, all)
    expect(packets.map(({ time }) => time)).toEqual([START, START, START])
    expect(oddities).toEqual([['packet_time_out_of_range', 1]])
  })

  test('ignores options that do not fit into their interface', async () => {
    const body = concat(ordered(LINKTYPE_RAW, 2), [0, 0], ordered(0, 4), ordered(9, 2), ordered(4000, 2))
    const all = pcapng({ blocks: [{ kind: 'other', type: INTERFACE, body }, good] })
    expect((await readCapture(format, all)).packets).toMatchObject([{ time: START }])
  })
})

describe('a pcapng time', () => {
  async function timeOf(resolution: number, units: bigint, offset: number, bigEndian: boolean) {
    const word = (value: bigint) => ordered(Number(value), 4, bigEndian)
    const fields = [word(0n), word(units >> 32n), word(units & 0xffffffffn), word(4n), word(4n)]
    const all = pcapng({
      bigEndian,
      blocks: [
        { kind: 'interface', linkType: LINKTYPE_RAW, offset, options: [{ code: 9, value: [resolution] }] },
        { kind: 'other', type: ENHANCED, body: concat(...fields, filler(4, 1)) },
      ],
    })
    const { packets, oddities } = await readCapture(format, all)
    return { time: packets[0]!.time, oddities }
  }

  function perSecond(resolution: number): bigint {
    const exponent = BigInt(resolution & 0x7f)
    return resolution & 0x80 ? 2n ** exponent : 10n ** exponent
  }

  const decimal = fc.integer({ min: 0, max: 12 })
  const binary = fc.integer({ min: 0, max: 40 }).map((exponent) => exponent | 0x80)

  test('is exact to the microsecond from seconds to picoseconds, in powers of ten and of two, with an offset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(decimal, binary),
        fc.bigInt({ min: 0n, max: 2n ** 51n }),
        fc.bigInt({ min: -2n, max: 2n }),
        fc.integer({ min: -1000, max: 2_000_000_000 }),
        fc.boolean(),
        async (resolution, micros, near, offset, bigEndian) => {
          const second = perSecond(resolution)
          const wanted = (micros * second) / 1_000_000n + near
          const units = wanted < 0n ? 0n : wanted > 2n ** 64n - 1n ? 2n ** 64n - 1n : wanted
          const exact = (units * 1_000_000n) / second + BigInt(offset) * 1_000_000n
          const { time } = await timeOf(resolution, units, offset, bigEndian)
          expect(time).toBe(isTime(Number(exact)) ? Number(exact) : 0)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('in any resolution and with any offset is a time, or counted as none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(255), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), async (resolution, units) => {
        const { time, oddities } = await timeOf(resolution, units, 0, false)
        const exact = (units * 1_000_000n) / perSecond(resolution)
        if (oddities.length > 0) {
          expect(oddities).toEqual([['packet_time_out_of_range', 1]])
          expect(exact).toBeGreaterThan(2n ** 53n - 2n)
        } else expect(Math.abs(time - Number(exact))).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1000 },
    )
  })
})
