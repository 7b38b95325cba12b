import type { Database } from 'better-sqlite3'
import { periodOf, type Rotation } from '../base/period.ts'
import { type Day, MICROS_PER_DAY } from '../base/time.ts'
import {
  ACTIVITY_ROWS,
  type BoardSubject,
  type CountedRow,
  type CountedWeek,
  ROUTE_ROWS,
  type StoreCounts,
} from '../model/board.ts'
import { SEVERITIES } from '../model/finding.ts'
import { REVIEW_STATES } from '../model/review.ts'
import type { CoveredApps, DaySpan, OverviewCount } from './board-query.ts'
import { HEAD, type HeadRow, headOfRow } from './findings.ts'
import { ReviewReader } from './reviews.ts'
import { labelOf } from './subject.ts'

/** Counts what a report for a board tells of, in SQL: memory does not grow with the findings. */
export class BoardReader {
  readonly #database: Database
  /** SQL for the period of pseudonyms of a day. */
  readonly #period: string = "''"

  /**
   * @param span the days to count; verdicts on them are taken out of the findings once, into a table of this connection.
   * @param rotation how long a person has one pseudonym.
   */
  constructor(database: Database, span: DaySpan, covered: CoveredApps, rotation: Rotation = 'none') {
    this.#database = database
    if (rotation !== 'none') {
      const periodOn = (day: Day) => periodOf(day * MICROS_PER_DAY, rotation).name
      database.function('period_on', { deterministic: true }, periodOn)
      this.#period = 'period_on(day)'
    }
    database.exec(`
      DROP TABLE IF EXISTS temp.board_use;
      CREATE TEMP TABLE board_use(day INTEGER, subject INTEGER, app TEXT, reach INTEGER, activity INTEGER, bypass INTEGER,
        minutes INTEGER, network TEXT, directorate TEXT, exemption TEXT)`)
    database
      .prepare(`
        INSERT INTO board_use SELECT day, subject, app,
          CASE WHEN verdict ->> '$.bypass' THEN 0
            WHEN verdict ->> '$.route.value' IN ('government', 'permitted-split') THEN 2 ELSE 1 END,
          CASE verdict ->> '$.activity.value' WHEN 'call' THEN 0 WHEN 'background' THEN 2 ELSE 1 END,
          verdict ->> '$.bypass', verdict ->> '$.minutes', network, directorate,
          iif(verdict ->> '$.ruling.value' = 'exempt', verdict ->> '$.ruling.rule', NULL)
        FROM (
          SELECT day, subject, app, each.value AS verdict, body ->> '$.network' AS network,
            coalesce(body ->> '$.group', '') AS directorate
          FROM finding, json_each(body, '$.verdicts') AS each
          WHERE day BETWEEN :from AND :until
            AND (app IN (SELECT value FROM json_each(:apps)) OR app NOT IN (SELECT value FROM json_each(:others))
              AND body ->> '$.category' IN (SELECT value FROM json_each(:categories)))
        )
        WHERE verdict ->> '$.ruling.value' != 'permitted' AND verdict ->> '$.activity.value' != 'site-visit'
          AND NOT verdict ->> '$.blocked'`)
      .run({
        ...span,
        apps: JSON.stringify(covered.apps),
        others: JSON.stringify(covered.others),
        categories: JSON.stringify(covered.categories),
      })
    database.exec('CREATE INDEX temp.board_use_day ON board_use(day)')
  }

  /** @param today what the standing of findings is told for. */
  month({ from, until }: DaySpan, today: Day): StoreCounts {
    const span = { from, until }
    const perPerson = (key: string) =>
      this.#rows(
        `SELECT key, count(*) AS people FROM
        (SELECT ${key} AS key FROM board_use WHERE day BETWEEN :from AND :until GROUP BY subject) GROUP BY key`,
        span,
      )
    return {
      month: from,
      people: this.#count('SELECT count(DISTINCT subject) FROM board_use WHERE day BETWEEN :from AND :until', span),
      routes: inOrder(ROUTE_ROWS, perPerson('min(reach)')),
      activities: inOrder(ACTIVITY_ROWS, perPerson('min(activity)')),
      // The directorate that was told last.
      groups: perPerson("substr(max(printf('%010d', day) || directorate), 11)"),
      networks: this.#rows(
        `SELECT key, count(*) AS people FROM (
          SELECT substr(max(printf('%015d', minutes) || network), 16) AS key FROM (
            SELECT subject, network, sum(minutes) AS minutes FROM board_use
            WHERE day BETWEEN :from AND :until GROUP BY subject, network
          ) GROUP BY subject
        ) GROUP BY key`,
        span,
      ),
      apps: this.#rows(
        `SELECT app AS key, count(DISTINCT subject) AS people FROM board_use
        WHERE day BETWEEN :from AND :until GROUP BY app`,
        span,
      ),
      exemptions: this.#rows(
        `SELECT exemption AS key, count(DISTINCT subject) AS people FROM board_use
        WHERE day BETWEEN :from AND :until AND exemption IS NOT NULL GROUP BY exemption`,
        span,
      ),
      states: this.#states(span, today),
      weeks: this.#weeks(span),
    }
  }

  /** Those with most days of bypass first, then with most days; one more than the limit where there are more. */
  subjects({ from, until }: DaySpan, limit: number): BoardSubject[] {
    return this.#database
      .prepare<[object], { kind: 'user'; tag: Uint8Array; apps: string; days: number; bypassDays: number }>(`
        SELECT kind, tag, (SELECT json_group_array(app) FROM
            (SELECT DISTINCT app FROM board_use AS own WHERE own.subject = counted.subject
              AND day BETWEEN :from AND :until ORDER BY app LIMIT 20)) AS apps, days, bypassDays
        FROM (SELECT subject, count(DISTINCT day) AS days, count(DISTINCT iif(bypass, day, NULL)) AS bypassDays
          FROM board_use WHERE day BETWEEN :from AND :until GROUP BY subject) AS counted
        JOIN identity ON identity.id = subject
        ORDER BY bypassDays DESC, days DESC, kind, tag LIMIT :limit`)
      .all({ from, until, limit: limit + 1 })
      .map(({ kind, tag, apps, days, bypassDays }) => ({
        pseudonym: labelOf({ kind, tag, clear: null }),
        apps: JSON.parse(apps) as string[],
        days,
        bypassDays,
      }))
  }

  /** Of a week in which a period of pseudonyms ends the larger part: nothing says who is in both. */
  #weeks({ from, until }: DaySpan): CountedWeek[] {
    const counted = this.#database
      .prepare<[object], CountedWeek>(`
        SELECT monday, max(people) AS people, max(bypass) AS bypass FROM (
          SELECT day - (day + 3) % 7 AS monday, count(DISTINCT subject) AS people,
            count(DISTINCT iif(bypass, subject, NULL)) AS bypass
          FROM board_use WHERE day - (day + 3) % 7 + 6 BETWEEN :from AND :until AND day BETWEEN :from - 6 AND :until
          GROUP BY monday, ${this.#period})
        GROUP BY monday`)
      .all({ from, until })
    const found = new Map(counted.map((week) => [week.monday, week]))
    const weeks: CountedWeek[] = []
    // 1970-01-01 was a Thursday.
    for (let sunday = from + 6 - ((from + 3) % 7); sunday <= until; sunday += 7) {
      weeks.push(found.get(sunday - 6) ?? { monday: sunday - 6, people: 0, bypass: 0 })
    }
    return weeks
  }

  #states(span: DaySpan, today: Day): CountedRow[] {
    const standingOf = new ReviewReader(this.#database).standings(today)
    const counts = new Map(REVIEW_STATES.map((state) => [state, { value: 0, subjects: new Set<number>() }]))
    const rows = this.#database.prepare<[object], HeadRow & { subject: number }>(`
      SELECT subject, ${HEAD} FROM finding WHERE day BETWEEN :from AND :until AND severity < :none`)
    for (const row of rows.iterate({ ...span, none: SEVERITIES.indexOf('none') })) {
      const count = counts.get(standingOf(headOfRow(row)).value)!
      count.value++
      count.subjects.add(row.subject)
    }
    return [...counts].map(([key, { value, subjects }]) => ({ key, value, people: subjects.size }))
  }

  #rows(sql: string, span: DaySpan): CountedRow[] {
    const rows = this.#database.prepare<[object], { key: string | number; people: number }>(`${sql} ORDER BY key`)
    return rows.all(span).map(({ key, people }) => ({ key: String(key), value: people, people }))
  }

  #count(sql: string, span: DaySpan): number {
    return this.#database.prepare<[object], number>(sql).pluck().get(span)!
  }
}

/** What becomes of each input that overlaps these days: coverage summed up by reason, with the inputs it was met in. */
export function readOverview(database: Database, { from, until }: DaySpan): OverviewCount[] {
  return database
    .prepare<[object], OverviewCount>(`
      SELECT reason, sum(count) AS count, count(*) AS inputs FROM coverage JOIN reading ON reading.id = coverage.reading
      WHERE (state = 'current' OR source = 'stream') AND first_day <= :until AND last_day >= :from
      GROUP BY reason ORDER BY reason`)
    .all({ from, until })
}

/** A row for each of these, in their order; rows that were counted are named by their place among them. */
function inOrder(keys: readonly string[], rows: readonly CountedRow[]): CountedRow[] {
  return keys.map((key, n) => {
    const people = rows.find((row) => row.key === String(n))?.people ?? 0
    return { key, value: people, people }
  })
}
