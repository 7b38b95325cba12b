import type { Database, Statement } from 'better-sqlite3'
import type { Day, Micros } from '../base/time.ts'
import { SEVERITIES } from '../model/finding.ts'
import type { FindingHead, Gravity, Review, Standing, Suppression } from '../model/review.ts'
import { standingOf } from './standing.ts'
import { type IdentityRow, labelOf } from './subject.ts'

interface GravityRow {
  readonly severity: number
  readonly bypass: number
}

/** Whose a finding was; nulls where it is about no finding. */
type HolderRow = { readonly [K in keyof IdentityRow]: IdentityRow[K] | null }

type ReviewRow = Omit<Review, 'gravity' | 'holder'> & GravityRow & HolderRow

type SuppressionRow = Omit<Suppression, 'gravity' | 'holder' | 'lifted'> &
  GravityRow &
  HolderRow & {
    readonly liftedAt: Micros | null
    readonly liftedBy: string | null
    readonly liftedFor: string | null
  }

/** Reads what people did to findings. */
export class ReviewReader {
  readonly #byFinding: Statement<[string], ReviewRow>
  readonly #suppressions: Statement<[Day], SuppressionRow>
  readonly #gone: Statement<[], string>
  readonly #succession: Statement<[], { readonly finding: string; readonly gone: string }>
  readonly #others: Statement<[string], string>
  readonly #isGone: Statement<[{ id: string }], number>
  readonly #successors: Statement<[{ id: string }], string>

  constructor(database: Database) {
    this.#byFinding = database.prepare(`
      SELECT seq, finding, at, author, action, text, revision, severity, bypass, kind, tag, clear
      FROM review LEFT JOIN identity ON identity.id = review.subject WHERE finding = ? ORDER BY seq`)
    this.#suppressions = database.prepare(`
      SELECT made.seq, made.at, made.author, made.finding, made.app, made.client, made.until, made.severity,
        made.bypass, made.reason, ended.at AS liftedAt, ended.author AS liftedBy, ended.reason AS liftedFor,
        kind, tag, clear
      FROM suppression AS made LEFT JOIN suppression AS ended ON ended.lifts = made.seq AND ended.lifts != 0
        LEFT JOIN identity ON identity.id = made.subject
      WHERE made.lifts = 0 AND made.until >= ? ORDER BY made.seq`)
    this.#gone = database
      .prepare<[], string>(`
        SELECT DISTINCT finding FROM review WHERE finding NOT IN (SELECT id FROM finding) ORDER BY finding`)
      .pluck()
    this.#succession = database.prepare('SELECT finding, gone FROM succession')
    this.#others = database.prepare<[string], string>('SELECT others FROM finding WHERE id = ?').pluck()
    this.#isGone = database
      .prepare<[{ id: string }], number>(`
        SELECT EXISTS (SELECT 1 FROM finding_revision WHERE finding = :id)
          AND NOT EXISTS (SELECT 1 FROM finding WHERE id = :id)`)
      .pluck()
    this.#successors = database
      .prepare<[{ id: string }], string>(`
        SELECT finding FROM finding_other WHERE other = :id AND NOT EXISTS (SELECT 1 FROM finding WHERE id = :id)
        ORDER BY finding`)
      .pluck()
  }

  /** Of a finding and of those that it succeeds, the oldest first. */
  of(finding: string): Review[] {
    return this.#ofAll([finding, ...this.succeeds(finding)])
  }

  /** Findings that are gone, and of which this one has all or a part, by id. */
  succeeds(finding: string): string[] {
    const others = this.#others.get(finding) ?? ''
    return others.split(' ').filter((id) => id !== '' && this.#isGone.get({ id }) === 1)
  }

  /** Of a finding that is gone: those that have all or a part of it, by id. */
  successors(finding: string): string[] {
    return this.#successors.all({ id: finding })
  }

  #ofAll(findings: readonly string[]): Review[] {
    const rows = findings.flatMap((finding) => this.#byFinding.all(finding))
    return rows
      .sort((a, b) => a.seq - b.seq)
      .map(({ severity, bypass, kind, tag, clear, ...row }) => ({
        ...row,
        holder: holderOf({ kind, tag, clear }),
        gravity: gravityOf({ severity, bypass }),
      }))
  }

  /** Those whose end is not before this day, lifted ones included, the oldest first. */
  suppressions(from: Day): Suppression[] {
    return this.#suppressions.all(from).map(({ liftedAt, liftedBy, liftedFor, ...made }) => {
      const { severity, bypass, kind, tag, clear, ...row } = made
      return {
        ...row,
        holder: holderOf({ kind, tag, clear }),
        gravity: gravityOf({ severity, bypass }),
        ...(liftedAt !== null && { lifted: { at: liftedAt, author: liftedBy!, reason: liftedFor! } }),
      }
    })
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
    const succession = Map.groupBy(this.#succession.all(), ({ finding }) => finding)
    return (head) => {
      const succeeds = succession.get(head.id)?.map(({ gone }) => gone) ?? []
      const ids = [head.id, ...succeeds]
      const covering = [...ids.flatMap((id) => byFinding.get(id) ?? []), ...(byApp.get(head.app) ?? [])]
      return standingOf({ ...head, succeeds }, this.#ofAll(ids), covering, today)
    }
  }
}

function holderOf({ kind, tag, clear }: HolderRow): string {
  return kind === null || tag === null || kind === 'address' ? '' : labelOf({ kind, tag, clear })
}

function gravityOf({ severity, bypass }: GravityRow): Gravity {
  return { severity: SEVERITIES[severity]!, bypass: bypass === 1 }
}
