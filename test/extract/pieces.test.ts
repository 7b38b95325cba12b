import { describe, expect, test } from 'vitest'
import { BufferPool } from '../../src/extract/buffer-pool.ts'
import { Pieces } from '../../src/extract/pieces.ts'
import { filler } from '../build/index.ts'
import { fc } from '../property.ts'

const MESSAGE = filler(600, 1)

describe('a message in pieces', () => {
  test('is what a plain copy says, whatever came in whatever order', () => {
    const piece = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 }))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (some) => {
        const pieces = new Pieces(new BufferPool(1 << 16), 600)
        const there = new Array<boolean>(600).fill(false)
        for (const [a, b] of some) {
          const [from, to] = [Math.min(a, b), Math.max(a, b)]
          const fresh = there.slice(from, to).includes(false)
          expect(pieces.put(MESSAGE, from, to, from)).toBe(fresh ? 'added' : 'known')
          there.fill(true, from, to)
          const gap = there.indexOf(false)
          expect(pieces.length).toBe(gap < 0 ? 600 : gap)
        }
        for (let i = 0; i < 600; i++) if (there[i]) expect(pieces.buffer[i]).toBe(MESSAGE[i])
      }),
    )
  })

  test('keeps what came first where pieces contradict each other', () => {
    const pieces = new Pieces(new BufferPool(1 << 16), 600)
    pieces.put(Uint8Array.of(1, 1), 0, 2, 2)
    pieces.put(Uint8Array.of(2, 2, 2, 2, 2, 2), 0, 6, 0)
    expect([...pieces.buffer.subarray(0, pieces.length)]).toEqual([2, 2, 1, 1, 2, 2])
  })

  test('has limits: its size, its parts, and the memory of all together', () => {
    const pool = new BufferPool(4096)
    const pieces = new Pieces(pool, 3000)
    expect(pieces.put(MESSAGE, 0, 600, 2401)).toBe('full')
    expect(pieces.put(MESSAGE, 0, 1, 2 ** 60)).toBe('full')
    expect(pieces.put(MESSAGE, 0, 600, 2400)).toBe('added')
    expect(new Pieces(pool, 3000).put(MESSAGE, 0, 1, 0)).toBe('full')
    pieces.clear()
    for (let i = 0; i < 256; i++) expect(pieces.put(MESSAGE, 0, 1, 2 * i)).toBe('added')
    expect(pieces.put(MESSAGE, 0, 1, 600)).toBe('full')
    expect(pieces.length).toBe(1)
    pieces.clear()
    expect(pieces.length).toBe(0)
    expect(new Pieces(pool, 3000).put(MESSAGE, 0, 600, 2400)).toBe('added')
  })
})
