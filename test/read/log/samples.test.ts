import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Oddities } from '../../../src/base/oddities.ts'
import { isTime } from '../../../src/base/time.ts'
import type { LogMark } from '../../../src/model/mark.ts'
import { MEANS, type Observation } from '../../../src/model/observation.ts'
import type { RecordResult } from '../../../src/model/reader.ts'
import { claimants } from '../../../src/read/detect.ts'
import { logFormats } from '../../../src/read/log/index.ts'
import { fc } from '../../property.ts'
import { logSample, readLog, SAMPLES, sampleBytes, samplesOf } from './drive.ts'

function formatNamed(name: string) {
  const format = logFormats.find((candidate) => candidate.name === name)
  if (format === undefined) throw new Error(`no format ${name}`)
  return format
}

/** What holds for every observation, whatever the bytes it came from. */
function expectSound(observation: Observation): void {
  expect(isTime(observation.time)).toBe(true)
  expect(isTime(observation.end)).toBe(true)
  expect(observation.end).toBeGreaterThanOrEqual(observation.time)
  expect(MEANS).toContain(observation.means)
  expect(observation.name).toMatch(/^[\x21-\x7e]{0,1020}$/)
  expect(observation.name !== '' || observation.hasServer).toBe(true)
  expect(observation.hasClient || observation.device !== '' || observation.user !== '').toBe(true)
  for (const port of [observation.clientPort, observation.serverPort]) {
    expect(Number.isInteger(port) && port >= 0 && port <= 65535).toBe(true)
  }
}

function expectSoundMark(mark: LogMark): void {
  expect(isTime(mark.time)).toBe(true)
  expect(mark.since).toBeLessThanOrEqual(mark.time)
  expect(mark.hasOuter || mark.hasInner || mark.user !== '' || mark.device !== '').toBe(true)
}

function expectSoundResult(result: RecordResult): void {
  if (typeof result === 'string') expect(['ok', 'skip']).toContain(result)
  else expect(result.bad).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/)
}

/** So many places of each sample are cut, or a few more. */
const CUTS = 150
const STEPS = [1, 3, 7, 13, 23, 37, 53, 79, 113, 163, 229]

describe('log formats', () => {
  it('have a sample each', () => {
    expect(new Set(SAMPLES.map((sample) => sample.format))).toEqual(new Set(logFormats.map((format) => format.name)))
  })

  it.each(SAMPLES)('read $format/$file as $expected says', async (sample) => {
    const { printed } = await readLog(formatNamed(sample.format), sampleBytes(sample), sample.file)
    expect(printed).toBe(readFileSync(samplesOf(sample.format) + sample.expected, 'utf8'))
  })

  it.each(SAMPLES)('$format alone claims $format/$file', (sample) => {
    const head = logSample(sampleBytes(sample))
    expect(claimants(head).map((format) => format.name)).toEqual([sample.format])
  })

  it.each([
    '',
    '\n\n\n',
    'The quick brown fox jumps over the lazy dog.\n'.repeat(20),
    '{"event_type":"dns","timestamp":"2026-11-21T18:52:00Z","dns":{"rrname":"web.whatsapp.com"}}\n',
    '{\n  "id": {"orig_h": "10.0.0.5"}\n}\n',
    '10.0.0.5 - - [21/Nov/2026:18:52:00 +0000] "GET /index.html HTTP/1.1" 200 811 "-" "curl/8.0 a:b"\n',
    '#separator \\x09\n#path\tfiles\n#fields\tts\tuid\tid.orig_h\n1795287120.0\tC1\t10.0.0.5\n',
    '#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip\n',
  ])('claim nothing of other texts: %j', (text) => {
    expect(logFormats.filter((format) => format.claims(logSample(Buffer.from(text))))).toEqual([])
  })

  it.each(SAMPLES)('read nothing out of $format/$file cut anywhere that the whole does not hold', async (sample) => {
    const format = formatNamed(sample.format)
    const bytes = sampleBytes(sample)
    const whole = (await readLog(format, bytes)).printed
    // A prime step meets every place within a record of some sample or other.
    const step = STEPS.find((prime) => bytes.length / prime < CUTS) ?? STEPS.at(-1)!
    for (let length = 0; length < bytes.length; length += step) {
      const { printed, results } = await readLog(format, bytes.subarray(0, length))
      expect(whole.startsWith(printed)).toBe(true)
      results.forEach(expectSoundResult)
    }
  })

  it.each(SAMPLES)('stay sound on $format/$file with any bytes changed', async (sample) => {
    const format = formatNamed(sample.format)
    const bytes = sampleBytes(sample)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const changed = Buffer.from(bytes)
        for (const [at, value] of changes) changed[at] = value
        const { results } = await readLog(format, changed, sample.file, expectSound)
        results.forEach(expectSoundResult)
        expect(typeof format.claims(logSample(changed))).toBe('boolean')
      }),
      { seed: 7, numRuns: 40 },
    )
  })

  it.each(SAMPLES)('are asked of $format/$file with its middle damaged, all of them, and none throws', (sample) => {
    const damaged = Buffer.from(sampleBytes(sample))
    damaged.fill(0x22, damaged.length >> 1, (damaged.length >> 1) + 3)
    for (const each of logFormats) expect(typeof each.claims(logSample(damaged))).toBe('boolean')
  })

  it.each(logFormats)('$name gives a result for any bytes', (format) => {
    const word = fc.constantFrom(
      ' ',
      '\t',
      '"',
      '[',
      ']',
      '-',
      ':',
      '/',
      '.',
      '@',
      '#',
      '{',
      '}',
      '\\x',
      '10.0.0.5',
      '1',
    )
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(word, { maxLength: 60 }).map((words) => new Uint8Array(Buffer.from(words.join('')))),
    )
    const reader = format.open({ oddities: new Oddities() })
    fc.assert(
      fc.property(line, fc.nat(20), (bytes, before) => {
        const window = new Uint8Array(before + bytes.length + 20).fill(0x39)
        window.set(bytes, before)
        expectSoundResult(
          reader.record(window, before, before + bytes.length, { observe: expectSound, mark: expectSoundMark }),
        )
      }),
      { numRuns: 300 },
    )
  })
})
