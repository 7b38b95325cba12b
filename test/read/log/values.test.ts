import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/base/address.ts'
import { readAddress, readPort, readUnsigned } from '../../../src/read/log/values.ts'
import { fc } from '../../property.ts'

function address(text: string): Uint32Array | undefined {
  const bytes = Buffer.from(`9${text}9`)
  const words = new Uint32Array(5)
  return readAddress(bytes, 1, bytes.length - 1, words, 1) ? words.slice(1) : undefined
}

function parsed(text: string): Uint32Array | undefined {
  const words = new Uint32Array(4)
  return parseAddress(text, words, 0) ? words : undefined
}

describe('readAddress', () => {
  it('reads what parseAddress reads', () => {
    const texts = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc
        .array(fc.constantFrom('0', '1', '25', '256', '.', ':', '::', 'f', '-'), { maxLength: 12 })
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(address(text)).toEqual(parsed(text))
      }),
      { numRuns: 3000 },
    )
  })

  it.each(['10.0.0.5', '0.0.0.0', '255.255.255.255', '2001:db8::1', '::', '::ffff:192.0.2.1'])('reads %s', (text) => {
    expect(address(text)).toEqual(parsed(text))
    expect(address(text)).toBeDefined()
  })

  it('reads an IPv6 address in brackets', () => {
    expect(address('[2001:db8::1]')).toEqual(parsed('2001:db8::1'))
  })

  it.each([
    '',
    '-',
    'example.com',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '[2001:db8::1',
    'face.example',
    '[]',
  ])('reads no address from %j', (text) => {
    expect(address(text)).toBeUndefined()
  })
})

describe('readUnsigned and readPort', () => {
  it.each([
    ['0', 0],
    ['0070', 70],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', -1],
    ['99999999999999999999999', -1],
    ['', -1],
    ['-1', -1],
    ['1.5', -1],
    ['0x10', -1],
  ])('read %j as %i', (text, value) => {
    expect(readUnsigned(Buffer.from(text), 0, text.length)).toBe(value)
  })

  it.each([
    ['', 0],
    ['443', 443],
    ['65535', 65535],
    ['65536', -1],
    ['http', -1],
  ])('read %j as port %i', (text, value) => {
    expect(readPort(Buffer.from(text), 0, text.length)).toBe(value)
  })
})
