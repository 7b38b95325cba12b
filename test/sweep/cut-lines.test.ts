import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Chunks, chunksOf } from '../../src/base/chunks.ts'
import { canReadParts, readLogPart } from '../../src/log-parts.ts'
import type { Format, LogFormat } from '../../src/model/reader.ts'
import { readInput } from '../../src/pipeline.ts'
import { detectFormat, formats } from '../../src/read/detect.ts'
import { openFile } from '../../src/read/source.ts'
import { type Cut, cutInput, type WantedOfInput } from '../../src/sweep/cut.ts'
import { cutLines } from '../../src/sweep/cut-lines.ts'
import { LinePlaces } from '../../src/sweep/landmarks.ts'
import { bytesStream } from '../build/index.ts'

const SAMPLES = new URL('../../samples/logs/', import.meta.url).pathname

/** The first sample of every format. */
const samples = readdirSync(SAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && formats.some(({ name }) => name === entry.name))
  .map(({ name }) => ({
    name,
    file: join(SAMPLES, name, readdirSync(join(SAMPLES, name)).find((file) => file !== 'expected.ndjson')!),
  }))

/** As a sweep finds out: only such logs are cut by lines. */
async function isReadByLines(format: Format, bytes: Buffer): Promise<boolean> {
  if (!canReadParts(format, bytes, {})) return false
  const part = { start: 0, end: bytes.length }
  return (
    (await readLogPart(new Chunks(bytesStream(bytes, 700)), format, part, bytes, { observe: () => {} }, {})) !==
    undefined
  )
}

function wantedOf(positions: Iterable<number>): WantedOfInput {
  return {
    positions: new Map([...positions].map((position) => [position, { role: 'cited', findings: new Set(['f-1']) }])),
    answers: new Map(),
    tunnels: new Map(),
  }
}

const lines = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

async function cutBoth(file: string, format: LogFormat, count: number) {
  const bytes = readFileSync(file)
  const [slow, fast]: [Cut[], Cut[]] = [[], []]
  const settings = (cuts: Cut[]) => ({ clientOf: () => '', options: {}, take: (cut: Cut) => cuts.push(cut) })
  await cutInput(new Chunks(bytesStream(bytes, 700)), format, wantedOf(lines(count)), settings(slow))
  const source = openFile(file)
  await cutLines(source.file!, format, bytes.length, [], wantedOf(lines(count)), settings(fast))
  source.close()
  return { slow, fast }
}

describe('lines that are cut alone are what they are in the whole log', () => {
  test.each(samples)('of $name', async ({ name, file }) => {
    const bytes = readFileSync(file)
    const format = await detectFormat(chunksOf(bytes), name)
    if (format?.kind !== 'log' || !(await isReadByLines(format, bytes))) return
    const { slow, fast } = await cutBoth(file, format, bytes.toString('latin1').split('\n').length)
    expect(fast).toEqual(slow)
    expect(fast.length).toBeGreaterThan(0)
    for (const cut of fast)
      expect(Buffer.from(cut.bytes)).toEqual(bytes.subarray(cut.offset, cut.offset + cut.bytes.length))
  })

  test('and most formats can be cut so', async () => {
    const able = await Promise.all(
      samples.map(async ({ name, file }) => {
        const bytes = readFileSync(file)
        const format = await detectFormat(chunksOf(bytes), name)
        return format !== undefined && (await isReadByLines(format, bytes))
      }),
    )
    expect(able.filter(Boolean).length).toBeGreaterThan(samples.length / 2)
  })
})

test.each(['zeek-dns', 'w3c', 'squid-native'])(
  'the header by which records of %s are read goes with them, once for a finding',
  async (name) => {
    const bytes = readFileSync(join(SAMPLES, name, 'sample.log'))
    const text = bytes.toString('latin1').split('\n')
    const format = formats.find((one) => one.name === name) as LogFormat
    const cuts: Cut[] = []
    const settings = { clientOf: () => '', options: {}, take: (cut: Cut) => cuts.push(cut) }
    const first = text.findIndex((line) => !line.startsWith('#')) + 1
    await cutInput(chunksOf(bytes), format, wantedOf([first, first + 2]), settings)
    const header = text.flatMap((line, n) => (/^#(?:path|[Ff]ields)/.test(line) ? [`part ${n + 1}`] : []))
    expect(cuts.map(({ role, position }) => `${role} ${position}`)).toEqual([
      ...header,
      `cited ${first}`,
      `cited ${first + 2}`,
    ])
    // What is cut is read as it was in the log.
    const alone = Buffer.from(cuts.map((cut) => `${Buffer.from(cut.bytes).toString('latin1')}\n`).join(''), 'latin1')
    const names: string[] = []
    await readInput(chunksOf(alone), format, { observe: ({ name: host }) => names.push(host) })
    expect(names.length).toBeGreaterThan(0)
  },
)

test('behind a place where a log was read to before, lines keep their numbers', async () => {
  const name = 'squid-native'
  const { file } = samples.find((sample) => sample.name === name)!
  const bytes = readFileSync(file)
  const format = formats.find((one) => one.name === name) as LogFormat
  const at = bytes.indexOf(0x0a, bytes.indexOf(0x0a) + 1) + 1
  const cuts: Cut[] = []
  const source = openFile(file)
  const settings = { clientOf: () => '', options: {}, take: (cut: Cut) => cuts.push(cut) }
  await cutLines(source.file!, format, bytes.length, [{ at, lines: 2 }], wantedOf([3, 5]), settings)
  expect(
    cuts.map(({ position, offset }) => [position, bytes.subarray(offset).toString('latin1').split('\n')[0]]),
  ).toEqual([3, 5].map((line) => [line, bytes.toString('latin1').split('\n')[line - 1]]))
  // What stands before it is sought from the beginning.
  cuts.length = 0
  await cutLines(source.file!, format, bytes.length, [{ at, lines: 2 }], wantedOf([1, 4]), settings)
  expect(cuts.map(({ position }) => position)).toEqual([1, 4])
  source.close()
})

test('from every place that reading told lines are what they are in the whole log', async () => {
  const name = 'squid-native'
  const { file } = samples.find((sample) => sample.name === name)!
  const sample = readFileSync(file)
  const bytes = Buffer.concat(Array.from({ length: 400 }, () => sample))
  const big = join(mkdtempSync(join(tmpdir(), 'offchannel-test-')), 'big.log')
  writeFileSync(big, bytes)
  const format = formats.find((one) => one.name === name) as LogFormat
  const known = new LinePlaces()
  const half = bytes.indexOf(0x0a, bytes.length / 2) + 1
  const before = bytes.subarray(0, half).toString('latin1').split('\n').length - 1
  for (const [start, end, lines] of [
    [half, bytes.length, before],
    [0, half, 0],
  ] as const) {
    const chunks = new Chunks(bytesStream(bytes.subarray(Math.max(0, start - 1), end), 700))
    const placed = (at: number, line: number) => known.add({ at, lines: lines + line })
    await readLogPart(chunks, format, { start, end }, sample, { observe: () => 'follow', placed }, {})
  }
  const places = known.all
  expect(places.length).toBeGreaterThan(10)
  for (const { at, lines: line } of places) {
    expect(bytes.subarray(0, at).toString('latin1').split('\n').length - 1).toBe(line)
  }
  const all = bytes.toString('latin1').split('\n')
  const asked = [1, 2, 3, 77, 78, 1500, before, before + 1, before + 2, all.length - 1, all.length + 5]
  const cuts: Cut[] = []
  const wanted = wantedOf(asked)
  const source = openFile(big)
  const settings = { clientOf: () => '', options: {}, take: (cut: Cut) => cuts.push(cut) }
  await cutLines(source.file!, format, bytes.length, places, wanted, settings)
  source.close()
  rmSync(dirname(big), { recursive: true })
  expect(cuts.map(({ position, bytes: line }) => [position, Buffer.from(line).toString('latin1')])).toEqual(
    asked.slice(0, -1).map((line) => [line, all[line - 1]]),
  )
  for (const { offset, bytes: line } of cuts)
    expect(bytes.subarray(offset, offset + line.length)).toEqual(Buffer.from(line))
  expect([...wanted.positions.keys()]).toEqual([all.length + 5])
})

test('of very many places every second is forgotten', () => {
  const places = new LinePlaces()
  for (let n = 0; n < 200_000; n++) places.add({ at: n * 5000, lines: n })
  const { all } = places
  expect(all.length).toBeLessThan(65_536)
  expect(all.length).toBeGreaterThan(30_000)
  expect(all.every(({ at, lines }, n) => at === lines * 5000 && (n === 0 || at > all[n - 1]!.at))).toBe(true)
})
