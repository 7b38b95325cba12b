import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import { Store } from '../../src/store/store.ts'
import { batch, client, content, OPTIONS, reading, sighting, temporaryFolder } from './made.ts'

function newFile(): string {
  return join(temporaryFolder(), 'store.db')
}

function made(): string {
  const file = newFile()
  Store.open(file, OPTIONS).close()
  return file
}

/** The one line that an attempt is refused with. */
function refusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OffchannelError)
    expect((thrown as OffchannelError).code).toBe('store_unusable')
    expect((thrown as OffchannelError).message).not.toContain('\n')
    return (thrown as OffchannelError).message
  }
  throw new Error('was not refused')
}

test('only its owner may read a new store, whatever the umask says', () => {
  const file = made()
  const store = Store.open(file, OPTIONS)
  store.begin(reading()).add(batch({ sightings: [sighting(0)] }))
  for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`])
    expect(statSync(name).mode & 0o777).toBe(0o600)
  store.close()
})

test('a store that is not there is made only where that is asked for', () => {
  const file = newFile()
  expect(refusal(() => Store.open(file, { ...OPTIONS, create: false }))).toContain('there is no store')
  expect(refusal(() => Store.openReadOnly(file))).toContain('there is no store')
  expect(existsSync(file) || existsSync(`${file}.lock`)).toBe(false)
})

test('an empty file, as a run leaves it that was killed at once, becomes a store', () => {
  const file = newFile()
  writeFileSync(file, '')
  expect(refusal(() => Store.openReadOnly(file))).toContain('empty file')
  expect(refusal(() => Store.open(file, { ...OPTIONS, create: false }))).toContain('empty file')
  Store.open(file, OPTIONS).close()
  const store = Store.openReadOnly(file)
  expect(store.identities).toBe('pseudonym')
  store.close()
})

test('a store is opened with the key and the choice of identities that it was made with', () => {
  const file = made()
  expect(refusal(() => Store.open(file, { ...OPTIONS, keyCheck: 'k2' }))).toContain('another pseudonym key')
  expect(refusal(() => Store.open(file, { ...OPTIONS, identities: 'clear' }))).toContain('--identities pseudonym')
  Store.open(file, { ...OPTIONS, create: false }).close()
})

test('a file that is no store is refused and stays as it was', () => {
  const file = newFile()
  const text = 'not a database, but long enough to be taken for the header of one if nobody looked at it\n'.repeat(20)
  writeFileSync(file, text)
  expect(refusal(() => Store.open(file, OPTIONS))).toContain('not an offchannel store')
  expect(refusal(() => Store.openReadOnly(file))).toContain('not an offchannel store')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test("another program's database is refused and stays as it was", () => {
  const file = newFile()
  const foreign = new Sqlite(file)
  foreign.exec('CREATE TABLE places(url)')
  foreign.close()
  const before = readFileSync(file)
  expect(refusal(() => Store.open(file, OPTIONS))).toContain('another program')
  expect(refusal(() => Store.openReadOnly(file))).toContain('another program')
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a store of a newer version is refused, and the versions are said', () => {
  const file = made()
  const database = new Sqlite(file)
  database.pragma('user_version = 99')
  database.close()
  for (const attempt of [() => Store.open(file, OPTIONS), () => Store.openReadOnly(file)])
    expect(refusal(attempt)).toMatch(/newer offchannel \(schema 99, this one knows \d+\): update offchannel/)
})

test('a damaged store is called damaged, when it is opened or when the damage is met', () => {
  const file = made()
  const store = Store.open(file, OPTIONS)
  const sightings = Array.from({ length: 5000 }, (_, n) =>
    sighting(n % 96, { client: client(`10.0.${n >> 8}.${n & 255}`) }),
  )
  store.begin(reading()).complete(content('a'), batch({ sightings }))
  store.close()
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 8192)
  writeFileSync(file, bytes)
  const look = () => {
    const damaged = Store.openReadOnly(file)
    try {
      return [...damaged.subjectDays('all')]
    } finally {
      damaged.close()
    }
  }
  expect(refusal(look)).toContain('damaged: restore it from a backup')
})

test('a place where no store can be is refused with what to do', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'folder.db'))
  expect(refusal(() => Store.open(join(folder, 'folder.db'), OPTIONS))).toContain('cannot be opened')
  expect(refusal(() => Store.open(join(folder, 'missing', 'store.db'), OPTIONS))).toContain('folder does not exist')
})

test('a folder that cannot be written to is refused with what to do', () => {
  const file = newFile()
  chmodSync(dirname(file), 0o555)
  // Nothing is unwritable to root: then nobody tries it.
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid!(65534)
  try {
    expect(refusal(() => Store.open(file, OPTIONS))).toContain('store.db: no permission: make the folder')
  } finally {
    if (isRoot) process.seteuid!(0)
  }
})

test('a second run in the same process is kept out until the first has ended', () => {
  const file = made()
  const first = Store.open(file, OPTIONS)
  expect(refusal(() => Store.open(file, OPTIONS))).toContain('another process is writing to it')
  Store.openReadOnly(file).close()
  first.close()
  Store.open(file, OPTIONS).close()
})

test('identities are kept beside their pseudonyms only in a store that was made to', () => {
  for (const identities of ['pseudonym', 'clear'] as const) {
    const file = newFile()
    const store = Store.open(file, { ...OPTIONS, identities })
    store.begin(reading()).complete(content('a'), batch({ sightings: [sighting(0, { client: client('10.9.8.7') })] }))
    expect([...store.subjectDays('all')][0]!.label === '10.9.8.7').toBe(identities === 'clear')
    store.close()
    expect(readFileSync(file).includes('10.9.8.7')).toBe(identities === 'clear')
  }
})
