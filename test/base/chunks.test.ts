import { describe, expect, test } from 'vitest'
import { type ByteStream, Chunks } from '../../src/base/chunks.ts'
import { bytesStream, filler } from '../build/index.ts'

const bytes = filler(200, 3)
const STEPS = [1, 2, 3, 7, 16, 63, 64, 65, 199, 200, 1000]

/** Reads everything, consuming `take` bytes of each window. */
async function readAll(chunks: Chunks, take: number): Promise<number[]> {
  const begin = chunks.position
  const all: number[] = []
  do {
    while (chunks.end - chunks.start >= take || (chunks.ended && chunks.end > chunks.start)) {
      const end = Math.min(chunks.start + take, chunks.end)
      expect(chunks.position).toBe(begin + all.length)
      all.push(...chunks.bytes.subarray(chunks.start, end))
      chunks.start = end
    }
  } while ((await chunks.more()) || chunks.end > chunks.start)
  return all
}

describe('chunks', () => {
  test.each(STEPS)('hand out every byte once and in order from reads of %i', async (step) => {
    for (const take of [1, 5, 64]) {
      const chunks = new Chunks(bytesStream(bytes, step), 64)
      expect(await readAll(chunks, take)).toEqual([...bytes])
      expect(chunks.ended).toBe(true)
      expect(chunks.failure).toBeUndefined()
      expect(chunks.position).toBe(bytes.length)
      expect(await chunks.more()).toBe(false)
    }
  })

  test.each(STEPS)('skip any number of bytes in reads of %i, and say where they stand', async (step) => {
    for (const count of [0, 1, 63, 64, 65, 130, 200]) {
      const chunks = new Chunks(bytesStream(bytes, step), 64)
      expect(await chunks.skip(count)).toBe(true)
      expect(chunks.position).toBe(count)
      expect(await readAll(chunks, 1)).toEqual([...bytes.subarray(count)])
    }
    const short = new Chunks(bytesStream(bytes, step), 64)
    expect(await short.skip(201)).toBe(false)
    expect(short.ended).toBe(true)
  })

  test('say no more where the window is full, without an end', async () => {
    const chunks = new Chunks(bytesStream(bytes), 64)
    expect(await chunks.more()).toBe(true)
    expect(await chunks.more()).toBe(false)
    expect(chunks.ended).toBe(false)
    chunks.start = 1
    expect(await chunks.more()).toBe(true)
    expect([...chunks.bytes]).toEqual([...bytes.subarray(1, 65)])
  })

  test.each(['thrown', 'rejected'])('keep what came before a failure that was %s, and read no more', async (how) => {
    const failure = new Error('unreadable')
    let reads = 0
    const stream: ByteStream = {
      read(into, at) {
        if (++reads === 1) {
          into.set(bytes.subarray(0, 10), at)
          return 10
        }
        if (how === 'thrown') throw failure
        return Promise.reject(failure)
      },
      close() {},
    }
    const chunks = new Chunks(stream, 64)
    expect(await chunks.more()).toBe(true)
    expect(await chunks.more()).toBe(false)
    expect(await chunks.more()).toBe(false)
    expect(chunks.failure).toBe(failure)
    expect(chunks.ended).toBe(true)
    expect([...chunks.bytes.subarray(chunks.start, chunks.end)]).toEqual([...bytes.subarray(0, 10)])
    expect(reads).toBe(2)
  })

  test('drain to the end of the stream', async () => {
    const chunks = new Chunks(bytesStream(bytes, 7), 64)
    await chunks.more()
    await chunks.drain()
    expect(chunks.position).toBe(bytes.length)
    expect(chunks.ended).toBe(true)
  })
})
