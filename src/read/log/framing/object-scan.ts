const NEWLINE = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d

/** Deeper nesting is damage. */
const DEPTH_LIMIT = 64

/**
 * Finds the end of a JSON object in a window that fills while it is looked for: what was seen is not looked at again. Only
 * strings and brackets count, but a bracket where none can stand, and a line end within a string, is damage: so a record
 * that was cut does not swallow the next.
 */
export class ObjectScan {
  /** How much was seen. */
  length = 0
  newlines = 0
  depth = 0
  /** The damage is an object that begins a line. */
  isAtObject = false
  readonly #bytes: Uint8Array
  /** 1 for a list. */
  readonly #lists = new Uint8Array(DEPTH_LIMIT)
  #isInString = false
  #isEscaped = false
  /** The last byte that counts. */
  #previous = 0
  /** Where the last string began, and how long it was, from the beginning of the object. */
  #stringAt = 0
  #stringLength = 0
  /** How many of the keys that lead to the list have been met. */
  #met = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Begins anew, within so many objects. */
  begin(depth: number): void {
    this.length = 0
    this.newlines = 0
    this.depth = depth
    this.isAtObject = false
    this.#lists.fill(0)
    this.#isInString = false
    this.#isEscaped = false
    this.#previous = depth === 0 ? COLON : CLOSE_LIST
    this.#met = 0
  }

  /** What was seen has been passed over: goes on at the front of the window. */
  forget(): void {
    this.length = 0
    this.newlines = 0
  }

  /**
   * Looks on from what was seen, in the object at `start`: `whole` with its `length`, `wait` where `end` came first,
   * `damaged`, or `list` where the list began that these keys lead to.
   */
  run(start: number, end: number, under: readonly Uint8Array[]): 'whole' | 'wait' | 'damaged' | 'list' {
    const bytes = this.#bytes
    for (let at = start + this.length; at < end; at++) {
      const byte = bytes[at]!
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === BACKSLASH) this.#isEscaped = true
        else if (byte === QUOTE) {
          this.#isInString = false
          this.#stringLength = at - start - this.#stringAt
        } else if (byte === NEWLINE) return this.#stop(at - start, 'damaged')
        continue
      }
      if (byte === QUOTE) {
        this.#isInString = true
        this.#stringAt = at - start + 1
        this.#previous = byte
      } else if (byte === NEWLINE) this.newlines++
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (!this.#mayOpen()) {
          this.isAtObject = byte === OPEN && at > start && bytes[at - 1] === NEWLINE
          return this.#stop(at - start, 'damaged')
        }
        if (under.length > 0 && this.depth === this.#met + 1 && this.#isKey(start, under)) {
          if (byte === OPEN_LIST && this.#met === under.length - 1) return this.#stop(at + 1 - start, 'list')
          if (byte === OPEN && this.#met < under.length - 1) this.#met++
        }
        this.#lists[this.depth++] = byte === OPEN_LIST ? 1 : 0
        this.#previous = byte
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        if (this.depth === 0 || this.#lists[this.depth - 1] !== (byte === CLOSE_LIST ? 1 : 0)) {
          return this.#stop(at - start, 'damaged')
        }
        this.depth--
        if (this.depth <= this.#met) this.#met = Math.max(0, this.depth - 1)
        if (this.depth === 0) return this.#stop(at + 1 - start, 'whole')
        this.#previous = byte
      } else if (byte > 0x20) this.#previous = byte
    }
    return this.#stop(Math.max(this.length, end - start), 'wait')
  }

  #stop<T>(length: number, result: T): T {
    this.length = length
    return result
  }

  /** An object or list follows a colon, or begins an element of a list. */
  #mayOpen(): boolean {
    if (this.depth === DEPTH_LIMIT) return false
    if (this.#previous === COLON || this.#previous === OPEN_LIST) return true
    return this.#previous === COMMA && this.#lists[this.depth - 1] === 1
  }

  #isKey(start: number, under: readonly Uint8Array[]): boolean {
    const key = under[this.#met]!
    if (this.#stringLength !== key.length || this.#previous !== COLON) return false
    for (let i = 0; i < key.length; i++) if (this.#bytes[start + this.#stringAt + i] !== key[i]) return false
    return true
  }
}
