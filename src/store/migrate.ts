import type { Database } from 'better-sqlite3'

/** The version of the schema that a database has, 0 before the first step. */
export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/**
 * Runs the steps that a database has not seen, all in one transaction: it ends at the newest version or stays as it
 * was. A database that is newer than the steps is left alone; the caller has refused it.
 */
export function migrate(database: Database, steps: readonly string[]): void {
  const run = database.transaction(() => {
    for (let version = versionOf(database); version < steps.length; version++) {
      database.exec(steps[version]!)
      database.pragma(`user_version = ${version + 1}`)
    }
  })
  run.immediate()
}
