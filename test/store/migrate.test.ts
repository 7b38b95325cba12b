import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate, versionOf } from '../../src/store/migrate.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/schema/index.ts'
import { Store } from '../../src/store/store.ts'
import { dump } from './dump.ts'
import { batch, client, content, DAY, finding, NOW, OPTIONS, reading, sessionMark, temporaryFolder } from './made.ts'

const VERSION_1_COLUMNS = [
  'answer(day client address start indicator reading until)',
  'content(id length sample sha256)',
  'coverage(reading reason count)',
  'dirty(day identity)',
  'finding(day subject app id revision severity bypass client body)',
  'gateway(id name)',
  'identity(id kind tag clear)',
  'indicator(id key app)',
  'mark(day client gateway slot reading mask count first_at)',
  'meta(key value)',
  'network(id name)',
  'party(id client user network subject)',
  'reading(id content settings input kind format source state file_sha256 first_day last_day)',
  'sighting(day party trait slot reading mask count up down first last first_at last_at)',
]
const SESSION_MARK_COLUMNS =
  'session_mark(day inner kind at event outer user device since until gateway protocol reading position holder)'

const STEPS = ['CREATE TABLE a(x)', 'ALTER TABLE a ADD COLUMN y DEFAULT 7', 'CREATE TABLE b(z)']

test('a database sees every step once, from wherever it stands', () => {
  const database = new Sqlite(':memory:')
  migrate(database, STEPS.slice(0, 1))
  database.exec('INSERT INTO a VALUES (1)')
  expect(versionOf(database)).toBe(1)
  migrate(database, STEPS)
  migrate(database, STEPS)
  expect(versionOf(database)).toBe(3)
  expect(database.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 1, y: 7 }])
})

test('a step that fails leaves the database as it was before the first of them', () => {
  const database = new Sqlite(':memory:')
  migrate(database, STEPS.slice(0, 1))
  expect(() => migrate(database, [...STEPS.slice(0, 2), 'CREATE TABLE'])).toThrow('incomplete input')
  expect(versionOf(database)).toBe(1)
  expect(
    database
      .prepare('SELECT * FROM a')
      .columns()
      .map((column) => column.name),
  ).toEqual(['x'])
})

/** A store as version 1 of the schema held it: one reading with one sighting, judged, with one finding. */
function storeOfVersion1(): string {
  const file = join(temporaryFolder(), 'store.db')
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  migrate(database, MIGRATIONS.slice(0, 1))
  database.pragma(`application_id = ${APPLICATION_ID}`)
  const tag = client('10.0.0.5').tag
  database.exec(`
    INSERT INTO meta VALUES ('identities', 'pseudonym'), ('key_check', '${OPTIONS.keyCheck}'), ('judged_on', 'made');
    INSERT INTO content VALUES (1, 1000, '${content('a').sample}', '${content('a').sha256}');
    INSERT INTO reading VALUES (1, 1, 's1', 'a.pcap', 'capture', 'pcap', 'file', 'current', NULL, ${DAY}, ${DAY});
    INSERT INTO identity VALUES (1, 'address', x'${tag}', NULL);
    INSERT INTO network VALUES (1, 'office');
    INSERT INTO gateway VALUES (1, 'north');
    INSERT INTO indicator VALUES (1, 'whatsapp exact g.whatsapp.net', 'whatsapp');
    INSERT INTO party(id, client, user, network) VALUES (1, 1, 0, 1);
    INSERT INTO sighting VALUES (${DAY}, 1, 128 + 8, 4, 1, 1, 1, -1, -1, 0, 30, 1, 2);
    INSERT INTO mark VALUES (${DAY}, 1, 1, 4, 1, 1, 3, 1);
    INSERT INTO coverage VALUES (1, 'packets', 7);
    INSERT INTO finding VALUES (${DAY}, 1, 'whatsapp', 'f-1', 1, 0, 0, 'made', '{"verdicts":[]}');`)
  database.close()
  return file
}

test('a store of version 1 is brought up to date when it is opened for writing, with all that it holds', () => {
  const file = storeOfVersion1()
  expect(() => Store.openReadOnly(file)).toThrow('made by an older offchannel')
  const store = Store.open(file, OPTIONS)
  expect(store.status()).toMatchObject({ readings: 1, sightings: 1, marks: 1, findings: 1, dirty: 0 })
  expect([...store.subjectDays('all')]).toMatchObject([
    {
      day: DAY,
      sightings: [{ indicator: 'whatsapp exact g.whatsapp.net', user: '' }],
      marks: [{ gateway: 'north' }],
      sessions: [],
    },
  ])
  const sessions = [sessionMark(70, { user: client('alice@example.org', 'user') })]
  store.begin(reading('dhcp.log', { kind: 'log' })).complete(content('b'), batch({ sessions }))
  expect(dump(file).session_marks).toHaveLength(1)
  expect([...store.subjectDays('dirty')]).toHaveLength(2)
  store.close()
  Store.openReadOnly(file).close()
})

test.each([1, 2])('the finding of a store of version %i can be reviewed once a run has opened it', (version) => {
  const file = storeOfVersion1()
  const database = new Sqlite(file)
  migrate(database, MIGRATIONS.slice(0, version))
  const row = finding(`address-${client('10.0.0.5').tag}`, 'whatsapp', { id: 'f-1' })
  database.prepare('UPDATE finding SET revision = 3, body = ?').run(JSON.stringify({ ...row, revision: undefined }))
  database.close()
  expect(() => ReviewDesk.open(file)).toThrow('made by an older offchannel: run `offchannel sweep` on it once')

  const store = Store.open(file, OPTIONS)
  expect(store.finding('f-1')).toEqual({ ...row, revision: 3 })
  expect([store.history('f-1'), store.reviews('f-1'), store.standing(row, DAY).rule]).toEqual([[], [], 'not-reviewed'])
  const desk = ReviewDesk.open(file)
  desk.review(['f-1'], 'close', { at: NOW, author: 'alice', text: 'Dealt with' })
  desk.close()
  // It goes, and comes back as another revision of the same.
  const subject = `address-${client('10.0.0.5').tag}`
  store.judging('p2', () => store.replaceFindings(DAY, subject, []))
  store.judging('p3', () => store.replaceFindings(DAY, subject, [row]))
  expect(store.finding('f-1')!.revision).toBe(5)
  expect(store.history('f-1').map(({ revision, event }) => `${revision} ${event}`)).toEqual(['4 gone', '5 found'])
  expect(store.standing(row, DAY).value).toBe('closed')
  store.close()
})

test.each([
  [1, VERSION_1_COLUMNS],
  [2, [...VERSION_1_COLUMNS, SESSION_MARK_COLUMNS].toSorted()],
])('version %i of the schema is never changed: stores of it are out there', (version, expected) => {
  const made = new Sqlite(':memory:')
  migrate(made, MIGRATIONS.slice(0, version))
  const columns = made
    .prepare<[], string>(
      `SELECT m.name || '(' || group_concat(c.name, ' ') || ')' FROM sqlite_schema AS m, pragma_table_xinfo(m.name) AS c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name ORDER BY m.name`,
    )
    .pluck()
    .all()
  expect(columns).toEqual(expected)
})
