// @ts-check
/** HTTP requests as clients send them: version 1 (RFC 9112) and version 2 without TLS (RFC 9113). */
import { ascii, concat, uint24, uint32 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/**
 * @typedef HttpRequest
 * @property {string} [method] GET if left out
 * @property {string} [target] `/` if left out
 * @property {string} [host] no Host field if left out
 * @property {readonly string[]} [fields] lines of the header behind Host
 * @property {string} [body]
 */

/**
 * A request of HTTP/1.1.
 * @param {HttpRequest} [request]
 */
export function httpRequest({ method = 'GET', target = '/', host, fields = [], body = '' } = {}) {
  const lines = [`${method} ${target} HTTP/1.1`, ...(host === undefined ? [] : [`Host: ${host}`]), ...fields]
  return ascii(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** What a connection begins with (RFC 9113 §3.4). */
export const HTTP2_PREFACE = ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/**
 * A frame of HTTP/2 (RFC 9113 §4.1).
 * @param {number} type
 * @param {number} flags
 * @param {number} stream
 * @param {Bytes} payload
 */
export function http2Frame(type, flags, stream, payload) {
  return concat(uint24(payload.length), [type, flags], uint32(stream), payload)
}

/**
 * Preface, SETTINGS and one GET for a host, its name a literal that is indexed (RFC 7541 §6.2.1).
 * @param {string} host below 127 bytes
 */
export function http2Request(host) {
  const block = concat([0x82, 0x86, 0x84, 0x41, host.length], ascii(host))
  return concat(HTTP2_PREFACE, http2Frame(4, 0, 0, [0, 3, 0, 0, 0, 100]), http2Frame(1, 0x05, 1, block))
}
