// @ts-check
/** What a client sends before TLS on a connection that begins without. */
import { ascii, concat, uint16 } from './bytes.js'

/** SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217). */
export const SMTP = ascii('EHLO mail.example\r\nSTARTTLS\r\n')
export const IMAP = ascii('a1 CAPABILITY\r\na2 STARTTLS\r\n')
export const POP3 = ascii('CAPA\r\nSTLS\r\n')
export const FTP = ascii('AUTH TLS\r\n')

/** XMPP (RFC 6120 §5.4.2). */
export const XMPP = ascii(
  "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xmlns='jabber:client' " +
    "xmlns:stream='http://etherx.jabber.org/streams'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
)

/** LDAP's StartTLS (RFC 4511 §4.14.1). */
export const LDAP = concat([0x30, 0x1d, 2, 1, 1, 0x77, 0x18, 0x80, 0x16], ascii('1.3.6.1.4.1.1466.20037'))

/** PostgreSQL's SSLRequest. */
export const POSTGRES = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f)

/** MySQL's request for TLS: capabilities with CLIENT_SSL, the largest packet, a character set, 23 zeros. */
export const MYSQL = concat([32, 0, 0, 1], [0x85, 0xae, 0xff, 0x19], [0, 0, 0, 1], [0xff], new Uint8Array(23))

/**
 * The connection request of Remote Desktop ([MS-RDPBCGR] §2.2.1.1), TLS offered.
 * @param {string} user as in its cookie
 */
export function rdpRequest(user) {
  const cookie = ascii(`Cookie: mstshash=${user}\r\n`)
  const request = concat([0xe0, 0, 0, 0, 0, 0], cookie, [1, 0, 8, 0, 3, 0, 0, 0])
  return concat([3, 0], uint16(5 + request.length), [request.length], request)
}
