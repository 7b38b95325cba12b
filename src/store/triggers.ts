import type { Database } from 'better-sqlite3'

/**
 * Runs a change of tables that triggers keep from being changed, within a transaction: erasing and purging are the only
 * ones. The triggers are as they were when it has ended.
 */
export function withoutTriggers<T>(database: Database, tables: readonly string[], change: () => T): T {
  const triggers = database
    .prepare<[string], { name: string; sql: string }>(`
      SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(tables))
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`)
  const result = change()
  for (const { sql } of triggers) database.exec(sql)
  return result
}
