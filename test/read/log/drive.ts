import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Chunks } from '../../../src/base/chunks.ts'
import { Oddities } from '../../../src/base/oddities.ts'
import type { LogMark } from '../../../src/model/mark.ts'
import type { Observation } from '../../../src/model/observation.ts'
import type { LogFormat, LogSample, RecordResult } from '../../../src/model/reader.ts'
import { openRecords } from '../../../src/read/log/framing/index.ts'
import { logFormats } from '../../../src/read/log/index.ts'
import { observationRecord } from '../../../src/report/observation.ts'
import { markRecord } from './mark-record.ts'

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
export const SAMPLES: readonly Sample[] = logFormats.flatMap(({ name: format }) =>
  (existsSync(samplesOf(format)) ? readdirSync(samplesOf(format)) : [])
    .filter((file) => file.startsWith('sample'))
    .sort()
    .map((file) => ({ format, file, expected: file.replace('sample', 'expected').replace(/\.[a-z]+$/, '.ndjson') })),
)

export function sampleBytes(sample: Sample): Buffer {
  return readFileSync(samplesOf(sample.format) + sample.file)
}

/** One that holds them all: a large one for each of thousands of readings would cost more than the reading. */
function windowFor(bytes: Uint8Array): number {
  return Math.min(1 << 20, Math.max(4096, 2 * bytes.length))
}

/** A window over bytes that come `step` at a time. */
export function chunksOver(bytes: Uint8Array, step = bytes.length, size = windowFor(bytes)): Chunks {
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

/** What a format is opened with here: its samples' times without a year are of 2026. */
export const CONTEXT = { timezone: 'UTC', year: 2026 } as const

/** Reads a whole input; `watch` sees each observation while it lasts. */
export async function readLog(
  format: LogFormat,
  bytes: Uint8Array,
  input = 'sample.log',
  watch: (observation: Observation) => void = () => {},
): Promise<LogReading> {
  const oddities = new Oddities()
  const records = openRecords(format.framing, chunksOver(bytes), oddities)
  const reader = format.open({ ...CONTEXT, oddities })
  const results: RecordResult[] = []
  let printed = ''
  const observe = (observation: Observation) => {
    observation.position = records.number
    observation.firstPosition = records.number
    watch(observation)
    printed += `${JSON.stringify(observationRecord(observation, input, 'line'))}\n`
  }
  const mark = (told: LogMark) => {
    told.position = records.number
    printed += `${JSON.stringify(markRecord(told, input))}\n`
  }
  while (true) {
    while (records.next()) {
      if (records.unterminated && format.needsLineEnd) continue
      results.push(reader.record(records.bytes, records.start, records.end, { observe, mark }))
    }
    if (!(await records.more())) break
  }
  return { results, printed, oddities }
}

/** The observations of a few lines, as objects. */
export async function observed(format: LogFormat, ...lines: readonly string[]): Promise<Record<string, unknown>[]> {
  const { printed } = await readLog(format, textOf(format, lines))
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** What became of each line. */
export async function results(format: LogFormat, ...lines: readonly string[]): Promise<readonly RecordResult[]> {
  return (await readLog(format, textOf(format, lines))).results
}

function textOf(format: LogFormat, lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}${format.needsLineEnd ? '\n' : ''}`)
}
