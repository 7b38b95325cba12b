import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Certificate } from '../../src/extract/certificate.ts'
import {
  type Attribute,
  BMP_STRING,
  certificate,
  concat,
  element,
  PRINTABLE_STRING,
  random,
  TELETEX_STRING,
  UTF8_STRING,
} from '../build/index.ts'
import { fc } from '../property.ts'
import { mutated } from '../robustness/mutate.ts'

const HOST = 'chat.palaver.example'
const named = (value: string, kind?: number): Attribute[] => [
  { type: 'O', value: 'Palaver' },
  { type: 'CN', value, ...(kind === undefined ? {} : { kind }) },
]

/** What is read of a certificate that stands in the midst of other bytes. */
function read(bytes: Uint8Array) {
  const one = new Certificate()
  const inside = concat([0x30, 0x82], bytes, new Uint8Array(40).fill(0x30))
  const fits = one.read(inside, 2, 2 + bytes.length)
  return { fits, name: one.name, aliases: one.aliases, issuer: one.issuer }
}

/** What node reads of it: the last common name, its issuer's, and the names of hosts. */
function readByNode(bytes: Uint8Array) {
  const one = new X509Certificate(bytes)
  const last = (text: string | undefined, type: string) =>
    (text ?? '')
      .split('\n')
      .filter((line) => line.startsWith(`${type}=`))
      .at(-1)
      ?.slice(type.length + 1)
  return {
    subject: last(one.subject, 'CN') ?? '',
    issuer: last(one.issuer, 'CN') ?? last(one.issuer, 'O') ?? '',
    dnsNames: (one.subjectAltName ?? '')
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .map((name) => name.slice(4)),
  }
}

describe('a certificate', () => {
  test('is for its common name and further names, and tells who issued it', () => {
    const bytes = certificate({
      subject: named(HOST),
      issuer: named('Palaver CA 1'),
      dnsNames: [HOST, '*.palaver.example', 'Voice.Palaver.example.'],
    })
    expect(read(bytes)).toEqual({
      fits: true,
      name: HOST,
      aliases: ['*.palaver.example', 'voice.palaver.example'],
      issuer: 'Palaver CA 1',
    })
  })

  test.each<[string, string]>([
    [HOST, HOST],
    ['CHAT.Palaver.Example', HOST],
    ['*.palaver.example', '*.palaver.example'],
    ['_relay.palaver.example', '_relay.palaver.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['Palaver Web Server', 'a.example'],
    ['localhost', 'a.example'],
    ['', 'a.example'],
    ['*.', 'a.example'],
    ['*.example', 'a.example'],
    ['.example', 'a.example'],
    ['chat.', 'a.example'],
    ['192.0.2.1', 'a.example'],
    ['someone@palaver.example', 'a.example'],
    ['chat.palaver.example\0.evil.example', 'a.example'],
    ['b\u00fccher.example', 'a.example'],
    [`${'x'.repeat(250)}.example`, 'a.example'],
  ])('with the common name %j has the name %s', (subject, name) => {
    const { fits, name: found, aliases } = read(certificate({ subject: named(subject), dnsNames: ['a.example'] }))
    expect({ fits, found }).toEqual({ fits: true, found: name })
    expect(aliases).toEqual(name === 'a.example' ? [] : ['a.example'])
  })

  test.each([
    ['UTF8String', UTF8_STRING],
    ['PrintableString', PRINTABLE_STRING],
    ['TeletexString', TELETEX_STRING],
    ['BMPString', BMP_STRING],
  ])('has the same names as %s', (_, kind) => {
    const bytes = certificate({ subject: named(HOST, kind), issuer: named('Palaver CA', kind) })
    expect(read(bytes)).toEqual({ fits: true, name: HOST, aliases: [], issuer: 'Palaver CA' })
  })

  test('has the last of several common names, and its issuer by the organization where it has none', () => {
    const subject = [...named('one.example'), ...named('two.example')]
    expect(read(certificate({ subject, issuer: [{ type: 'O', value: 'Palaver Trust' }] }))).toEqual({
      fits: true,
      name: 'two.example',
      aliases: [],
      issuer: 'Palaver Trust',
    })
    expect(read(certificate({ issuer: [{ type: 'C', value: 'XX' }] }))).toEqual({
      fits: true,
      name: '',
      aliases: [],
      issuer: '',
    })
  })

  test('has sixteen further names at most, each but once its own', () => {
    const dnsNames = [HOST, ...Array.from({ length: 40 }, (_, i) => `h${i}.example`), HOST]
    const { fits, name, aliases } = read(certificate({ dnsNames }))
    expect({ fits, name, aliases }).toEqual({ fits: true, name: HOST, aliases: dnsNames.slice(1, 17) })
  })

  test('leaves names out that are empty, or longer than any can be, and makes others harmless', () => {
    const dnsNames = ['', 'x'.repeat(256), 'x'.repeat(255), 'a\0b.example', 'a b.example']
    expect(read(certificate({ dnsNames }))).toMatchObject({
      fits: true,
      name: 'x'.repeat(255),
      aliases: ['a\\000b.example', 'a\\032b.example'],
    })
  })

  test("cuts an issuer's name that is longer than any may be", () => {
    expect(read(certificate({ issuer: named('x'.repeat(5000)) })).issuer).toBe('x'.repeat(256))
  })

  test('is read as node reads it', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/)
    const host = fc.tuple(fc.constantFrom('', '*.'), fc.array(label, { minLength: 1, maxLength: 3 }))
    const name = host.map(([star, labels]) => `${star}${labels.join('.')}.example`)
    const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ():?-]{0,60}[A-Za-z0-9]$/)
    const kinds = fc.constantFrom(UTF8_STRING, PRINTABLE_STRING, TELETEX_STRING, BMP_STRING)
    const attribute = fc.record({ type: fc.constantFrom('C', 'O', 'OU', 'CN') as fc.Arbitrary<Attribute['type']> })
    const attributes = fc.array(
      fc.tuple(attribute, fc.oneof(name, text), kinds).map(([one, value, kind]) => ({ ...one, value, kind })),
      { maxLength: 5 },
    )
    const options = fc.record({
      subject: attributes,
      issuer: attributes,
      dnsNames: fc.array(name, { minLength: 1, maxLength: 12 }),
      critical: fc.boolean(),
      padding: fc.nat(400),
      seed: fc.nat(1000),
    })
    fc.assert(
      fc.property(options, (given) => {
        const bytes = certificate(given)
        const { subject, issuer, dnsNames } = readByNode(bytes)
        const found = read(bytes)
        expect(found.fits).toBe(true)
        expect(found.issuer).toBe(issuer)
        const lower = dnsNames.map((one) => one.toLowerCase())
        const own = /^(\*\.)?[\w-]+(\.[\w-]+)*\.example$/.test(subject) ? subject.toLowerCase() : lower[0]!
        expect(found.name).toBe(own)
        expect(found.aliases).toEqual(lower.filter((one) => one !== own).slice(0, 16))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a certificate that is damaged', () => {
  const whole = certificate({ subject: named(HOST), issuer: named('Palaver CA'), dnsNames: [HOST, 'b.example'] })

  test('cut anywhere does not fit, and tells what stands before the cut', () => {
    let before = { name: '', aliases: 0, issuer: '' }
    for (let length = 0; length < whole.length; length++) {
      const { fits, name, aliases, issuer } = read(whole.subarray(0, length))
      expect(fits, `${length} bytes`).toBe(false)
      expect(['', HOST]).toContain(name)
      if (before.name !== '') expect(name, `${length} bytes`).toBe(HOST)
      if (before.issuer !== '') expect(issuer, `${length} bytes`).toBe('Palaver CA')
      expect(aliases.length, `${length} bytes`).toBeGreaterThanOrEqual(before.aliases)
      before = { name, aliases: aliases.length, issuer }
    }
    expect(before).toEqual({ name: HOST, aliases: 1, issuer: 'Palaver CA' })
  })

  test.each<[string, Uint8Array]>([
    ['is empty', new Uint8Array(0)],
    ['is a key without a certificate', element(0x30, element(0x30, [6, 1, 0]), element(3, [0]))],
    ['has a length of many bytes', Uint8Array.of(0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0)],
    ['has no end', Uint8Array.of(0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0)],
    ['has an identifier of many bytes', Uint8Array.of(0x3f, 0x81, 0x02, 0)],
    ['is text', Buffer.from('-----BEGIN CERTIFICATE-----')],
  ])('%s tells nothing', (_, bytes) => {
    expect(read(bytes)).toEqual({ fits: false, name: '', aliases: [], issuer: '' })
  })

  test('is gone over once, however deep and wide its elements lie', () => {
    let deep: Uint8Array = element(0x0c, [])
    while (deep.length < 60_000) deep = element(0x30, deep)
    const wide = element(0x30, ...Array(20_000).fill([0x31, 0]))
    for (const bytes of [deep, element(0x30, deep), element(0x30, element(0x30, element(2, [1]), wide, wide, wide))]) {
      expect(read(bytes).fits).toBe(false)
    }
  })

  test('in any way breaks nothing, and gives names that are harmless', () => {
    for (let number = 0; number < 20_000; number++) {
      const bytes = mutated(whole, random(number))
      const { name, aliases } = read(bytes)
      for (const one of [name, ...aliases]) expect(one, `case ${number}`).toMatch(/^[\x21-\x7e]*$/)
      expect(aliases.length).toBeLessThanOrEqual(16)
      expect(read(bytes), `case ${number}`).toEqual(read(bytes.slice()))
    }
  })
})
