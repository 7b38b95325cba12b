import { uint16 } from '../base/bytes.ts'
import type { Certainty } from '../model/observation.ts'
import type { ClientHello } from './tls.ts'
import { EXTENSION_USE_SRTP, VERSION_DTLS_1_3, VERSION_DTLS_CISCO } from './tls-values.ts'

const PORT_HTTPS = 443

/** The session of the tunnel, where some versions of OpenConnect say it (`DTLS_APP_ID_EXT` of its sources). */
const EXTENSION_APPLICATION_ID = 48018

/** Both names of a session are 16 bytes or more. */
const SHORTEST_SESSION_ID = 16

/** No suite, but a sign of the client's (RFC 5746 §3.3). */
const SUITE_RENEGOTIATION = 0x00ff

/** Suites with a pre-shared key, from … to …: https://www.iana.org/assignments/tls-parameters */
const PRE_SHARED = [
  ...[0x002c, 0x002e, 0x008a, 0x0095, 0x00a8, 0x00b9, 0xc033, 0xc03b, 0xc064, 0xc071],
  ...[0xc08e, 0xc09b, 0xc0a4, 0xc0ab, 0xccab, 0xccae, 0xd001, 0xd005],
]
/** Suites in CCM mode are those of small devices (RFC 6655, RFC 7252 §9.1.3). */
const FIRST_CCM = 0xc09c
const LAST_CCM = 0xc0af

/**
 * How sure a DTLS hello makes that it opens the tunnel of Cisco's AnyConnect, or of OpenConnect, which speaks the same.
 * Both agree on everything over TLS before: so a session seems to be resumed that never was one, by one suite, or by
 * suites with a pre-shared key (draft-mavrogiannopoulos-openconnect-02 §2.1.5). '' where it is none. A hello that also
 * asks for SRTP opens a call.
 */
export function anyConnectCertainty(hello: ClientHello, port: number): Certainty {
  if (hello.carrier !== 'dtls') return ''
  if (hello.version === VERSION_DTLS_CISCO || hello.hasExtension(EXTENSION_APPLICATION_ID)) return 'confirmed'
  if (!hello.whole || hello.sessionIdLength < SHORTEST_SESSION_ID || hello.version <= VERSION_DTLS_1_3) return ''
  if (hello.nameEnd > hello.nameStart || hello.alpnEnd > hello.alpnStart) return ''
  if (hello.hasExtension(EXTENSION_USE_SRTP)) return ''
  const certainty = port === PORT_HTTPS || hello.extensionsEnd === hello.extensionsStart ? 'probable' : 'indicative'
  return fits(hello, port) ? certainty : ''
}

/** Whether it offers what was agreed on: one suite; or, where tunnels are expected, suites with a pre-shared key. */
function fits({ bytes, suitesStart, suitesEnd }: ClientHello, port: number): boolean {
  let suites = 0
  let shared = 0
  for (let at = suitesStart; at + 2 <= suitesEnd; at += 2) {
    const suite = uint16(bytes, at)
    if (suite === SUITE_RENEGOTIATION) continue
    if (suite >= FIRST_CCM && suite <= LAST_CCM) return false
    suites++
    if (isPreShared(suite)) shared++
  }
  return shared > 0 ? shared === suites && port === PORT_HTTPS : suites === 1
}

function isPreShared(suite: number): boolean {
  for (let i = 0; i < PRE_SHARED.length; i += 2) {
    if (suite >= PRE_SHARED[i]! && suite <= PRE_SHARED[i + 1]!) return true
  }
  return false
}
