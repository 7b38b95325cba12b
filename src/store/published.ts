import type { Database } from 'better-sqlite3'
import type { Day, Micros } from '../base/time.ts'
import type { MonthFigures } from '../model/board.ts'
import type { CoveredApps, DaySpan, OverviewCount } from './board-query.ts'
import { BoardReader, readOverview } from './board-reader.ts'
import { guarded } from './failure.ts'
import { openForReading, openForReviewing } from './open.ts'
import { StoreReader } from './store-reader.ts'

/** A month as it was published. */
export interface Publication {
  readonly at: Micros
  readonly figures: MonthFigures
}

/**
 * Counts for reports to a board, and remembers what was published: of a month once, and never anything else. It needs
 * neither the run's lock nor the key, as `ReviewDesk`.
 */
export class PublicationDesk extends StoreReader {
  /** @param remember whether `publish` is to be called: else the store is opened for looking only. */
  static open(file: string, remember: boolean): PublicationDesk {
    const open = remember ? openForReviewing : openForReading
    return guarded(file, () => new PublicationDesk(file, open(file)))
  }

  /** What was published of the month with this first day. */
  published(month: Day): Publication | undefined {
    return guarded(this.file, () => publishedOf(this.database, month))
  }

  /** Remembers a month as published, unless somebody else did meanwhile; gives what counts from now on. */
  publish(figures: MonthFigures, at: Micros): Publication {
    return guarded(this.file, () =>
      this.database
        .transaction(() => {
          const put = 'INSERT INTO publication(month, at, least, figures) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
          this.database.prepare(put).run(figures.month, at, figures.least, JSON.stringify(figures))
          return publishedOf(this.database, figures.month)!
        })
        .immediate(),
    )
  }

  /** Gives what counts on these days; a snapshot, so that no judgement comes between. */
  counting<T>(span: DaySpan, covered: CoveredApps, count: (reader: BoardReader) => T): T {
    return guarded(this.file, () =>
      this.database.transaction(() => count(new BoardReader(this.database, span, covered, this.rotation)))(),
    )
  }

  /** What the inputs of these days could and could not show. */
  overview(span: DaySpan): OverviewCount[] {
    return guarded(this.file, () => readOverview(this.database, span))
  }

  /** Days of subjects that changed since they were judged. */
  unjudged(): number {
    return guarded(this.file, () => this.database.prepare<[], number>('SELECT count(*) FROM dirty').pluck().get()!)
  }

  /** Hash of the policy by which the last finding of these days was judged; undefined where there is none. */
  judgedBy({ from, until }: DaySpan): string | undefined {
    return guarded(this.file, () =>
      this.database
        .prepare<[Day, Day], string>(`
          SELECT body ->> '$.policy' FROM finding WHERE day BETWEEN ? AND ? ORDER BY day DESC LIMIT 1`)
        .pluck()
        .get(from, until),
    )
  }
}

function publishedOf(database: Database, month: Day): Publication | undefined {
  const row = database
    .prepare<[Day], { at: Micros; figures: string }>('SELECT at, figures FROM publication WHERE month = ?')
    .get(month)
  return row && { at: row.at, figures: JSON.parse(row.figures) as MonthFigures }
}
