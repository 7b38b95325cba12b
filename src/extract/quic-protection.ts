import { createSecretKey, type KeyObject } from 'node:crypto'

/** How Initial packets of a version of QUIC are protected (RFC 9001 §5.2), and what is different in them. */
export interface Protection {
  readonly salt: KeyObject
  /** What HKDF-Expand-Label hashes for each of these (RFC 8446 §7.1). */
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly headerKey: Uint8Array
  /** The packet type of an Initial: the two bits behind the fixed bit (RFC 9000 §17.2, RFC 9369 §3.2). */
  readonly initialType: number
  /** Google's versions before IETF QUIC number their frames otherwise. */
  readonly googleFrames: boolean
  /** The crypto stream holds Google's own CHLO, not TLS. */
  readonly googleHello: boolean
}

/** RFC 9001 §5.2; drafts 33 and 34 of it had the same. */
const V1 = protection('38762cf7f55934b34d179ae6a4c80cadccbb7f0a')
/** RFC 9369 §3.3.1 */
const V2 = protection('0dede3def700a6db819381be6e269dcbf9bd2ed9', { labels: 'quicv2', initialType: 1 })
/** draft-ietf-quic-tls-22, -23 and -29, each §5.2; every draft not named here had the salt of the one before. */
const DRAFT_22 = protection('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a')
const DRAFT_23 = protection('c3eef712c72ebb5a11a7d2432bb46365bef9f502')
const DRAFT_29 = protection('afbfec289993d24c9e9786f19c6111e04390a899')
/** quiche/quic/core/crypto/crypto_utils.cc in https://quiche.googlesource.com/quiche of 2020. */
const Q050 = protection('504574efd066fe2f9d945cfcdbd3a7f0d3b56b45', { googleFrames: true, googleHello: true })
const T050 = protection('7ff579e5acd072915580304c43a2367c60488310', { googleFrames: true })
const T051 = protection('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d', { googleFrames: true })

const NONE: readonly Protection[] = []
/** Facebook's test versions, which have the salt of the draft they began with or that of version 1. */
const MVFST = [DRAFT_23, V1]
/** A version that only asks for negotiation (RFC 9000 §15) has no salt: clients take that of a version they know. */
const RESERVED = [V1, DRAFT_29]

const KNOWN = new Map<number, readonly Protection[]>([
  [0x00000001, [V1]],
  [0x6b3343cf, [V2]],
  [0xfaceb001, [DRAFT_22]],
  [0xfaceb003, [V1]],
  [0x51303530, [Q050]],
  [0x54303530, [T050]],
  [0x54303531, [T051]],
  ...drafts(22, 22, DRAFT_22),
  ...drafts(23, 28, DRAFT_23),
  ...drafts(29, 32, DRAFT_29),
  ...drafts(33, 34, V1),
])

/** Those that Initials of a version can have, the likelier first; none where it is not known. */
export function protectionsOf(version: number): readonly Protection[] {
  const known = KNOWN.get(version)
  if (known !== undefined) return known
  if ((version & 0x0f0f0f0f) === 0x0a0a0a0a) return RESERVED
  return version >>> 8 === 0xfaceb0 ? MVFST : NONE
}

/** HKDF-Expand-Label for one block of output: length, label, no context, and the number of the block. */
export function hkdfLabel(label: string, length: number): Uint8Array {
  return Buffer.from(`\0${String.fromCharCode(length, 6 + label.length)}tls13 ${label}\0\x01`, 'latin1')
}

function protection(
  salt: string,
  { labels = 'quic', initialType = 0, googleFrames = false, googleHello = false } = {},
): Protection {
  return {
    salt: createSecretKey(salt, 'hex'),
    key: hkdfLabel(`${labels} key`, 16),
    iv: hkdfLabel(`${labels} iv`, 12),
    headerKey: hkdfLabel(`${labels} hp`, 16),
    initialType,
    googleFrames,
    googleHello,
  }
}

function drafts(first: number, last: number, one: Protection): [number, readonly Protection[]][] {
  return Array.from({ length: last - first + 1 }, (_, i) => [0xff000000 + first + i, [one]])
}
