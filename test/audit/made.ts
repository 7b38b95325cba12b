import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { entryAfter, hashOf, type NewEntry } from '../../src/audit/entry.ts'
import { auditExtract } from '../../src/audit/extract.ts'
import { HeadScanner, headLine, signHead } from '../../src/audit/heads.ts'
import { type AuditVerdict, verifyLog } from '../../src/audit/verify.ts'
import type { AuditEntry, SignedHead } from '../../src/model/audit.ts'
import { AuditDesk } from '../../src/store/audit.ts'
import { Store } from '../../src/store/store.ts'
import { NOW, OPTIONS, temporaryFolder } from '../store/made.ts'

export const AUDITOR = generateKeyPairSync('ed25519')

/** A store whose log has so many entries. */
export function storeWithLog(entries: number): string {
  const file = join(temporaryFolder(), 'store.db')
  Store.open(file, OPTIONS).close()
  const desk = AuditDesk.open(file)
  for (let n = 1; n <= entries; n++) desk.enter({ at: NOW + n, author: 'alice', action: 'export', details: { n } })
  desk.close()
  return file
}

/** What is published of the log as it is now, as a line that is read back. */
export function headOf(file: string): SignedHead {
  const desk = AuditDesk.open(file)
  try {
    const [last] = desk.entries({ last: 1 })
    const head = { log: desk.name(), seq: last!.seq, hash: last!.hash, at: NOW }
    const scanner = new HeadScanner()
    scanner.push(headLine(signHead(head, AUDITOR.privateKey)), true)
    return scanner.heads[0]!
  } finally {
    desk.close()
  }
}

/** Changes the file as somebody would who has it and knows SQL: the triggers go first. */
export function attack(file: string, change: (database: Sqlite.Database) => void): void {
  const database = new Sqlite(file)
  database.exec('DROP TRIGGER audit_stays; DROP TRIGGER audit_remains')
  change(database)
  database.close()
}

export function verdictOf(file: string, heads: readonly SignedHead[] = []): AuditVerdict {
  const desk = AuditDesk.open(file)
  try {
    return verifyLog(desk.entries(), desk.lastGiven(), desk.starts(), heads, [AUDITOR.publicKey])
  } finally {
    desk.close()
  }
}

export function faultsOf(file: string, heads: readonly SignedHead[] = []): string[] {
  return verdictOf(file, heads).problems.map(({ fault, seq }) => `${fault} ${seq}`)
}

/** Writes the log anew from an entry on, so that it fits together. */
export function recompute(database: Sqlite.Database, from: number): void {
  const rows = database.prepare<[], AuditEntry>('SELECT * FROM audit ORDER BY seq').all()
  const put = database.prepare('UPDATE audit SET previous = :previous, hash = :hash WHERE seq = :seq')
  let previous = ''
  for (const row of rows) {
    if (row.seq < from) {
      previous = row.hash
      continue
    }
    const hash = hashOf({ ...row, previous })
    put.run({ seq: row.seq, previous, hash })
    previous = hash
  }
}

/** A log in memory, with salts that are always the same. */
export function madeLog(...told: readonly Partial<NewEntry>[]): AuditEntry[] {
  const log: AuditEntry[] = []
  for (const [n, one] of told.entries()) {
    const entry = { at: NOW + n, author: 'alice', action: 'judge', details: {}, ...one }
    log.push(entryAfter(log.at(-1), entry, n.toString(16).padStart(32, '5')))
  }
  return log
}

/** A signed head of one of its entries. */
export function madeHead(log: readonly AuditEntry[], seq: number): SignedHead {
  const { hash } = log.find((entry) => entry.seq === seq)!
  return signHead({ log: log[0]!.hash, seq, hash, at: NOW + seq }, AUDITOR.privateKey)
}

export function extractOf(
  log: readonly AuditEntry[],
  concerns: (entry: AuditEntry) => boolean,
  heads: readonly SignedHead[] = [],
): Map<string, Uint8Array> {
  const each = (from: number) => log.filter(({ seq }) => seq >= from)
  return auditExtract({ file: 'made.db', log: log[0]?.hash ?? '', each }, concerns, heads)
}

/** An extract with entries that are shown, one that is not, and a head. */
export function madeExtract(): Map<string, Uint8Array> {
  const log = madeLog({}, { action: 'review', author: 'bob' }, { action: 'export' }, {})
  return extractOf(log, ({ action }) => action !== 'review', [madeHead(log, 3)])
}
