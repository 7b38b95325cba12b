import { uint16, uint24 } from '../base/bytes.ts'
import type { HelloDetails } from '../model/observation.ts'
import { protocolsOf } from './alpn.ts'
import { HandshakeRecords, type HandshakeState, MESSAGE_LIMIT } from './handshake-records.ts'
import { ja4Of } from './ja4.ts'
import {
  EXTENSION_ALPN,
  EXTENSION_ENCRYPTED_CLIENT_HELLO,
  EXTENSION_ENCRYPTED_SERVER_NAME,
  EXTENSION_PRE_SHARED_KEY,
  EXTENSION_SERVER_NAME,
  EXTENSION_SESSION_TICKET,
  EXTENSION_SUPPORTED_VERSIONS,
  HANDSHAKE_CLIENT_HELLO,
  isGrease,
  VERSION_DTLS_1_3,
  VERSION_TLS_1_3,
} from './tls-values.ts'

const NAME_TYPE_HOST = 0
const ECH_TYPE_OUTER = 0

/** Above this a ClientHello is not waited for. */
export const HELLO_LIMIT = MESSAGE_LIMIT

/** What carries a hello. */
export type HelloCarrier = 'tls' | 'quic' | 'dtls'

/**
 * Finds the ClientHello at the beginning of a TLS stream and reads what it tells. One object is used again and again.
 */
export class ClientHello implements HelloDetails {
  carrier: HelloCarrier = 'tls'
  /** After `find`: the handshake message, its four header bytes left out, in `bytes[start…end)`. */
  bytes: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  /** All of it is there, and its fields fit into each other. */
  whole = false
  /** After `read`: where the server name stands in `bytes`; equal where there is none. */
  nameStart = 0
  nameEnd = 0
  /** After `read`: an encrypted_client_hello extension was offered (RFC 9849), real or GREASE. */
  encrypted = false
  /** After `read`: the configuration that an outer Encrypted Client Hello says it used (RFC 9849 §5); -1 without. */
  echConfigId = -1
  /** After `read`: a draft of Encrypted Client Hello that left no name in the clear was used. */
  encryptedName = false
  /** After `read`: the newest version that it offers, as it stands there. */
  version = 0
  /** After `read`: the client asks to go on with an earlier session, as far as it shows. */
  resumes = false
  sessionIdLength = 0
  /** After `read`: where the cipher suites, the extensions and the list of ALPN stand; equal where there are none. */
  suitesStart = 0
  suitesEnd = 0
  extensionsStart = 0
  extensionsEnd = 0
  alpnStart = 0
  alpnEnd = 0
  readonly #records = new HandshakeRecords()

  /** Whether a TLS stream that starts with a ClientHello can start with `bytes[start…end)`: decided on six bytes. */
  static canStart(bytes: Uint8Array, start: number, end: number): boolean {
    return HandshakeRecords.canStartWith(HANDSHAKE_CLIENT_HELLO, bytes, start, end)
  }

  /** After `find` said `partial`: so many bytes are missing at least. */
  get missing(): number {
    return this.#records.missing
  }

  get alpn(): readonly string[] {
    return protocolsOf(this)
  }

  get ja4(): string {
    return ja4Of(this)
  }

  /** After `read`: whether it has an extension of this type. */
  hasExtension(type: number): boolean {
    const { bytes, extensionsEnd } = this
    for (let at = this.extensionsStart; at + 4 <= extensionsEnd; at += 4 + uint16(bytes, at + 2)) {
      if (uint16(bytes, at) === type) return true
    }
    return false
  }

  /**
   * Looks for the ClientHello at `start`, over as many records as it takes. What is there of a partial one can be read
   * as well.
   */
  find(bytes: Uint8Array, start: number, end: number): HandshakeState {
    if (!ClientHello.canStart(bytes, start, end)) return 'none'
    const records = this.#records
    records.begin(bytes, start, end)
    if (records.take(4)) {
      const length = uint24(records.bytes, records.start + 1)
      if (records.bytes[records.start] !== HANDSHAKE_CLIENT_HELLO || length > HELLO_LIMIT) return 'none'
      records.take(length)
    } else records.start = records.end
    this.setMessage(records.bytes, records.start, records.end, 'tls')
    return records.state
  }

  /**
   * Takes a message that came without records, instead of `find`: in `bytes[start…end)`, its four header bytes left
   * out.
   */
  setMessage(bytes: Uint8Array, start: number, end: number, carrier: HelloCarrier): void {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.carrier = carrier
  }

  /**
   * Reads the message that `find` found or `setMessage` gave (RFC 8446 §4.1.2, RFC 6066 §3). False where its fields do
   * not fit into each other; what was read before the damage or the cut stands.
   */
  read(): boolean {
    const { bytes, start, end } = this
    this.#reset()
    let at = start + 2 + 32
    if (at + 1 > end) return false
    this.version = uint16(bytes, start)
    this.sessionIdLength = bytes[at]!
    at += 1 + bytes[at]!
    if (this.carrier === 'dtls') {
      // The cookie of RFC 6347 §4.2.1.
      if (at + 1 > end) return false
      at += 1 + bytes[at]!
    }
    if (at + 2 > end) return false
    this.suitesStart = at + 2
    at += 2 + uint16(bytes, at)
    this.suitesEnd = Math.min(at, end)
    if (at + 1 > end) return false
    at += 1 + bytes[at]!
    // TLS 1.0 and 1.1 hellos may end here, without extensions.
    if (at === end || at + 2 > end) {
      this.#conclude()
      return at === end
    }
    const extensionsEnd = at + 2 + uint16(bytes, at)
    at += 2
    this.extensionsStart = at
    this.extensionsEnd = Math.min(extensionsEnd, end)
    while (at + 4 <= end && at < extensionsEnd) {
      const data = at + 4
      const dataEnd = data + uint16(bytes, at + 2)
      this.#readExtension(uint16(bytes, at), data, Math.min(dataEnd, end))
      at = dataEnd
    }
    this.#conclude()
    return at === extensionsEnd && at <= end
  }

  #reset(): void {
    this.nameStart = this.nameEnd = 0
    this.suitesStart = this.suitesEnd = 0
    this.extensionsStart = this.extensionsEnd = 0
    this.alpnStart = this.alpnEnd = 0
    this.version = 0
    this.sessionIdLength = 0
    this.echConfigId = -1
    this.encrypted = this.encryptedName = this.resumes = false
  }

  #readExtension(type: number, start: number, end: number): void {
    const { bytes } = this
    switch (type) {
      case EXTENSION_SERVER_NAME:
        this.#readServerName(start, end)
        break
      case EXTENSION_ALPN:
        this.alpnStart = Math.min(start + 2, end)
        this.alpnEnd = end
        break
      case EXTENSION_SUPPORTED_VERSIONS:
        this.#readVersions(start + 1, end)
        break
      case EXTENSION_SESSION_TICKET:
        // RFC 5077 §3.2: an empty one only says that tickets are understood.
        if (end > start) this.resumes = true
        break
      case EXTENSION_PRE_SHARED_KEY:
        this.resumes = true
        break
      case EXTENSION_ENCRYPTED_CLIENT_HELLO:
        this.encrypted = true
        // Behind the type stand the identifiers of a key derivation and of a cipher.
        if (end - start > 5 && bytes[start] === ECH_TYPE_OUTER) this.echConfigId = bytes[start + 5]!
        break
      case EXTENSION_ENCRYPTED_SERVER_NAME:
        this.encryptedName = true
    }
  }

  /** RFC 8446 §4.2.1: where they stand, the version before them says nothing. */
  #readVersions(start: number, end: number): void {
    let newest = 0
    for (let at = start; at + 2 <= end; at += 2) {
      const version = uint16(this.bytes, at)
      if (isGrease(version)) continue
      if (newest === 0 || (this.carrier === 'dtls' ? version < newest : version > newest)) newest = version
    }
    if (newest !== 0) this.version = newest
  }

  /** Up to TLS 1.2 a session id is that of a session to go on with; in TLS 1.3 it means nothing. */
  #conclude(): void {
    if (this.sessionIdLength === 0) return
    const { version } = this
    const newer = this.carrier === 'dtls' ? version > 0xfe00 && version <= VERSION_DTLS_1_3 : version >= VERSION_TLS_1_3
    if (!newer) this.resumes = true
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
