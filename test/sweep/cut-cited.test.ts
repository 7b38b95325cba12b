import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Chunks, chunksOf } from '../../src/base/chunks.ts'
import type { Batch } from '../../src/model/batch.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { CaptureFormat } from '../../src/model/reader.ts'
import type { Sighting } from '../../src/model/sighting.ts'
import { readInput } from '../../src/pipeline.ts'
import { detectFormat } from '../../src/read/detect.ts'
import { openFile } from '../../src/read/source.ts'
import { CitedFrames } from '../../src/sweep/cited-frames.ts'
import { type Cut, cutInput, type WantedOfInput } from '../../src/sweep/cut.ts'
import { cutCited } from '../../src/sweep/cut-cited.ts'
import {
  bytesStream,
  ethernet,
  filler,
  LINKTYPE_ETHERNET,
  LINKTYPE_RAW,
  merge,
  pcap,
  pcapng,
  tlsConversation,
  udpPacket,
} from '../build/index.ts'

const SAMPLES = new URL('../../samples/captures/', import.meta.url).pathname
const TIME = Date.UTC(2026, 4, 12, 8) * 1000

const folder = mkdtempSync(join(tmpdir(), 'offchannel-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Hellos in pieces of several clients, between packets of others, so many that a capture has several places. */
function conversations(delivery: 'in-order' | 'reversed') {
  const talks = Array.from({ length: 12 }, (_, n) =>
    tlsConversation({
      ends: { source: `10.1.4.${31 + n}`, destination: '198.51.100.9', sourcePort: 50_000 + n, destinationPort: 443 },
      time: TIME + n * 7000,
      hello: { serverName: `chat${n}.example.net` },
      exchanges: [],
      delivery,
    }),
  )
  const others = Array.from({ length: 400 }, (_, n) => ({
    time: TIME + n * 300,
    bytes: udpPacket(
      { source: '10.1.4.77', destination: '203.0.113.5', sourcePort: 4000 + n, destinationPort: 9999 },
      filler(30, n),
    ),
  }))
  return merge(...talks, others)
}

const blocks = conversations('in-order').flatMap(({ time, bytes }, n) => [
  // Interfaces are told of when they are first used.
  ...(n === 0 ? [{ kind: 'interface' as const, linkType: LINKTYPE_ETHERNET }] : []),
  ...(n === 100 ? [{ kind: 'interface' as const, linkType: LINKTYPE_RAW }] : []),
  n < 100
    ? { kind: 'enhanced' as const, time, bytes: ethernet(bytes) }
    : { kind: 'enhanced' as const, time, bytes, interface: 1 },
])

const captures: readonly (readonly [string, Uint8Array])[] = [
  ...readdirSync(SAMPLES).map((name) => [name, readFileSync(join(SAMPLES, name))] as const),
  ['hellos in pieces', pcap(conversations('in-order'), { linkType: LINKTYPE_RAW })],
  ['hellos in pieces, reversed', pcap(conversations('reversed'), { linkType: LINKTYPE_RAW })],
  ['pieces on several interfaces', pcapng({ blocks })],
]

const settings = (cuts: Cut[]) => ({
  clientOf: ({ addresses }: Pick<Observation, 'addresses'>) => `address-${addresses[3]}`,
  options: {},
  take: (cut: Cut) => cuts.push(cut),
})

/** Reads a capture as if all that it names were matched. */
async function read(bytes: Uint8Array, format: CaptureFormat) {
  const frames = new CitedFrames()
  const cited = new Set<number>()
  await readInput(new Chunks(bytesStream(bytes, 700), 1 << 17), frames.placing(format), {
    observe: (observation) => {
      cited.add(observation.position)
      frames.observe(observation, true)
      return 'follow'
    },
    isWanted: () => true,
  })
  return { frames, cited }
}

function batchOf(cited: Iterable<number>): Batch {
  const sightings = Array.from(cited, (frame) => ({ firstAt: frame, lastAt: frame }) as Sighting)
  return { sightings, marks: [], sessions: [], answers: [], coverage: [] }
}

function wantedOf(frames: Iterable<number>): WantedOfInput {
  const one = { role: 'cited' as const, findings: new Set(['f-1']) }
  return { positions: new Map(Array.from(frames, (frame) => [frame, one])), answers: new Map(), tunnels: new Map() }
}

const inOrder = (cuts: readonly Cut[]) =>
  [...new Map(cuts.map((cut) => [`${String(cut.position).padStart(8)} ${cut.role}`, cut]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cut]) => cut)

test.each(captures)('frames that were kept in mind are cut as a whole pass cuts them: %s', async (name, bytes) => {
  const format = (await detectFormat(chunksOf(bytes))) as CaptureFormat
  const { frames, cited } = await read(bytes, format)
  frames.keep(batchOf(cited))
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const [known, whole]: [Cut[], Cut[]] = [[], []]
  const wanted = wantedOf(cited)
  const source = openFile(file)
  await cutCited(source.file!, format, bytes.length, frames, wanted, settings(known))
  source.close()
  await cutInput(new Chunks(bytesStream(bytes, 700), 1 << 17), format, wantedOf(cited), settings(whole))
  expect(inOrder(known)).toEqual(inOrder(whole))
  expect(wanted.positions.size).toBe(0)
  expect(known.length).toBeGreaterThan(0)
  for (const { offset, bytes: piece } of known) {
    expect(Uint8Array.from(bytes.subarray(offset, offset + piece.length))).toEqual(piece)
  }
})

test('a capture of many frames has several places, and pieces of hellos before them are found', async () => {
  const bytes = pcap(conversations('in-order'), { linkType: LINKTYPE_RAW })
  const { frames } = await read(bytes, (await detectFormat(chunksOf(bytes))) as CaptureFormat)
  expect(frames.places.length).toBeGreaterThan(5)
  expect(frames.places[0]!.frames).toBe(0)
})

test('a frame that no fact cites is forgotten, and stays wanted', async () => {
  const bytes = pcap(conversations('in-order'), { linkType: LINKTYPE_RAW })
  const format = (await detectFormat(chunksOf(bytes))) as CaptureFormat
  const { frames, cited } = await read(bytes, format)
  const [first, ...others] = cited
  frames.keep(batchOf(others))
  const file = join(folder, 'forgotten')
  writeFileSync(file, bytes)
  const wanted = wantedOf(cited)
  const source = openFile(file)
  await cutCited(source.file!, format, bytes.length, frames, wanted, settings([]))
  source.close()
  expect([...wanted.positions.keys()]).toEqual([first])
})
