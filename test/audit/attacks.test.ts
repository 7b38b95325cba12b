import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashOf } from '../../src/audit/entry.ts'
import { HeadScanner, headLine, headWord, signHead } from '../../src/audit/heads.ts'
import { verifyLog } from '../../src/audit/verify.ts'
import type { AuditEntry } from '../../src/model/audit.ts'
import { AuditDesk } from '../../src/store/audit.ts'
import { attack, faultsOf, headOf, recompute, storeWithLog, verdictOf } from './made.ts'

test('a log that nobody touched fits together, up to what was published and beyond', () => {
  const file = storeWithLog(5)
  const head = headOf(file)
  expect(verdictOf(file, [head])).toEqual({
    entries: 5,
    publishedUpTo: 5,
    headsOfPurged: 0,
    problems: [],
    more: 0,
  })
  expect(verdictOf(file).publishedUpTo).toBe(0)
})

test('an entry cannot be changed or deleted while the triggers are there', async () => {
  const file = storeWithLog(3)
  const { default: Sqlite } = await import('better-sqlite3')
  const database = new Sqlite(file)
  expect(() => database.exec("UPDATE audit SET author = 'bob'")).toThrow('only added to')
  expect(() => database.exec('DELETE FROM audit')).toThrow('only added to')
  database.close()
})

test.each([
  ['author', "author = 'bob'"],
  ['time', 'at = at + 1'],
  ['action', "action = 'judge'"],
  ['details', `details = '{"n":9}'`],
])('an entry whose %s was altered is found', (_, set) => {
  const file = storeWithLog(5)
  attack(file, (database) => database.exec(`UPDATE audit SET ${set} WHERE seq = 3`))
  expect(faultsOf(file)).toEqual(['altered 3'])
})

test('an altered entry with its hash made anew no longer fits the next one', () => {
  const file = storeWithLog(5)
  attack(file, (database) => {
    database.exec("UPDATE audit SET author = 'bob' WHERE seq = 3")
    const row = database.prepare<[], AuditEntry>('SELECT * FROM audit WHERE seq = 3').get()!
    database.prepare('UPDATE audit SET hash = ? WHERE seq = 3').run(hashOf(row))
  })
  expect(faultsOf(file)).toEqual(['replaced 4'])
})

test('an entry that was dropped is found, also where the others were given its number', () => {
  const file = storeWithLog(5)
  attack(file, (database) => database.exec('DELETE FROM audit WHERE seq = 3'))
  expect(faultsOf(file)).toEqual(['dropped 4'])
  const renumbered = storeWithLog(5)
  attack(renumbered, (database) => {
    database.exec('DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3')
    database.exec("UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'")
  })
  expect(faultsOf(renumbered)).toEqual(['altered 3', 'replaced 3', 'altered 4'])
})

test('the first entries that were dropped are found', () => {
  const file = storeWithLog(5)
  attack(file, (database) => database.exec('DELETE FROM audit WHERE seq <= 2'))
  expect(faultsOf(file)).toEqual(['dropped 3'])
})

test('entries that were exchanged are found, and so is their order where their hashes were made anew', () => {
  const file = storeWithLog(5)
  const exchange = 'UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;'
  attack(file, (database) => database.exec(`${exchange} UPDATE audit SET seq = 3 WHERE seq = -1`))
  expect(faultsOf(file)).toEqual(['altered 2', 'reordered 2', 'altered 3', 'reordered 3', 'reordered 4'])
})

test('a tail that was cut off is found by the number that the store gave out, and by heads where that was changed too', () => {
  const file = storeWithLog(5)
  const head = headOf(file)
  attack(file, (database) => database.exec('DELETE FROM audit WHERE seq > 3'))
  expect(faultsOf(file)).toEqual(['cut 3'])
  const careful = storeWithLog(5)
  const published = headOf(careful)
  attack(careful, (database) => {
    database.exec("DELETE FROM audit WHERE seq > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
  })
  expect(faultsOf(careful)).toEqual([])
  expect(faultsOf(careful, [published])).toEqual(['cut 3'])
  expect(head.seq).toBe(5)
})

test('a log that was written anew from an entry on fits together, and is found by heads', () => {
  const file = storeWithLog(3)
  const heads = [headOf(file)]
  const longer = storeWithLog(6)
  heads.length = 0
  heads.push(headOf(longer))
  attack(longer, (database) => {
    database.exec("UPDATE audit SET author = 'bob' WHERE seq = 4")
    recompute(database, 4)
  })
  expect(faultsOf(longer)).toEqual([])
  expect(verdictOf(longer, heads).problems).toEqual([
    { fault: 'recomputed', seq: 6, text: 'entries 1 to 6 are not those that were published' },
  ])
})

test('heads between say from where on it was written anew', async () => {
  const file = storeWithLog(3)
  const early = headOf(file)
  const { AuditDesk } = await import('../../src/store/audit.ts')
  const desk = AuditDesk.open(file)
  for (let n = 0; n < 3; n++) desk.enter({ at: n, author: '', action: 'judge', details: {} })
  desk.close()
  const late = headOf(file)
  attack(file, (database) => {
    database.exec("UPDATE audit SET action = 'sweep' WHERE seq = 5")
    recompute(database, 5)
  })
  expect(verdictOf(file, [late, early])).toMatchObject({
    publishedUpTo: 3,
    problems: [{ fault: 'recomputed', seq: 6, text: 'entries 4 to 6 are not those that were published' }],
  })
})

test('a log that was written anew from its first entry is another log', () => {
  const file = storeWithLog(3)
  const head = headOf(file)
  attack(file, (database) => {
    database.exec("UPDATE audit SET author = 'bob'")
    recompute(database, 1)
  })
  expect(faultsOf(file)).toEqual([])
  expect(faultsOf(file, [head])).toEqual(['foreign 3'])
})

test('a head that another key signed, or that was changed, counts for nothing', () => {
  const file = storeWithLog(3)
  const head = headOf(file)
  const other = signHead(head, generateKeyPairSync('ed25519').privateKey)
  expect(faultsOf(file, [other])).toEqual(['forged 3'])
  expect(faultsOf(file, [{ ...head, seq: 2 }])).toEqual(['forged 2'])
  expect(verdictOf(file, [other]).publishedUpTo).toBe(0)
})

test('heads are found in any text, however it comes in parts; one that is cut off or changed is told with its line', () => {
  const head = headOf(storeWithLog(3))
  const word = headWord(head)
  const others = Array.from({ length: 200 }, (_, seq) => ({ ...head, seq }))
  const text = [
    'Nov 22 10:00:00 sensor-1 offchannel: a finding',
    headLine(head),
    `<134>1 - - offchannel - head - CEF:0|a|b|c|head|t|1|cs1=${word} cs1Label=head`,
    ...others.map((one) => `{"head":"${headWord(one)}","whole":{}}`),
    word.slice(0, 200),
    word.replace(/.$/, '!'),
    // As quoted-printable has it in mails.
    word.replace(/.{70}/g, '$&=\r\n'),
  ].join('\n')
  for (const size of [1, 7, 300, 70_000]) {
    const scanner = new HeadScanner()
    for (let at = 0; at < text.length; at += size) scanner.push(text.slice(at, at + size), false)
    scanner.push('', true)
    expect(scanner.heads).toEqual([head, ...others.filter(({ seq }) => seq !== head.seq)])
    expect(scanner.damaged).toEqual([204, 205])
  }
})

test('heads of several keys count, each by its own', () => {
  const file = storeWithLog(3)
  const [older, newer] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
  const heads = [signHead(headOf(file), older.privateKey), signHead(headOf(file), newer.privateKey)]
  const desk = AuditDesk.open(file)
  const verdict = (keys: readonly KeyObject[]) => verifyLog(desk.entries(), desk.lastGiven(), [], heads, keys)
  expect(verdict([older.publicKey, newer.publicKey])).toMatchObject({ publishedUpTo: 3, problems: [] })
  expect(verdict([newer.publicKey]).problems.map(({ fault }) => fault)).toEqual(['forged'])
  desk.close()
})

test('what cannot be entered while another program writes is refused, and not done without', async () => {
  const file = storeWithLog(1)
  const { default: Sqlite } = await import('better-sqlite3')
  const { AuditDesk } = await import('../../src/store/audit.ts')
  const writer = new Sqlite(file)
  writer.exec('BEGIN IMMEDIATE')
  const desk = AuditDesk.open(file)
  expect(() => desk.enter({ at: 1, author: '', action: 'export', details: {} })).toThrow(
    'another program is writing to it: nothing was recorded',
  )
  writer.close()
  expect(desk.enter({ at: 1, author: '', action: 'export', details: {} }).seq).toBe(2)
  desk.close()
}, 20_000)
