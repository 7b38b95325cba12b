import type { Database, Statement } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Day, Micros } from '../base/time.ts'
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'
import type { FindingHead } from '../model/review.ts'
import type { SaidFinding } from './changes.ts'
import { HistoryWriter } from './finding-history.ts'
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
}

interface FindingRow {
  readonly id: string
  readonly app: string
  readonly revision: number
  readonly body: string
}

interface HeadRow {
  readonly id: string
  readonly app: string
  readonly client: string
  readonly severity: number
  readonly bypass: number
}

/** Reads findings. */
export class FindingReader {
  readonly #byQuery: Statement<unknown[], FindingRow>
  readonly #byDay: Statement<unknown[], FindingRow>
  readonly #byPrefix: Statement<unknown[], FindingRow>
  readonly #heads: Statement<unknown[], HeadRow>

  constructor(database: Database) {
    const matching = `
      SELECT id, app, revision, body FROM finding
      WHERE (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
        AND (:apps IS NULL OR app IN (SELECT value FROM json_each(:apps)))
        AND (:client IS NULL OR client = :client)
        AND (:kind IS NULL OR subject IN (SELECT id FROM identity WHERE kind = :kind AND tag = :tag))
        AND day BETWEEN :from AND :until`
    this.#byQuery = database.prepare(`${matching} ORDER BY severity, bypass DESC, day DESC, id`)
    this.#byDay = database.prepare(`${matching} ORDER BY day, id`)
    this.#byPrefix = database.prepare(`
      SELECT id, app, revision, body FROM finding WHERE id >= :prefix AND id < :prefix || 'g' ORDER BY id LIMIT 5`)
    this.#heads = database.prepare(`
      SELECT id, app, client, severity, bypass FROM finding
      WHERE severity <= :severity AND (:app IS NULL OR app = :app) AND (:client IS NULL OR client = :client)`)
  }

  /** Without their bodies, one after the other: as severe as this or more, of an app, of a client as tables show it. */
  *heads(severity: Severity, app?: string, client?: string): Generator<FindingHead, void, undefined> {
    const query = { severity: SEVERITIES.indexOf(severity), app: app ?? null, client: client ?? null }
    for (const row of this.#heads.iterate(query))
      yield { ...row, severity: SEVERITIES[row.severity]!, bypass: row.bypass === 1 }
  }

  /** The worst first, then bypasses, then the latest. */
  list(query: FindingQuery): Finding[] {
    return this.#byQuery.all(parametersOf(query)).map(findingOf)
  }

  /** Day by day, then by id, one in memory at a time. */
  *each(query: FindingQuery): Generator<Finding, void, undefined> {
    for (const row of this.#byDay.iterate(parametersOf(query))) yield findingOf(row)
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
  readonly #history: HistoryWriter

  constructor(database: Database) {
    this.#history = new HistoryWriter(database)
    this.#identity = database.prepare('SELECT id FROM identity WHERE kind = ? AND tag = ?')
    this.#standing = database.prepare('SELECT id, app, revision, body FROM finding WHERE day = ? AND subject = ?')
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
   * is handed in does not count: one that says what it said keeps its own, one that says something else gets the next,
   * and one that was gone and is back goes on from the one it had. What changed is kept, as judged at this time.
   */
  replace(day: Day, subject: string, findings: readonly Finding[], at: Micros): void {
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
      const revision = before === undefined ? this.#history.found(finding.id, at) : before.revision + 1
      if (before !== undefined) this.#history.changed(JSON.parse(before.body) as SaidFinding, said, revision, at)
      const headline = finding.verdicts[0]!
      this.#put.run(
        day,
        row.id,
        finding.app,
        finding.id,
        revision,
        SEVERITIES.indexOf(headline.severity.value),
        headline.bypass ? 1 : 0,
        finding.client,
        body,
      )
    }
    for (const { app, id, revision } of standing.values()) {
      this.#history.gone(id, revision + 1, at)
      this.#remove.run(day, row.id, app)
    }
    this.#judged.run(day, row.id)
  }
}

/** What its reviews and suppressions are held against. */
export function headOf({ id, app, client, verdicts }: Finding): FindingHead {
  const { severity, bypass } = verdicts[0]!
  return { id, app, client, severity: severity.value, bypass }
}

export function noSuchFinding(id: string, file: string): OffchannelError {
  return new OffchannelError(
    'usage',
    `${harmless(id)}: no such finding in ${harmless(file)}: \`offchannel findings --all --state all\` lists them`,
  )
}

function parametersOf(query: FindingQuery): Readonly<Record<string, unknown>> {
  const identity = query.subject === undefined ? undefined : parseSubject(query.subject)
  return {
    severities: query.severities ? JSON.stringify(query.severities.map((value) => SEVERITIES.indexOf(value))) : null,
    apps: query.apps ? JSON.stringify(query.apps) : null,
    client: identity ? null : (query.subject ?? null),
    kind: identity?.kind ?? null,
    tag: identity?.tag ?? null,
    from: query.from ?? 0,
    until: query.until ?? Number.MAX_SAFE_INTEGER,
  }
}

function findingOf(row: FindingRow): Finding {
  const said = JSON.parse(row.body) as SaidFinding
  return { ...said, revision: row.revision }
}
