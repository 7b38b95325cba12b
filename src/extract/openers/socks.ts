import { NAME_LIMIT } from '../../base/name.ts'
import { bytesFrom, type Named, type Opener, type OpenerState } from './opener.ts'

const CONNECT = 1
const BIND = 2
const UDP_ASSOCIATE = 3
const IPV4 = 1
const DOMAIN = 3
const IPV6 = 4
const METHOD_LIMIT = 16

/**
 * What a client asks a SOCKS proxy for, versions 4, 4a and 5 (RFC 1928, RFC 1929): `http-connect`, as of any proxy,
 * where it is a name. What the proxy then carries opens anew.
 */
export class SocksOpener implements Opener {
  readonly first = [4, 5]
  readonly second = bytesFrom(1, METHOD_LIMIT)
  next = 0
  awaits = false
  #bytes: Uint8Array = new Uint8Array(0)
  #nameStart = 0
  #nameEnd = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.#bytes = bytes
    this.#nameStart = this.#nameEnd = 0
    this.next = start
    return bytes[start] === 4 ? this.#find4(start, end) : this.#find5(start, end)
  }

  read(whole: boolean, into: Named): void {
    // So few bytes are not SOCKS beyond doubt before all of them are there.
    if (whole && this.#nameEnd > this.#nameStart) {
      into.name('http-connect', this.#bytes, this.#nameStart, this.#nameEnd)
    }
  }

  #find4(start: number, end: number): OpenerState {
    const bytes = this.#bytes
    const length = end - start
    if (length > 1 && bytes[start + 1] !== CONNECT && bytes[start + 1] !== BIND) return 'none'
    if (length > 3 && bytes[start + 2] === 0 && bytes[start + 3] === 0) return 'none'
    if (length < 9) return 'partial'
    this.awaits = bytes[start + 1] === CONNECT
    const state = this.#skipText(start + 8, end)
    // An address that begins 0.0.0 says that a name follows (SOCKS 4a).
    const named = bytes[start + 4] === 0 && bytes[start + 5] === 0 && bytes[start + 6] === 0 && bytes[start + 7] !== 0
    if (state !== 'whole' || !named) return state
    const name = this.next
    const found = this.#skipText(name, end)
    if (found !== 'whole') return found
    this.#nameStart = name
    this.#nameEnd = this.next - 1
    return 'whole'
  }

  /** Moves `next` behind text that ends with a zero. */
  #skipText(start: number, end: number): OpenerState {
    const last = Math.min(end, start + NAME_LIMIT + 1)
    for (let i = start; i < last; i++) {
      const byte = this.#bytes[i]!
      if (byte === 0) {
        this.next = i + 1
        return 'whole'
      }
      if (!isText(byte)) return 'none'
    }
    return last < start + NAME_LIMIT + 1 ? 'partial' : 'none'
  }

  /** The offer of methods, where its start was seen, a password where one was asked for, and the request. */
  #find5(start: number, end: number): OpenerState {
    const bytes = this.#bytes
    let at = start
    if (end - at < 4) return this.#canBe5(start, end) ? 'partial' : 'none'
    // An offer of several methods can look like a request to bind, but never like one to connect.
    if (bytes[at + 1] !== CONNECT || !isRequest(bytes, at)) {
      if (!this.#canBe5(start, end)) return 'none'
      at += 2 + bytes[at + 1]!
      if (at < end && bytes[at] === 1) {
        // RFC 1929 §2: a name and a password, each behind its length.
        const password = at + 2 + (at + 1 < end ? bytes[at + 1]! : 0)
        at = password + 1 + (password < end ? bytes[password]! : 0)
      }
      if (at < end && bytes[at] !== 5) return 'none'
    }
    return end - at < 5 ? 'partial' : this.#findRequest(at, end)
  }

  #canBe5(start: number, end: number): boolean {
    const bytes = this.#bytes
    const methods = end > start + 1 ? bytes[start + 1]! : 1
    if (methods === 0 || methods > METHOD_LIMIT) return false
    const last = Math.min(end, start + 2 + methods)
    // RFC 1928 §3: methods up to 9 are assigned, those from 0x80 are anybody's.
    for (let i = start + 2; i < last; i++) if (bytes[i]! > 9 && bytes[i]! < 0x80) return false
    return true
  }

  #findRequest(at: number, end: number): OpenerState {
    const bytes = this.#bytes
    if (!isRequest(bytes, at)) return 'none'
    this.awaits = bytes[at + 1] === CONNECT
    const kind = bytes[at + 3]
    const named = kind === DOMAIN
    const size = named ? 1 + bytes[at + 4]! : kind === IPV4 ? 4 : 16
    this.next = at + 4 + size + 2
    if (this.next > end) return 'partial'
    if (!named) return 'whole'
    for (let i = at + 5; i < at + 4 + size; i++) if (!isText(bytes[i]!)) return 'none'
    this.#nameStart = at + 5
    this.#nameEnd = at + 4 + size
    return 'whole'
  }
}

/** Four bytes tell a request from an offer of methods. */
function isRequest(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 5 || bytes[at + 1]! < CONNECT || bytes[at + 1]! > UDP_ASSOCIATE || bytes[at + 2] !== 0) return false
  return bytes[at + 3] === IPV4 || bytes[at + 3] === DOMAIN || bytes[at + 3] === IPV6
}

function isText(byte: number): boolean {
  return byte > 0x20 && byte !== 0x7f
}
