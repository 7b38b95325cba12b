import { describe, expect, it } from 'vitest'
import { Interned } from '../../../src/read/log/interned.ts'
import { fc } from '../../property.ts'

function counted() {
  let reads = 0
  const interned = new Interned((bytes, start, end) => {
    reads++
    return Buffer.from(bytes.subarray(start, end)).toString('latin1')
  })
  return {
    get: (text: string) => interned.get(Buffer.from(`<${text}>`, 'latin1'), 1, 1 + text.length),
    reads: () => reads,
  }
}

describe('Interned', () => {
  it('always gives what reading would give', () => {
    const { get } = counted()
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 70 }).map((text) => Buffer.from(text).toString('latin1'))),
        (texts) => {
          for (const text of texts) expect(get(text)).toBe(text)
        },
      ),
    )
  })

  it('gives what it gave while another text has its slot taken back', () => {
    const { get } = counted()
    for (let i = 0; i < 30_000; i++)
      expect(get(`host-${i % 20_000}.example.com`)).toBe(`host-${i % 20_000}.example.com`)
  })

  it('reads a text once', () => {
    const { get, reads } = counted()
    for (let i = 0; i < 5; i++) get('web.whatsapp.com')
    expect(reads()).toBe(1)
  })

  it('reads texts above 64 bytes each time', () => {
    const { get, reads } = counted()
    for (let i = 0; i < 5; i++) expect(get('x'.repeat(65))).toBe('x'.repeat(65))
    expect(reads()).toBe(5)
  })
})
