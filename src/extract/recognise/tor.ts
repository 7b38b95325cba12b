import type { Certainty } from '../../model/observation.ts'

/** RFC 4648 §6, in lower case. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * How sure the names in a TLS handshake make it one of Tor. Its client says a server name that it made up, `www.` and 4
 * to 25 random characters and `.com`; its relays, up to TLS 1.2, show a certificate of such a name with 8 to 20
 * characters and `.net`, signed by another with `.com` (https://gitlab.torproject.org/tpo/core/tor, `tortls_openssl.c`,
 * `crypto_random_hostname`). The server name alone tells nothing: that of any company looks so. Since TLS 1.3 hides
 * certificates, most of Tor is known only by the addresses of its relays.
 * @param serverName '' where it is not known.
 * @param subject and `issuer`: common names of the server's own certificate, '' where it was not seen.
 */
export function torCertainty(serverName: string, subject: string, issuer: string): Certainty {
  const own = randomPart(subject, '.net', 8, 20)
  const signer = randomPart(issuer, '.com', 8, 20)
  if (own === '' || signer === '' || own === signer) return ''
  if (serverName === '') return 'probable'
  const said = randomPart(serverName, '.com', 4, 25)
  return said === '' || said === own || said === signer ? '' : 'confirmed'
}

/** What stands between `www.` and the ending; '' where that is not made of so many characters of base32. */
function randomPart(name: string, ending: string, shortest: number, longest: number): string {
  if (!name.startsWith('www.') || !name.endsWith(ending)) return ''
  const part = name.slice('www.'.length, -ending.length)
  if (part.length < shortest || part.length > longest) return ''
  for (const character of part) if (!BASE32.includes(character)) return ''
  return part
}
