import type { Database } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type Day, dayOf, type Micros } from '../base/time.ts'
import type { Across } from './across.ts'
import { oweCompacting } from './compact.ts'
import { oneSubject } from './find-subject.ts'
import { listHeld } from './holds.ts'
import { keptOutMark } from './kept-out.ts'
import { leasedTimes } from './leased-time.ts'
import { removeOrphans } from './orphans.ts'
import type { Store } from './store.ts'
import { labelOf, subjectOf } from './subject.ts'
import { withoutTriggers } from './triggers.ts'

/** What was, or would be, taken out with a person. */
export interface Erasure {
  readonly pseudonyms: number
  readonly sightings: number
  /** Leases, tunnels and answers of DNS. */
  readonly otherFacts: number
  readonly findings: number
  /** Reviews, suppressions, statements and lifted holds. */
  readonly texts: number
  readonly evidence: number
  /** Messages that waited for receivers. */
  readonly messages: number
}

/**
 * Takes a person out of the store by all the pseudonyms that are given, in one transaction with its entry in the audit
 * log, which names nobody; counts of findings stay. Facts of theirs up to today are not taken in again. `store.compact()`
 * must follow. Throws `usage` where nobody is known by one of them, or something of theirs is held.
 *
 * @param keptOut pseudonyms that the store does not know, and that are theirs in other periods: not taken in either.
 */
export function erase(
  store: Store,
  clients: readonly string[],
  at: Micros,
  reason: string,
  keptOut: readonly string[] = [],
): Erasure {
  return store.amend('erase', (database, across) => {
    const result = eraseFrom(database, across, clients, store.file, dayOf(at), keptOut)
    oweCompacting(database)
    return { result, details: { ...result, reason } }
  })
}

/** What `erase` would take out; nothing is changed. */
export function planErasure(store: Store, clients: readonly string[], at: Micros): Erasure {
  return store.tryOut((database, across) => eraseFrom(database, across, clients, store.file, dayOf(at), []))
}

function eraseFrom(
  database: Database,
  across: Across | undefined,
  clients: readonly string[],
  file: string,
  today: Day,
  keptOut: readonly string[],
): Erasure {
  const people = new Map(clients.map((client) => oneSubject(database, client, file)).map((one) => [one.id, one]))
  const ids = JSON.stringify([...people.keys()])
  refuseHeld(database, across, ids)
  listGoing(database, ids, [...people.values()].map(labelOf))
  const run = (sql: string) => database.prepare(sql).run().changes
  const erased = withoutTriggers(database, ['review', 'suppression', 'statement', 'hold'], () => ({
    pseudonyms: people.size,
    sightings: eraseSightings(database, across, ids),
    otherFacts:
      run('DELETE FROM mark WHERE client IN temp.person') +
      run('DELETE FROM answer WHERE client IN temp.person') +
      run(`DELETE FROM session_mark WHERE inner IN temp.person OR outer IN temp.person OR user IN temp.person
        OR device IN temp.person`),
    texts:
      run('DELETE FROM review WHERE finding IN temp.going OR subject IN temp.person') +
      run(`DELETE FROM suppression WHERE finding IN temp.going OR subject IN temp.person
        OR client IN (SELECT label FROM temp.label)`) +
      run('DELETE FROM statement WHERE finding IN temp.going OR subject IN temp.person') +
      run('DELETE FROM hold WHERE subject IN temp.person'),
    evidence: run('DELETE FROM locker_piece WHERE finding IN temp.going'),
    messages: run('DELETE FROM outbox WHERE finding IN temp.going'),
    findings: buryFindings(database),
  }))
  run('DELETE FROM tail WHERE reading NOT IN (SELECT id FROM reading)')
  run('DELETE FROM dirty WHERE identity IN temp.person')
  const keep = database.prepare(
    'INSERT INTO kept_out VALUES (?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)',
  )
  for (const name of [...[...people.values()].map(subjectOf), ...keptOut]) keep.run(keptOutMark(name), today)
  removeOrphans(database)
  database.exec('DROP TABLE temp.person; DROP TABLE temp.label; DROP TABLE temp.going')
  return erased
}

function refuseHeld(database: Database, across: Across | undefined, ids: string): void {
  if (!listHeld(database, across)) return
  const held = database
    .prepare<{ ids: string }, { app: string }>(`
      SELECT held.app FROM temp.held AS held WHERE held.subject IN (SELECT value FROM json_each(:ids))
      UNION ALL
      SELECT held.app FROM temp.held AS held WHERE held.subject = 0 AND (
        EXISTS (SELECT 1 FROM finding WHERE subject IN (SELECT value FROM json_each(:ids))
          AND held.app IN ('', finding.app) AND finding.day BETWEEN held.first_day AND held.last_day)
        OR EXISTS (SELECT 1 FROM party CROSS JOIN sighting ON sighting.party = party.id
          JOIN indicator ON indicator.id = sighting.trait / 128
          WHERE (party.client IN (SELECT value FROM json_each(:ids)) OR party.user IN (SELECT value FROM json_each(:ids)))
            AND sighting.day BETWEEN held.first_day AND held.last_day AND held.app IN ('', indicator.app)))`)
    .get({ ids })
  if (held === undefined) return
  const of = held.app === '' ? '' : ` (of ${harmless(held.app)})`
  throw new OffchannelError(
    'usage',
    `a legal hold${of} keeps what is held of this person: \`offchannel hold list\` shows it; nothing was erased`,
  )
}

/** `temp.person` are ids, `temp.label` what tables show, `temp.going` the findings that go. */
function listGoing(database: Database, ids: string, labels: readonly string[]): void {
  database.exec(`
    CREATE TEMP TABLE person(id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE label(label TEXT);
    CREATE TEMP TABLE going(id TEXT PRIMARY KEY)`)
  database.prepare('INSERT INTO temp.person SELECT value FROM json_each(?)').run(ids)
  database.prepare('INSERT INTO temp.label SELECT value FROM json_each(?)').run(JSON.stringify(labels))
  database.exec(`
    INSERT INTO temp.going SELECT id FROM finding WHERE subject IN temp.person
      UNION SELECT finding FROM review WHERE subject IN temp.person
        AND finding NOT IN (SELECT id FROM finding)
      UNION SELECT finding FROM statement WHERE subject IN temp.person AND finding NOT IN (SELECT id FROM finding)`)
}

/** What was seen under their names, at their addresses, and at addresses while logs gave them to them. */
function eraseSightings(database: Database, across: Across | undefined, ids: string): number {
  database.exec(`
    CREATE TEMP TABLE own_party AS SELECT id FROM party WHERE client IN temp.person OR user IN temp.person;
    DELETE FROM tail WHERE fact = 'sighting' AND key ->> '$[1]' IN temp.own_party`)
  database.exec(`
    DELETE FROM tail WHERE fact = 'answer' AND key ->> '$[1]' IN temp.person
      OR fact = 'session_mark' AND (key ->> '$[1]' IN temp.person OR key ->> '$[5]' IN temp.person
        OR key ->> '$[6]' IN temp.person OR key ->> '$[7]' IN temp.person)`)
  let count = database.prepare('DELETE FROM sighting WHERE party IN temp.own_party').run().changes
  const leased = database.prepare(`
    DELETE FROM sighting WHERE day = :day AND slot BETWEEN :firstSlot AND :lastSlot
      AND party IN (SELECT id FROM party WHERE client = :address AND user = 0)`)
  const dirty = database.prepare(`
    INSERT OR IGNORE INTO dirty SELECT :day, subject FROM party WHERE client = :address AND user = 0`)
  for (const { address, day, firstSlot, lastSlot } of leasedTimes(database, across, ids)) {
    const taken = leased.run({ address, day, firstSlot, lastSlot }).changes
    if (taken > 0) dirty.run({ address, day })
    count += taken
  }
  database.exec('DROP TABLE temp.own_party')
  return count
}

/** Findings go, and stay as counts that say nothing of whose they were. */
function buryFindings(database: Database): number {
  database.exec(`
    INSERT INTO tombstone SELECT 'erased', day, app, severity, bypass, count(*) FROM finding WHERE id IN temp.going
      GROUP BY day, app, severity, bypass
      ON CONFLICT DO UPDATE SET findings = findings + excluded.findings;
    DELETE FROM finding_revision WHERE finding IN temp.going
      OR changes != '[]' AND EXISTS (SELECT 1 FROM temp.label WHERE instr(changes, label.label));
    DELETE FROM finding_other WHERE finding IN temp.going OR other IN temp.going;
    DELETE FROM locker WHERE finding IN temp.going;
    DELETE FROM told WHERE finding IN temp.going`)
  return database.prepare('DELETE FROM finding WHERE id IN temp.going').run().changes
}
