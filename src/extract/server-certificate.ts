import type { Observation } from '../model/observation.ts'
import type { Certificate } from './certificate.ts'
import type { Named } from './openers/opener.ts'
import { torCertainty } from './recognise/tor.ts'
import { certificateSize, LIST_HEADER } from './server-flight.ts'

/**
 * Reads a server's certificate in `bytes[start…end)` and says whom it is for.
 * @param whole false where a part of it is missing: what is there can still tell.
 */
export function readCertificate(
  certificate: Certificate,
  bytes: Uint8Array,
  start: number,
  end: number,
  whole: boolean,
  into: Named,
): void {
  const fits = certificate.read(bytes, start, end)
  if (!whole) into.count('certificate_incomplete')
  else if (!fits) into.count('certificate_damaged')
  if (certificate.name === '') into.count('certificate_without_name')
  else into.certificate(certificate)
}

/** The same of the first certificate in a message of `size` bytes, of which `bytes[start…end)` came. */
export function readFirstCertificate(
  certificate: Certificate,
  bytes: Uint8Array,
  start: number,
  end: number,
  size: number,
  into: Named,
): void {
  const first = start + LIST_HEADER
  if (end <= first) return
  const last = first + certificateSize(bytes, start, size)
  if (last > first) readCertificate(certificate, bytes, first, Math.min(last, end), last <= end, into)
}

/** Adds what a certificate tells to an observation that has its ends. */
export function describeCertificate(observation: Observation, certificate: Certificate): void {
  observation.means = 'tls-certificate'
  observation.name = certificate.name
  observation.aliases = certificate.aliases
  observation.issuer = certificate.issuer
  const certainty = torCertainty('', certificate.name, certificate.issuer)
  if (certainty === '') return
  observation.means = 'vpn'
  observation.protocol = 'tor'
  observation.certainty = certainty
}
