import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate, versionOf } from '../../src/store/migrate.ts'

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
