import { NAME_LIMIT } from '../../base/name.ts'
import type { Named, Opener, OpenerState } from './opener.ts'
import { fixed, NONE, PARTIAL } from './preamble.ts'

const DECLARATION = Buffer.from('<?xml ')
const HEADER = Buffer.from('<stream:stream')
const START_TLS = Buffer.from('<starttls ')
const TO = Buffer.from('to')
const ID = Buffer.from('id')
/** More than this before TLS is no stream header. */
const LIMIT = 2048

const SPACE = 0x20
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e

/** What a domain is written with, UTF-8 included (RFC 7622 §3.2): an entity, an account or a path is none. */
const IN_DOMAIN = new Uint8Array(256).fill(1, 0x80)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.')) IN_DOMAIN[byte] = 1

/**
 * A client's side of XMPP until TLS begins: a stream header, with an XML declaration before it or not, whose attribute
 * `to` names the domain that is logged in to (RFC 6120 §4.2, §4.7.2), and `<starttls/>` (§5.4.2).
 */
export class XmppOpener implements Opener {
  readonly first = [LESS]
  readonly second = [0x3f, 0x73]
  readonly third = [0x78, 0x74]
  awaits = true
  next = 0
  #bytes: Uint8Array = new Uint8Array(0)
  /** The value of `to`; equal where there is none. */
  #toStart = 0
  #toEnd = 0
  #hasId = false

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.#bytes = bytes
    this.#toStart = this.#toEnd = 0
    this.#hasId = false
    const last = Math.min(end, start + LIMIT)
    this.next = this.#find(start, last)
    if (this.next === PARTIAL && last < end) this.next = NONE
    // RFC 6120 §4.7.3: the server's header has an identifier, and its `to` is the client.
    this.awaits = !this.#hasId
    return this.next === NONE ? 'none' : this.next === PARTIAL ? 'partial' : 'whole'
  }

  read(whole: boolean, into: Named): void {
    const start = this.#toStart
    const end = this.#toEnd
    if (!whole || this.#hasId || end === start || end - start > NAME_LIMIT) return
    for (let i = start; i < end; i++) if (IN_DOMAIN[this.#bytes[i]!] === 0) return
    into.name('payload', this.#bytes, start, end, undefined, 'xmpp')
  }

  #find(start: number, end: number): number {
    const bytes = this.#bytes
    const command = fixed(bytes, start, end, START_TLS)
    if (command !== NONE) return command === PARTIAL ? PARTIAL : this.#findEnd(command, end)
    let at = fixed(bytes, start, end, DECLARATION)
    if (at === PARTIAL) return PARTIAL
    if (at === NONE) at = start
    else {
      at = this.#findEnd(at, end)
      if (at === PARTIAL) return PARTIAL
      at = skipSpace(bytes, at, end)
    }
    at = fixed(bytes, at, end, HEADER)
    if (at === NONE || at === PARTIAL || at === end) return at === NONE ? NONE : PARTIAL
    return isSpace(bytes[at]!) ? this.#readAttributes(at, end) : NONE
  }

  /** One past the next `>`. */
  #findEnd(start: number, end: number): number {
    for (let i = start; i < end; i++) if (this.#bytes[i] === GREATER) return i + 1
    return PARTIAL
  }

  /** Attributes to the end of a start tag (XML 1.0 §3.1): a name, `=` and a value in quotes of one kind or the other. */
  #readAttributes(start: number, end: number): number {
    const bytes = this.#bytes
    let at = start
    for (;;) {
      at = skipSpace(bytes, at, end)
      if (at < end && bytes[at] === GREATER) return at + 1
      const name = at
      while (at < end && isName(bytes[at]!)) at++
      const nameEnd = at
      at = skipSpace(bytes, at, end)
      if (at === end) return PARTIAL
      if (bytes[at] !== EQUALS || nameEnd === name) return NONE
      at = skipSpace(bytes, at + 1, end)
      if (at === end) return PARTIAL
      const quote = bytes[at]
      if (quote !== SINGLE_QUOTE && quote !== DOUBLE_QUOTE) return NONE
      const value = ++at
      while (at < end && bytes[at] !== quote && bytes[at] !== LESS) at++
      if (at === end) return PARTIAL
      if (bytes[at] === LESS) return NONE
      if (fixed(bytes, name, nameEnd, ID) === nameEnd) this.#hasId = true
      if (fixed(bytes, name, nameEnd, TO) === nameEnd) {
        this.#toStart = value
        this.#toEnd = at
      }
      at++
    }
  }
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(bytes[at]!)) at++
  return at
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d)
}

function isName(byte: number): boolean {
  return byte > SPACE && byte !== EQUALS && byte !== GREATER && byte !== LESS
}
