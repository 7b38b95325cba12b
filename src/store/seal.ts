import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { decryptAt, encryptWith, NONCE } from '../base/authenticated.ts'

/**
 * Seals what the store keeps of people's traffic: AES-256-GCM (NIST SP 800-38D) under keys derived from the store's key
 * (HKDF, RFC 5869). The nonce is an HMAC of place and content, so that it repeats only where both do, and the same
 * content gives the same bytes.
 */
export class Seal {
  /** Made once: to make a key of its bytes costs more than to seal a line. */
  readonly #key: KeyObject
  readonly #nonceKey: KeyObject

  constructor(key: Uint8Array, purpose: string) {
    const derived = (name: string) => createSecretKey(Buffer.from(hkdfSync('sha256', key, '', name, 32)))
    this.#key = derived(`offchannel ${purpose}`)
    this.#nonceKey = derived(`offchannel ${purpose} nonce`)
  }

  /** @param place what it belongs to: it opens there and nowhere else. */
  seal(place: string, content: Uint8Array): Buffer {
    const hmac = createHmac('sha256', this.#nonceKey).update(`${place.length} ${place}`).update(content)
    return encryptWith(this.#key, hmac.digest().subarray(0, NONCE), place, content)
  }

  /** Undefined where it was changed, moved to another place or sealed under another key. */
  open(place: string, sealed: Uint8Array): Buffer | undefined {
    return decryptAt(this.#key, place, sealed)
  }
}
