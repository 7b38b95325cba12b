import type { NewEntry } from '../audit/entry.ts'
import type { AuditDetails } from '../model/audit.ts'
import { AuditDesk, AuditWriter } from './audit.ts'
import { deleteSecurely } from './compact.ts'
import { guarded } from './failure.ts'
import { openForReading, openForReviewing, type Recipients, recipientsOf, setMeta } from './open.ts'
import { recorded } from './recording.ts'
import type { Store } from './store.ts'

/** A data key as the store has it. */
export interface StoredKey {
  readonly id: number
  readonly recipients: Recipients
  readonly envelope: Uint8Array
}

/** Data keys that are sealed to the same recipients. */
export interface KeyCount {
  readonly recipients: Recipients
  readonly keys: number
  readonly identities: number
}

/** An envelope that was made anew. */
export interface Resealed {
  readonly id: number
  /** What it was made of: one that is no longer in the store is left out. */
  readonly before: Recipients
  readonly envelope: Uint8Array
}

/** Makes these the recipients of whatever is sealed from now on, in one transaction with its entry in the audit log. */
export function changeRecipients(store: Store, recipients: Recipients, reason: string): void {
  store.amend('recipients', (database) => {
    const before = recipientsOf(database)
    setMeta(database, 'recipients', JSON.stringify(recipients))
    return { result: undefined, details: { before: told(before), recipients: told(recipients), reason } }
  })
}

/** A group each. */
const told = (recipients: Recipients) => recipients.map((group) => group.join(' '))

/** Where data keys are taken from that others are to open, also while a run writes. */
export class ResealDesk extends AuditDesk {
  static override open(file: string): ResealDesk {
    return guarded(file, () => new ResealDesk(file, openForReviewing(file)))
  }

  /** For looking only. */
  static override openReadOnly(file: string): ResealDesk {
    return guarded(file, () => new ResealDesk(file, openForReading(file)))
  }

  /** Of whatever is sealed from now on; empty where the store seals nothing. */
  get recipients(): Recipients {
    return guarded(this.file, () => recipientsOf(this.database))
  }

  /** The data keys that are sealed to others than these. */
  keysOfOthers(recipients: Recipients): StoredKey[] {
    return guarded(this.file, () =>
      this.database
        .prepare<[string], { id: number; recipients: string; envelope: Uint8Array }>(
          'SELECT id, recipients, envelope FROM data_key WHERE recipients != ? ORDER BY id',
        )
        .all(JSON.stringify(recipients))
        .map((row) => ({ ...row, recipients: JSON.parse(row.recipients) as Recipients })),
    )
  }

  /** How many keys and identities are sealed to whom, those of the latest first. */
  keyCounts(): KeyCount[] {
    return guarded(this.file, () =>
      this.database
        .prepare<[], { recipients: string; keys: number; identities: number }>(`
          SELECT recipients, count(DISTINCT data_key.id) AS keys, count(sealed_identity.identity) AS identities
          FROM data_key LEFT JOIN sealed_identity ON data_key = data_key.id
          GROUP BY recipients ORDER BY max(data_key.id) DESC`)
        .all()
        .map((row) => ({ ...row, recipients: JSON.parse(row.recipients) as Recipients })),
    )
  }

  /** One identity that is sealed under a data key, by which a key can be told from another; undefined where there is none. */
  sampleOf(id: number): { readonly subject: string; readonly sealed: Uint8Array } | undefined {
    return guarded(this.file, () =>
      this.database
        .prepare<[number], { subject: string; sealed: Uint8Array }>(`
          SELECT kind || '-' || lower(hex(tag)) AS subject, sealed
          FROM sealed_identity JOIN identity ON identity.id = identity WHERE data_key = ? LIMIT 1`)
        .get(id),
    )
  }

  /** Puts envelopes for these recipients in the place of those that were, in one transaction with the entry; gives how many. */
  replace(
    envelopes: readonly Resealed[],
    recipients: Recipients,
    entry: Omit<NewEntry, 'details'>,
    details: AuditDetails,
  ): number {
    deleteSecurely(this.database)
    return recorded(this.file, this.database, () => {
      const put = this.database.prepare(
        'UPDATE data_key SET envelope = ?, recipients = ? WHERE id = ? AND recipients = ?',
      )
      const [now, before] = [JSON.stringify(recipients), (groups: Recipients) => JSON.stringify(groups)]
      let keys = 0
      for (const one of envelopes) keys += put.run(one.envelope, now, one.id, before(one.before)).changes
      new AuditWriter(this.database).add({ ...entry, details: { ...details, keys, recipients: told(recipients) } })
      return keys
    })
  }
}
