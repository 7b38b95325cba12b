import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { formatAddress } from '../base/address.ts'
import { canonicalDevice } from '../base/device-name.ts'
import { isInternal } from '../base/internal-addresses.ts'
import type { PeriodTag } from '../base/period-tags.ts'
import { canonicalUser } from '../base/user-name.ts'
import type { Client } from '../model/sighting.ts'

/** Clients remembered, of each kind; when it is full the cache starts anew. */
const CACHE_LIMIT = 65_536

/**
 * Gives clients their pseudonyms: HMAC-SHA-256 (RFC 2104) under the store's key over the kind and the canonical
 * identity, cut to 128 bits, and, where pseudonyms rotate, made those of one period. Whoever holds the key can test
 * guesses, so it is a secret.
 */
export class Clients {
  /** Made once: to make it of the bytes again costs six times what the pseudonym does. */
  readonly #key: KeyObject
  readonly #clear: boolean
  readonly #period: PeriodTag | undefined
  #cache = new Map<string, Client>()

  /**
   * @param clear give the identity itself beside the pseudonym (`--identities clear` and `sealed`).
   * @param period whose pseudonyms they are; absent: those that last for ever.
   */
  constructor(key: Uint8Array, clear: boolean, period?: PeriodTag) {
    this.#key = createSecretKey(key)
    this.#clear = clear
    this.#period = period
  }

  /** An address, of those that repeat from one site to the next at its site; one of the internet is one everywhere. */
  address(words: Uint32Array, at: number, within: string): Client {
    const text = formatAddress(words, at)
    const site = within === '' || !isInternal(words, at) ? '' : within
    return this.#client('address', `${site}\0${text}`, site === '' ? text : `${text} at ${site}`)
  }

  /** A user that the input named, in whichever spelling; undefined for nobody. */
  user(name: string): Client | undefined {
    const canonical = canonicalUser(name)
    return canonical === '' ? undefined : this.#client('user', canonical, canonical)
  }

  /** A device that the input named, in whichever spelling; undefined for nobody. */
  device(name: string): Client | undefined {
    const canonical = canonicalDevice(name)
    return canonical === '' ? undefined : this.#client('device', canonical, canonical)
  }

  #client(kind: Client['kind'], canonical: string, clear: string): Client {
    const cacheKey = `${kind}\0${canonical}`
    const known = this.#cache.get(cacheKey)
    if (known !== undefined) return known
    const client = { kind, tag: this.#tagOf(cacheKey), clear: this.#clear ? clear : undefined }
    if (this.#cache.size >= CACHE_LIMIT) this.#cache = new Map()
    this.#cache.set(cacheKey, client)
    return client
  }

  #tagOf(identity: string): string {
    const hmac = createHmac('sha256', this.#key).update(identity)
    if (this.#period === undefined) return hmac.digest('hex').slice(0, 32)
    return this.#period.of(hmac.digest().subarray(0, 16)).toString('hex')
  }
}

/** Tells whether two keys are the same without telling the key: kept in the store, compared when it is opened. */
export function keyCheck(key: Buffer): string {
  return createHmac('sha256', key).update('offchannel key check').digest('hex').slice(0, 16)
}
