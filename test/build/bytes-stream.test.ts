import { expect, test } from 'vitest'
import { Chunks } from '../../src/base/chunks.ts'
import { bytesStream, filler } from './index.ts'

test('a stream over bytes hands out no more than its step, and all of them', async () => {
  const bytes = filler(1000, 1)
  const chunks = new Chunks(bytesStream(bytes, 7), 4096)
  const ends: number[] = []
  while (await chunks.more()) ends.push(chunks.end)
  expect(ends.slice(0, 2)).toEqual([7, 14])
  expect(chunks.bytes.subarray(0, chunks.end)).toEqual(Buffer.from(bytes))
})
