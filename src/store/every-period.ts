import type { Database } from 'better-sqlite3'
import { periodsOf } from '../base/period.ts'
import { type Day, dayOf, type Micros } from '../base/time.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { type Across, lastingName } from './across.ts'
import type { KnownSubject } from './find-subject.ts'
import { readSeenSubjects, type SeenSubjects } from './seen-subjects.ts'
import { parseSubject, subjectOf } from './subject.ts'

/** Inputs that come late may be of so many days before the first that the store has. */
const LATE = 731

/**
 * The first instants of all periods that a store may have pseudonyms of, the earliest first; with a day, of those that it
 * may come to have by inputs up to then.
 */
function storedPeriods(database: Database, across: Across, until?: Day): Micros[] {
  const span = database
    .prepare<[], { first: Day | null; last: Day | null }>(`
      SELECT min(first) AS first, max(last) AS last FROM (
        SELECT min(first_day) AS first, max(last_day) AS last FROM reading
        UNION ALL SELECT min(day), max(day) FROM finding UNION ALL SELECT min(day), max(day) FROM dirty)`)
    .get()!
  if (span.first === null || span.last === null) return []
  const last = Math.max(span.last + SESSION_DAYS, until ?? 0)
  const first = span.first - (until === undefined ? SESSION_DAYS : LATE)
  return periodsOf(Math.max(0, first), last, across.rotation).map(({ from }) => Math.max(0, from))
}

/**
 * What whoever would have these pseudonyms for ever is called in each period of the store, known there or not.
 *
 * @param until a day whose period counts as well.
 */
export function namesInPeriods(
  database: Database,
  across: Across,
  lasting: readonly string[],
  until?: Day,
): ReadonlySet<string> {
  const periods = storedPeriods(database, across, until)
  const people = lasting.flatMap((name) => parseSubject(name) ?? [])
  return new Set(
    periods.flatMap((from) => people.map(({ kind, tag }) => `${kind}-${across.of(tag, from).toString('hex')}`)),
  )
}

/** Of a tag what it would be for ever, by each period of the store: one of these is it, the others mean nothing. */
export function lastingTags(database: Database, across: Across): (tag: Uint8Array) => Buffer[] {
  const periods = storedPeriods(database, across)
  return (tag) => periods.map((from) => across.lasting(tag, from))
}

/** A day on which somebody was seen or found, or a finding of theirs was worked on, by the first table that has one. */
const DAY_OF = `
  SELECT day FROM finding WHERE subject = :id
  UNION ALL SELECT day FROM session_mark WHERE holder = :id
  UNION ALL SELECT day FROM sighting WHERE party IN (SELECT id FROM party WHERE client = :id OR user = :id)
  UNION ALL SELECT day FROM session_mark WHERE :id IN (inner, outer, user, device)
  UNION ALL SELECT day FROM mark WHERE client = :id
  UNION ALL SELECT day FROM answer WHERE client = :id LIMIT 1`

/**
 * What somebody whom the store knows would be called for ever; undefined where nothing tells any more which period their
 * pseudonym is of.
 */
export function lastingNameOf(database: Database, across: Across, subject: KnownSubject): string | undefined {
  const day = database.prepare<[{ id: number }], Day>(DAY_OF).pluck().get({ id: subject.id })
  return day === undefined ? undefined : lastingName(across, subjectOf(subject), day)
}

/** As `readSeenSubjects`, by the names that they would have for ever, so that each counts once over all periods. */
export function readLastingSubjects(database: Database, across: Across, from: Day, until: Day): SeenSubjects {
  const seen = new Set<string>()
  const found = new Set<string>()
  for (const start of storedPeriods(database, across)) {
    const period = across.period(dayOf(start))
    const first = Math.max(from, dayOf(period.from))
    const last = Math.min(until, dayOf(period.until) - 1)
    if (first > last) continue
    const one = readSeenSubjects(database, first, last)
    for (const name of one.seen) seen.add(lastingName(across, name, first))
    for (const name of one.found) found.add(lastingName(across, name, first))
  }
  return { seen, found }
}
