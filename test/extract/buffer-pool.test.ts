import { describe, expect, test } from 'vitest'
import { BufferPool } from '../../src/extract/buffer-pool.ts'

describe('a pool of buffers', () => {
  test.each([
    [1, 2048],
    [2048, 2048],
    [2049, 4096],
    [67_584, 131_072],
  ])('gives for %i bytes a buffer of %i', (size, length) => {
    expect(new BufferPool(1 << 20).take(size)).toHaveLength(length)
  })

  test('gives a buffer again that it was given back', () => {
    const pool = new BufferPool(1 << 20)
    const buffer = pool.take(3000)!
    pool.give(buffer)
    expect(pool.take(2000)).not.toBe(buffer)
    expect(pool.take(4000)).toBe(buffer)
  })

  test('has no more than its limit in use at once', () => {
    const pool = new BufferPool(8192)
    const first = pool.take(4096)!
    expect(pool.take(4097)).toBeUndefined()
    expect(pool.take(4096)).toBeDefined()
    expect(pool.take(1)).toBeUndefined()
    pool.give(first)
    expect(pool.take(1)).toBeDefined()
  })
})
