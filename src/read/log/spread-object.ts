const BRACE = 0x7b
const CLOSE = 0x7d
const COMMA = 0x2c
const TAB = 0x09
const SPACE = 0x20
const NEWLINE = 0x0a

/** The longest object that is put together, in bytes. */
const OBJECT_LIMIT = 64 * 1024

/**
 * An object over many lines, as tools print JSON for people: it begins with a line that is a brace and ends with the next
 * line that begins with one, its own being indented. One object, filled anew by each call of `begins`.
 */
export class SpreadObject {
  #bytes = new Uint8Array(0)
  #length = 0
  /** Whether an object was begun and has not ended. */
  isOpen = false

  /** The object put together, after `take` said `whole`; valid until the next `begins`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Whether a line begins one. */
  begins(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] !== BRACE) return false
    for (let at = start + 1; at < end; at++) if (bytes[at]! > SPACE) return false
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(OBJECT_LIMIT)
    this.#bytes[0] = BRACE
    this.#length = 1
    this.isOpen = true
    return true
  }

  /** Takes the next line: `cut` where it is none of the object's, or one too many; what was taken is then lost. */
  take(bytes: Uint8Array, start: number, end: number): 'part' | 'whole' | 'cut' {
    const isLast = end > start && bytes[start] === CLOSE
    const isIndented = end === start || bytes[start] === SPACE || bytes[start] === TAB
    const to = isLast && bytes[end - 1] === COMMA ? end - 1 : end
    const length = to - start + 1
    this.isOpen = !isLast && isIndented && this.#length + length <= OBJECT_LIMIT
    if (!this.isOpen && !(isLast && this.#length + length <= OBJECT_LIMIT)) return 'cut'
    this.#bytes[this.#length] = NEWLINE
    this.#bytes.set(bytes.subarray(start, to), this.#length + 1)
    this.#length += length
    return isLast ? 'whole' : 'part'
  }
}
