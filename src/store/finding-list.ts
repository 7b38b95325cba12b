import type { Database, Statement } from 'better-sqlite3'
import type { Day } from '../base/time.ts'
import {
  type FindingHead,
  REVIEW_STATES,
  type ReviewedFinding,
  type ReviewState,
  type Standing,
} from '../model/review.ts'
import {
  type FindingQuery,
  type FindingRow,
  findingOf,
  HEAD,
  type HeadRow,
  headOfRow,
  MATCHING,
  parametersOf,
} from './findings.ts'

/** Which of the findings that a query matches: the first so many, all unless it is said. */
export interface FindingPage {
  readonly states: readonly ReviewState[]
  readonly limit?: number | undefined
}

/** How many findings stand so, and of how many of them the headline is a bypass. */
export interface StateCount {
  readonly findings: number
  readonly bypasses: number
}

type StandingOf = (head: FindingHead) => Standing

/** A head, and what may have been decided that is about it. */
interface RankedRow extends HeadRow {
  readonly decided: 'nothing' | 'its app' | 'this'
}

/** That something was decided on the finding itself, or on one that it succeeds. */
const BY_ID = `id IN (
  SELECT finding FROM review UNION SELECT finding FROM suppression UNION SELECT finding FROM succession)`

/** That a suppression may cover all findings of its app, and that one may cover those of a client. */
const BY_APP = `app IN (SELECT app FROM suppression WHERE until >= :today AND app != '')`
/** Asked once: where there is none, no finding is looked at. */
const ANY_BY_APP = `EXISTS (SELECT 1 FROM suppression WHERE until >= :today AND app != '')`
const BY_CLIENT = `app IN (SELECT app FROM suppression WHERE until >= :today AND client != '')`

/** A client whose name changes nothing is nobody. */
const ALIKE = `app, iif(${BY_CLIENT}, client, '') AS client, severity, bypass, '' AS holder`

/**
 * Lists and counts findings by how they stand, at any number of them: all that is asked of one stands in the index
 * `finding_rank`, texts are read of those that are given out. Where nothing was decided a finding is open; those that
 * only a suppression of their app can cover stand alike where app, severity and bypass are the same.
 */
export class FindingList {
  readonly #ranked: Statement<unknown[], RankedRow>
  readonly #open: Statement<unknown[], StateCount>
  readonly #alike: Statement<unknown[], HeadRow & { readonly findings: number }>
  readonly #byId: Statement<unknown[], HeadRow>
  readonly #finding: Statement<[string], FindingRow>

  constructor(database: Database) {
    const ranked = `FROM finding INDEXED BY finding_rank WHERE ${MATCHING}`
    this.#ranked = database.prepare(`
      SELECT ${HEAD},
        CASE WHEN ${BY_ID} OR ${BY_CLIENT} THEN 'this' WHEN ${BY_APP} THEN 'its app' ELSE 'nothing' END AS decided
      ${ranked} ORDER BY severity, bypass DESC, day DESC, id`)
    this.#open = database.prepare(`
      SELECT count(*) AS findings, ifnull(sum(bypass), 0) AS bypasses ${ranked} AND NOT ${BY_ID} AND NOT ${BY_APP}`)
    this.#alike = database.prepare(`
      SELECT '' AS id, ${ALIKE}, count(*) AS findings ${ranked} AND ${ANY_BY_APP} AND ${BY_APP} AND NOT ${BY_ID}
      GROUP BY 2, 3, 4, 5`)
    this.#byId = database.prepare(`SELECT ${HEAD} FROM finding WHERE ${MATCHING} AND ${BY_ID}`)
    this.#finding = database.prepare('SELECT id, app, revision, body FROM finding WHERE id = ?')
  }

  /** The worst first, then bypasses, then the latest; one in memory at a time. */
  *page(
    query: FindingQuery,
    { states, limit }: FindingPage,
    standingOf: StandingOf,
    today: Day,
  ): Generator<ReviewedFinding, void, undefined> {
    let left = limit ?? Number.POSITIVE_INFINITY
    if (left <= 0) return
    const alike = remembered(standingOf)
    for (const { decided, ...row } of this.#ranked.iterate({ ...parametersOf(query), today })) {
      const head = headOfRow(row)
      const review = decided === 'nothing' ? undefined : (decided === 'this' ? standingOf : alike)(head)
      if (!states.includes(review?.value ?? 'open')) continue
      const finding = findingOf(this.#finding.get(row.id)!)
      yield review === undefined || review.rule === 'not-reviewed' ? finding : { ...finding, review }
      if (--left === 0) return
    }
  }

  counts(query: FindingQuery, standingOf: StandingOf, today: Day): Record<ReviewState, StateCount> {
    const counts = Object.fromEntries(REVIEW_STATES.map((state) => [state, { findings: 0, bypasses: 0 }])) as Record<
      ReviewState,
      { findings: number; bypasses: number }
    >
    const parameters = { ...parametersOf(query), today }
    const add = (row: HeadRow, findings: number) => {
      const count = counts[standingOf(headOfRow(row)).value]
      count.findings += findings
      count.bypasses += row.bypass * findings
    }
    counts.open = { ...this.#open.get(parameters)! }
    for (const { findings, ...row } of this.#alike.iterate(parameters)) add(row, findings)
    for (const row of this.#byId.iterate(parameters)) add(row, 1)
    return counts
  }
}

/** The same answer for heads that differ in nothing that a suppression of a whole app looks at. */
function remembered(standingOf: StandingOf): StandingOf {
  const known = new Map<string, Standing>()
  return (head) => {
    const key = `${head.severity} ${head.bypass} ${head.app}`
    const before = known.get(key)
    if (before !== undefined) return before
    const standing = standingOf(head)
    known.set(key, standing)
    return standing
  }
}
