/** Programs of one product that write to the same log; further ones are not remembered. */
const LIMIT = 16

/**
 * The programs that wrote what was read of a log, by its syslog headers: in a file of many programs' messages those of
 * others are no bad records.
 */
export class Programs {
  readonly #names: Uint8Array[] = []

  has(bytes: Uint8Array, start: number, end: number): boolean {
    for (let i = 0; i < this.#names.length; i++) {
      const name = this.#names[i]!
      if (name.length !== end - start) continue
      let at = 0
      while (at < name.length && bytes[start + at] === name[at]) at++
      if (at === name.length) return true
    }
    return false
  }

  /** All of them, in the order in which they were met, as a text. */
  get state(): string {
    return this.#names.map((name) => Buffer.from(name).toString('latin1')).join(' ')
  }

  remember(bytes: Uint8Array, start: number, end: number): void {
    if (this.#names.length < LIMIT && !this.has(bytes, start, end)) this.#names.push(bytes.slice(start, end))
  }
}
