import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
} from 'node:crypto'
import { hkdfLabel, type Protection } from './quic-protection.ts'

const CLIENT = hkdfLabel('client in', 32)
const SAMPLE = 16
const TAG = 16

/** The keys of a client's Initial packets, which anyone can derive from the connection id they were first sent to. */
export class InitialKeys {
  readonly protection: Protection
  readonly #key: KeyObject
  readonly #iv: Buffer
  /** One block is encrypted with it for each packet: it keeps no state between them. */
  readonly #headerCipher: Cipheriv
  readonly #nonce = Buffer.alloc(12)

  /** RFC 9001 §5.2, from the connection id `bytes[start…end)`. */
  constructor(protection: Protection, bytes: Uint8Array, start: number, end: number) {
    // PERFORMANCE: with key objects each of these costs a sixth of what it costs with the bytes of the key.
    const initial = createSecretKey(hmac(protection.salt, bytes.subarray(start, end)))
    const client = createSecretKey(hmac(initial, CLIENT))
    this.protection = protection
    this.#key = createSecretKey(hmac(client, protection.key).subarray(0, 16))
    this.#iv = hmac(client, protection.iv)
    const headerKey = createSecretKey(hmac(client, protection.headerKey).subarray(0, 16))
    this.#headerCipher = createCipheriv('aes-128-ecb', headerKey, null)
  }

  /**
   * The payload of the packet `bytes[start…end)` whose number stands at `numberAt` (RFC 9001 §5.3 and §5.4); undefined
   * where it was not protected with these keys, or is damaged.
   */
  open(bytes: Uint8Array, start: number, numberAt: number, end: number): Uint8Array | undefined {
    // The sample is taken as if the number had four bytes, so there is room for one of any length.
    if (end - numberAt < 4 + SAMPLE) return undefined
    const mask = this.#headerCipher.update(bytes.subarray(numberAt + 4, numberAt + 4 + SAMPLE))
    const first = bytes[start]! ^ (mask[0]! & 0x0f)
    // RFC 9000 §17.2: these bits are zero once the mask is off. Three of four wrong keys show here already.
    if ((first & 0x0c) !== 0) return undefined
    const numberLength = (first & 3) + 1
    const payload = numberAt + numberLength
    const header = Buffer.from(bytes.subarray(start, payload))
    header[0] = first
    this.#iv.copy(this.#nonce, 0, 0, 12)
    for (let i = 0; i < numberLength; i++) {
      const byte = bytes[numberAt + i]! ^ mask[1 + i]!
      header[numberAt - start + i] = byte
      // A client sends few Initials: the number is as short as it stands there (RFC 9000 appendix A.3).
      this.#nonce[12 - numberLength + i]! ^= byte
    }
    if (end - payload < TAG) return undefined
    const decipher = createDecipheriv('aes-128-gcm', this.#key, this.#nonce)
    decipher.setAuthTag(bytes.subarray(end - TAG, end))
    decipher.setAAD(header)
    const plain = decipher.update(bytes.subarray(payload, end - TAG))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return plain
  }
}

function hmac(key: KeyObject, message: Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest()
}
