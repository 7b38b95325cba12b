import { describe, expect, test } from 'vitest'
import { squidLog } from '../e2e/inputs.ts'
import { fc } from '../property.ts'
import { SAMPLES, sampleBytes } from '../read/log/drive.ts'
import { Desk, onceWhole } from './grown.ts'

/** What a log leaves behind that came in pieces, a pass after each. */
async function inPieces(bytes: Uint8Array, cuts: readonly number[], restarts = false) {
  const desk = new Desk()
  const statuses: string[] = []
  for (const end of [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)) {
    desk.put('input.log', bytes.subarray(0, end))
    if (restarts) desk.restart()
    statuses.push((await desk.pass(['input.log']))[0]!.status)
  }
  return { facts: desk.facts(), last: statuses.at(-1)! }
}

/** Places to cut a text of that length at, as parts of 10,000. */
const CUTS = fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 5 })

const placesIn = (length: number, cuts: readonly number[]) =>
  cuts.map((cut) => Math.max(1, Math.floor((cut * length) / 10_000)))

/** One of every format. */
const FIRST = SAMPLES.filter(({ format }, i) => SAMPLES[i - 1]?.format !== format)

/** A log that has everything in it that a cut may fall on. */
const MIXED = squidLog(
  ...Array.from({ length: 40 }, (_, i) => ({
    client: `10.1.4.${i % 5}`,
    host: ['www.app.example', 'cdn.other.net', 'plain.test'][i % 3]!,
    user: ['ann', 'bo\u00e9', 'cy'][i % 3]!,
  })),
)
  .split('\n')
  .map((line, i) => (i % 11 === 7 ? `no line of Squid\n${line}` : i % 5 === 3 ? `${line}\r` : line))
  .join('\n')

test('a log cut anywhere, the store opened anew in between, has the facts, coverage and findings of the whole', async () => {
  const bytes = Buffer.from(MIXED)
  const whole = await onceWhole('input.log', bytes)
  const cuts = fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { minLength: 1, maxLength: 6 })
  const options = { numRuns: 15 }
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), async (places, ends) => {
      const content = ends ? bytes : bytes.subarray(0, -1)
      const expected = ends ? whole : await onceWhole('input.log', content)
      expect((await inPieces(content, places, true)).facts).toEqual(expected.facts)
    }),
    options,
  )
})

describe('a sample that comes in pieces, cut anywhere, has one reading and the facts of the whole', () => {
  const goneOn = new Set<string>()
  const drawn = fc.sample(CUTS, FIRST.length)

  test.each(FIRST.map((sample, i) => ({ ...sample, cuts: drawn[i]! })))('$format/$file', async (sample) => {
    const bytes = sampleBytes(sample)
    const whole = await onceWhole('input.log', bytes)
    const pieces = await inPieces(bytes, placesIn(bytes.length, sample.cuts))
    expect(pieces.facts).toEqual(whole.facts)
    if (pieces.last === 'grown') goneOn.add(sample.format)
  })

  test('most had something before the last piece', () => expect(goneOn.size).toBeGreaterThan(60))
})
