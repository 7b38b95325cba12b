import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { MIGRATIONS } from '../../src/store/schema/index.ts'
import { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import { databaseOf, sqlOf } from './fixtures/sql.ts'
import { OPTIONS, temporaryFolder } from './made.ts'

const NEWEST = MIGRATIONS.length
const versions = Array.from({ length: NEWEST }, (_, n) => n + 1)
const stored = (version: number) => readFileSync(join(import.meta.dirname, `fixtures/schema-${version}.sql`), 'utf8')

/** The stored store of a version, in a folder of its own. */
function storeOf(version: number): string {
  const file = join(temporaryFolder(), 'store.db')
  databaseOf(stored(version), file).close()
  return file
}

function sqlOfFile(file: string): string {
  // For writing as well: whoever only reads leaves files beside it.
  const database = new Sqlite(file)
  try {
    return sqlOf(database)
  } finally {
    database.close()
  }
}

/** What stands in the schema, whatever it holds. */
function schemaOf(database: Sqlite.Database): unknown[] {
  return database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all()
}

test.each(versions)('the steps to version %i still make what stores of it hold: none was changed', (version) => {
  const made = new Sqlite(':memory:')
  migrate(made, MIGRATIONS.slice(0, version))
  const kept = databaseOf(stored(version))
  expect(schemaOf(kept)).toEqual(schemaOf(made))
  expect(kept.pragma('user_version', { simple: true })).toBe(version)
})

test.each(versions)('a stored store of version %i is brought up to date with all that it holds', (version) => {
  const file = storeOf(version)
  const store = Store.open(file, OPTIONS)
  const status = { readings: 2, sightings: 2, subjects: 2, findings: 1, dirty: 1 }
  expect(store.status()).toMatchObject(status)
  expect([...store.subjectDays('all')].map(({ sightings, marks }) => [sightings.length, marks.length])).toEqual([
    [1, 1],
    // The lease of version 2 gives the user what was seen at the address.
    [version < 2 ? 1 : 2, 1],
  ])
  const [finding] = store.findings()
  expect(finding).toMatchObject({ id: 'f-0000000000000001', revision: 3, client: 'address-made' })
  expect(store.reviews(finding!.id).map(({ text }) => text)).toEqual(version < 3 ? [] : ['Dealt with'])
  expect(store.lastRuns().map(({ records }) => records)).toEqual(version < 4 ? [] : [8])
  store.close()

  const [found, newest] = [dump(file), dump(storeOf(NEWEST))]
  expect({ ...found, session_marks: newest.session_marks }).toEqual(newest)
  expect(found.session_marks).toHaveLength(version < 2 ? 0 : 1)
  const database = new Sqlite(file)
  expect(schemaOf(database)).toEqual(schemaOf(databaseOf(stored(NEWEST))))
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  database.close()
})

test.each(versions.slice(0, -1))('before that, a store of version %i is copied beside it as it is', (version) => {
  const file = storeOf(version)
  if (process.platform !== 'win32') chmodSync(file, 0o640)
  const store = Store.open(file, OPTIONS)
  const backup = `${file}.before-v${NEWEST}`
  expect(store.upgrade).toEqual({ from: version, to: NEWEST, backup })
  store.close()
  expect(sqlOfFile(backup)).toBe(stored(version))
  expect(statSync(backup).mode).toBe(statSync(file).mode)
  expect(readdirSync(join(file, '..')).sort()).toEqual(['store.db', `store.db.before-v${NEWEST}`, 'store.db.lock'])

  const again = Store.open(file, OPTIONS)
  expect(again.upgrade).toBeUndefined()
  again.close()
})

test('a new store and one of the newest version are not copied', () => {
  const file = storeOf(NEWEST)
  const fresh = join(temporaryFolder(), 'fresh.db')
  for (const one of [file, fresh]) {
    const store = Store.open(one, OPTIONS)
    expect(store.upgrade).toBeUndefined()
    store.close()
    expect(readdirSync(join(one, '..')).filter((name) => name.includes('before'))).toEqual([])
  }
})

test('a copy never takes the place of another file, and the same copy is not made twice', () => {
  const file = storeOf(1)
  const asItWas = readFileSync(file)
  const backup = `${file}.before-v${NEWEST}`
  writeFileSync(backup, 'something of somebody')
  writeFileSync(`${file}.before-part`, 'what an attempt that was killed left')
  const open = () => {
    const store = Store.open(file, OPTIONS)
    store.close()
    return store.upgrade?.backup
  }
  expect(open()).toBe(`${backup}-2`)
  expect(readFileSync(backup, 'utf8')).toBe('something of somebody')
  expect(existsSync(`${file}.before-part`)).toBe(false)

  // As it is where the copy was made, and the run killed before it brought the store up to date.
  const copy = readFileSync(`${backup}-2`)
  writeFileSync(file, asItWas)
  expect(open()).toBe(`${backup}-2`)
  // As it is where somebody went back to the older program for a while.
  writeFileSync(file, asItWas)
  const older = new Sqlite(file)
  older.exec("UPDATE meta SET value = 'another' WHERE key = 'judged_on'")
  older.close()
  expect(open()).toBe(`${backup}-3`)
  expect(readFileSync(`${backup}-2`)).toEqual(copy)
})

test('a store that cannot be brought up to date stays as it was, and no copy is left', () => {
  const file = storeOf(1)
  const database = new Sqlite(file)
  // Damage that only the step that copies findings meets.
  database.exec('CREATE TABLE finding_with_row_ids(x)')
  database.close()
  const before = sqlOfFile(file)
  expect(() => Store.open(file, OPTIONS)).toThrow('finding_with_row_ids already exists')
  expect(sqlOfFile(file)).toBe(before)
  expect(readdirSync(join(file, '..')).sort()).toEqual(['store.db', 'store.db.lock'])
})

test('under another key, or with the other choice of identities, nothing is copied or changed', () => {
  const file = storeOf(2)
  for (const options of [
    { ...OPTIONS, keyCheck: 'k2' },
    { ...OPTIONS, identities: 'clear' as const },
  ])
    expect(() => Store.open(file, options)).toThrow('made with')
  expect(sqlOfFile(file)).toBe(stored(2))
  expect(readdirSync(join(file, '..')).sort()).toEqual(['store.db', 'store.db.lock'])
})
