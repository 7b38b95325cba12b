import { describe, expect, test } from 'vitest'
import { escapeByte, nameByte, nameFromBytes, nameFromText } from '../../src/base/name.ts'
import { fc } from '../property.ts'

describe('a name', () => {
  test.each([
    ['web.whatsapp.com', 'web.whatsapp.com'],
    ['WEB.WhatsApp.COM.', 'web.whatsapp.com'],
    ['_dns.resolver.arpa', '_dns.resolver.arpa'],
    ['a\\b', 'a\\092b'],
    ['a b\t\0c', 'a\\032b\\009\\000c'],
    ['münchen.example', 'm\\195\\188nchen.example'],
    ['\x7f', '\\127'],
    ['a@b!~', 'a@b!~'],
    ['.', ''],
    ['', ''],
  ])('%j becomes %j', (text, name) => {
    expect(nameFromText(text)).toBe(name)
  })

  test('holds printable ASCII only and no capital letter, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const name = nameFromBytes(bytes, 0, bytes.length)
        expect(name).toMatch(/^[\x21-\x40\x5b-\x7e]*$/)
        expect(name.replaceAll(/\\\d{3}/g, '')).not.toContain('\\')
      }),
    )
  })

  test('is read from its bytes alone, not from what stands around them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }), (bytes, around) => {
        const inside = Uint8Array.from([...around, ...bytes, ...around])
        const name = nameFromBytes(inside, around.length, around.length + bytes.length)
        expect(name).toBe(nameFromBytes(bytes, 0, bytes.length))
      }),
    )
  })

  test('keeps every byte: two names that differ in more than case are written differently', () => {
    const written = new Set(Array.from({ length: 256 }, (_, byte) => nameByte(byte)))
    expect(written.size).toBe(256 - 26)
    expect(escapeByte(7)).toBe('\\007')
  })
})
