import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, openBundle, packBundle, readPrivateKey, readPublicKey } from '../../src/classify/bundle.ts'
import { hashFiles } from '../../src/classify/folder.ts'

const KEY = generateKeyPairSync('ed25519').privateKey
const SIGNER = createPublicKey(KEY)
const MADE = '2026-11-21T12:00:00.000Z'
const file = (name: string, content: string) => ({ name, content: Buffer.from(content) })
const FILES = [file('chat.yaml', 'id: chat\nname: Plaudertäschchen\n'), file('a.yaml', 'id: a\n')]
const BUNDLE = packBundle(FILES, KEY, MADE)

/** A bundle that says what it is told to, rightly signed. */
function forged(key: KeyObject, changes: (signed: Record<string, unknown>) => Record<string, unknown>): string {
  const { signature: _, ...signed } = JSON.parse(BUNDLE)
  const changed = changes(signed)
  const signature = sign(null, Buffer.from(JSON.stringify(changed)), key).toString('base64')
  return `${JSON.stringify({ ...changed, signature }, null, 1)}\n`
}

test('what is packed is opened, in the order of names, under the hash of its folder', () => {
  const bundle = openBundle(BUNDLE, SIGNER)
  expect(bundle.files).toEqual([FILES[1], FILES[0]])
  expect(bundle).toMatchObject({ made: MADE, hash: hashFiles([FILES[1]!, FILES[0]!]), fingerprint: fingerprintOf(KEY) })
  expect(openBundle(BUNDLE, fingerprintOf(SIGNER)).hash).toBe(bundle.hash)
})

test('the same files, key and time give the same bundle', () => {
  expect(packBundle(FILES.toReversed(), KEY, MADE)).toBe(BUNDLE)
})

describe('a bundle is refused', () => {
  const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

  test('whichever bit of it was changed', () => {
    const bytes = Buffer.from(BUNDLE)
    for (let i = 0; i < bytes.length; i++) {
      const flipped = Buffer.from(bytes)
      flipped[i]! ^= 1 << (i % 8)
      expect(() => openBundle(decode(flipped), SIGNER), `byte ${i}`).toThrow(/^(is |was |does |carries |holds |its )/)
    }
  })

  test('wherever it was cut, and with anything behind it', () => {
    for (let end = 0; end < BUNDLE.length; end++) {
      expect(() => openBundle(BUNDLE.slice(0, end), SIGNER), `cut at ${end}`).toThrow(/^is /)
    }
    expect(() => openBundle(`${BUNDLE} `, SIGNER)).toThrow('is not written as a bundle is')
  })

  test('with another key, also one that the bundle brings itself', () => {
    const other = generateKeyPairSync('ed25519').privateKey
    const theirs = packBundle(FILES, other, MADE)
    for (const signer of [SIGNER, fingerprintOf(SIGNER)]) {
      expect(() => openBundle(theirs, signer)).toThrow(
        `was signed with another key: fingerprint ${fingerprintOf(other)}`,
      )
    }
    const posing = forged(other, (signed) => signed)
    expect(() => openBundle(posing, SIGNER)).toThrow('does not carry the signature of its content')
  })

  test.each([
    '../chat.yaml',
    '/etc/chat.yaml',
    'a/chat.yaml',
    'a\\chat.yaml',
    'chat.yaml\0',
    'chat.yml',
    '.yaml',
    '..',
    'imported.json',
    'Chat.yaml',
    '\u202echat.yaml',
  ])('with a file named %j, though rightly signed', (name) => {
    const bundle = forged(KEY, (signed) => ({ ...signed, files: [{ name, content: 'id: chat\n' }] }))
    expect(() => openBundle(bundle, SIGNER)).toThrow(/^holds ".*", which is no name of a signature file$/)
    expect(() => packBundle([file(name, '')], KEY, MADE)).toThrow(/which is no name of a signature file$/)
  })

  test.each<[string, (signed: Record<string, unknown>) => Record<string, unknown>, string]>([
    ['files twice', (signed) => ({ ...signed, files: [1, 1].map(() => ({ name: 'a.yaml', content: '' })) }), 'twice'],
    ['no files', (signed) => ({ ...signed, files: [] }), 'holds no signatures'],
    [
      'a file too large',
      (signed) => ({ ...signed, files: [{ name: 'a.yaml', content: 'x'.repeat((1 << 20) + 1) }] }),
      'holds a.yaml, which is larger than 1 MiB',
    ],
    [
      'too many files',
      (signed) => ({ ...signed, files: Array.from({ length: 20_001 }, () => ({ name: 'a.yaml', content: '' })) }),
      'holds more than 20000 files',
    ],
    ['another hash', (signed) => ({ ...signed, hash: '0'.repeat(64) }), 'its hash is not that of its files'],
    ['another format', (signed) => ({ ...signed, format: 'offchannel signatures 2' }), 'is no bundle of the format'],
    ['a key beside', (signed) => ({ ...signed, more: 1 }), 'is not written as a bundle is'],
    ['files that are none', (signed) => ({ ...signed, files: [null] }), 'a part of it is missing or of another kind'],
  ])('with %s, though rightly signed', (_, changes, message) => {
    expect(() => openBundle(forged(KEY, changes), SIGNER)).toThrow(message)
  })

  test.each(['', 'null', '[]', '{}', '"', '['.repeat(100_000), '{"format":"offchannel signatures 1"}'])(
    'where it is %.40j',
    (text) => {
      expect(() => openBundle(text, SIGNER)).toThrow(/^is no bundle/)
    },
  )
})

test('a file that is not UTF-8 is not packed', () => {
  expect(() => packBundle([{ name: 'a.yaml', content: Buffer.from([0xff]) }], KEY, MADE)).toThrow(
    'a.yaml: is not UTF-8 text',
  )
})

test('only Ed25519 keys are taken, a private one to sign and a public one to check', () => {
  const pem = (key: KeyObject, type: 'pkcs8' | 'spki') => key.export({ format: 'pem', type }) as string
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
  expect(fingerprintOf(readPrivateKey(pem(KEY, 'pkcs8'), 'k'))).toBe(fingerprintOf(SIGNER))
  expect(fingerprintOf(readPublicKey(pem(SIGNER, 'spki'), 'k'))).toBe(fingerprintOf(SIGNER))
  expect(() => readPrivateKey(pem(rsa.privateKey, 'pkcs8'), 'k')).toThrow(
    'k: is not an unencrypted Ed25519 private key',
  )
  expect(() => readPrivateKey(pem(SIGNER, 'spki'), 'k')).toThrow('k: is not an unencrypted Ed25519 private key')
  expect(() => readPublicKey(pem(rsa.publicKey, 'spki'), 'k')).toThrow('k: is not an Ed25519 public key')
  expect(() => readPublicKey(pem(KEY, 'pkcs8'), 'k')).toThrow('k: is a private key')
  expect(() => readPublicKey('', 'k')).toThrow('k: is not an Ed25519 public key')
})
