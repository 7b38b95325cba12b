// @ts-check
/** Protocols that name nothing: SSH, DNSCrypt; and how XMPP begins. */
import { address, ascii, concat, filler, uint16 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */

/**
 * What each side of SSH sends first (RFC 4253 §4.2).
 * @param {string} software such as `OpenSSH_9.9`
 * @param {{ version?: string, comments?: string }} [options]
 */
export function sshIdentification(software, { version = '2.0', comments = '' } = {}) {
  return ascii(`SSH-${version}-${software}${comments === '' ? '' : ` ${comments}`}\r\n`)
}

/**
 * A query of DNSCrypt (draft-denis-dprive-dnscrypt §4): the magic of a certificate, public key, nonce, and a tag with
 * what is encrypted, all of them filler.
 * @param {number} seed
 * @param {number} [length] of the whole
 */
export function dnscryptQuery(seed, length = 512) {
  return filler(length, seed)
}

/**
 * What the resolver answers: its magic, the nonce of the query and its own, and a tag with what is encrypted.
 * @param {Uint8Array} query
 * @param {number} [blocks] of 64 bytes that are encrypted
 */
export function dnscryptResponse(query, blocks = 3) {
  return concat(ascii('r6fnvWj8'), query.subarray(40, 52), filler(12 + 16 + 64 * blocks, query.length))
}

/**
 * A query as a client gives it to a relay (§10.2).
 * @param {string} resolver its address
 * @param {number} port
 * @param {Bytes} query
 */
export function dnscryptRelayQuery(resolver, port, query) {
  const bytes = address(resolver)
  const mapped = bytes.length === 4 ? concat(new Uint8Array(10), [0xff, 0xff], bytes) : bytes
  return concat(new Uint8Array(8).fill(0xff), [0, 0], mapped, uint16(port), query)
}

/**
 * The stream header of an XMPP client (RFC 6120 §4.7), or of a server where it has an `id`.
 * @param {Readonly<Record<string, string>>} attributes
 * @param {{ quote?: string, declaration?: string }} [options]
 */
export function xmppHeader(attributes, { quote = "'", declaration = "<?xml version='1.0'?>" } = {}) {
  const all = { ...attributes, xmlns: 'jabber:client', 'xmlns:stream': 'http://etherx.jabber.org/streams' }
  const written = Object.entries(all).map(([name, value]) => ` ${name}=${quote}${value}${quote}`)
  return ascii(`${declaration}<stream:stream${written.join('')}>`)
}
