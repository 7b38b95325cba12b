import { hash } from 'node:crypto'
import { formatMicros, isTime, type Micros } from '../base/time.ts'
import type { AuditDetails, AuditEntry } from '../model/audit.ts'

/** What stands before the lines that the hash of an entry is of, so that they can be taken for nothing else. */
const PURPOSE = 'offchannel audit entry 1'

/** An entry before it is in the log. */
export interface NewEntry {
  readonly at: Micros
  readonly author: string
  readonly action: string
  readonly details: AuditDetails
}

/**
 * The entry that comes after `last`, undefined where it is the first.
 *
 * @param salt 32 random hexadecimal digits.
 */
export function entryAfter(
  last: Pick<AuditEntry, 'seq' | 'hash'> | undefined,
  entry: NewEntry,
  salt: string,
): AuditEntry {
  const { at, action } = entry
  // As it comes back from the store, which keeps no half of a character.
  const author = entry.author.toWellFormed()
  const unsealed = {
    ...{ seq: (last?.seq ?? 0) + 1, at, author, action, salt },
    details: canonicalDetails(entry.details),
    previous: last?.hash ?? '',
  }
  return { ...unsealed, hash: hashOf(unsealed) }
}

/** JSON with the keys in order and without spaces: the same details give the same text. */
export function canonicalDetails(details: AuditDetails): string {
  return JSON.stringify(Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** What an entry tells, as one line of JSON without its end: two that differ in anything are two lines. */
export function entryLine({ salt, at, author, action, details }: Told): string {
  const [time, who, what] = [isTime(at) ? formatMicros(at) : at, author, action].map((one) => JSON.stringify(one))
  return `{"salt":${JSON.stringify(salt)},"time":${time},"author":${who},"action":${what},"details":${details}}`
}

/** SHA-256 of the line with its end: all that is shown of an entry to whom it does not concern. */
export function bodyHash(entry: Told): string {
  return sha256(`${entryLine(entry)}\n`)
}

/** The hash of an entry, by what it tells and the hash of the one before; hexadecimal, as all of them. */
export function linkHash(seq: number, previous: string, body: string): string {
  return sha256(`${PURPOSE}\n${seq}\n${previous}\n${body}\n`)
}

/** The hash that an entry must have. */
export function hashOf(entry: Omit<AuditEntry, 'hash'>): string {
  return linkHash(entry.seq, entry.previous, bodyHash(entry))
}

type Told = Pick<AuditEntry, 'salt' | 'at' | 'author' | 'action' | 'details'>

/** What stands in the log for texts that may be about a person: they can be erased, and held against it while they are there. */
export function digestOf(texts: readonly string[]): string {
  return sha256(framed(texts))
}

/** In hexadecimal; of a text, of its UTF-8. */
export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes)
}

/** Texts in UTF-8, each behind its length in bytes as four octets: no two lists give the same bytes. */
function framed(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}
