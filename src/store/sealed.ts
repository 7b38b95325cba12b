import type { Database, Statement } from 'better-sqlite3'
import { decryptAt, encryptAt } from '../base/authenticated.ts'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Micros } from '../base/time.ts'
import type { Client } from '../model/sighting.ts'
import { AuditDesk } from './audit.ts'
import { guarded } from './failure.ts'
import { oneSubject } from './find-subject.ts'
import { openForReviewing, type Recipients } from './open.ts'
import { labelOf, subjectOf } from './subject.ts'

/** What identities are sealed under, for as long as one opening of the store. */
export interface DataKey {
  /** 32 bytes that are written nowhere. */
  readonly key: Uint8Array
  /** The same, sealed to the store's recipients by age. */
  readonly envelope: Uint8Array
  readonly recipients: Recipients
  readonly at: Micros
}

/** An identity as the store has it. */
export interface SealedIdentity {
  /** Kind and whole tag. */
  readonly subject: string
  /** As tables show it. */
  readonly label: string
  readonly sealed: Uint8Array
  readonly envelope: Uint8Array
}

/** Seals identities as they get their ids, within the transaction that gives them. */
export class SealedWriter {
  readonly #dataKey: DataKey
  readonly #has: Statement<[number]>
  readonly #putKey: Statement
  readonly #put: Statement
  #id: number | undefined

  constructor(database: Database, dataKey: DataKey) {
    this.#dataKey = dataKey
    this.#has = database.prepare('SELECT 1 FROM sealed_identity WHERE identity = ?')
    this.#putKey = database.prepare('INSERT INTO data_key(at, recipients, envelope) VALUES (?, ?, ?)')
    this.#put = database.prepare('INSERT INTO sealed_identity VALUES (?, ?, ?)')
  }

  /** Seals an identity, once. */
  keep(id: number, { kind, tag, clear }: Client): void {
    if (clear === undefined) throw new Error('an identity is to be sealed, and is not known')
    if (this.#has.get(id) !== undefined) return
    const { key, envelope, recipients, at } = this.#dataKey
    this.#id ??= Number(this.#putKey.run(at, JSON.stringify(recipients), envelope).lastInsertRowid)
    this.#put.run(id, this.#id, encryptAt(key, placeOf(`${kind}-${tag}`), Buffer.from(clear)))
  }

  /** After a transaction that was rolled back, or may have taken the data key out. */
  forget(): void {
    this.#id = undefined
  }
}

/** The identity; undefined where it was changed, or is sealed under another data key. */
export function openIdentity(
  { subject, sealed }: Pick<SealedIdentity, 'subject' | 'sealed'>,
  key: Uint8Array,
): string | undefined {
  return key.length === 32 ? decryptAt(key, placeOf(subject), sealed)?.toString() : undefined
}

const placeOf = (subject: string) => `offchannel identity ${subject}`

/** Where sealed identities are taken from, and that is entered in the audit log, also while a run writes. */
export class SealedDesk extends AuditDesk {
  static override open(file: string): SealedDesk {
    return guarded(file, () => new SealedDesk(file, openForReviewing(file)))
  }

  /** Of whom a text names; throws `usage` where that is nobody or several, or where the store seals no identities. */
  sealedOf(client: string): SealedIdentity {
    const file = harmless(this.file)
    if (this.identities !== 'sealed') {
      const words = `made with --identities ${this.identities}: it has nothing that could be unsealed`
      throw new OffchannelError('usage', `${file}: ${words}`)
    }
    return guarded(this.file, () => {
      const known = oneSubject(this.database, client, this.file)
      const row = this.database
        .prepare<[number], Pick<SealedIdentity, 'sealed' | 'envelope'>>(
          'SELECT sealed, envelope FROM sealed_identity JOIN data_key ON data_key.id = data_key WHERE identity = ?',
        )
        .get(known.id)
      if (row !== undefined) return { subject: subjectOf(known), label: labelOf(known), ...row }
      throw new OffchannelError('usage', `${harmless(client)}: ${file} has nothing sealed of it`)
    })
  }
}
