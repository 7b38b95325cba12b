import { uint16, uint24 } from '../base/bytes.ts'

/** https://www.iana.org/assignments/tls-parameters and tls-extensiontype-values */
const CONTENT_HANDSHAKE = 22
const HANDSHAKE_CLIENT_HELLO = 1
const EXTENSION_SERVER_NAME = 0
const EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d
const NAME_TYPE_HOST = 0

const RECORD_HEADER = 5
/** RFC 8446 §5.1 allows 2^14; some senders exceed it by what RFC 5246 §6.2.3 allowed for ciphertext. */
const RECORD_LIMIT = (1 << 14) + 2048

/** Above this a ClientHello is not waited for; RFC 8446 §4 would allow 2^24, real ones stay below 20 KiB. */
export const HELLO_LIMIT = 64 * 1024

/** What `findHello` says: no ClientHello; not all of it is there yet; all of it is there. */
export type HelloState = 'none' | 'partial' | 'whole'

/**
 * Finds the ClientHello at the beginning of a TLS stream and reads what it names. One object is used again and again.
 */
export class ClientHello {
  /** After `find`: the handshake message, its four header bytes left out, in `bytes[start…end)`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  /** After `read`: where the server name stands in `bytes`; equal where there is none. */
  nameStart = 0
  nameEnd = 0
  /** After `read`: an encrypted_client_hello extension was offered (RFC 9849), real or GREASE. */
  encrypted = false
  #joined: Buffer = Buffer.alloc(0)
  #hasCookie = false

  /** Whether a TLS stream that starts with a ClientHello can start with `bytes[start…end)`: decided on six bytes. */
  static canStart(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length <= 0 || bytes[start] !== CONTENT_HANDSHAKE) return false
    if (length > 1 && bytes[start + 1] !== 3) return false
    if (length > 2 && bytes[start + 2]! > 4) return false
    if (length > 4) {
      const record = uint16(bytes, start + 3)
      if (record === 0 || record > RECORD_LIMIT) return false
    }
    return length <= RECORD_HEADER || bytes[start + RECORD_HEADER] === HANDSHAKE_CLIENT_HELLO
  }

  /**
   * Looks for the ClientHello at `start`, over as many records as it takes (RFC 8446 §5.1). What is there of a partial
   * one can be read as well.
   */
  find(bytes: Uint8Array, start: number, end: number): HelloState {
    if (!ClientHello.canStart(bytes, start, end)) return 'none'
    if (end - start < RECORD_HEADER + 4) return 'partial'
    const recordEnd = start + RECORD_HEADER + uint16(bytes, start + 3)
    const body = start + RECORD_HEADER + 4
    if (recordEnd >= body) {
      const length = uint24(bytes, start + RECORD_HEADER + 1)
      if (length > HELLO_LIMIT) return 'none'
      if (body + length <= recordEnd) {
        this.#set(bytes, body, Math.min(body + length, end))
        return body + length <= end ? 'whole' : 'partial'
      }
    }
    return this.#findInRecords(bytes, start, end)
  }

  /** The message lies over several records: their payloads are joined. */
  #findInRecords(bytes: Uint8Array, start: number, end: number): HelloState {
    if (this.#joined.length === 0) this.#joined = Buffer.allocUnsafeSlow(HELLO_LIMIT + 4)
    const joined = this.#joined
    let length = 0
    let needed = 4
    let at = start
    while (length < needed && end - at >= RECORD_HEADER) {
      if (bytes[at] !== CONTENT_HANDSHAKE || bytes[at + 1] !== 3) return 'none'
      const recordLength = uint16(bytes, at + 3)
      if (recordLength === 0 || recordLength > RECORD_LIMIT) return 'none'
      const data = at + RECORD_HEADER
      const take = Math.min(recordLength, end - data, joined.length - length)
      joined.set(bytes.subarray(data, data + take), length)
      length += take
      at = data + recordLength
      if (length >= 4) {
        if (joined[0] !== HANDSHAKE_CLIENT_HELLO) return 'none'
        needed = 4 + uint24(joined, 1)
        if (needed > joined.length) return 'none'
      }
    }
    this.#set(joined, Math.min(4, length), Math.min(length, needed))
    return length >= needed && length >= 4 ? 'whole' : 'partial'
  }

  #set(bytes: Uint8Array, start: number, end: number): void {
    this.setMessage(bytes, start, end, false)
  }

  /**
   * Takes a message that came without records, instead of `find`: in `bytes[start…end)`, its four header bytes left
   * out.
   * @param hasCookie as in DTLS (RFC 6347 §4.2.1).
   */
  setMessage(bytes: Uint8Array, start: number, end: number, hasCookie: boolean): void {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.#hasCookie = hasCookie
  }

  /**
   * Reads the message that `find` found or `setMessage` gave (RFC 8446 §4.1.2, RFC 6066 §3). False where its fields do
   * not fit into each other; what was read before the damage or the cut stands.
   */
  read(): boolean {
    const { bytes, start, end } = this
    this.nameStart = 0
    this.nameEnd = 0
    this.encrypted = false
    let at = start + 2 + 32
    if (at + 1 > end) return false
    at += 1 + bytes[at]!
    if (this.#hasCookie) {
      if (at + 1 > end) return false
      at += 1 + bytes[at]!
    }
    if (at + 2 > end) return false
    at += 2 + uint16(bytes, at)
    if (at + 1 > end) return false
    at += 1 + bytes[at]!
    // TLS 1.0 and 1.1 hellos may end here, without extensions.
    if (at === end) return true
    if (at + 2 > end) return false
    const extensionsEnd = at + 2 + uint16(bytes, at)
    at += 2
    while (at + 4 <= end && at < extensionsEnd) {
      const type = uint16(bytes, at)
      const data = at + 4
      const dataEnd = data + uint16(bytes, at + 2)
      if (type === EXTENSION_SERVER_NAME) this.#readServerName(data, Math.min(dataEnd, end))
      else if (type === EXTENSION_ENCRYPTED_CLIENT_HELLO) this.encrypted = true
      at = dataEnd
    }
    return at === extensionsEnd && at <= end
  }

  #readServerName(start: number, end: number): void {
    const { bytes } = this
    for (let at = start + 2; at + 3 <= end; ) {
      const name = at + 3
      const nameEnd = name + uint16(bytes, at + 1)
      if (nameEnd > end) return
      if (bytes[at] === NAME_TYPE_HOST && nameEnd > name) {
        this.nameStart = name
        this.nameEnd = nameEnd
        return
      }
      at = nameEnd
    }
  }
}
