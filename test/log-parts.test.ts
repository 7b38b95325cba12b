import { describe, expect, test } from 'vitest'
import type { InputSummary } from '../src/input.ts'
import { canReadParts, readLogPart } from '../src/log-parts.ts'
import type { Format } from '../src/model/reader.ts'
import { readInput } from '../src/pipeline.ts'
import { detectFormat } from '../src/read/detect.ts'
import { observationRecord } from '../src/report/observation.ts'
import { chunksOver, SAMPLES, sampleBytes } from './read/log/drive.ts'
import { markRecord } from './read/log/mark-record.ts'

const OPTIONS = { latest: Date.UTC(2026, 10, 21) * 1000 }

interface Told {
  /** Observations and marks, as they are printed, with their lines. */
  readonly said: readonly object[]
  readonly summary: Pick<InputSummary, 'records' | 'skipped'>
  readonly bad: readonly unknown[]
  readonly oddities: readonly unknown[]
}

async function whole(bytes: Uint8Array, format: Format): Promise<Told> {
  const said: object[] = []
  const { records, skipped, bad, oddities } = await readInput(
    chunksOver(bytes),
    format,
    {
      observe: (one) => said.push(observationRecord(one, '', 'line')),
      mark: (mark) => said.push({ ...markRecord(mark, ''), line: mark.position }),
    },
    OPTIONS,
  )
  const counted = [...bad].map(([reason, { count }]) => [reason, count]).sort()
  return { said, summary: { records, skipped }, bad: counted, oddities: oddities.entries() }
}

/** The same of the parts of that size, one after the other; undefined where it cannot be read in them. */
async function inParts(bytes: Uint8Array, format: Format, size: number): Promise<Told | undefined> {
  const head = bytes.subarray(0, 64 * 1024)
  if (!canReadParts(format, head, OPTIONS)) return undefined
  const said: object[] = []
  const summary = { records: 0, skipped: 0 }
  const bad = new Map<string, number>()
  const oddities = new Map<string, number>()
  let before = 0
  for (let start = 0; start < bytes.length; start += size) {
    const part = { start, end: Math.min(start + size, bytes.length) }
    const lines = before
    const sink = {
      observe: (one: Parameters<typeof observationRecord>[0]) => {
        const record = observationRecord(one, '', 'line') as Record<string, unknown> & { line: number }
        said.push({ ...record, line: record.line + lines })
      },
      mark: (mark: Parameters<typeof markRecord>[0]) =>
        said.push({ ...markRecord(mark, ''), line: mark.position + lines }),
    }
    const chunks = chunksOver(bytes.subarray(Math.max(0, start - 1)))
    const told = await readLogPart(chunks, format, part, head, sink, OPTIONS)
    if (told === undefined) return undefined
    before += told.lines
    summary.records += told.records
    summary.skipped += told.skipped
    for (const [reason, { count }] of told.bad) bad.set(reason, (bad.get(reason) ?? 0) + count)
    for (const [name, count] of told.oddities.entries()) oddities.set(name, (oddities.get(name) ?? 0) + count)
  }
  return { said, summary, bad: [...bad].sort(), oddities: [...oddities].sort() }
}

describe('a sample that is read in parts, one after the other', async () => {
  const read: string[] = []

  test.each(SAMPLES)('$format/$file: says what it says as a whole, or that it cannot be', async (sample) => {
    const bytes = sampleBytes(sample)
    const format = await detectFormat(chunksOver(bytes))
    const expected = await whole(bytes, format!)
    for (const size of [61, 499, 4001]) {
      const told = await inParts(bytes, format!, size)
      if (told === undefined) continue
      expect(told, `parts of ${size} bytes`).toEqual(expected)
      read.push(sample.format)
    }
  })

  test('most formats of lines can be', () => {
    const formats = new Set(read)
    for (const known of ['squid-native', 'squid-common', 'w3c', 'zeek-dns', 'suricata-eve', 'bind', 'fortigate']) {
      expect(formats).toContain(known)
    }
    expect(formats.size).toBeGreaterThan(35)
  })
})
