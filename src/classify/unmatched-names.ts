import { LineScan } from '../base/line-scan/line-scan.ts'
import { HOST_BYTES, nameFromBytes } from '../base/name.ts'
import type { NameFilter } from '../model/reader.ts'
import type { Classifier } from './classifier.ts'
import type { EarlierAnswers } from './earlier-answers.ts'
import { HOST_NAME_LIMIT } from './host-name.ts'

const BUCKET_BITS = 15
const WAYS = 4

/** A place is 16 words, a line of the cache: a hash, which is 0 in a free one, the length, and the bytes by four. */
const PLACE = 16
const LENGTH = 1
const KEY = 2
const KEY_LIMIT = 4 * (PLACE - KEY)

/**
 * The names of hosts that no signature matches, known again by their bytes: 131,072 of 4 to 56 bytes, a newcomer taking
 * the place of an older one. What `has` says of a name follows from the signatures alone, whatever was asked before.
 */
export class UnmatchedNames implements NameFilter {
  readonly #classifier: Pick<Classifier, 'matchName' | 'matchAddress'>
  readonly #answers: EarlierAnswers | undefined
  /** Finds names in the same table; undefined where the machine cannot run it. */
  readonly scan = LineScan.open()
  readonly #places = this.scan?.names ?? new Int32Array((WAYS << BUCKET_BITS) * PLACE)
  /** Which of a bucket's places goes next. */
  #next = 0
  /** The array that was asked last, read by four bytes. */
  #bytes: Uint8Array = new Uint8Array(0)
  #view = new DataView(new ArrayBuffer(0))

  /** @param answers what clients were told by DNS in inputs that were read before. */
  constructor(classifier: Pick<Classifier, 'matchName' | 'matchAddress'>, answers?: EarlierAnswers) {
    this.#classifier = classifier
    this.#answers = answers
  }

  /** False also for what is no plain name: an address, a sign for nothing, or bytes that would have to be escaped. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length < 4 || length > HOST_NAME_LIMIT) return false
    if (length > KEY_LIMIT) return this.#isUnmatched(bytes, start, end)
    if (bytes !== this.#bytes) this.#look(bytes)
    const view = this.#view
    // The last four bytes may overlap those before them.
    const last = end - 4
    let hash = length
    for (let i = start; i < last; i += 4) {
      hash = Math.imul(hash ^ view.getInt32(i, true), 0x85ebca6b)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash ^ view.getInt32(last, true), 0x9e3779b1)
    hash = (hash ^ (hash >>> 16)) | 1
    const first = (hash >>> (32 - BUCKET_BITS)) * WAYS * PLACE
    const places = this.#places
    for (let place = first; place < first + WAYS * PLACE; place += PLACE) {
      if (places[place] !== hash || places[place + LENGTH] !== length) continue
      let key = place + KEY
      let i = start
      while (i < last && places[key] === view.getInt32(i, true)) {
        key++
        i += 4
      }
      if (i >= last && places[key] === view.getInt32(last, true)) return true
    }
    if (!this.#isUnmatched(bytes, start, end)) return false
    this.#keep(first, hash, start, length)
    return true
  }

  /** False as long as names that clients were told before may be those of an address. */
  hasServer(words: Uint32Array, at: number): boolean {
    return (this.#answers?.isEmpty ?? true) && this.#classifier.matchAddress(words, at).length === 0
  }

  #look(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
  }

  #keep(first: number, hash: number, start: number, length: number): void {
    const places = this.#places
    let place = first
    while (place < first + WAYS * PLACE && places[place] !== 0) place += PLACE
    if (place === first + WAYS * PLACE) {
      place = first + this.#next * PLACE
      this.#next = (this.#next + 1) % WAYS
    }
    places[place] = hash
    places[place + LENGTH] = length
    const last = start + length - 4
    let key = place + KEY
    for (let i = start; i < last; i += 4) places[key++] = this.#view.getInt32(i, true)
    places[key] = this.#view.getInt32(last, true)
  }

  #isUnmatched(bytes: Uint8Array, start: number, end: number): boolean {
    for (let i = start; i < end; i++) if (HOST_BYTES[bytes[i]!] === 0) return false
    const last = bytes[end - 1]!
    // No top-level domain ends in a digit; addresses do.
    if (last >= 0x30 && last <= 0x39) return false
    return this.#classifier.matchName(nameFromBytes(bytes, start, end)).length === 0
  }
}
