import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ZstdFrames } from '../../src/read/zstd-frames.ts'
import { concat, filler, uint32 } from '../build/index.ts'

const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants

const contents = [new Uint8Array(0), filler(10, 1), new Uint8Array(3000), filler(70_000, 2), new Uint8Array(200_000)]
const frames = [
  ...contents.map((content) => zlib.zstdCompressSync(content)),
  ...contents.map((content) => zlib.zstdCompressSync(content, { params: { [ZSTD_c_checksumFlag]: 1 } })),
  ...contents.map((content) => zlib.zstdCompressSync(content, { params: { [ZSTD_c_contentSizeFlag]: 0 } })),
  concat([0x50, 0x2a, 0x4d, 0x18], uint32(0)),
  concat([0x5f, 0x2a, 0x4d, 0x18], uint32(300).reverse(), filler(300, 3)),
]
const all = concat(...frames)

describe('a Zstandard stream may end', () => {
  test('exactly where its frames end, when it comes byte by byte', () => {
    const ends = new Set([0])
    let at = 0
    for (const frame of frames) {
      at += frame.length
      ends.add(at)
    }
    const walk = new ZstdFrames()
    expect(walk.complete).toBe(true)
    for (let i = 0; i < all.length; i++) {
      walk.push(all.subarray(i, i + 1))
      if (walk.complete !== ends.has(i + 1)) expect({ at: i + 1, complete: walk.complete }).toEqual({})
    }
    expect(walk.complete).toBe(true)
  })

  test.each([2, 3, 5, 7, 100, 4099, all.length])('exactly where its frames end, in pieces of %i', (step) => {
    const walk = new ZstdFrames()
    for (let at = 0; at < all.length; at += step) walk.push(all.subarray(at, at + step))
    expect(walk.complete).toBe(true)
    walk.push(frames[1]!.subarray(0, -1))
    expect(walk.complete).toBe(false)
    walk.push(frames[1]!.subarray(-1))
    expect(walk.complete).toBe(true)
  })
})
