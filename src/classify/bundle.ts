import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type FolderContent, hashFiles, type NamedFile } from './folder.ts'

/** Signatures signed by somebody, as a file for machines without a network. */
export interface Bundle extends FolderContent {
  /** ISO time. */
  readonly made: string
  /** SHA-256 of the signer's public key (SPKI, DER), as hexadecimal digits. */
  readonly fingerprint: string
}

/** The largest bundle, and file in it, that is read. */
export const BUNDLE_LIMIT = 64 << 20
const FILE_LIMIT = 1 << 20
const FILES_LIMIT = 20_000

const FORMAT = 'offchannel signatures 1'

/** A name that is one of a file of a folder of signatures: it leads to no other folder. */
const FILE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*\.yaml$/

/** What is signed: everything but the signature. */
interface Signed {
  readonly format: string
  readonly made: string
  readonly hash: string
  readonly publicKey: string
  readonly files: readonly { readonly name: string; readonly content: string }[]
}

/**
 * Packs and signs files (Ed25519, RFC 8032) as text with one spelling alone. Throws `signatures_invalid` for a file
 * that a bundle cannot hold.
 * @param key of `readPrivateKey`.
 * @param made ISO time.
 */
export function packBundle(files: readonly NamedFile[], key: KeyObject, made: string): string {
  const packed = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, content }) => ({ name, content: textOf(name, content) }))
  const fault = faultOf(packed)
  if (fault !== '') throw invalid(fault)
  const publicKey = spki(key).toString('base64')
  const signed: Signed = { format: FORMAT, made, hash: hashFiles(files.toSorted(byName)), publicKey, files: packed }
  return spell(signed, sign(null, message(signed), key).toString('base64'))
}

/**
 * Reads a bundle and checks all of it: its spelling, so that no byte of it can be another; who signed it; that each
 * file is one of a folder of signatures; the hash. Throws `signatures_invalid` that names what is wrong.
 * @param signer of `readPublicKey`, or the fingerprint that is known from elsewhere.
 */
export function openBundle(text: string, signer: KeyObject | string): Bundle {
  const { signed, signature } = parse(text)
  const der = Buffer.from(signed.publicKey, 'base64')
  const fingerprint = createHash('sha256').update(der).digest('hex')
  const expected = typeof signer === 'string' ? signer : fingerprintOf(signer)
  if (fingerprint !== expected) {
    throw invalid(`was signed with another key: fingerprint ${fingerprint}, expected ${expected}`)
  }
  const key = typeof signer === 'string' ? keyOf(der) : signer
  if (!verify(null, message(signed), key, Buffer.from(signature, 'base64'))) {
    throw invalid('does not carry the signature of its content: it was changed, or damaged on the way')
  }
  const fault = faultOf(signed.files)
  if (fault !== '') throw invalid(fault)
  const files = signed.files.map(({ name, content }) => ({ name, content: Buffer.from(content, 'utf8') }))
  if (hashFiles(files) !== signed.hash) throw invalid('its hash is not that of its files')
  return { files, misnamed: [], hash: signed.hash, made: signed.made, fingerprint }
}

/** Reads an Ed25519 key as PEM of PKCS #8 (RFC 8410); throws `key_unusable`. */
export function readPrivateKey(pem: string, file: string): KeyObject {
  return keyFrom(() => createPrivateKey(pem), file, 'an unencrypted Ed25519 private key as PEM (PKCS #8)')
}

/** The same for a public key (SPKI). That of a private key file is no use: it is refused, for it has no business here. */
export function readPublicKey(pem: string, file: string): KeyObject {
  const what = 'an Ed25519 public key as PEM (SPKI)'
  if (/PRIVATE KEY/.test(pem)) throw new OffchannelError('key_unusable', `${file}: is a private key: name ${what}`)
  return keyFrom(() => createPublicKey(pem), file, what)
}

/** SHA-256 of a public key, or of the public part of a private one, in DER (SPKI), as hexadecimal digits. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256').update(spki(key)).digest('hex')
}

function keyFrom(read: () => KeyObject, file: string, what: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = read()
  } catch {
    // What OpenSSL says of it helps nobody.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new OffchannelError('key_unusable', `${file}: is not ${what}`)
}

function keyOf(der: Buffer): KeyObject {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below.
  }
  throw invalid('carries no Ed25519 public key')
}

function spki(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ format: 'der', type: 'spki' })
}

/** The format's name stands in what is signed: no signature made for something else fits. */
function message(signed: Signed): Buffer {
  return Buffer.from(JSON.stringify(signed), 'utf8')
}

function spell(signed: Signed, signature: string): string {
  return `${JSON.stringify({ ...signed, signature }, null, 1)}\n`
}

function parse(text: string): { readonly signed: Signed; readonly signature: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('is no bundle of signatures, or was cut')
  }
  if (!isRecord(value) || value.format !== FORMAT) throw invalid(`is no bundle of the format "${FORMAT}"`)
  const { format, made, hash, publicKey, signature, files } = value
  const isText = (one: unknown) => typeof one === 'string'
  const isFile = (one: unknown) => isRecord(one) && isText(one.name) && isText(one.content)
  if (![made, hash, publicKey, signature].every(isText) || !Array.isArray(files) || !files.every(isFile)) {
    throw invalid('is no bundle: a part of it is missing or of another kind')
  }
  const listed = (files as Signed['files']).map(({ name, content }) => ({ name, content }))
  const signed = { format, made, hash, publicKey, files: listed } as Signed
  // Spaces, the order and the spelling of keys, keys beside these, and the last bits of base64 are in no signature.
  if (spell(signed, signature as string) !== text || !isBase64(signed.publicKey) || !isBase64(signature as string)) {
    throw invalid('is not written as a bundle is: it was changed, or damaged on the way')
  }
  return { signed, signature: signature as string }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text
}

/** What keeps files from being those of a bundle, in words; '' for nothing. */
function faultOf(files: Signed['files']): string {
  if (files.length === 0) return 'holds no signatures'
  if (files.length > FILES_LIMIT) return `holds more than ${FILES_LIMIT} files`
  for (const [i, { name, content }] of files.entries()) {
    if (!FILE_NAME.test(name)) return harmless(`holds "${name}", which is no name of a signature file`)
    if (i > 0 && name <= files[i - 1]!.name) return `holds ${name} twice, or not in order`
    if (Buffer.byteLength(content) > FILE_LIMIT) return `holds ${name}, which is larger than 1 MiB`
  }
  return ''
}

function textOf(name: string, content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch (thrown) {
    throw new OffchannelError('signatures_invalid', `${name}: is not UTF-8 text: save it as UTF-8`, { cause: thrown })
  }
}

function byName(a: NamedFile, b: NamedFile): number {
  return a.name < b.name ? -1 : 1
}

function invalid(fault: string): OffchannelError {
  return new OffchannelError('signatures_invalid', fault)
}
