import { readFileSync } from 'node:fs'
import { Chunks } from '../../../src/base/chunks.ts'
import { Oddities } from '../../../src/base/oddities.ts'
import type { Observation } from '../../../src/model/observation.ts'
import type { LogFormat, LogSample, RecordResult } from '../../../src/model/reader.ts'
import { Lines } from '../../../src/read/log/lines.ts'
import { observationRecord } from '../../../src/report/observation.ts'

/** The folder of a format's samples, with `/` at its end. */
export function samplesOf(format: string): string {
  return new URL(`../../../samples/logs/${format}/`, import.meta.url).pathname
}

export interface Sample {
  readonly format: string
  readonly file: string
  readonly expected: string
}

/** Every sample of every format. */
export const SAMPLES: readonly Sample[] = [
  { format: 'squid-native', file: 'sample.log', expected: 'expected.ndjson' },
  { format: 'squid-common', file: 'sample.log', expected: 'expected.ndjson' },
  { format: 'squid-common', file: 'sample-combined.log', expected: 'expected-combined.ndjson' },
  { format: 'zeek-dns', file: 'sample.log', expected: 'expected.ndjson' },
  { format: 'zeek-dns', file: 'sample-json.log', expected: 'expected-json.ndjson' },
  { format: 'zeek-ssl', file: 'sample.log', expected: 'expected.ndjson' },
  { format: 'zeek-ssl', file: 'sample-json.log', expected: 'expected-json.ndjson' },
]

export function sampleBytes(sample: Sample): Buffer {
  return readFileSync(samplesOf(sample.format) + sample.file)
}

/** A window over bytes that come `step` at a time. */
export function chunksOver(bytes: Uint8Array, step = bytes.length, size = 1 << 20): Chunks {
  let at = 0
  const read = (into: Uint8Array, to: number, length: number) => {
    const count = Math.min(step, length, bytes.length - at)
    into.set(bytes.subarray(at, at + count), to)
    at += count
    return count
  }
  return new Chunks({ read, close: () => {} }, size)
}

/** What detection would hand to `claims`. */
export function logSample(bytes: Uint8Array): LogSample {
  const lines = Buffer.from(bytes).toString('latin1').split(/\r?\n/)
  if (lines.length > 1) lines.pop()
  return { bytes, lines }
}

export interface LogReading {
  readonly results: readonly RecordResult[]
  /** As `inspect` prints them. */
  readonly printed: string
  readonly oddities: Oddities
}

/** Reads a whole input; `watch` sees each observation while it lasts. */
export async function readLog(
  format: LogFormat,
  bytes: Uint8Array,
  input = 'sample.log',
  watch: (observation: Observation) => void = () => {},
): Promise<LogReading> {
  const oddities = new Oddities()
  const lines = new Lines(chunksOver(bytes), oddities)
  const reader = format.open({ oddities })
  const results: RecordResult[] = []
  let printed = ''
  while (true) {
    while (lines.next()) {
      const result = reader.record(lines.bytes, lines.start, lines.end, (observation) => {
        observation.position = lines.number
        observation.firstPosition = lines.number
        watch(observation)
        printed += `${JSON.stringify(observationRecord(observation, input, 'line'))}\n`
      })
      results.push(result)
    }
    if (!(await lines.more())) break
  }
  return { results, printed, oddities }
}

/** The observations of a few lines, as objects. */
export async function observed(format: LogFormat, ...lines: readonly string[]): Promise<Record<string, unknown>[]> {
  const { printed } = await readLog(format, Buffer.from(lines.join('\n')))
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** What became of each line. */
export async function results(format: LogFormat, ...lines: readonly string[]): Promise<readonly RecordResult[]> {
  return (await readLog(format, Buffer.from(lines.join('\n')))).results
}
