import { createHash } from 'node:crypto'
import type { Micros } from '../base/time.ts'
import type { AuditDetails, AuditEntry } from '../model/audit.ts'

/** What stands before the bytes of an entry, so that they can be taken for nothing else. */
const PURPOSE = 'offchannel audit entry 1'

/** An entry before it is in the log. */
export interface NewEntry {
  readonly at: Micros
  readonly author: string
  readonly action: string
  readonly details: AuditDetails
}

/** The entry that comes after `last`, undefined where it is the first. */
export function entryAfter(last: Pick<AuditEntry, 'seq' | 'hash'> | undefined, entry: NewEntry): AuditEntry {
  const { at, author, action } = entry
  const unsealed = {
    ...{ seq: (last?.seq ?? 0) + 1, at, author, action },
    details: canonicalDetails(entry.details),
    previous: last?.hash ?? '',
  }
  return { ...unsealed, hash: hashOf(unsealed) }
}

/** JSON with the keys in order and without spaces: the same details give the same text. */
export function canonicalDetails(details: AuditDetails): string {
  return JSON.stringify(Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** SHA-256 over the fields of an entry, each with its length before it, in hexadecimal. */
export function hashOf({ seq, at, author, action, details, previous }: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(framed([PURPOSE, String(seq), String(at), author, action, details, previous]))
    .digest('hex')
}

/** What stands in the log for texts that may be about a person: they can be erased, and held against it while they are there. */
export function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(framed(texts)).digest('hex')
}

/** Texts in UTF-8, each behind its length in bytes as four octets: no two lists give the same bytes. */
export function framed(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
