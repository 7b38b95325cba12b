import { describe, expect, it } from 'vitest'
import { ControlEscapes } from '../../../../src/read/log/fields/control-escapes.ts'
import { fc } from '../../../property.ts'

function undone(text: string): string | undefined {
  const bytes = Buffer.from(`#011${text}#0`, 'latin1')
  const escapes = new ControlEscapes()
  if (!escapes.undo(bytes, 4, bytes.length - 2)) return undefined
  return Buffer.from(escapes.bytes.subarray(0, escapes.length)).toString('latin1')
}

describe('control characters that rsyslog escaped', () => {
  it.each([
    ['a=1#011b=2', 'a=1\tb=2'],
    ['a=1#011', 'a=1\t'],
    ['a=1#011b=#033#037#040#018#0', 'a=1\tb=\x1b\x1f#040#018#0'],
    ['a=1#011b=2#015', 'a=1\tb=2'],
    ['a=1#011b=2#015#012', 'a=1\tb=2'],
  ])('are undone in %j', (text, expected) => {
    expect(undone(text)).toBe(expected)
  })

  it.each(['', 'a=1', 'a=1#015', 'http://example.org/#01', '#01', '#0111'.slice(0, 3)])(
    'are left where no tab is among them: %j',
    (text) => {
      expect(undone(text)).toBeUndefined()
    },
  )

  it('never make a record longer, whatever it holds', () => {
    const piece = fc.constantFrom('#', '0', '1', '#011', '#015', 'a')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        const plain = undone(text)
        expect(plain === undefined).toBe(!text.includes('#011'))
        if (plain !== undefined) expect(plain.length).toBeLessThanOrEqual(text.length - 3)
      }),
    )
  })
})
