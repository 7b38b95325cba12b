import { fieldBegins, readAddress, readPort } from '../values.ts'

const SPACE = 0x20
const HASH = 0x23
const PERCENT = 0x25
const COMMA = 0x2c
const DOT = 0x2e
const SLASH = 0x2f
const COLON = 0x3a
const AT = 0x40

/** An address as logs write it, with or without a port. One object, read anew by each call. */
export class Endpoint {
  /** 0 where the text has none. */
  port = 0

  /**
   * `10.0.0.5`, `10.0.0.5:51234`, `10.0.0.5#51234`, `inside:10.0.0.5/51234`, `[2001:db8::1]:443`, `fe80::1%eth0`,
   * `10.0.0.5.51234` as tcpdump prints it, the first of a list. False, and the words untouched, where there is no address.
   */
  read(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): boolean {
    this.port = 0
    if (readAddress(bytes, start, end, words, at)) return true
    let from = start
    // BIND's `@0x7f…` before a client.
    if (bytes[from] === AT) while (from < end && bytes[from++] !== SPACE);
    while (from < end && bytes[from] === SPACE) from++
    let to = from
    while (to < end && bytes[to] !== COMMA && bytes[to] !== SPACE && bytes[to] !== PERCENT) to++
    if (fieldBegins(bytes, from, to, '::ffff:') && readAddress(bytes, from + 7, to, words, at)) return true
    let mark = to - 1
    while (mark > from && bytes[mark] !== SLASH && bytes[mark] !== HASH) mark--
    if (mark > from) {
      if (!this.#readPort(bytes, mark + 1, to)) return false
      return this.#readPrefixed(bytes, from, mark, words, at)
    }
    let colon = to - 1
    while (colon > from && bytes[colon] !== COLON) colon--
    if (colon > from && this.#readPort(bytes, colon + 1, to) && readAddress(bytes, from, colon, words, at)) return true
    this.port = 0
    if (this.#readPrefixed(bytes, from, to, words, at)) return true
    let dot = to - 1
    while (dot > from && bytes[dot] !== DOT) dot--
    if (dot > from && this.#readPort(bytes, dot + 1, to) && readAddress(bytes, from, dot, words, at)) return true
    this.port = 0
    return false
  }

  /** With the name of an interface and a colon before it, or without. */
  #readPrefixed(bytes: Uint8Array, start: number, end: number, words: Uint32Array, at: number): boolean {
    if (readAddress(bytes, start, end, words, at)) return true
    let colon = start
    while (colon < end && bytes[colon] !== COLON) colon++
    return colon > start && colon < end && readAddress(bytes, colon + 1, end, words, at)
  }

  #readPort(bytes: Uint8Array, start: number, end: number): boolean {
    const port = readPort(bytes, start, end)
    this.port = Math.max(0, port)
    return port >= 0
  }
}
