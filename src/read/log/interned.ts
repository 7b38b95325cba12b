const SLOTS = 8192
const KEY_LIMIT = 64

/**
 * What texts of an input mean, found again by their bytes, so that a text met before makes neither string nor object.
 * Of fixed size: a newcomer takes the slot of an older text, and texts above 64 bytes are read each time.
 */
export class Interned<T> {
  readonly #read: (bytes: Uint8Array, start: number, end: number) => T
  readonly #keys = new Uint8Array(SLOTS * KEY_LIMIT)
  /** 0 for a free slot. */
  readonly #lengths = new Uint8Array(SLOTS)
  readonly #values: T[] = []

  constructor(read: (bytes: Uint8Array, start: number, end: number) => T) {
    this.#read = read
  }

  get(bytes: Uint8Array, start: number, end: number): T {
    const length = end - start
    if (length === 0 || length > KEY_LIMIT) return this.#read(bytes, start, end)
    // FNV-1a
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const key = slot * KEY_LIMIT
    const keys = this.#keys
    let i = this.#lengths[slot] === length ? 0 : length + 1
    while (i < length && keys[key + i] === bytes[start + i]) i++
    if (i === length) return this.#values[slot]!
    const value = this.#read(bytes, start, end)
    for (i = 0; i < length; i++) keys[key + i] = bytes[start + i]!
    this.#lengths[slot] = length
    this.#values[slot] = value
    return value
  }
}
