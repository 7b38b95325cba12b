import { uint16, uint24 } from '../base/bytes.ts'
import { HandshakeRecords, type HandshakeState, MESSAGE_LIMIT } from './handshake-records.ts'
import { EXTENSION_SUPPORTED_VERSIONS, HANDSHAKE_CERTIFICATE, HANDSHAKE_SERVER_HELLO } from './tls-values.ts'

const CONTENT_ALERT = 21
const ALERT_WARNING = 1
/** A record with one alert in it (RFC 5246 §7.2). */
const WARNING = 7

const HEADER = 4
/** Before the first certificate stand the length of all and its own (RFC 5246 §7.4.2). */
export const LIST_HEADER = 6
const SHORTEST_HELLO = 38
const HELLO_LIMIT = 4096

/**
 * Finds the certificate that a server sends in the clear, behind its hello, up to TLS 1.2 (RFC 5246 §7.3). In TLS 1.3
 * it is encrypted, and a session that goes on needs none. One object is used again and again.
 */
export class ServerFlight {
  /** After `find`, and after `takeRest`: the server's own certificate, or what is there of it, in `bytes[start…end)`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  readonly #records = new HandshakeRecords()
  /** Bytes of the certificate; 0 where it was not reached. */
  #size = 0
  #taken = false

  /** After `find` said `partial`: so many bytes are missing at least. */
  get missing(): number {
    return this.#records.missing
  }

  /** Looks for it at `start`. The certificates behind the server's own are not waited for. */
  find(bytes: Uint8Array, start: number, end: number): HandshakeState {
    const first = start + warningLength(bytes, start, end)
    if (!HandshakeRecords.canStartWith(HANDSHAKE_SERVER_HELLO, bytes, first, end)) return 'none'
    const records = this.#records
    records.begin(bytes, first, end)
    this.#size = 0
    this.start = this.end = 0
    if (!records.take(HEADER)) return records.state
    let length = uint24(records.bytes, records.start + 1)
    if (records.bytes[records.start] !== HANDSHAKE_SERVER_HELLO || length > HELLO_LIMIT) return 'none'
    if (!records.take(length)) return records.state
    if (!mayShowCertificate(records.bytes, records.start, records.end)) return 'none'
    if (!records.take(HEADER)) return records.state
    if (records.bytes[records.start] !== HANDSHAKE_CERTIFICATE) return 'none'
    length = uint24(records.bytes, records.start + 1)
    if (!records.take(LIST_HEADER)) return records.state
    this.#size = certificateSize(records.bytes, records.start, length)
    if (this.#size === 0) return 'none'
    this.#taken = records.canTake(this.#size)
    if (!this.#taken) return 'partial'
    return this.#take() ? 'whole' : records.state
  }

  /** Takes what is there of a certificate that `find` called partial. False where nothing of it is. */
  takeRest(): boolean {
    if (this.#size > 0 && !this.#taken) this.#take()
    return this.end > this.start
  }

  #take(): boolean {
    const records = this.#records
    const all = records.take(this.#size)
    this.bytes = records.bytes
    this.start = records.start
    this.end = records.end
    return all
  }
}

/** Bytes of a warning that comes before the hello: that the server does not know the name (RFC 6066 §3). */
function warningLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < WARNING || bytes[start] !== CONTENT_ALERT || bytes[start + 1] !== 3) return 0
  return uint16(bytes, start + 3) === 2 && bytes[start + 5] === ALERT_WARNING ? WARNING : 0
}

/**
 * Whether a ServerHello in `bytes[start…end)`, without its header, is of a version whose certificates can be seen: TLS
 * 1.3 says itself in an extension (RFC 8446 §4.2.1).
 */
export function mayShowCertificate(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHORTEST_HELLO) return false
  // Behind the version and the random stand the session, a suite, a compression.
  let at = start + 34 + 1 + bytes[start + 34]! + 3
  if (at === end) return true
  if (at + 2 > end) return false
  for (at += 2; at + 4 <= end; at += 4 + uint16(bytes, at + 2)) {
    if (uint16(bytes, at) === EXTENSION_SUPPORTED_VERSIONS) return false
  }
  return at === end
}

/**
 * Bytes of the first certificate in a Certificate message of `length`, whose first six stand at `start`; 0 where they
 * do not fit into each other, or are too many.
 */
export function certificateSize(bytes: Uint8Array, start: number, length: number): number {
  const list = uint24(bytes, start)
  const size = uint24(bytes, start + 3)
  return list === length - 3 && size <= list - 3 && size <= MESSAGE_LIMIT ? size : 0
}
