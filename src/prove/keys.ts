import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { OffchannelError } from '../base/errors.ts'

const OPENSSH_BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----'
const OPENSSH_MAGIC = 'openssh-key-v1\0'

/**
 * The Ed25519 key of a text: PEM (PKCS #8, as `openssl genpkey -algorithm ed25519` writes it) or OpenSSH's own form, both
 * without a passphrase. Throws `key_unusable` for any other.
 */
export function parseSigningKey(content: string, file: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = content.includes(OPENSSH_BEGIN) ? openSshKey(content) : createPrivateKey(content)
  } catch {
    key = undefined
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new OffchannelError(
    'key_unusable',
    `${file}: not an Ed25519 key without a passphrase: \`openssl genpkey -algorithm ed25519\` makes one, \`ssh-keygen -t ed25519 -N ''\` as well`,
  )
}

/** What a signer is known by: the key, or its fingerprint as `ssh-keygen -l` shows it. */
export type Signer = { readonly key: Buffer } | { readonly fingerprint: string }

/**
 * A public key as PEM, as a line of OpenSSH (`ssh-ed25519 AAAA…`, also in a file of allowed signers), or as a fingerprint
 * (`SHA256:…`). Undefined for any other text.
 */
export function parseSigner(content: string): Signer | undefined {
  const fingerprint = /^\s*(SHA256:[A-Za-z0-9+/]{43})\s*$/.exec(content)?.[1]
  if (fingerprint !== undefined) return { fingerprint }
  const line = /ssh-ed25519 (AAAA[A-Za-z0-9+/=]+)/.exec(content)?.[1]
  if (line !== undefined) {
    const blob = Buffer.from(line, 'base64')
    return blob.length === 51 ? { key: blob.subarray(19) } : undefined
  }
  try {
    const key = createPublicKey(content)
    return key.asymmetricKeyType === 'ed25519' ? { key: rawKeyOf(key) } : undefined
  } catch {
    return undefined
  }
}

/** The 32 bytes of the public half of an Ed25519 key, RFC 8032 §5.1.5. */
export function rawKeyOf(key: KeyObject): Buffer {
  const { x } = key.export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url')
}

/** The key of 32 bytes. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  })
}

/** https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key, one key, no cipher. */
function openSshKey(content: string): KeyObject | undefined {
  const body = Buffer.from(content.replace(/-----[^-]+-----/g, ''), 'base64')
  if (body.toString('latin1', 0, OPENSSH_MAGIC.length) !== OPENSSH_MAGIC) return undefined
  let at = OPENSSH_MAGIC.length
  const next = () => {
    const length = body.readUInt32BE(at)
    const value = body.subarray(at + 4, at + 4 + length)
    at += 4 + length
    return value
  }
  const cipher = next().toString()
  next()
  next()
  const keys = body.readUInt32BE(at)
  at += 4
  next()
  if (cipher !== 'none' || keys !== 1) return undefined
  // The length of the private part, and two check numbers.
  at += 4 + 8
  if (next().toString() !== 'ssh-ed25519') return undefined
  const x = next()
  const seed = next().subarray(0, 32)
  const [d, publicPart] = [seed.toString('base64url'), x.toString('base64url')]
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x: publicPart }, format: 'jwk' })
}
