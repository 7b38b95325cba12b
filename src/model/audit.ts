import type { Micros } from '../base/time.ts'

/** What an entry of the audit log tells: numbers, hashes and words that name nobody. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** What was done to a store. It is never changed: the hash of each entry is in the one after it. */
export interface AuditEntry {
  /** 1 and up, without a gap. */
  readonly seq: number
  readonly at: Micros
  /** Who did it, as the option or the environment said; '' where nobody did: it is never guessed. */
  readonly author: string
  readonly action: string
  /** `AuditDetails` as canonical JSON. */
  readonly details: string
  /** 32 random hexadecimal digits: without them what an entry tells cannot be guessed from its hash. */
  readonly salt: string
  /** The hash of the entry before; '' in the first. */
  readonly previous: string
  /** SHA-256 in hexadecimal. */
  readonly hash: string
}

/** That the log had this entry, said outside of the store. */
export interface AuditHead {
  /** The hash of the first entry there ever was: what a log is known by. */
  readonly log: string
  readonly seq: number
  readonly hash: string
  /** When it was signed. */
  readonly at: Micros
}

/** A head with the Ed25519 signature (RFC 8032) of whoever publishes it, in base64. */
export interface SignedHead extends AuditHead {
  readonly signature: string
}
