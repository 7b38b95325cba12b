import type { Database, Statement } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless, plural } from '../base/text.ts'
import { type Day, dayOf, formatDay, type Micros } from '../base/time.ts'
import { type Finding, SEVERITIES } from '../model/finding.ts'
import type { Gravity, Review, ReviewAction, Standing, Suppression } from '../model/review.ts'
import { guarded, unusable } from './failure.ts'
import { headOf, noSuchFinding } from './findings.ts'
import { openForReviewing } from './open.ts'
import { RunLock } from './run-lock.ts'
import { decisionOf, gravest } from './standing.ts'
import { StoreReader } from './store-reader.ts'

/** Characters of a reason or note, and of a name. */
export const TEXT_LIMIT = 4000
export const AUTHOR_LIMIT = 200

/** Days that a suppression lasts at most: one without a real end would hide for good. */
export const SUPPRESSION_LIMIT = 366

/** Who does it, when, and why. */
export interface Entry {
  readonly at: Micros
  readonly author: string
  readonly text: string
}

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

  private constructor(file: string, database: Database) {
    super(file, database)
    this.#review = database.prepare(`
      INSERT INTO review(finding, at, author, action, text, revision, severity, bypass) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#suppress = database.prepare(`
      INSERT INTO suppression(at, author, lifts, finding, app, client, until, severity, bypass, reason)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
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
    const { at, author, text } = checked(entry, action === 'acknowledge')
    return this.#record(() => {
      const findings = this.#found(ids)
      const before = this.standings(findings, dayOf(at))
      for (const [n, finding] of findings.entries()) {
        refuseSenseless(finding.id, action, this.reviews(finding.id), before[n]!)
        const { severity, bypass } = headOf(finding)
        const gravity = [SEVERITIES.indexOf(severity), bypass ? 1 : 0]
        this.#review.run(finding.id, at, author, action, text, finding.revision, ...gravity)
      }
      const standings = this.standings(findings, dayOf(at))
      return findings.map((finding, n) => ({ finding, standing: standings[n]! }))
    })
  }

  /** Records a suppression, one for each finding where it is about findings; gives them. */
  suppress(scope: SuppressionScope, until: Day, entry: Entry): Suppression[] {
    const { at, author, text } = checked(entry, false)
    const today = dayOf(at)
    if (until < today || until > today + SUPPRESSION_LIMIT) {
      throw new OffchannelError(
        'usage',
        `${formatDay(until)} cannot be the last day of a suppression: give a day from ${formatDay(today)} to ${formatDay(today + SUPPRESSION_LIMIT)}`,
      )
    }
    return this.#record(() => {
      const add = (finding: string, app: string, client: string, { severity, bypass }: Gravity) => {
        const gravity = [SEVERITIES.indexOf(severity), bypass ? 1 : 0]
        const row = this.#suppress.run(at, author, 0, finding, app, client, until, ...gravity, text)
        return Number(row.lastInsertRowid)
      }
      const made =
        'findings' in scope
          ? this.#found(scope.findings).map((finding) => add(finding.id, '', '', headOf(finding)))
          : [add('', scope.app, scope.client ?? '', this.#gravestOf(scope))]
      return this.suppressions(today).filter(({ seq }) => made.includes(seq))
    })
  }

  /** Ends a suppression before its day. */
  lift(seq: number, entry: Entry): Suppression {
    const { at, author, text } = checked(entry, false)
    return this.#record(() => {
      const one = this.suppressions(0).find((suppression) => suppression.seq === seq)
      const wrong =
        one === undefined ? 'is not there' : one.lifted ? 'is lifted already' : one.until < dayOf(at) ? 'has ended' : ''
      if (wrong !== '')
        throw new OffchannelError('usage', `suppression ${seq} ${wrong}: \`offchannel suppress list\` shows which hold`)
      const { finding, app, client, until, gravity } = one!
      const then = [SEVERITIES.indexOf(gravity.severity), gravity.bypass ? 1 : 0]
      this.#suppress.run(at, author, seq, finding, app, client, until, ...then, text)
      return { ...one!, lifted: { at, author, reason: text } }
    })
  }

  /** Each once, however often it is named. */
  #found(ids: readonly string[]): Finding[] {
    const found = new Map<string, Finding>()
    for (const id of ids) {
      const finding = this.finding(id)
      if (finding === undefined) throw noSuchFinding(id, this.file)
      found.set(finding.id, finding)
    }
    return [...found.values()]
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

  #record<T>(change: () => T): T {
    return guarded(this.file, () => {
      try {
        return this.database.transaction(change).immediate()
      } catch (thrown) {
        if (!(thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY')))
          throw thrown
        const who = RunLock.isHeld(this.file) ? 'a sweep or judge' : 'another program'
        throw unusable(this.file, `${who} is writing to it: nothing was recorded, try again in a moment`, {
          cause: thrown,
        })
      }
    })
  }
}

/** Well-formed and within the limits: what anybody may write, but not without end. */
function checked({ at, author, text }: Entry, mayBeEmpty: boolean): Entry {
  const [name, words] = [author.trim().toWellFormed(), text.trim().toWellFormed()]
  if (name === '') throw new OffchannelError('usage', 'the author has no name: give one with --author')
  if (words === '' && !mayBeEmpty) throw new OffchannelError('usage', 'the reason is empty: say why, in words')
  refuseLong('the name of the author', name, AUTHOR_LIMIT)
  refuseLong('the text', words, TEXT_LIMIT)
  return { at, author: name, text: words }
}

function refuseLong(what: string, text: string, limit: number): void {
  if (text.length <= limit) return
  const length = plural(text.length, 'character')
  throw new OffchannelError('usage', `${what} has ${length}, and may have ${limit}: shorten it, or refer to a document`)
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
