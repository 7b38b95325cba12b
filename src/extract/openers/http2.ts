import { uint24 } from '../../base/bytes.ts'
import { FirstAuthority } from '../hpack.ts'
import { nameHost } from './host.ts'
import type { Named, Opener, OpenerState } from './opener.ts'
import { fixed, NONE, PARTIAL } from './preamble.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const FRAME_HEADER = 9
/** RFC 9113 §4.2: what a frame holds at most before the other side allows more. */
const FRAME_LIMIT = 1 << 14
/** SETTINGS and WINDOW_UPDATE come before the first request, and little else. */
const STREAM_LIMIT = 2 * FRAME_LIMIT
const TYPE_HEADERS = 1
const FLAG_PADDED = 0x08
const FLAG_PRIORITY = 0x20

/** HTTP/2 without TLS (RFC 9113 §3.3): `http-host` with the `:authority` of a connection's first request. */
export class Http2Opener implements Opener {
  readonly awaits = false
  readonly first = [PREFACE[0]!]
  readonly second = [PREFACE[1]!]
  next = 0
  readonly #authority = new FirstAuthority()
  /** All of the preface is there. */
  #begun = false
  #bytes: Uint8Array = PREFACE
  #start = 0
  #end = 0

  find(bytes: Uint8Array, start: number, end: number): OpenerState {
    let at = fixed(bytes, start, end, PREFACE)
    this.#bytes = bytes
    this.#start = this.#end = this.next = end
    this.#begun = at > 0
    if (at === NONE) return 'none'
    if (at === PARTIAL) return 'partial'
    while (end - at >= FRAME_HEADER) {
      const length = uint24(bytes, at)
      const data = at + FRAME_HEADER
      if (length > FRAME_LIMIT || data + length - start > STREAM_LIMIT) return 'whole'
      if (bytes[at + 3] === TYPE_HEADERS) {
        const flags = bytes[at + 4]!
        this.#start = data + ((flags & FLAG_PADDED) !== 0 ? 1 : 0) + ((flags & FLAG_PRIORITY) !== 0 ? 5 : 0)
        this.#end = Math.min(end, data + length)
        return data + length <= end ? 'whole' : 'partial'
      }
      at = data + length
    }
    return 'partial'
  }

  read(whole: boolean, into: Named): void {
    const authority = this.#authority
    if (!whole) {
      if (!this.#begun) return
      into.count('http_header_incomplete')
    }
    if (
      !authority.find(this.#bytes, this.#start, this.#end) ||
      !nameHost('http-host', authority.text, 0, authority.length, into)
    ) {
      into.count('http_request_without_host')
    }
  }
}
