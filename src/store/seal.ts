import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

const NONCE = 12
const TAG = 16

/** More than any piece of evidence unpacks to. */
const OPENED_LIMIT = 4 << 20

/**
 * Seals what the store keeps of people's traffic: AES-256-GCM (NIST SP 800-38D) under keys derived from the store's key
 * (HKDF, RFC 5869). The nonce is an HMAC of place and content, so that it repeats only where both do, and the same
 * content gives the same bytes.
 */
export class Seal {
  readonly #key: Buffer
  readonly #nonceKey: Buffer

  constructor(key: Uint8Array, purpose: string) {
    this.#key = Buffer.from(hkdfSync('sha256', key, '', `offchannel ${purpose}`, 32))
    this.#nonceKey = Buffer.from(hkdfSync('sha256', key, '', `offchannel ${purpose} nonce`, 32))
  }

  /** @param place what it belongs to: it opens there and nowhere else. */
  seal(place: string, content: Uint8Array): Buffer {
    const packed = deflateRawSync(content)
    const hmac = createHmac('sha256', this.#nonceKey).update(`${place.length} ${place}`).update(packed)
    const nonce = hmac.digest().subarray(0, NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(packed), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()])
  }

  /** Undefined where it was changed, moved to another place or sealed under another key. */
  open(place: string, sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < NONCE + TAG) return undefined
    const end = sealed.length - TAG
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end))
      const packed = Buffer.concat([decipher.update(sealed.subarray(NONCE, end)), decipher.final()])
      return inflateRawSync(packed, { maxOutputLength: OPENED_LIMIT })
    } catch {
      return undefined
    }
  }
}
