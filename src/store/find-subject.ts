import type { Database } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type IdentityRow, labelPrefix, parseSubject } from './subject.ts'

/** Somebody whom the store knows. */
export interface KnownSubject extends IdentityRow {
  readonly id: number
}

/**
 * Whom a text names: the whole pseudonym, or what tables show, which is its beginning, or in a store that keeps
 * identities clear the identity itself. None where nobody is known by it, several where the beginning is of several.
 */
export function findSubjects(database: Database, text: string): KnownSubject[] {
  const columns = 'SELECT id, kind, tag, clear FROM identity'
  const whole = parseSubject(text)
  if (whole !== undefined) {
    return database
      .prepare<[string, Uint8Array], KnownSubject>(`${columns} WHERE kind = ? AND tag = ?`)
      .all(whole.kind, whole.tag)
  }
  const prefix = labelPrefix(text)
  const byLabel =
    prefix === undefined
      ? []
      : database
          .prepare<[string, Uint8Array, Uint8Array], KnownSubject>(
            `${columns} WHERE kind = ? AND tag >= ? AND tag <= ? AND clear IS NULL`,
          )
          .all(prefix.kind, prefix.first, prefix.last)
  if (byLabel.length > 0) return byLabel
  return database.prepare<[string], KnownSubject>(`${columns} WHERE clear = ?`).all(text)
}

/** The one subject that a text names; throws `usage` where there is none, or several. */
export function oneSubject(database: Database, text: string, file: string): KnownSubject {
  const found = findSubjects(database, text)
  if (found.length === 1) return found[0]!
  const shown = harmless(text)
  if (found.length > 1) {
    const words = `${shown} is the beginning of several pseudonyms: give the whole one, kind and 32 hexadecimal digits`
    throw new OffchannelError('usage', words)
  }
  throw new OffchannelError(
    'usage',
    `${shown}: ${harmless(file)} knows nobody by it: take the client from \`offchannel findings\``,
  )
}
