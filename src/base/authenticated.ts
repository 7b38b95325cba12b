import { type CipherKey, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Bytes of a nonce. */
export const NONCE = 12
const TAG = 16

/**
 * AES-256-GCM (NIST SP 800-38D) with a random nonce: nonce, ciphertext, tag. A key is good for 2^32 of them (§8.3).
 *
 * @param place what it belongs to: it opens there and nowhere else.
 */
export function encryptAt(key: CipherKey, place: string, content: Uint8Array): Buffer {
  return encryptWith(key, randomBytes(NONCE), place, content)
}

/** The same with a nonce of the caller's, which must not be used for any other content. */
export function encryptWith(key: CipherKey, nonce: Uint8Array, place: string, content: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where it was changed, moved to another place or encrypted under another key. */
export function decryptAt(key: CipherKey, place: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < NONCE + TAG) return undefined
  const end = sealed.length - TAG
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE, end)), decipher.final()])
  } catch {
    return undefined
  }
}

/** 32 random hexadecimal digits: what is hashed with them cannot be guessed from its hash. */
export function randomSalt(): string {
  return randomBytes(16).toString('hex')
}
