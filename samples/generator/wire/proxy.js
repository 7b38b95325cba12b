// @ts-check
/** What a client, or a load balancer, says to a proxy before the connection it wants: SOCKS and the PROXY protocol. */
import { address, ascii, concat, uint16 } from './bytes.js'

/**
 * A request of SOCKS 4 for an address, or of 4a for a name.
 * @param {string} host a dotted quad, or a name
 * @param {number} port
 * @param {string} [user]
 */
export function socks4(host, port, user = '') {
  const isAddress = /^[\d.]+$/.test(host)
  const words = isAddress ? [address(host), ascii(user), [0]] : [[0, 0, 0, 1], ascii(user), [0], ascii(host), [0]]
  return concat([4, 1], uint16(port), ...words)
}

/**
 * All that a client sends until a SOCKS 5 proxy connects (RFC 1928, RFC 1929).
 * @param {string} host an address, or a name
 * @param {number} port
 * @param {{ readonly user: string, readonly password: string }} [login]
 */
export function socks5(host, port, login) {
  const offer = login ? [5, 2, 0, 2] : [5, 1, 0]
  const words = login ? [[1, login.user.length], ascii(login.user), [login.password.length], ascii(login.password)] : []
  return concat(offer, ...words, [5, 1, 0], socksAddress(host), uint16(port))
}

/** @param {string} host */
function socksAddress(host) {
  if (host.includes(':')) return concat([4], address(host))
  if (/^[\d.]+$/.test(host)) return concat([1], address(host))
  return concat([3, host.length], ascii(host))
}

/** Version 1 of the PROXY protocol, a line of text. */
export function proxyLine() {
  return ascii('PROXY TCP4 203.0.113.9 198.51.100.7 56324 443\r\n')
}

/** Version 2 of the PROXY protocol, for IPv4. */
export function proxyHeader() {
  const addresses = concat(address('203.0.113.9'), address('198.51.100.7'), uint16(56324), uint16(443))
  return concat(ascii('\r\n\r\n\0\r\nQUIT\n'), [0x21, 0x11], uint16(addresses.length), addresses)
}
