import type { Database, Statement } from 'better-sqlite3'
import type { Day, Micros } from '../base/time.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { FindingHead, Gravity, Review, Standing, Suppression } from '../model/review.ts'
import { standingOf } from './standing.ts'

interface GravityRow {
  readonly severity: number
  readonly bypass: number
}

type ReviewRow = Omit<Review, 'gravity'> & GravityRow

type SuppressionRow = Omit<Suppression, 'gravity' | 'lifted'> &
  GravityRow & {
    readonly liftedAt: Micros | null
    readonly liftedBy: string | null
    readonly liftedFor: string | null
  }

/** Reads what people did to findings. */
export class ReviewReader {
  readonly #byFinding: Statement<[string], ReviewRow>
  readonly #suppressions: Statement<[Day], SuppressionRow>
  readonly #gone: Statement<[], string>

  constructor(database: Database) {
    this.#byFinding = database.prepare(`
      SELECT seq, finding, at, author, action, text, revision, severity, bypass
      FROM review WHERE finding = ? ORDER BY seq`)
    this.#suppressions = database.prepare(`
      SELECT made.seq, made.at, made.author, made.finding, made.app, made.client, made.until, made.severity,
        made.bypass, made.reason, ended.at AS liftedAt, ended.author AS liftedBy, ended.reason AS liftedFor
      FROM suppression AS made LEFT JOIN suppression AS ended ON ended.lifts = made.seq AND ended.lifts != 0
      WHERE made.lifts = 0 AND made.until >= ? ORDER BY made.seq`)
    this.#gone = database
      .prepare<[], string>(`
        SELECT DISTINCT finding FROM review WHERE finding NOT IN (SELECT id FROM finding) ORDER BY finding`)
      .pluck()
  }

  /** The oldest first. */
  of(finding: string): Review[] {
    return this.#byFinding.all(finding).map(({ severity, bypass, ...row }) => ({
      ...row,
      gravity: gravityOf({ severity, bypass }),
    }))
  }

  /** Those whose end is not before this day, lifted ones included, the oldest first. */
  suppressions(from: Day): Suppression[] {
    return this.#suppressions.all(from).map(({ liftedAt, liftedBy, liftedFor, severity, bypass, ...row }) => ({
      ...row,
      gravity: gravityOf({ severity, bypass }),
      ...(liftedAt !== null && { lifted: { at: liftedAt, author: liftedBy!, reason: liftedFor! } }),
    }))
  }

  /** Findings that were reviewed and are no longer found. */
  gone(): string[] {
    return this.#gone.all()
  }

  /** Tells of one finding after the other how it stands on this day. */
  standings(today: Day): (head: FindingHead) => Standing {
    const byApp = new Map<string, Suppression[]>()
    const byFinding = new Map<string, Suppression[]>()
    for (const one of this.suppressions(today)) {
      const [map, key] = one.finding === '' ? [byApp, one.app] : [byFinding, one.finding]
      const others = map.get(key)
      if (others === undefined) map.set(key, [one])
      else others.push(one)
    }
    return (head) => {
      const covering = [...(byFinding.get(head.id) ?? []), ...(byApp.get(head.app) ?? [])]
      return standingOf(head, this.of(head.id), covering, today)
    }
  }
}

function gravityOf({ severity, bypass }: GravityRow): Gravity {
  return { severity: SEVERITIES[severity]!, bypass: bypass === 1 }
}
