import { nameHost } from './host.ts'
import { bytesFrom, type Named, type Opener, type OpenerState } from './opener.ts'

/** A header is not waited for longer than this; servers accept 8 to 16 KiB. */
const HEADER_LIMIT = 16 * 1024
const METHOD_LIMIT = 24
/** So many bytes show the method and how the target begins. */
const LINE_BEGUN = METHOD_LIMIT + 2

const CAPITALS = bytesFrom(0x41, 0x5a)
const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const ASTERISK = 0x2a
const SLASH = 0x2f
const COLON = 0x3a
const QUESTION = 0x3f
const VERSION = Buffer.from(' HTTP/1.')
const CONNECT = Buffer.from('CONNECT')
const HOST = Buffer.from('host')
/** What says that a body follows the header. */
const BODY = [Buffer.from('content-length'), Buffer.from('transfer-encoding')]

/**
 * HTTP/1 requests on any port (RFC 9112): `http-connect` with what CONNECT asks for, `http-host` with the Host field,
 * `http-url` with the host of an absolute target, as proxies get it, that the Host field does not repeat. Of a header
 * only these are looked at, never path or query.
 */
export class HttpOpener implements Opener {
  readonly first = CAPITALS
  readonly second = CAPITALS
  readonly third = CAPITALS
  next = 0
  awaits = false
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  /** One past the header, or past what is there of it. */
  #end = 0
  #targetStart = 0
  #targetEnd = 0
  #fieldsStart = 0
  /** After `#readFields`: where the value of Host stands; equal where there is none. */
  #hostStart = 0
  #hostEnd = 0
  #body = false

  find(bytes: Uint8Array, start: number, end: number, looked: number): OpenerState {
    // A line that was begun well is not read again for each segment that adds to it.
    if (looked < LINE_BEGUN && this.#findLine(bytes, start, end) === 'none') return 'none'
    const last = Math.min(end, start + HEADER_LIMIT)
    const headerEnd = endOfHeader(bytes, Math.max(start, start + looked - 3), last)
    this.#bytes = bytes
    this.#start = start
    this.#end = headerEnd < 0 ? last : headerEnd
    if (headerEnd < 0 && last - start < HEADER_LIMIT) return 'partial'
    if (this.#findLine(bytes, start, last) === 'none') return 'none'
    this.#readFields()
    this.awaits = headerEnd >= 0 && this.#isConnect()
    // Whether a body begins like a request is not for us to ask.
    this.next = headerEnd < 0 || (this.#body && !this.awaits) ? end : headerEnd
    return 'whole'
  }

  read(whole: boolean, into: Named): void {
    if (!whole) {
      if (this.#findLine(this.#bytes, this.#start, this.#end) !== 'whole') return
      this.#readFields()
    }
    const complete = this.#bytes[this.#end - 1] === LF
    if (!whole) into.count('http_header_incomplete')
    else if (!complete) into.count('http_header_damaged')
    if (!this.#nameTarget(into)) into.count('http_request_without_host')
  }

  #nameTarget(into: Named): boolean {
    const bytes = this.#bytes
    if (this.#isConnect()) return nameHost('http-connect', bytes, this.#targetStart, this.#targetEnd, into)
    const authority = authorityStart(bytes, this.#targetStart, this.#targetEnd)
    if (authority > 0 && !this.#isHost(authority)) {
      return nameHost('http-url', bytes, authority, this.#targetEnd, into)
    }
    return nameHost('http-host', bytes, this.#hostStart, this.#hostEnd, into)
  }

  /** Whether the Host field repeats the authority of an absolute target, as RFC 9112 §3.2 asks of clients. */
  #isHost(authority: number): boolean {
    const end = authority + this.#hostEnd - this.#hostStart
    if (this.#hostEnd === this.#hostStart || end > this.#targetEnd) return false
    if (end < this.#targetEnd && this.#bytes[end] !== SLASH && this.#bytes[end] !== QUESTION) return false
    return equalsIgnoringCase(this.#bytes, authority, end, this.#bytes.subarray(this.#hostStart, this.#hostEnd))
  }

  /** The form of the target fits the method: what is left of a request cut within its method is none. */
  #isTarget(): boolean {
    const first = this.#bytes[this.#targetStart]
    if (first === SLASH || first === ASTERISK || this.#isConnect()) return true
    return authorityStart(this.#bytes, this.#targetStart, this.#targetEnd) > 0
  }

  #isConnect(): boolean {
    return equalsIgnoringCase(this.#bytes, this.#start, this.#targetStart - 1, CONNECT)
  }

  /** Looks at the request line (RFC 9112 §3); spaces within its target are forgiven, as servers do. */
  #findLine(bytes: Uint8Array, start: number, end: number): OpenerState {
    this.#bytes = bytes
    this.#start = start
    let at = start
    const methodEnd = Math.min(end, start + METHOD_LIMIT)
    while (at < methodEnd && isMethodByte(bytes[at]!)) at++
    if (at === end) return 'partial'
    if (bytes[at] !== SPACE || at - start < 3) return 'none'
    this.#targetStart = at + 1
    for (at++; at < end; at++) {
      const byte = bytes[at]!
      if (byte === LF) break
      if (byte < SPACE && byte !== CR && byte !== TAB) return 'none'
      if (at === this.#targetStart && !canBeginTarget(byte)) return 'none'
    }
    if (at === end || at - start > HEADER_LIMIT) return at - start < HEADER_LIMIT ? 'partial' : 'none'
    this.#fieldsStart = at + 1
    if (bytes[at - 1] === CR) at--
    // ` HTTP/1.` and a digit end the line.
    const version = at - VERSION.length - 1
    if (version < this.#targetStart + 1) return 'none'
    for (let i = 0; i < VERSION.length; i++) if (bytes[version + i] !== VERSION[i]) return 'none'
    this.#targetEnd = version
    return this.#isTarget() ? 'whole' : 'none'
  }

  /**
   * Finds the first Host field, on a line of its own or folded into the next (RFC 9112 §5.2). A line without end is
   * none.
   */
  #readFields(): void {
    const bytes = this.#bytes
    this.#hostStart = this.#hostEnd = 0
    this.#body = false
    let folding = false
    for (let at = this.#fieldsStart; at < this.#end; ) {
      let lineEnd = at
      while (lineEnd < this.#end && bytes[lineEnd] !== LF) lineEnd++
      if (lineEnd === this.#end) return
      let colon = at
      if (!isBlank(bytes[at]!)) {
        while (colon < lineEnd && bytes[colon] !== COLON) colon++
        folding = this.#hostEnd === 0 && equalsIgnoringCase(bytes, at, colon, HOST)
        if (BODY.some((field) => equalsIgnoringCase(bytes, at, colon, field))) this.#body = true
        colon++
      }
      if (folding) {
        let from = colon
        let to = lineEnd
        while (from < to && isBlank(bytes[from]!)) from++
        while (to > from && isBlank(bytes[to - 1]!)) to--
        if (to > from) {
          this.#hostStart = from
          this.#hostEnd = to
          folding = false
        }
      }
      at = lineEnd + 1
    }
  }
}

/** One past the empty line, or past a byte that no header holds; -1 where there is neither. */
function endOfHeader(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte >= SPACE) continue
    if (byte === LF) {
      if (i + 1 < end && bytes[i + 1] === LF) return i + 2
      if (i + 2 < end && bytes[i + 1] === CR && bytes[i + 2] === LF) return i + 3
    } else if (byte !== CR && byte !== TAB) return i
  }
  return -1
}

function isMethodByte(byte: number): boolean {
  return isCapital(byte) || byte === 0x2d || byte === 0x5f
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

/** A path, `*`, a URL, or the host that CONNECT asks for, `[` before an IPv6 address. */
function canBeginTarget(byte: number): boolean {
  const letter = byte | 0x20
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === SLASH ||
    byte === ASTERISK ||
    byte === 0x5b
  )
}

/** Where the authority of an absolute target begins, behind `://`; 0 where it is not absolute. */
function authorityStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== COLON && bytes[at] !== SLASH) at++
  const absolute =
    at > start && at + 2 < end && bytes[at] === COLON && bytes[at + 1] === SLASH && bytes[at + 2] === SLASH
  return absolute ? at + 3 : 0
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR
}

/** Equal as ASCII letters of either case. */
function equalsIgnoringCase(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) if ((bytes[start + i]! | 0x20) !== (word[i]! | 0x20)) return false
  return true
}
