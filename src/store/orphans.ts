import type { Database } from 'better-sqlite3'

/** Where an identity is named. */
const NAMED = [
  'SELECT client FROM party',
  'SELECT user FROM party',
  'SELECT client FROM mark',
  'SELECT client FROM answer',
  'SELECT inner FROM session_mark',
  'SELECT outer FROM session_mark',
  'SELECT user FROM session_mark',
  'SELECT device FROM session_mark',
  'SELECT subject FROM finding',
  'SELECT subject FROM review',
  'SELECT subject FROM suppression',
  'SELECT subject FROM statement',
  'SELECT subject FROM hold',
  'SELECT identity FROM dirty',
]

/**
 * Takes out parties of whom nothing was seen any more, and identities that nothing names; gives how many identities. The
 * caller's caches of local ids are to be forgotten.
 */
export function removeOrphans(database: Database): number {
  database.exec('DELETE FROM party WHERE id NOT IN (SELECT DISTINCT party FROM sighting)')
  return database.prepare(`DELETE FROM identity WHERE id NOT IN (${NAMED.join(' UNION ')})`).run().changes
}
