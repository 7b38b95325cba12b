/** Finds which wanted key a range of bytes is, without making a string. */
export class KeyTable<T> {
  /** By length, first and last byte: nearly every key that is not wanted finds an empty place. */
  readonly #places: { readonly bytes: Uint8Array; readonly value: T }[][] = Array.from({ length: PLACES }, () => [])

  constructor(entries: Iterable<readonly [key: string, value: T]>) {
    for (const [key, value] of entries) {
      const bytes = Uint8Array.from(Buffer.from(key, 'utf8'))
      this.#places[placeOf(bytes, 0, bytes.length)]!.push({ bytes, value })
    }
  }

  /** Each key with its value and where it stands among 256 places, in the order in which they are found. */
  *entries(): IterableIterator<readonly [place: number, key: Uint8Array, value: T]> {
    for (const [place, keys] of this.#places.entries()) for (const { bytes, value } of keys) yield [place, bytes, value]
  }

  find(bytes: Uint8Array, start: number, end: number): T | undefined {
    const keys = this.#places[placeOf(bytes, start, end)]!
    const length = end - start
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k]!
      if (key.bytes.length !== length) continue
      let i = length - 1
      while (i >= 0 && bytes[start + i] === key.bytes[i]) i--
      if (i < 0) return key.value
    }
    return undefined
  }
}

const PLACES = 256

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  return end > start ? (11 * (end - start) + 5 * bytes[start]! + bytes[end - 1]!) & (PLACES - 1) : 0
}
