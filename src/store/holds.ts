import type { Database } from 'better-sqlite3'
import { digestOf } from '../audit/entry.ts'
import { OffchannelError } from '../base/errors.ts'
import type { Day, Micros } from '../base/time.ts'
import { SESSION_DAYS } from '../model/facts.ts'
import { type Hold, NO_END } from '../model/retention.ts'
import { type Across, twinOf } from './across.ts'
import { AuditWriter } from './audit.ts'
import { lastingNameOf, namesInPeriods } from './every-period.ts'
import { guarded } from './failure.ts'
import { findSubjects, type KnownSubject, oneSubject } from './find-subject.ts'
import { openForReviewing } from './open.ts'
import { checkedEntry, type Entry, recorded } from './recording.ts'
import { StoreReader } from './store-reader.ts'
import { type IdentityRow, labelOf } from './subject.ts'

/** What a hold is about: what is left out narrows nothing. */
export interface HoldScope {
  readonly app?: string | undefined
  /** As tables show it, or the whole pseudonym. */
  readonly client?: string | undefined
  readonly from?: Day | undefined
  readonly until?: Day | undefined
}

interface HoldRow extends Omit<Hold, 'client' | 'lifted'> {
  readonly kind: IdentityRow['kind'] | null
  readonly tag: IdentityRow['tag'] | null
  readonly clear: string | null
  readonly liftedAt: Micros | null
  readonly liftedBy: string | null
  readonly liftedFor: string | null
}

/** The holds of a store, lifted ones included, the oldest first. */
export function readHolds(database: Database): Hold[] {
  const rows = database
    .prepare<[], HoldRow>(`
      SELECT made.seq, made.at, made.author, made.reason, made.app, made.first_day AS firstDay, made.last_day AS lastDay,
        kind, tag, clear, ended.at AS liftedAt, ended.author AS liftedBy, ended.reason AS liftedFor
      FROM hold AS made LEFT JOIN hold AS ended ON ended.lifts = made.seq AND ended.lifts != 0
        LEFT JOIN identity ON identity.id = made.subject
      WHERE made.lifts = 0 ORDER BY made.seq`)
    .all()
  return rows.map(({ kind, tag, clear, liftedAt, liftedBy, liftedFor, ...row }) => ({
    ...row,
    client: kind === null || tag === null ? '' : labelOf({ kind, tag, clear }),
    ...(liftedAt !== null && { lifted: { at: liftedAt, author: liftedBy!, reason: liftedFor! } }),
  }))
}

/** Where holds are made and lifted, also while a run writes; it needs no key. What cannot be throws `usage`. */
export class HoldDesk extends StoreReader {
  static open(file: string): HoldDesk {
    return guarded(file, () => new HoldDesk(file, openForReviewing(file)))
  }

  add(scope: HoldScope, entry: Entry): Hold {
    const { at, author, text } = checkedEntry(entry, false)
    const { app = '', from = 0, until = NO_END } = scope
    if (until < from) throw new OffchannelError('usage', 'the hold ends before it begins: exchange --from and --until')
    return recorded(this.file, this.database, () => {
      const subject = scope.client === undefined ? 0 : oneSubject(this.database, scope.client, this.file).id
      const put =
        'INSERT INTO hold(at, author, lifts, subject, app, first_day, last_day, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
      const seq = Number(this.database.prepare(put).run(at, author, 0, subject, app, from, until, text).lastInsertRowid)
      const details = { hold: seq, app, client: subject !== 0, digest: digestOf([text]) }
      new AuditWriter(this.database).add({ at, author, action: 'hold', details })
      return readHolds(this.database).find((hold) => hold.seq === seq)!
    })
  }

  lift(seq: number, entry: Entry): Hold {
    const { at, author, text } = checkedEntry(entry, false)
    return recorded(this.file, this.database, () => {
      const hold = readHolds(this.database).find((one) => one.seq === seq)
      if (hold === undefined || hold.lifted !== undefined) {
        const wrong = hold === undefined ? 'is not there' : 'is lifted already'
        throw new OffchannelError('usage', `hold ${seq} ${wrong}: \`offchannel hold list\` shows which hold`)
      }
      this.database
        .prepare(`INSERT INTO hold(at, author, lifts, subject, app, first_day, last_day, reason)
          SELECT ?, ?, seq, subject, app, first_day, last_day, ? FROM hold WHERE seq = ?`)
        .run(at, author, text, seq)
      const details = { hold: seq, digest: digestOf([text]) }
      new AuditWriter(this.database).add({ at, author, action: 'hold-lift', details })
      return { ...hold, lifted: { at, author, reason: text } }
    })
  }
}

const LEASED = `
  FROM temp.held AS held JOIN session_mark AS m ON m.day BETWEEN first_day - ${SESSION_DAYS} AND last_day + ${SESSION_DAYS}
    AND held.subject IN (m.user, m.device, m.outer)
  WHERE held.subject != 0 AND m.inner != 0`

/**
 * Puts what is held into a table of this connection, `temp.held(subject, app, first_day, last_day)`, 0 and '' for all; gives
 * whether anything is. With a person the addresses are held that logs gave them, for the days around.
 *
 * @param across where pseudonyms rotate: a person is held under those of all periods.
 */
export function listHeld(database: Database, across: Across | undefined): boolean {
  database.exec(`
    DROP TABLE IF EXISTS temp.held;
    CREATE TEMP TABLE held AS SELECT subject, app, first_day, last_day FROM hold
      WHERE lifts = 0 AND seq NOT IN (SELECT lifts FROM hold)`)
  if (across !== undefined) holdInAllPeriods(database, across)
  const beside =
    across === undefined ? '' : `UNION SELECT ${twinOf('m.inner', 'm.day')}, app, first_day, last_day ${LEASED}`
  database.exec(`
    INSERT INTO temp.held SELECT DISTINCT address, app, first_day, last_day FROM (
      SELECT m.inner AS address, app, first_day, last_day ${LEASED} ${beside}) WHERE address IS NOT NULL`)
  return database.prepare('SELECT 1 FROM temp.held').get() !== undefined
}

function holdInAllPeriods(database: Database, across: Across): void {
  const named = database
    .prepare<[], KnownSubject>(
      'SELECT id, kind, tag, clear FROM identity WHERE id IN (SELECT subject FROM temp.held WHERE subject != 0)',
    )
    .all()
  const add = database.prepare(`
    INSERT INTO temp.held SELECT ?, app, first_day, last_day FROM temp.held WHERE subject = ?`)
  for (const one of named) {
    const lasting = lastingNameOf(database, across, one)
    const names = lasting === undefined ? [] : namesInPeriods(database, across, [lasting])
    for (const { id } of [...names].flatMap((name) => findSubjects(database, name))) {
      if (id !== one.id) add.run(id, one.id)
    }
  }
}
