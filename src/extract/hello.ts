import { NAME_LIMIT } from '../base/name.ts'
import type { Means, Observation } from '../model/observation.ts'
import { offers } from './alpn.ts'
import { anyConnectCertainty } from './anyconnect.ts'
import type { Named } from './openers/opener.ts'
import type { ClientHello } from './tls.ts'

/** RFC 7858 §3.1, RFC 9250 §4.1.1 */
const PORT_DNS_OVER_TLS = 853
/** As registered for ALPN; drafts of DNS over QUIC put their number behind it. */
const DNS_OVER_TLS = Buffer.from('dot')
const DNS_OVER_QUIC = Buffer.from('doq')

/**
 * Reads the ClientHello that was found and says what it names, as these means.
 * @param whole false where a part of it is missing: what is there can still hold the name.
 */
export function readHello(hello: ClientHello, means: Means, whole: boolean, into: Named): void {
  const fits = hello.read()
  hello.whole = whole && fits
  if (!whole) into.count('client_hello_incomplete')
  else if (!fits) into.count('client_hello_damaged')
  if (hello.encrypted) into.count('client_hello_encrypted')
  if (hello.nameEnd > hello.nameStart) nameHost(means, hello.bytes, hello.nameStart, hello.nameEnd, into, hello)
  else if (!into.nameless(hello)) into.count(withoutName(hello))
}

/** Says the server name that stands in `bytes[start…end)`, or counts why there is none. */
export function nameHost(
  means: Means,
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Named,
  hello?: ClientHello,
): void {
  if (end === start) into.count('client_hello_without_name')
  else if (end - start > NAME_LIMIT) into.count('client_hello_name_too_long')
  else into.name(means, bytes, start, end, hello)
}

function withoutName(hello: ClientHello): string {
  if (!hello.whole) return 'client_hello_without_name'
  if (hello.encryptedName) return 'client_hello_encrypted_name'
  return hello.resumes ? 'client_hello_resumed_without_name' : 'client_hello_without_name'
}

/**
 * Adds what a hello tells beside its name to an observation that has its ends, its means and its name. True where that
 * says what is spoken, and so is worth an observation without a name.
 */
export function describeHello(observation: Observation, hello: ClientHello): boolean {
  observation.encryptedHello = hello.encrypted
  if (hello.whole) observation.hello = hello
  const certainty = anyConnectCertainty(hello, observation.serverPort)
  if (certainty !== '') {
    observation.means = 'vpn'
    observation.protocol = 'anyconnect-dtls'
    observation.certainty = certainty
    return true
  }
  const offered = hello.carrier === 'quic' ? offers(hello, DNS_OVER_QUIC) : offers(hello, DNS_OVER_TLS)
  if (hello.carrier === 'dtls' || (!offered && observation.serverPort !== PORT_DNS_OVER_TLS)) return false
  observation.protocol = hello.carrier === 'quic' ? 'dns-over-quic' : 'dns-over-tls'
  if (observation.name === '') {
    observation.means = 'payload'
    observation.certainty = offered ? 'confirmed' : 'probable'
  }
  return true
}
