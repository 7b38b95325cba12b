import type { Database } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { type Day, formatDay, MICROS_PER_DAY } from '../base/time.ts'
import type { AuditDetails } from '../model/audit.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { type PurgeLine, RETENTION_CLASSES, type Retention, type RetentionClass } from '../model/retention.ts'
import type { Across } from './across.ts'
import { oweCompacting } from './compact.ts'
import { listHeld } from './holds.ts'
import { factsFrom } from './kept-out.ts'
import { setMeta } from './open.ts'
import { removeOrphans } from './orphans.ts'
import type { Store } from './store.ts'
import { withoutTriggers } from './triggers.ts'

/** A table that a class of what is kept has rows in. */
interface Kept {
  readonly of: RetentionClass
  readonly table: string
  readonly what: string
  /** An expression: the day of a row. */
  readonly day: string
  /** Days that it stays beyond its class, because what stays rests on it. */
  readonly longer: number
  /** An expression: rows that go at all. */
  readonly goes: string
  /** An expression: rows that a hold in `temp.held` keeps. */
  readonly held: string
}

const heldBy = (where: string) => `EXISTS (SELECT 1 FROM temp.held AS held WHERE ${where})`
const inDays = (day: string, around = 0) => `${day} BETWEEN held.first_day - ${around} AND held.last_day + ${around}`
const ofMicros = (column: string) => `${column} / ${MICROS_PER_DAY}`

/** Whether a finding is held, by its columns. */
const FINDING_HELD = heldBy(
  `${inDays('finding.day')} AND held.subject IN (0, finding.subject) AND held.app IN ('', finding.app)`,
)

/** What is said of a finding that is no longer there, or is held. */
const OF_NO_FINDING = (table: string) => `NOT EXISTS (SELECT 1 FROM finding WHERE finding.id = ${table}.finding)`
const SUBJECT_HELD = (table: string) => heldBy(`held.subject IN (0, ${table}.subject)`)
const ALL_HELD = (day: string) => heldBy(`${inDays(day)} AND held.subject = 0 AND held.app = ''`)

const TABLES: readonly Kept[] = [
  {
    ...{ of: 'facts', table: 'sighting', what: 'sightings', day: 'sighting.day', longer: 0, goes: 'TRUE' },
    held: `EXISTS (SELECT 1 FROM temp.held AS held, party, indicator
      WHERE party.id = sighting.party AND indicator.id = sighting.trait / 128 AND ${inDays('sighting.day')}
        AND held.subject IN (0, party.client, party.user) AND held.app IN ('', indicator.app))`,
  },
  {
    ...{ of: 'facts', table: 'mark', what: 'minutes of tunnels', day: 'mark.day', longer: 1, goes: 'TRUE' },
    held: heldBy(`${inDays('mark.day', 1)} AND held.subject IN (0, mark.client)`),
  },
  {
    ...{ of: 'facts', table: 'answer', what: 'answers of DNS', day: 'answer.day', longer: 1, goes: 'TRUE' },
    held: heldBy(`${inDays('answer.day', 1)} AND held.subject IN (0, answer.client)`),
  },
  {
    ...{ of: 'facts', table: 'session_mark', what: 'records of leases and tunnels', day: 'session_mark.day' },
    ...{ longer: SESSION_DAYS, goes: 'TRUE' },
    held: heldBy(`${inDays('session_mark.day', SESSION_DAYS)}
      AND held.subject IN (0, session_mark.inner, session_mark.outer, session_mark.user, session_mark.device)`),
  },
  {
    ...{ of: 'evidence', table: 'locker_piece', what: 'frames and lines in the locker', longer: 0, goes: 'TRUE' },
    // A piece of a finding that is gone is of no day that is kept.
    day: 'ifnull((SELECT day FROM finding WHERE finding.id = locker_piece.finding), 0)',
    held: `EXISTS (SELECT 1 FROM finding WHERE finding.id = locker_piece.finding AND ${FINDING_HELD})`,
  },
  {
    ...{ of: 'findings', table: 'finding', what: 'findings', day: 'finding.day', longer: 0, goes: 'TRUE' },
    held: FINDING_HELD,
  },
  {
    ...{ of: 'reviews', table: 'review', what: 'reviews', day: ofMicros('review.at'), longer: 0 },
    ...{ goes: OF_NO_FINDING('review'), held: SUBJECT_HELD('review') },
  },
  {
    ...{ of: 'reviews', table: 'suppression', what: 'suppressions', day: 'suppression.until', longer: 0 },
    ...{ goes: OF_NO_FINDING('suppression'), held: SUBJECT_HELD('suppression') },
  },
  {
    ...{ of: 'reviews', table: 'statement', what: 'statements', day: ofMicros('statement.at'), longer: 0 },
    ...{ goes: OF_NO_FINDING('statement'), held: SUBJECT_HELD('statement') },
  },
  {
    ...{ of: 'runs', table: 'run', what: 'runs', day: ofMicros('run.started'), longer: 0 },
    // The last run of a job tells how it stands.
    ...{ goes: 'run.seq NOT IN (SELECT max(seq) FROM run GROUP BY job)', held: ALL_HELD(ofMicros('run.started')) },
  },
  {
    ...{ of: 'audit', table: 'audit', what: 'entries of the audit log', day: ofMicros('audit.at'), longer: 0 },
    // Only from the beginning, and never all of it.
    goes: 'audit.seq < (SELECT max(seq) FROM audit)',
    held: ALL_HELD(ofMicros('audit.at')),
  },
]

/** What a purge would take out now, table by table; nothing is changed. Throws `usage` as `purge` does. */
export function planPurge(store: Store, retention: Retention): PurgeLine[] {
  return store.look((database, across) => {
    refuseReturning(database, retention, store.file)
    return linesOf(database, across, withEvidence(retention))
  })
}

/** Evidence is of findings: it goes with them at the latest. */
function withEvidence(retention: Retention): Retention {
  const { evidence, findings } = retention
  return findings === undefined ? retention : { ...retention, evidence: Math.max(evidence ?? 0, findings) }
}

function linesOf(database: Database, across: Across | undefined, retention: Retention): PurgeLine[] {
  const isHeld = listHeld(database, across)
  return RETENTION_CLASSES.flatMap((of) => {
    const border = retention[of]
    if (border === undefined) return []
    return TABLES.filter((one) => one.of === of).map(({ table, what, day, longer, goes, held }) => {
      const old = `${day} < ? AND ${goes}`
      const heldNow = isHeld ? held : 'FALSE'
      const row = database
        .prepare<[Day], { count: number; first: Day | null; last: Day | null; held: number }>(`
          SELECT count(*) FILTER (WHERE NOT held) AS count, min(day) FILTER (WHERE NOT held) AS first,
            max(day) FILTER (WHERE NOT held) AS last, count(*) FILTER (WHERE held) AS held
          FROM (SELECT ${day} AS day, ${heldNow} AS held FROM ${table} WHERE ${old})`)
        .get(border - longer)!
      return {
        ...{ of, what, count: row.count, held: row.held },
        ...{ firstDay: row.first ?? undefined, lastDay: row.last ?? undefined },
      }
    })
  })
}

/**
 * Takes out what is older than each class is kept and not held, in one transaction with its entry in the audit log; gives
 * what it was. Findings stay explained by counts. Throws `usage` where findings would only come back.
 */
export function purge(store: Store, asked: Retention, reason: string): PurgeLine[] {
  const retention = withEvidence(asked)
  return store.amend('purge', (database, across) => {
    refuseReturning(database, retention, store.file)
    const lines = linesOf(database, across, retention)
    const isHeld = listHeld(database, across)
    const guarded = ['review', 'suppression', 'statement', 'audit']
    const cut = withoutTriggers(database, guarded, () => {
      const start = retention.audit === undefined ? {} : auditStart(database, retention.audit, isHeld)
      for (const { of, table, day, longer, goes, held } of TABLES) {
        const border = retention[of]
        if (border === undefined || of === 'audit') continue
        const rest = isHeld ? ` AND NOT ${held}` : ''
        if (table === 'finding') buryFindings(database, border, rest)
        database.prepare(`DELETE FROM ${table} WHERE ${day} < ? AND ${goes}${rest}`).run(border - longer)
      }
      const first = database.prepare<[], string>('SELECT hash FROM audit WHERE seq = 1').pluck().get()
      if (first !== undefined && start.auditUpTo !== undefined) setMeta(database, 'audit_log', first)
      if (start.auditUpTo !== undefined) database.prepare('DELETE FROM audit WHERE seq <= ?').run(start.auditUpTo)
      return start
    })
    if (retention.facts !== undefined) endFacts(database, Math.max(retention.facts, factsFrom(database)))
    const orphans = removeOrphans(database)
    oweCompacting(database)
    const borders = Object.entries(retention).map(([of, day]) => [`${of}Before`, formatDay(day)] as const)
    const counts = lines.filter(({ count }) => count > 0).map(({ what, count }) => [what, count] as const)
    const details: AuditDetails = {
      ...Object.fromEntries([...borders, ...counts]),
      ...cut,
      identities: orphans,
      reason,
    }
    return { result: lines, details }
  })
}

/** Findings come back with the next judgement where their facts are still there. */
function refuseReturning(database: Database, { facts = 0, findings }: Retention, file: string): void {
  if (findings === undefined || findings <= Math.max(facts, factsFrom(database))) return
  const left = database.prepare<[Day], Day | null>('SELECT min(day) FROM sighting WHERE day < ?').pluck().get(findings)
  if (left === null || left === undefined) return
  const words = `facts from ${formatDay(left)} on would give the findings again: purge facts as well, or findings for no longer`
  throw new OffchannelError('usage', `${file}: ${words}`)
}

/** Counts the findings that go, and takes out what hangs on them. */
function buryFindings(database: Database, border: Day, rest: string): void {
  const going = `SELECT id FROM finding WHERE day < ?${rest}`
  database
    .prepare(`
      INSERT INTO tombstone SELECT 'purged', day, app, severity, bypass, count(*) FROM finding WHERE day < ?${rest}
      GROUP BY day, app, severity, bypass
      ON CONFLICT DO UPDATE SET findings = findings + excluded.findings`)
    .run(border)
  for (const table of ['finding_revision', 'finding_other', 'locker_piece', 'locker', 'told', 'outbox']) {
    database.prepare(`DELETE FROM ${table} WHERE finding IN (${going})`).run(border)
  }
}

/** The entries that go: from the beginning, up to the first that stays. */
function auditStart(database: Database, border: Day, isHeld: boolean): { auditUpTo?: number; auditHash?: string } {
  const { day, goes, held } = TABLES.find(({ of }) => of === 'audit')!
  const stays = `SELECT min(seq) FROM audit WHERE NOT (${day} < ? AND ${goes}) ${isHeld ? `OR ${held}` : ''}`
  const last = database
    .prepare<[Day], { seq: number; hash: string }>(`
      SELECT seq, hash FROM audit WHERE seq < (${stays}) ORDER BY seq DESC LIMIT 1`)
    .get(border)
  return last === undefined ? {} : { auditUpTo: last.seq, auditHash: last.hash }
}

/** Facts of earlier days are gone, and are neither judged nor taken in again. */
function endFacts(database: Database, border: Day): void {
  setMeta(database, 'facts_from', String(border))
  database.prepare('DELETE FROM dirty WHERE day < ?').run(border)
  // What facts were before the last line of a log would bring them back when that line goes on.
  const forget = database.prepare("DELETE FROM tail WHERE fact = ? AND key ->> '$[0]' < ?")
  for (const { of, table, longer } of TABLES) if (of === 'facts') forget.run(table, border - longer)
}
