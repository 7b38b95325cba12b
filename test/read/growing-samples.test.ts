import { describe, expect, test } from 'vitest'
import { BLOCK, type ReadAt, samplesOf } from '../../src/read/fingerprint.ts'
import { GrowingSamples } from '../../src/read/growing-samples.ts'

const SIZE = 600 * BLOCK + 1234

/** A large file as it would lie there: each block of bytes of its own, but for those that were written over. */
class Made {
  readonly written = new Map<number, number>()
  begins = 0
  count = 0
  length = SIZE
  readonly readAt: ReadAt = (into, at, length, position) => {
    const count = Math.max(0, Math.min(length, this.length - position))
    this.count += count
    into.fill((position / BLOCK) % 251, at, at + count)
    for (let i = 0; i < count && position + i < 4; i++) into[at + i] = this.begins
    for (const [place, byte] of this.written) {
      if (place >= position && place < position + count) into[at + place - position] = byte
    }
    return count
  }

  /** What a look without memory says. */
  expected(...lengths: number[]): string[] {
    return samplesOf(this.readAt, lengths)
  }
}

describe('samples of a large file that grows', () => {
  test('are those of a file that was never looked at, wherever it ends', () => {
    const [samples, file] = [new GrowingSamples(), new Made()]
    let known = SIZE
    samples.of('1 1', file.readAt, [known])
    for (const more of [1, 3000, 0, BLOCK - 4234, 1, 4095, 4096, 5 * BLOCK, 12]) {
      file.length = known + more
      expect(samples.of('1 1', file.readAt, [known, file.length])).toEqual(file.expected(known, file.length))
      known = file.length
    }
  })

  test('cost a hundredth of a whole look once they are known', () => {
    const [samples, file] = [new GrowingSamples(), new Made()]
    file.length = 20_000 * BLOCK
    samples.of('1 1', file.readAt, [file.length])
    const whole = file.count
    file.count = 0
    samples.of('1 1', file.readAt, [file.length, file.length])
    expect(file.count).toBeLessThan(whole / 100)
  })

  test.each([
    ['its beginning', 2],
    ['its first block', 200_000],
    ['the end of what was there', 599 * BLOCK + 100],
  ])('tell at once where %s is another', (_, place) => {
    const [samples, file] = [new GrowingSamples(), new Made()]
    samples.of('1 1', file.readAt, [SIZE])
    file.written.set(place, 255)
    file.length += 5000
    expect(samples.of('1 1', file.readAt, [SIZE, file.length])).toEqual(file.expected(SIZE, file.length))
  })

  test('tell of every block within as many looks as all of them take in turn', () => {
    const [samples, file] = [new GrowingSamples(), new Made()]
    const [before] = samples.of('1 1', file.readAt, [SIZE])
    file.written.set(300 * BLOCK + 10, 255)
    const looks = Array.from({ length: Math.ceil(600 / 32) }, () => samples.of('1 1', file.readAt, [SIZE])[0])
    expect(looks[0]).toBe(before)
    expect(looks.at(-1)).toBe(file.expected(SIZE)[0])
  })

  test('of one that was cut, or is asked for shorter than it is known, are those of a whole look', () => {
    const [samples, file] = [new GrowingSamples(), new Made()]
    samples.of('1 1', file.readAt, [SIZE])
    expect(samples.of('1 1', file.readAt, [550 * BLOCK, SIZE])).toEqual(file.expected(550 * BLOCK, SIZE))
    file.length = 560 * BLOCK
    expect(samples.of('1 1', file.readAt, [file.length])).toEqual(file.expected(file.length))
  })

  test('of two files are never mixed, and of those that were asked for last are kept', () => {
    const [samples, one, two] = [new GrowingSamples(), new Made(), new Made()]
    two.begins = 7
    for (const turn of [1, 2]) {
      expect(samples.of('1 1', one.readAt, [SIZE])).toEqual(one.expected(SIZE))
      expect(samples.of('1 2', two.readAt, [SIZE]), `turn ${turn}`).toEqual(two.expected(SIZE))
    }
    for (let other = 3; other < 67; other++) samples.of(`1 ${other}`, two.readAt, [513 * BLOCK])
    one.count = 0
    samples.of('1 1', one.readAt, [SIZE])
    expect(one.count).toBeGreaterThan(600 * 4096)
  })
})
