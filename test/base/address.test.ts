import { describe, expect, test } from 'vitest'
import { formatAddress, isIPv4, parseAddress, sameAddress } from '../../src/base/address.ts'
import { fc } from '../property.ts'

const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffff0000, 0xffffffff), fc.nat(0xffffffff))
const words = fc.tuple(word, word, word, word).map((four) => Uint32Array.from(four))
const ipv4Words = word.map((last) => Uint32Array.of(0, 0, 0xffff, last))

function parse(text: string): number[] | undefined {
  const into = new Uint32Array(4)
  return parseAddress(text, into, 0) ? [...into] : undefined
}

describe('an address', () => {
  test('that was written is read back as the same words', () => {
    fc.assert(
      fc.property(fc.oneof(words, ipv4Words), (address) => {
        expect(parse(formatAddress(address, 0))).toEqual([...address])
      }),
      { numRuns: 2000 },
    )
  })

  test('is written without two spellings: what is read in any spelling is written as RFC 5952 says', () => {
    const group = fc.nat(0xffff).map((value) => value.toString(16))
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const long = groups.map((one) => one.toUpperCase().padStart(4, '0')).join(':')
        const again = new Uint32Array(4)
        expect(parseAddress(long, again, 0)).toBe(true)
        expect(parse(formatAddress(again, 0))).toEqual(parse(groups.join(':')))
      }),
    )
  })

  // RFC 5952 §4 and §5.
  test.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1::', '1::'],
    ['::1', '::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
  ])('%s is written as %s', (text, written) => {
    expect(formatAddress(Uint32Array.from(parse(text)!), 0)).toBe(written)
  })

  test.each([
    ...['', '1', ':', ':::', '1:', ':1', '1::2::3', '::1:', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::'],
    ...['12345::', 'g::', '::%eth0', 'fe80::1%1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1..3.4', '1.2.3.4 '],
    ...['1.2.3.4:80', '::1.2.3', '::1.2.3.4:1', '1:2:3:4:5:6:7:1.2.3.4', '::1.2.3.04', '[::1]', '0x1.2.3.4', '٣.2.3.4'],
    ...['1'.repeat(46), '-1.2.3.4', '1.2.3.4/8', '2001:db8::1\0'],
  ])('%j is none, and nothing is written', (text) => {
    const into = Uint32Array.of(7, 7, 7, 7)
    expect(parseAddress(text, into, 0)).toBe(false)
    expect([...into]).toEqual([7, 7, 7, 7])
  })

  test('is none or is read, whatever the text', () => {
    const text = fc.array(fc.constantFrom('::', ':', '.', '0', '1', 'ff', 'FFFF', '255', 'g', '%', ' '), {
      maxLength: 16,
    })
    fc.assert(
      fc.property(text, (parts) => {
        const read = parse(parts.join(''))
        if (read !== undefined) expect(parse(formatAddress(Uint32Array.from(read), 0))).toEqual(read)
      }),
      { numRuns: 2000 },
    )
  })

  test('is compared and told by family where it stands in a longer array', () => {
    const two = new Uint32Array(9)
    expect(parseAddress('192.0.2.1', two, 1)).toBe(true)
    expect(parseAddress('::ffff:192.0.2.1', two, 5)).toBe(true)
    expect(isIPv4(two, 1)).toBe(true)
    expect(sameAddress(two, 1, two, 5)).toBe(true)
    for (let w = 5; w < 9; w++) {
      const other = two.slice()
      other[w]! ^= 1
      expect(sameAddress(other, 1, other, 5)).toBe(false)
      expect(isIPv4(other, 5)).toBe(w === 8)
    }
  })
})
