import type { Database, Statement } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Day } from '../base/time.ts'
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'
import { parseSubject } from './subject.ts'

/** Which findings: those that all of these say yes to. */
export interface FindingQuery {
  readonly severities?: readonly Severity[] | undefined
  /** Ids of apps. */
  readonly apps?: readonly string[] | undefined
  /** As `Finding.client` shows it, or as `SubjectDay.subject` names it. */
  readonly subject?: string | undefined
  /** First and last day, both included. */
  readonly from?: Day | undefined
  readonly until?: Day | undefined
  readonly limit?: number | undefined
}

interface FindingRow {
  readonly app: string
  readonly revision: number
  readonly body: string
}

/** Reads findings. */
export class FindingReader {
  readonly #byQuery: Statement<unknown[], FindingRow>
  readonly #byPrefix: Statement<unknown[], FindingRow>

  constructor(database: Database) {
    this.#byQuery = database.prepare(`
      SELECT app, revision, body FROM finding
      WHERE (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
        AND (:apps IS NULL OR app IN (SELECT value FROM json_each(:apps)))
        AND (:client IS NULL OR client = :client)
        AND (:kind IS NULL OR subject IN (SELECT id FROM identity WHERE kind = :kind AND tag = :tag))
        AND day BETWEEN :from AND :until
      ORDER BY severity, bypass DESC, day DESC, id
      LIMIT :limit`)
    this.#byPrefix = database.prepare(`
      SELECT app, revision, body FROM finding WHERE id >= :prefix AND id < :prefix || 'g' ORDER BY id LIMIT 5`)
  }

  /** The worst first, then bypasses, then the latest. */
  list(query: FindingQuery): Finding[] {
    const identity = query.subject === undefined ? undefined : parseSubject(query.subject)
    return this.#byQuery
      .all({
        severities: query.severities
          ? JSON.stringify(query.severities.map((value) => SEVERITIES.indexOf(value)))
          : null,
        apps: query.apps ? JSON.stringify(query.apps) : null,
        client: identity ? null : (query.subject ?? null),
        kind: identity?.kind ?? null,
        tag: identity?.tag ?? null,
        from: query.from ?? 0,
        until: query.until ?? Number.MAX_SAFE_INTEGER,
        limit: query.limit ?? -1,
      })
      .map(findingOf)
  }

  /** By its id or the beginning of it; undefined where there is none. Throws where the beginning is that of several. */
  get(id: string): Finding | undefined {
    const found = this.#byPrefix.all({ prefix: id }).map(findingOf)
    if (found.length > 1 && found[0]!.id !== id) {
      const ids = found.map((finding) => finding.id)
      const some = ids.length === 5 ? `${ids.slice(0, 4).join(', ')} and others` : ids.join(', ')
      throw new OffchannelError(
        'usage',
        `${harmless(id)} is the beginning of several findings (${some}): give more of it`,
      )
    }
    return found[0]
  }
}

/** Writes what judgement says of one subject-day. */
export class FindingWriter {
  readonly #identity: Statement<unknown[], { id: number }>
  readonly #standing: Statement<unknown[], FindingRow>
  readonly #put: Statement
  readonly #remove: Statement
  readonly #judged: Statement

  constructor(database: Database) {
    this.#identity = database.prepare('SELECT id FROM identity WHERE kind = ? AND tag = ?')
    this.#standing = database.prepare('SELECT app, revision, body FROM finding WHERE day = ? AND subject = ?')
    this.#put = database.prepare(`
      INSERT INTO finding(day, subject, app, id, revision, severity, bypass, client, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(day, subject, app) DO UPDATE SET id = excluded.id, revision = excluded.revision,
        severity = excluded.severity, bypass = excluded.bypass, client = excluded.client, body = excluded.body`)
    this.#remove = database.prepare('DELETE FROM finding WHERE day = ? AND subject = ? AND app = ?')
    this.#judged = database.prepare('DELETE FROM dirty WHERE day = ? AND identity = ?')
  }

  /**
   * Makes these the findings of the subject-day, and takes it off the list of what is to be judged. The revision that
   * is handed in does not count: one that says what it said keeps its own, one that says something else gets the next.
   */
  replace(day: Day, subject: string, findings: readonly Finding[]): void {
    const identity = parseSubject(subject)
    const row = identity && this.#identity.get(identity.kind, identity.tag)
    if (!row) throw new Error(`no such subject: ${subject}`)
    const standing = new Map(this.#standing.all(day, row.id).map((finding) => [finding.app, finding]))
    for (const finding of findings) {
      const before = standing.get(finding.app)
      standing.delete(finding.app)
      const { revision: _, ...said } = finding
      const body = JSON.stringify(said)
      if (before?.body === body) continue
      const headline = finding.verdicts[0]!
      this.#put.run(
        day,
        row.id,
        finding.app,
        finding.id,
        (before?.revision ?? 0) + 1,
        SEVERITIES.indexOf(headline.severity.value),
        headline.bypass ? 1 : 0,
        finding.client,
        body,
      )
    }
    for (const app of standing.keys()) this.#remove.run(day, row.id, app)
    this.#judged.run(day, row.id)
  }
}

function findingOf(row: FindingRow): Finding {
  const said = JSON.parse(row.body) as Omit<Finding, 'revision'>
  return { ...said, revision: row.revision }
}
