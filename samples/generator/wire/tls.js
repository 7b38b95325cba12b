// @ts-check
/** TLS handshakes as browsers send them today: TLS 1.3 (RFC 8446) with what they add. */
import { ascii, concat, filler, uint16, uint24 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/** Record types (RFC 8446 §5.1). */
export const RECORD_CHANGE_CIPHER_SPEC = 20
export const RECORD_HANDSHAKE = 22
export const RECORD_APPLICATION_DATA = 23

/** Extension types of the IANA registry that `order` may name. */
export const EXTENSION_SERVER_NAME = 0
export const EXTENSION_KEY_SHARE = 51
export const EXTENSION_ENCRYPTED_CLIENT_HELLO = 0xfe0d

const GREASE = [0x2a, 0x2a]
const X25519 = 0x001d
const X25519MLKEM768 = 0x11ec

/**
 * @typedef ClientHello
 * @property {string} [serverName] no server_name extension if left out
 * @property {readonly string[]} [alpn] protocols offered (RFC 7301 §3.1); h2 and http/1.1 if left out
 * @property {boolean} [postQuantum] a hybrid key share of 1216 bytes, so that one segment does not hold it; true if
 * left out
 * @property {boolean} [encryptedHello] an Encrypted Client Hello extension, GREASE or not: nobody can tell
 * @property {readonly number[]} [order] extension types that come first, in this order; browsers shuffle theirs
 * @property {boolean} [datagram] as DTLS says it: no session id, and versions with numbers of their own
 * @property {number} [seed] of random, session id and keys
 */

/**
 * A ClientHello handshake message (RFC 8446 §4.1.2), without its record.
 * @param {ClientHello} [options]
 */
export function clientHello(options = {}) {
  const { order = [], datagram = false, seed = 1 } = options
  const rank = (/** @type {number} */ type) => (order.includes(type) ? order.indexOf(type) : order.length)
  const sorted = clientExtensions(options, seed).sort((a, b) => rank(a.type) - rank(b.type))
  const extensions = concat(
    ...GREASE_EXTENSION,
    ...sorted.flatMap(({ type, body }) => [uint16(type), uint16(body.length), body]),
  )
  return message(
    1,
    uint16(datagram ? 0xfefd : 0x0303),
    filler(32, seed),
    vector8(datagram ? [] : filler(32, seed + 1)),
    vector16(GREASE, ...[0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8].map(uint16)),
    [1, 0],
    vector16(extensions),
  )
}

/**
 * A ClientHello in one record of version 0x0301, or in several with `recordSizes` (see `tlsRecords`).
 * @param {ClientHello & { readonly recordSizes?: readonly number[] }} [options]
 */
export function clientHelloRecords(options = {}) {
  return tlsRecords(RECORD_HANDSHAKE, clientHello(options), options.recordSizes, 0x0301)
}

/**
 * A ClientHello of SSL 2.0 that offers TLS 1.0 (RFC 5246 appendix E.2).
 * @param {number} [seed]
 */
export function ssl2Hello(seed = 1) {
  const suites = [0, 0, 0x2f, 0, 0, 0x35, 1, 0, 0x80]
  const body = concat([1, 3, 1], uint16(suites.length), uint16(0), uint16(32), suites, filler(32, seed))
  return concat([0x80, body.length], body)
}

/**
 * A ServerHello handshake message (RFC 8446 §4.1.3), without its record.
 * @param {{ readonly version?: number, readonly seed?: number, readonly extensions?: Bytes }} [options] no extensions at
 * all if left out; `seed` one more than that of the ClientHello, whose session id is repeated
 */
export function serverHello({ version = 0x0303, seed = 2, extensions } = {}) {
  const suite = extensions === undefined ? 0xc02b : 0x1301
  return message(
    2,
    uint16(version),
    filler(32, seed + 2),
    vector8(filler(32, seed)),
    uint16(suite),
    [0],
    extensions === undefined ? [] : vector16(extensions),
  )
}

/**
 * What a server sends at once in TLS 1.3: ServerHello, the compatibility ChangeCipherSpec (RFC 8446 appendix D.4) and
 * `length` bytes that stand for the encrypted rest.
 * @param {number} length
 * @param {number} [seed] one more than that of the ClientHello, whose session id is repeated
 */
export function serverFlight(length, seed = 2) {
  const extensions = concat(
    uint16(43),
    vector16(uint16(0x0304)),
    uint16(EXTENSION_KEY_SHARE),
    vector16(uint16(X25519), vector16(filler(32, seed + 3))),
  )
  return concat(
    tlsRecords(RECORD_HANDSHAKE, serverHello({ seed, extensions })),
    tlsRecords(RECORD_CHANGE_CIPHER_SPEC, [1]),
    applicationData(length, seed + 4),
  )
}

/**
 * A Certificate handshake message up to TLS 1.2 (RFC 5246 §7.4.2), without its record.
 * @param {readonly Bytes[]} certificates in DER, the server's own first
 */
export function certificateMessage(certificates) {
  return message(11, vector24(...certificates.map((one) => vector24(one))))
}

/**
 * What a server sends first in TLS 1.2: ServerHello, Certificate, ServerHelloDone; each in a record, or all of them
 * together in records of the sizes given.
 * @param {readonly Bytes[]} certificates in DER, the server's own first
 * @param {{ readonly seed?: number, readonly recordSizes?: readonly number[] }} [options]
 */
export function certificateFlight(certificates, { seed = 2, recordSizes } = {}) {
  const messages = [serverHello({ seed }), certificateMessage(certificates), message(14)]
  if (recordSizes !== undefined) return tlsRecords(RECORD_HANDSHAKE, concat(...messages), recordSizes)
  return concat(...messages.map((one) => tlsRecords(RECORD_HANDSHAKE, one)))
}

/**
 * `length` bytes that stand for encrypted data, in records of at most 16384.
 * @param {number} length
 * @param {number} seed
 */
export function applicationData(length, seed) {
  const sizes = Array(Math.floor(length / 16384)).fill(16384)
  return tlsRecords(RECORD_APPLICATION_DATA, filler(length, seed), sizes)
}

/**
 * A payload in records (RFC 8446 §5.1): of the sizes given, the rest in a last one.
 * @param {number} type
 * @param {Bytes} payload
 * @param {readonly number[]} [sizes] in bytes, 16384 at most
 * @param {number} [version]
 */
export function tlsRecords(type, payload, sizes = [], version = 0x0303) {
  const bytes = concat(payload)
  const records = []
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    if (at === bytes.length) break
    const part = bytes.subarray(at, at + size)
    records.push([type], uint16(version), vector16(part))
    at += part.length
  }
  return concat(...records)
}

/** An empty extension whose type says nothing (RFC 8701 §3.1). */
const GREASE_EXTENSION = [GREASE, [0, 0]]

/**
 * @param {ClientHello} options
 * @param {number} seed
 */
function clientExtensions(
  { serverName, alpn = ['h2', 'http/1.1'], postQuantum = true, encryptedHello, datagram },
  seed,
) {
  const versions = datagram ? [0xfefc, 0xfefd] : [0x0304, 0x0303]
  const groups = [...(postQuantum ? [X25519MLKEM768] : []), X25519, 0x0017, 0x0018].map(uint16)
  const algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601].map(uint16)
  const shares = [
    ...[GREASE, vector16([0])],
    ...(postQuantum ? [uint16(X25519MLKEM768), vector16(filler(1216, seed + 5))] : []),
    ...[uint16(X25519), vector16(filler(32, seed + 6))],
  ]
  const extensions = [
    { type: 23, body: concat() }, // extended_master_secret, RFC 7627
    { type: 0xff01, body: vector8() }, // renegotiation_info, RFC 5746
    { type: 10, body: vector16(GREASE, ...groups) }, // supported_groups
    { type: 11, body: vector8([0]) }, // ec_point_formats, RFC 8422
    { type: 35, body: concat() }, // session_ticket, RFC 5077
    { type: 16, body: vector16(...alpn.map((protocol) => vector8(ascii(protocol)))) },
    { type: 5, body: concat([1, 0, 0, 0, 0]) }, // status_request, RFC 6066 §8
    { type: 13, body: vector16(...algorithms) }, // signature_algorithms
    { type: 18, body: concat() }, // signed_certificate_timestamp, RFC 6962
    { type: EXTENSION_KEY_SHARE, body: vector16(...shares) }, // RFC 8446 §4.2.8
    { type: 45, body: vector8([1]) }, // psk_key_exchange_modes
    { type: 43, body: vector8(GREASE, ...versions.map(uint16)) }, // supported_versions
    { type: 27, body: vector8(uint16(2)) }, // compress_certificate, RFC 8879
  ]
  // RFC 6066 §3: a list of names, each with its type, 0 for a host name.
  if (serverName !== undefined) {
    extensions.unshift({ type: EXTENSION_SERVER_NAME, body: vector16([0], vector16(ascii(serverName))) })
  }
  if (encryptedHello) extensions.push({ type: EXTENSION_ENCRYPTED_CLIENT_HELLO, body: outerHello(seed) })
  return extensions
}

/**
 * ECHClientHello of the outer hello (RFC 9849 §5): HKDF-SHA256 with AES-128-GCM, a config id, a key, a payload.
 * @param {number} seed
 */
function outerHello(seed) {
  const [config = 0] = filler(1, seed + 7)
  const suite = [...uint16(1), ...uint16(1)]
  return concat([0], suite, [config], vector16(filler(32, seed + 8)), vector16(filler(176, seed + 9)))
}

/**
 * @param {number} type
 * @param {readonly Bytes[]} parts
 */
function message(type, ...parts) {
  const body = concat(...parts)
  return concat([type], uint24(body.length), body)
}

/**
 * A vector with its length in one byte before it (RFC 8446 §3.4).
 * @param {readonly Bytes[]} parts
 */
function vector8(...parts) {
  const body = concat(...parts)
  return concat([body.length], body)
}

/** @param {readonly Bytes[]} parts */
function vector24(...parts) {
  const body = concat(...parts)
  return concat(uint24(body.length), body)
}

/** @param {readonly Bytes[]} parts */
function vector16(...parts) {
  const body = concat(...parts)
  return concat(uint16(body.length), body)
}
