import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Chunks } from '../../src/base/chunks.ts'
import type { InputSummary } from '../../src/input.ts'
import { readInput } from '../../src/pipeline.ts'
import { detectFormat } from '../../src/read/detect.ts'
import { observationRecord } from '../../src/report/observation.ts'
import { bytesStream, random } from '../build/index.ts'
import { mutated } from './mutate.ts'
import { expectSound } from './targets.ts'

const samples = join(import.meta.dirname, '../../samples')
const WINDOW = 64 * 1024

interface Sample {
  readonly file: string
  readonly bytes: Buffer
  readonly format: string
}

const inputs: Sample[] = []
for (const folder of ['captures', 'logs/day']) {
  for (const name of readdirSync(join(samples, folder))) {
    const bytes = readFileSync(join(samples, folder, name))
    const format = await detectFormat(new Chunks(bytesStream(bytes)))
    inputs.push({ file: `${folder}/${name}`, bytes, format: format!.name })
  }
}

interface Reading {
  /** As `inspect` gives them. */
  readonly observed: readonly Record<string, unknown>[]
  readonly summary: InputSummary
}

/** What a sample, or what became of it, names when it is read `step` bytes at a time. */
async function read(bytes: Uint8Array, format: string, step = bytes.length): Promise<Reading> {
  const chunks = new Chunks(bytesStream(bytes, step), WINDOW)
  const observed: Record<string, unknown>[] = []
  const summary = await readInput(chunks, (await detectFormat(chunks, format))!, {
    observe: (observation) => {
      expectSound(observation)
      observed.push(observationRecord(observation, '', 'frame'))
    },
  })
  return { observed, summary }
}

/** Every place of a small file; of a large one every place in the first 2 KiB, and then some five hundred. */
function cuts(length: number): number[] {
  const places = Array.from({ length }, (_, i) => i)
  const step = Math.max(37, Math.ceil(length / 500))
  return length <= 4096 ? places : places.filter((place) => place < 2048 || place % step === 0)
}

describe.each(inputs)('$file', ({ bytes, format }) => {
  test('cut anywhere gives the observations before the cut and no other', async () => {
    const whole = (await read(bytes, format)).observed
    expect(whole.length).toBeGreaterThan(5)
    let before = 0
    for (const cut of cuts(bytes.length)) {
      const { observed } = await read(bytes.subarray(0, cut), format)
      expect(observed.length).toBeGreaterThanOrEqual(before)
      for (let i = Math.max(0, before - 1); i < observed.length; i++) {
        const last = i === observed.length - 1
        expect(last ? named(observed[i]!) : observed[i], `cut at ${cut}`).toEqual(last ? named(whole[i]!) : whole[i])
      }
      before = observed.length
    }
    expect(before).toBeGreaterThanOrEqual(whole.length - 1)
  })

  test.each([1, 2, 3, 7, 61, 1000, 4096])('says the same when it is read %i bytes at a time', async (step) => {
    const whole = await read(bytes, format)
    const { observed, summary } = await read(bytes, format, step)
    expect(observed).toEqual(whole.observed)
    expect(summary.records).toBe(whole.summary.records)
    expect(summary.oddities.entries()).toEqual(whole.summary.oddities.entries())
    expect(summary.damage).toBeUndefined()
  })

  test('damaged in any way breaks nothing', async () => {
    for (let number = 0; number < 300; number++) {
      const damaged = mutated(bytes, random(number))
      const one = await read(damaged, format)
      const other = await read(damaged, format, 100 + (number % 50))
      expect(other.observed, `case ${number}`).toEqual(one.observed)
      expect(other.summary.damage, `case ${number}`).toEqual(one.summary.damage)
    }
  })
})

/**
 * What the part of a ClientHello before the cut tells: not when it was complete, nor what it offered behind the name.
 */
function named(observation: Record<string, unknown>): Record<string, unknown> {
  const { time, frame, firstFrame, encryptedHello, alpn, ja4, ...rest } = observation
  return rest
}
