import type { Database, Statement } from 'better-sqlite3'
import { digestOf } from '../audit/entry.ts'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import { type Day, dayOf, formatDay } from '../base/time.ts'
import { type Finding, SEVERITIES } from '../model/finding.ts'
import type { Gravity, Review, ReviewAction, Standing, Suppression } from '../model/review.ts'
import { AuditWriter } from './audit.ts'
import { guarded } from './failure.ts'
import { headOf, noSuchFinding } from './findings.ts'
import { openForReviewing } from './open.ts'
import { checkedEntry, type Entry, recorded } from './recording.ts'
import { decisionOf, gravest } from './standing.ts'
import { StoreReader } from './store-reader.ts'

/** Days that a suppression lasts at most: one without a real end would hide for good. */
export const SUPPRESSION_LIMIT = 366

/** What a suppression is to cover: findings by id or its beginning, or an app, of one client or of all. */
export type SuppressionScope =
  | { readonly findings: readonly string[] }
  | { readonly app: string; readonly client: string | undefined }

/**
 * Where analysts record what they do, also while a run writes: it needs neither the run's lock nor the key of the
 * pseudonyms. A run holds SQLite's own lock only while it commits, which is waited for; where that takes longer nothing
 * is recorded and OffchannelError `store_unusable` says who holds it. What cannot be recorded throws `usage`.
 */
export class ReviewDesk extends StoreReader {
  readonly #review: Statement
  readonly #suppress: Statement
  readonly #audit: AuditWriter

  private constructor(file: string, database: Database) {
    super(file, database)
    this.#review = database.prepare(`
      INSERT INTO review(finding, subject, at, author, action, text, revision, severity, bypass)
      SELECT id, subject, ?, ?, ?, ?, ?, ?, ? FROM finding WHERE id = ?`)
    this.#audit = new AuditWriter(database)
    this.#suppress = database.prepare(`
      INSERT INTO suppression(at, author, lifts, finding, subject, app, client, until, severity, bypass, reason)
      VALUES (?, ?, ?, ?, ifnull((SELECT subject FROM finding WHERE id = ?), 0), ?, ?, ?, ?, ?, ?)`)
  }

  static open(file: string): ReviewDesk {
    return guarded(file, () => new ReviewDesk(file, openForReviewing(file)))
  }

  /** Records one action on all of these findings, or on none; gives them with how they stand then. */
  review(
    ids: readonly string[],
    action: ReviewAction,
    entry: Entry,
  ): { readonly finding: Finding; readonly standing: Standing }[] {
    const { at, author, text } = checkedEntry(entry, action === 'acknowledge')
    return recorded(this.file, this.database, () => {
      const findings = this.#found(ids)
      const before = this.standings(findings, dayOf(at))
      for (const [n, finding] of findings.entries()) {
        refuseSenseless(finding.id, action, this.reviews(finding.id), before[n]!)
        const { severity, bypass } = headOf(finding)
        const gravity = [SEVERITIES.indexOf(severity), bypass ? 1 : 0]
        this.#review.run(at, author, action, text, finding.revision, ...gravity, finding.id)
      }
      const subjects = { digest: digestOf([action, text, ...findings.map(({ id }) => id)]) }
      this.#audit.add({
        at,
        author,
        action: 'review',
        details: { did: action, findings: findings.length, ...subjects },
      })
      const standings = this.standings(findings, dayOf(at))
      return findings.map((finding, n) => ({ finding, standing: standings[n]! }))
    })
  }

  /** Records a suppression, one for each finding where it is about findings; gives them. */
  suppress(scope: SuppressionScope, until: Day, entry: Entry): Suppression[] {
    const { at, author, text } = checkedEntry(entry, false)
    const today = dayOf(at)
    if (until < today || until > today + SUPPRESSION_LIMIT) {
      throw new OffchannelError(
        'usage',
        `${formatDay(until)} cannot be the last day of a suppression: give a day from ${formatDay(today)} to ${formatDay(today + SUPPRESSION_LIMIT)}`,
      )
    }
    return recorded(this.file, this.database, () => {
      const add = (finding: string, app: string, client: string, { severity, bypass }: Gravity) => {
        const gravity = [SEVERITIES.indexOf(severity), bypass ? 1 : 0]
        const row = this.#suppress.run(at, author, 0, finding, finding, app, client, until, ...gravity, text)
        return Number(row.lastInsertRowid)
      }
      const made =
        'findings' in scope
          ? this.#found(scope.findings).map((finding) => add(finding.id, '', '', headOf(finding)))
          : [add('', scope.app, scope.client ?? '', this.#gravestOf(scope))]
      const told = { suppressions: made.length, from: made[0]!, until: formatDay(until), digest: digestOf([text]) }
      this.#audit.add({ at, author, action: 'suppress', details: told })
      return this.suppressions(today).filter(({ seq }) => made.includes(seq))
    })
  }

  /** Ends a suppression before its day. */
  lift(seq: number, entry: Entry): Suppression {
    const { at, author, text } = checkedEntry(entry, false)
    return recorded(this.file, this.database, () => {
      const one = this.suppressions(0).find((suppression) => suppression.seq === seq)
      const wrong =
        one === undefined ? 'is not there' : one.lifted ? 'is lifted already' : one.until < dayOf(at) ? 'has ended' : ''
      if (wrong !== '')
        throw new OffchannelError('usage', `suppression ${seq} ${wrong}: \`offchannel suppress list\` shows which hold`)
      const { finding, app, client, until, gravity } = one!
      const then = [SEVERITIES.indexOf(gravity.severity), gravity.bypass ? 1 : 0]
      this.#audit.add({ at, author, action: 'suppress-lift', details: { suppression: seq, digest: digestOf([text]) } })
      this.#suppress.run(at, author, seq, finding, finding, app, client, until, ...then, text)
      return { ...one!, lifted: { at, author, reason: text } }
    })
  }

  /** Each once, however often it is named. */
  #found(ids: readonly string[]): Finding[] {
    const found = new Map<string, Finding>()
    for (const id of ids) {
      const finding = this.finding(id)
      if (finding === undefined) throw this.#notThere(id)
      found.set(finding.id, finding)
    }
    return [...found.values()]
  }

  #notThere(id: string): OffchannelError {
    const gone = this.idOf(id)
    const successors = gone === undefined ? [] : this.successors(gone)
    if (successors.length === 0) return noSuchFinding(id, this.file)
    return new OffchannelError('usage', `${gone} is gone: what it was about is in ${successors.join(', ')}: name that`)
  }

  /** Of the findings there are: an app or client that has none is a slip of the pen. */
  #gravestOf({ app, client }: { readonly app: string; readonly client: string | undefined }): Gravity {
    const gravity = gravest(this.heads('low', app, client))
    if (gravity !== undefined) return gravity
    const whose = client === undefined ? '' : ` of ${harmless(client)}`
    throw new OffchannelError(
      'usage',
      `there is no finding of ${harmless(app)}${whose} to suppress: take app and client from \`offchannel findings\`; what is allowed beforehand is an exemption in the policy`,
    )
  }
}

/** What would say nothing, or hide what somebody else decided. */
function refuseSenseless(id: string, action: ReviewAction, reviews: readonly Review[], standing: Standing): void {
  const closed = standing.value === 'closed'
  const wrong =
    closed && action === 'close'
      ? 'is closed already: add a note instead'
      : closed && action === 'acknowledge'
        ? 'is closed: reopen it first'
        : action === 'reopen' && (decisionOf(reviews)?.state ?? 'open') === 'open'
          ? 'is neither acknowledged nor closed: there is nothing to reopen'
          : ''
  if (wrong !== '') throw new OffchannelError('usage', `${id} ${wrong}`)
}
