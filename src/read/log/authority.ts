import { latin1 } from '../../base/bytes.ts'
import { fieldIs, HOST_LIMIT, readPort } from './values.ts'

const PERCENT = 0x25
const SLASH = 0x2f
const COLON = 0x3a
const AT = 0x40

/** Where in a URL or an authority the host stands, and its port. One object, read anew by each call. */
export class Authority {
  hostStart = 0
  hostEnd = 0
  /** 0 where neither the text nor its scheme tells one. */
  port = 0

  /** `user@host:port` (RFC 3986 §3.2); false where the port is none or the host too long for a name. */
  read(bytes: Uint8Array, start: number, end: number, defaultPort: number): boolean {
    let hostStart = start
    let hostEnd = end
    let colon = -1
    let colons = 0
    for (let i = start; i < end; i++) {
      if (bytes[i] === AT) {
        hostStart = i + 1
        colon = -1
        colons = 0
      } else if (bytes[i] === COLON) {
        colon = i
        colons++
      } else if (bytes[i] === 0x5d) {
        colon = -1
        colons = 0
      }
    }
    let port = 0
    // Several colons outside brackets are those of an IPv6 address.
    if (colon >= 0 && colons === 1) {
      port = readPort(bytes, colon + 1, end)
      hostEnd = colon
    }
    this.hostStart = hostStart
    this.hostEnd = hostEnd
    this.port = port > 0 ? port : defaultPort
    return port >= 0 && hostEnd - hostStart <= HOST_LIMIT
  }

  /**
   * Of a URL its host and port, nothing else is looked at; the scheme may be missing (`example.org/path`). False where
   * there is no host: a path alone.
   */
  readUrl(bytes: Uint8Array, start: number, end: number): boolean {
    let from = start
    let port = 0
    let scheme = start
    while (scheme < end && bytes[scheme] !== COLON && bytes[scheme] !== SLASH && scheme - start < 20) scheme++
    if (scheme + 2 < end && bytes[scheme] === COLON && bytes[scheme + 1] === SLASH && bytes[scheme + 2] === SLASH) {
      port = schemePort(bytes, start, scheme)
      from = scheme + 3
    } else if (scheme === start && scheme + 1 < end && bytes[scheme + 1] === SLASH) from = scheme + 2
    let to = from
    while (to < end && bytes[to] !== SLASH && bytes[to] !== 0x3f && bytes[to] !== 0x23) to++
    return to > from && this.read(bytes, from, to, port)
  }
}

/** 0 for schemes that no proxy fetches. */
export function schemePort(bytes: Uint8Array, start: number, end: number): number {
  if (fieldIs(bytes, start, end, 'http')) return 80
  if (fieldIs(bytes, start, end, 'https')) return 443
  if (fieldIs(bytes, start, end, 'HTTP')) return 80
  if (fieldIs(bytes, start, end, 'HTTPS')) return 443
  return fieldIs(bytes, start, end, 'ftp') ? 21 : 0
}

/** Text with `%41` undone, as UTF-8. */
export function percentDecoded(bytes: Uint8Array, start: number, end: number): string {
  const decoded = Buffer.alloc(end - start)
  let length = 0
  for (let i = start; i < end; i++) {
    const code = bytes[i] === PERCENT && i + 2 < end ? latin1(bytes, i + 1, i + 3) : ''
    if (/^[0-9A-Fa-f]{2}$/.test(code)) {
      decoded[length++] = Number.parseInt(code, 16)
      i += 2
    } else decoded[length++] = bytes[i]!
  }
  return decoded.toString('utf8', 0, length)
}
