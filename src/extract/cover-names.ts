import { sameAddress } from '../base/address.ts'
import type { Oddities } from '../base/oddities.ts'

const BUCKET_BITS = 10
const WAYS = 4
const PLACES = (1 << BUCKET_BITS) * WAYS

/**
 * Remembers with which configurations for Encrypted Client Hello each client was answered: a hello of this client that
 * uses one, by its identifier, and shows its public name, shows a cover (RFC 9849 §6.1). A table of 1,024 buckets of
 * four places; what finds its bucket full takes the place of what came first. A client that asks under one address and
 * connects from another is not known again.
 */
export class CoverNames {
  readonly #oddities: Oddities
  readonly #clients = new Uint32Array(4 * PLACES)
  readonly #configIds = new Uint8Array(PLACES)
  /** As `base/name.ts` writes names; '' where the place is free. */
  readonly #names = new Array<string>(PLACES).fill('')
  /** Of each bucket, the place that is taken next. */
  readonly #next = new Uint8Array(1 << BUCKET_BITS)

  constructor(oddities: Oddities) {
    this.#oddities = oddities
  }

  /** The client in `addresses[at…at + 4)` was told that hellos under this configuration show this public name. */
  remember(addresses: Uint32Array, at: number, configId: number, publicName: string): void {
    if (publicName === '' || this.isCover(addresses, at, configId, publicName)) return
    const bucket = bucketOf(addresses, at, configId)
    const place = bucket * WAYS + this.#next[bucket]!
    this.#next[bucket] = (this.#next[bucket]! + 1) % WAYS
    if (this.#names[place] !== '') this.#oddities.count('cover_names_dropped')
    for (let w = 0; w < 4; w++) this.#clients[4 * place + w] = addresses[at + w]!
    this.#configIds[place] = configId
    this.#names[place] = publicName
  }

  /** Whether that name, in a hello of that client under that configuration, is a cover; -1 is no configuration. */
  isCover(addresses: Uint32Array, at: number, configId: number, name: string): boolean {
    if (name === '') return false
    const first = bucketOf(addresses, at, configId) * WAYS
    for (let place = first; place < first + WAYS; place++) {
      if (this.#names[place] !== name || this.#configIds[place] !== configId) continue
      if (sameAddress(this.#clients, 4 * place, addresses, at)) return true
    }
    return false
  }
}

function bucketOf(addresses: Uint32Array, at: number, configId: number): number {
  let hash = configId
  for (let w = 0; w < 4; w++) hash = Math.imul(hash ^ addresses[at + w]!, 0x85ebca6b) ^ (hash >>> 15)
  return Math.imul(hash, 0x9e3779b1) >>> (32 - BUCKET_BITS)
}
