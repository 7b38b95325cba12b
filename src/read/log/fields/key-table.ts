/** Finds which wanted key a range of bytes is, without making a string. */
export class KeyTable<T> {
  /** By length of the key: longer ones than any wanted are turned away first. */
  readonly #byLength: { readonly bytes: Uint8Array; readonly value: T }[][] = []

  constructor(entries: Iterable<readonly [key: string, value: T]>) {
    for (const [key, value] of entries) {
      const bytes = Uint8Array.from(Buffer.from(key, 'utf8'))
      while (this.#byLength.length <= bytes.length) this.#byLength.push([])
      this.#byLength[bytes.length]!.push({ bytes, value })
    }
  }

  find(bytes: Uint8Array, start: number, end: number): T | undefined {
    const length = end - start
    if (length >= this.#byLength.length) return undefined
    const keys = this.#byLength[length]!
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k]!
      let i = length - 1
      while (i >= 0 && bytes[start + i] === key.bytes[i]) i--
      if (i < 0) return key.value
    }
    return undefined
  }
}
