import Sqlite from 'better-sqlite3'
import { beforeEach, expect, test } from 'vitest'
import { AuditDesk } from '../../src/store/audit.ts'
import type { Store } from '../../src/store/store.ts'
import { NOW, temporaryStore } from './made.ts'

const JOB = '/etc/job.yaml'
const HOUR = 3_600_000_000
let store: Store

beforeEach(() => {
  store = temporaryStore()
  const outputs = [
    { name: 'siem', heads: true },
    { name: 'desk', heads: false },
  ]
  store.outbox.register(JOB, outputs, NOW)
})

/** Numbers of the entries whose heads wait. */
function waiting(name = 'siem'): number[] {
  const { id } = store.outbox.state(JOB, name)!
  return store.outbox.next(id, 1000).flatMap((one) => (one.event === 'head' ? [one.head.seq] : []))
}

test('a head is put there in its rhythm, and only where something was entered since', () => {
  store.outbox.publishHead(NOW, HOUR)
  expect(waiting()).toEqual([])
  store.audit('judge', {})
  store.outbox.publishHead(NOW, HOUR)
  store.outbox.publishHead(NOW + 2 * HOUR, HOUR)
  store.audit('judge', {})
  store.outbox.publishHead(NOW + HOUR - 1, HOUR)
  expect(waiting()).toEqual([1])
  store.outbox.publishHead(NOW + HOUR, HOUR)
  expect(waiting()).toEqual([1, 2])
  expect(waiting('desk')).toEqual([])
})

test('what reveals or destroys puts its head there itself, in the transaction that enters it', () => {
  const desk = AuditDesk.open(store.file)
  for (const action of ['unseal', 'hold', 'export', 'review', 'erase', 'purge'])
    desk.enter({ at: NOW, author: 'a', action, details: {} })
  desk.close()
  expect(waiting()).toEqual([1, 3, 5, 6])
  store.outbox.publishHead(NOW + HOUR, 0)
  expect(waiting()).toEqual([1, 3, 5, 6])
})

test('heads that were delivered are gone, also while another receiver has had nothing yet', () => {
  store.audit('export', {})
  store.audit('export', {})
  const { id } = store.outbox.state(JOB, 'siem')!
  const [first] = store.outbox.next(id, 1)
  store.outbox.delivered(id, first!.seq, 1, NOW)
  expect(waiting()).toEqual([2])
  const database = new Sqlite(store.file, { readonly: true })
  expect(database.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(1)
  database.close()
})

test('a log that was cut off while nobody looked is told of, though its last number is not a new one', () => {
  for (let n = 0; n < 3; n++) store.audit('export', {})
  const database = new Sqlite(store.file)
  database.exec(
    "DROP TRIGGER audit_remains; DELETE FROM audit WHERE seq > 1; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'audit'",
  )
  database.close()
  store.audit('judge', {})
  store.outbox.publishHead(NOW + HOUR, 0)
  expect(waiting()).toEqual([1, 2, 3, 2])
})

test('where the outbox is full the newest head takes the place of those that wait', () => {
  const database = new Sqlite(store.file)
  database.exec(`WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO outbox(output, finding, revision, event, at, body) SELECT 999, '', 0, 'summary', 0, '{}' FROM n`)
  database.close()
  for (let n = 0; n < 3; n++) store.audit('export', {})
  expect(waiting()).toEqual([3])
})
