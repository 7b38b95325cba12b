// @ts-check
/** DTLS records and handshake fragments (RFC 6347 §4, RFC 9147 §5), not encrypted. */
import { concat, filler, uint16, uint24 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

export const DTLS_1_0 = 0xfeff
export const DTLS_1_2 = 0xfefd

/**
 * A ClientHello handshake message of TLS with the cookie that DTLS puts behind the session id; an empty one where there
 * is none yet.
 * @param {Uint8Array} message with its four header bytes
 * @param {Bytes} [cookie]
 */
export function dtlsHello(message, cookie = []) {
  const cookieAt = 4 + 34 + 1 + (message[38] ?? 0)
  const body = concat(message.subarray(4, cookieAt), [cookie.length], cookie, message.subarray(cookieAt))
  return concat([message[0] ?? 0], uint24(body.length), body)
}

/**
 * Bytes `from` to `to` of a handshake message's body as a fragment.
 * @param {Uint8Array} message with its four header bytes
 * @param {{ readonly from?: number, readonly to?: number, readonly sequence?: number }} [part]
 */
export function dtlsFragment(message, { from = 0, to = message.length - 4, sequence = 0 } = {}) {
  const header = concat(message.subarray(0, 4), uint16(sequence), uint24(from), uint24(to - from))
  return concat(header, message.subarray(4 + from, 4 + to))
}

/**
 * Fragments in a record.
 * @param {readonly Bytes[]} fragments
 * @param {{ readonly version?: number, readonly epoch?: number, readonly sequence?: number }} [fields]
 */
export function dtlsRecord(fragments, { version = DTLS_1_2, epoch = 0, sequence = 0 } = {}) {
  const payload = concat(...fragments)
  return concat([22], uint16(version), uint16(epoch), uint24(0), uint24(sequence), uint16(payload.length), payload)
}

/**
 * A server's HelloVerifyRequest, in its record.
 * @param {Bytes} [cookie]
 */
export function dtlsHelloVerifyRequest(cookie = filler(20, 3)) {
  const body = concat(uint16(DTLS_1_0), [cookie.length], cookie)
  return dtlsRecord([dtlsFragment(concat([3], uint24(body.length), body))])
}
