import { createHash, verify, X509Certificate } from 'node:crypto'
import {
  contentOf,
  der,
  type Element,
  elementsOf,
  GENERALIZED_TIME,
  INTEGER,
  inside,
  OCTETS,
  oid,
  SEQUENCE,
  SET,
} from './der.ts'

const SHA512 = '2.16.840.1.101.3.4.2.3'
const SIGNED_DATA = oid('1.2.840.113549.1.7.2')
const TST_INFO = oid('1.2.840.113549.1.9.16.1.4')
const CONTENT_TYPE = oid('1.2.840.113549.1.9.3')
const MESSAGE_DIGEST = oid('1.2.840.113549.1.9.4')
/** RFC 3161 §2.3: a certificate that may stamp times. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'

const HASHES: readonly (readonly [identifier: Buffer, name: string])[] = [
  [oid('2.16.840.1.101.3.4.2.1'), 'sha256'],
  [oid('2.16.840.1.101.3.4.2.2'), 'sha384'],
  [oid(SHA512), 'sha512'],
]

/** Certificates that are gone through from a stamp's to one that is trusted. */
const CHAIN_LIMIT = 5

/** What is asked of a time-stamping authority (RFC 3161 §2.4.1): the SHA-512 of a file, without a nonce, with its certificate. */
export function timeStampQuery(file: Uint8Array): Buffer {
  const algorithm = der(SEQUENCE, oid(SHA512), Buffer.from([0x05, 0x00]))
  const imprint = der(SEQUENCE, algorithm, der(OCTETS, createHash('sha512').update(file).digest()))
  return der(SEQUENCE, der(INTEGER, Buffer.from([1])), imprint, Buffer.from([0x01, 0x01, 0xff]))
}

/** What an authority's reply says once it is checked. */
export interface TimeStamp {
  /** RFC 3339, in UTC. */
  readonly time: string
  /** Subject of the certificate that signed it. */
  readonly authority: string
  /** Whether that certificate leads to one of those that are trusted; undefined where none were given. */
  readonly trusted: boolean | undefined
}

/**
 * Checks a reply (RFC 3161 §2.4.2, RFC 5652 §5) against the file that it stamps. Throws with what is wrong; a certificate
 * that leads to none of the trusted ones is no mistake of the reply.
 */
export function checkTimeStamp(
  reply: Uint8Array,
  file: Uint8Array,
  trusted: readonly X509Certificate[] | undefined,
): TimeStamp {
  const all = elementsOf(Buffer.from(reply))
  if (all.length !== 1) throw new Error('there is something behind it')
  const [status, token] = inside(all[0], SEQUENCE)
  const granted = contentOf(inside(status, SEQUENCE)[0], INTEGER)
  if (granted.length !== 1 || granted[0]! > 1) throw new Error('the authority did not grant it')
  const [type, explicit] = inside(token, SEQUENCE)
  if (type === undefined || !type.whole.equals(SIGNED_DATA)) throw new Error('it is no signed data')
  const [, , encapsulated, ...rest] = inside(inside(explicit, 0xa0)[0], SEQUENCE)
  const [contentType, content] = inside(encapsulated, SEQUENCE)
  if (contentType === undefined || !contentType.whole.equals(TST_INFO)) throw new Error('it is no time-stamp')
  const info = contentOf(inside(content, 0xa0)[0], OCTETS)
  const time = checkInfo(info, file)
  const certificates = rest.filter(({ tag }) => tag === 0xa0).flatMap((set) => elementsOf(set.content))
  const signers = inside(rest.at(-1), SET)
  if (signers.length !== 1) throw new Error('it is not signed by exactly one')
  const chain = certificates.map(({ whole }) => new X509Certificate(whole))
  const signer = checkSigner(inside(signers[0], SEQUENCE), info, chain)
  const isTrusted = trusted && leadsTo(signer, chain, trusted, Date.parse(time))
  return { time, authority: signer.subject.replaceAll('\n', ', '), trusted: isTrusted }
}

/** TSTInfo, §2.4.2: that it is of this file, and when. */
function checkInfo(info: Buffer, file: Uint8Array): string {
  const [, , imprint, , time] = inside(elementsOf(info)[0], SEQUENCE)
  const [algorithm, hashed] = inside(imprint, SEQUENCE)
  const hash = hashNamed(inside(algorithm, SEQUENCE)[0])
  if (!createHash(hash).update(file).digest().equals(contentOf(hashed, OCTETS))) {
    throw new Error('it stamps another file')
  }
  const text = contentOf(time, GENERALIZED_TIME).toString('latin1')
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text)
  if (parts === null) throw new Error('its time is not one')
  const [, year, month, day, hour, minute, second, fraction = ''] = parts
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`
}

/** RFC 5652 §5.3 and §5.4: the attributes are signed, and hold the digest of the content. Gives whose signature it is. */
function checkSigner(
  signer: readonly Element[],
  info: Buffer,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const [, , digestAlgorithm, attributes, , signature] = signer
  const hash = hashNamed(inside(digestAlgorithm, SEQUENCE)[0])
  if (attributes?.tag !== 0xa0) throw new Error('its attributes are not signed')
  const values = new Map(
    elementsOf(attributes.content).map((attribute) => {
      const [name, value] = inside(attribute, SEQUENCE)
      return [name!.whole.toString('hex'), inside(value, SET)] as const
    }),
  )
  const digest = contentOf(values.get(MESSAGE_DIGEST.toString('hex'))?.[0], OCTETS)
  if (!createHash(hash).update(info).digest().equals(digest)) throw new Error('its digest is of something else')
  if (!values.get(CONTENT_TYPE.toString('hex'))?.[0]?.whole.equals(TST_INFO)) throw new Error('it is of another type')
  // Signed as a set, whatever tag they have in the message.
  const signed = Buffer.concat([Buffer.from([SET]), attributes.whole.subarray(1)])
  const bytes = contentOf(signature, OCTETS)
  const certificate = certificates.find(({ publicKey }) => {
    try {
      return verify(hash, signed, publicKey, bytes)
    } catch {
      return false
    }
  })
  if (certificate === undefined) throw new Error('its signature is by none of its certificates, or does not hold')
  if (!certificate.keyUsage?.includes(TIME_STAMPING)) throw new Error('its certificate is not for time-stamps')
  return certificate
}

function leadsTo(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  time: number,
): boolean {
  let current = signer
  for (let n = 0; n < CHAIN_LIMIT; n++) {
    if (time < Date.parse(current.validFrom) || time > Date.parse(current.validTo)) return false
    if (trusted.some((root) => root.raw.equals(current.raw) || isIssuer(root, current))) return true
    const issuer = others.find((other) => other !== current && other.ca && isIssuer(other, current))
    if (issuer === undefined) return false
    current = issuer
  }
  return false
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function hashNamed(identifier: Element | undefined): string {
  const hash = HASHES.find(([known]) => identifier?.whole.equals(known))?.[1]
  if (hash === undefined) throw new Error('its hash is none of SHA-256, SHA-384 and SHA-512')
  return hash
}
