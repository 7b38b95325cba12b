import type { Client } from '../model/sighting.ts'

/** https://www.crockford.com/base32.html */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** An identity as the database holds it. */
export interface IdentityRow {
  readonly kind: Client['kind']
  readonly tag: Uint8Array
  readonly clear: string | null
}

/** `address-` and the whole tag in hexadecimal: one subject on every machine that has the key. */
export function subjectOf(identity: Pick<IdentityRow, 'kind' | 'tag'>): string {
  return `${identity.kind}-${Buffer.from(identity.tag).toString('hex')}`
}

/**
 * The identity where the store keeps it, else a pseudonym short enough to read out: `address-` and 40 bits of the tag.
 */
export function labelOf(identity: IdentityRow): string {
  if (identity.clear !== null) return identity.clear
  let bits = 0
  let held = 0
  let text = ''
  for (const byte of identity.tag.subarray(0, 5)) {
    bits = (bits << 8) | byte
    held += 8
    for (; held >= 5; held -= 5) text += DIGITS[(bits >> (held - 5)) & 31]
  }
  return `${identity.kind}-${text}`
}

/** Kind and tag of what `subjectOf` wrote; undefined for any other text. */
export function parseSubject(subject: string): { readonly kind: string; readonly tag: Uint8Array } | undefined {
  const parts = /^(address|user|device)-([0-9a-f]{32})$/.exec(subject)
  return parts ? { kind: parts[1]!, tag: Buffer.from(parts[2]!, 'hex') } : undefined
}

/** The kind that a short pseudonym names, and the first and last tag that it may be the beginning of. */
export function labelPrefix(
  label: string,
): { readonly kind: string; readonly first: Uint8Array; readonly last: Uint8Array } | undefined {
  const parts = /^(address|user|device)-([0-9a-hjkmnp-tv-z]{8})$/.exec(label)
  if (parts === null) return undefined
  let bits = 0n
  for (const digit of parts[2]!) bits = (bits << 5n) | BigInt(DIGITS.indexOf(digit))
  const head = bits.toString(16).padStart(10, '0')
  const tag = (rest: string) => Buffer.from(head + rest.repeat(11), 'hex')
  return { kind: parts[1]!, first: tag('00'), last: tag('ff') }
}
