import { existsSync, rmSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import type { Rotation } from '../base/period.ts'
import type { Micros } from '../base/time.ts'
import { backUp } from './backup.ts'
import { unusable } from './failure.ts'
import { migrate, versionOf } from './migrate.ts'
import { createPrivate } from './run-lock.ts'
import { APPLICATION_ID, MIGRATIONS } from './schema/index.ts'

/** Whether a store keeps identities themselves beside their pseudonyms, or sealed; decided when it is created. */
export type Identities = 'pseudonym' | 'clear' | 'sealed'

/** Age recipients in groups: one of each must agree before what is sealed can be read, the last group first. */
export type Recipients = readonly (readonly string[])[]

/** What a store must be, and is made as where it is new. */
export interface StoreOptions {
  /** Undefined: what the store was made with; a new one keeps pseudonyms. */
  readonly identities: Identities | undefined
  /** Of a store that seals identities; absent: those that it was made for. */
  readonly recipients?: Recipients | undefined
  /** Short tag of the pseudonym key: pseudonyms under another key would name the same people otherwise. */
  readonly keyCheck: string
  /** How long pseudonyms last; undefined: what the store was made with; those of a new one last for ever. */
  readonly rotation?: Rotation | undefined
  /** The store's key: needed where pseudonyms rotate, for what goes on over the end of a period. */
  readonly key?: Uint8Array | undefined
  /** Makes the store where there is none. */
  readonly create: boolean
  /** Asked when a judgement begins: the time that its revisions of findings carry. */
  readonly clock: () => Micros
  /** Who does what is entered in the audit log; absent where nobody says. */
  readonly author?: string | undefined
}

/** A store opened for writing. */
export interface Opened {
  readonly database: Database
  /** Undefined where it was new, or of the newest schema already. */
  readonly upgrade: Upgrade | undefined
}

/** A store that was brought up to date. */
export interface Upgrade {
  readonly from: number
  readonly to: number
  /** A copy of the store as it was. */
  readonly backup: string
}

/** Milliseconds to wait for another connection's transaction; a program that is only looking is done sooner. */
const PATIENCE = 5000

/**
 * Opens for writing; the caller holds the run lock. Makes the store where there is none, or an empty file. One of an
 * older schema is copied, then brought up to date: it ends as the newest, or stays as it was and there is no copy.
 */
export function openForWriting(file: string, options: StoreOptions): Opened {
  if (options.create) createPrivate(file)
  const database = connect(file, false)
  try {
    const isNew = isEmpty(database)
    if (isNew && !options.create) throw unusable(file, 'an empty file, not an offchannel store: give the path of one')
    if (!isNew) {
      refuseForeign(database, file)
      refuseOthers(database, file, options)
    }
    // SQLite takes the size of pages only before the first is written.
    database.pragma('page_size = 8192')
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
      throw unusable(file, 'its file system cannot share memory between processes: move the store to a local disk')
    // Measured: free with batches of 50,000 rows, and a commit that was reported survives a power cut.
    database.pragma('synchronous = FULL')
    database.pragma('wal_autocheckpoint = 4000')
    const from = versionOf(database)
    const to = MIGRATIONS.length
    const backup = isNew || from === to ? undefined : backUp(database, file, to)
    if (isNew && options.identities === 'clear' && (options.rotation ?? 'none') !== 'none')
      throw new OffchannelError(
        'usage',
        '--rotate: goes with pseudonyms: clear identities are the same in every period',
      )
    const prepare = database.transaction(() => {
      migrate(database, MIGRATIONS)
      if (!isNew) return
      database.pragma(`application_id = ${APPLICATION_ID}`)
      setMeta(database, 'identities', options.identities ?? 'pseudonym')
      setMeta(database, 'key_check', options.keyCheck)
      const { rotation = 'none' } = options
      if (rotation !== 'none') setMeta(database, 'rotation', rotation)
      if (options.recipients !== undefined) setMeta(database, 'recipients', JSON.stringify(options.recipients))
    })
    try {
      prepare.immediate()
    } catch (thrown) {
      // The store is as it was: a copy would only take room, again with every attempt.
      if (backup?.isNew) rmSync(backup.file)
      throw thrown
    }
    return { database, upgrade: backup && { from, to, backup: backup.file } }
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/** Opens what is there, for looking only. */
export function openForReading(file: string): Database {
  return openExisting(file, true)
}

/** Opens what is there for recording what people do to findings, beside a run that writes. */
export function openForReviewing(file: string): Database {
  const database = openExisting(file, false)
  database.pragma('synchronous = FULL')
  return database
}

function openExisting(file: string, readonly: boolean): Database {
  const database = connect(file, readonly)
  try {
    if (isEmpty(database)) throw unusable(file, 'an empty file, not an offchannel store: give the path of one')
    refuseForeign(database, file)
    if (versionOf(database) < MIGRATIONS.length)
      throw unusable(file, 'made by an older offchannel: run `offchannel sweep` on it once, which brings it up to date')
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

/** Whom a store seals identities to; empty where it seals none. */
export function recipientsOf(database: Database): Recipients {
  return JSON.parse(getMeta(database, 'recipients') ?? '[]') as Recipients
}

/** How long the pseudonyms of a store last. */
export function rotationOf(database: Database): Rotation {
  return (getMeta(database, 'rotation') ?? 'none') as Rotation
}

/** A value of the table of settings. */
export function getMeta(database: Database, key: string): string | undefined {
  return database.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(key)
}

export function setMeta(database: Database, key: string, value: string): void {
  database.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(key, value)
}

export function refuseMissing(file: string): void {
  if (!existsSync(file)) throw unusable(file, 'there is no store: give the path of one, or sweep an input to make it')
}

function connect(file: string, readonly: boolean): Database {
  refuseMissing(file)
  const database = new Sqlite(file, { readonly, fileMustExist: true, timeout: PATIENCE })
  // 64 MB: the pages of a day or two, which a batch touches again and again.
  database.pragma('cache_size = -65536')
  return database
}

function isEmpty(database: Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0 && versionOf(database) === 0
}

function refuseForeign(database: Database, file: string): void {
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw unusable(file, 'a database of another program, not an offchannel store: give another path')
  const version = versionOf(database)
  if (version > MIGRATIONS.length)
    throw unusable(
      file,
      `made by a newer offchannel (schema ${version}, this one knows ${MIGRATIONS.length}): update offchannel`,
    )
}

function refuseOthers(database: Database, file: string, options: StoreOptions): void {
  const identities = getMeta(database, 'identities')
  if (options.identities !== undefined && identities !== options.identities)
    throw unusable(file, `made with --identities ${identities}: use that, or another store for ${options.identities}`)
  const rotation = rotationOf(database)
  if (options.rotation !== undefined && options.rotation !== rotation)
    throw unusable(file, `made with --rotate ${rotation}: use that, or another store for ${options.rotation}`)
  const { recipients } = options
  if (recipients !== undefined && JSON.stringify(recipients) !== getMeta(database, 'recipients'))
    throw unusable(
      file,
      'made for other recipients, or they were changed: leave them out, or see `offchannel recipients`',
    )
  if (getMeta(database, 'key_check') !== options.keyCheck)
    throw unusable(file, 'made with another pseudonym key: give the key that it was made with, or use another store')
}
