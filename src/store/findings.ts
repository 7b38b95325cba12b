import type { Database, Statement } from 'better-sqlite3'
import { OffchannelError } from '../base/errors.ts'
import { harmless } from '../base/text.ts'
import type { Day, Micros } from '../base/time.ts'
import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'
import type { FindingHead } from '../model/review.ts'
import type { SaidFinding } from './changes.ts'
import { HistoryWriter } from './finding-history.ts'
import type { OutboxWriter } from './outbox.ts'
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

export interface FindingRow {
  readonly id: string
  readonly app: string
  readonly revision: number
  readonly body: string
}

interface WrittenRow {
  readonly id: string
  readonly subject: number
  readonly revision: number
  readonly others: string
  readonly body: string
}

export interface HeadRow {
  readonly id: string
  readonly app: string
  readonly client: string
  readonly holder: string
  readonly severity: number
  readonly bypass: number
}

/** What `FindingQuery` asks, with the parameters that `parametersOf` gives. */
export const MATCHING = `
  (:severities IS NULL OR severity IN (SELECT value FROM json_each(:severities)))
  AND (:apps IS NULL OR app IN (SELECT value FROM json_each(:apps)))
  AND (:client IS NULL OR client = :client)
  AND (:kind IS NULL OR subject IN (SELECT id FROM identity WHERE kind = :kind AND tag = :tag))
  AND day BETWEEN :from AND :until`

/** The columns of `HeadRow`. */
export const HEAD = `id, app, client, severity, bypass,
  iif((SELECT kind FROM identity WHERE id = subject) = 'address', '', client) AS holder`

/** Reads findings. */
export class FindingReader {
  readonly #byQuery: Statement<unknown[], FindingRow>
  readonly #byDay: Statement<unknown[], FindingRow>
  readonly #byPrefix: Statement<unknown[], FindingRow>
  readonly #heads: Statement<unknown[], HeadRow>

  constructor(database: Database) {
    const matching = `SELECT id, app, revision, body FROM finding WHERE ${MATCHING}`
    this.#byQuery = database.prepare(`${matching} ORDER BY severity, bypass DESC, day DESC, id`)
    this.#byDay = database.prepare(`${matching} ORDER BY day, id`)
    this.#byPrefix = database.prepare(`
      SELECT id, app, revision, body FROM finding WHERE id >= :prefix AND id < :prefix || 'g' ORDER BY id LIMIT 5`)
    this.#heads = database.prepare(`
      SELECT ${HEAD} FROM finding
      WHERE severity <= :severity AND (:app IS NULL OR app = :app) AND (:client IS NULL OR client = :client)`)
  }

  /** Without their bodies, one after the other: as severe as this or more, of an app, of a client as tables show it. */
  *heads(severity: Severity, app?: string, client?: string): Generator<FindingHead, void, undefined> {
    const query = { severity: SEVERITIES.indexOf(severity), app: app ?? null, client: client ?? null }
    for (const row of this.#heads.iterate(query)) yield headOfRow(row)
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

/** Subjects of a day that are judged before it is asked which of them have findings at all. */
const MANY = 64

/** Writes what judgement says, one subject-day after the other, and then what it says no longer. */
export class FindingWriter {
  readonly #identity: Statement<unknown[], { id: number }>
  readonly #standing: Statement<unknown[], WrittenRow>
  readonly #byId: Statement<[string], WrittenRow>
  readonly #found: Statement<[Day], number>
  readonly #add: Statement
  readonly #revise: Statement<[revision: number, id: string]>
  readonly #put: Statement
  readonly #letGo: Statement<[string]>
  readonly #leaving: Statement<[], Omit<WrittenRow, 'subject'>>
  readonly #remove: Statement<[string]>
  readonly #addOther: Statement<[other: string, finding: string]>
  readonly #removeOther: Statement<[other: string, finding: string]>
  readonly #judged: Statement
  readonly #history: HistoryWriter
  readonly #outbox: OutboxWriter
  /** The day that is being judged, its subjects so far, and those of all that have findings, once there are many. */
  #day: Day = -1
  #subjects: number[] = []
  #having: Set<number> | undefined

  constructor(database: Database, outbox: OutboxWriter) {
    this.#outbox = outbox
    this.#history = new HistoryWriter(database)
    this.#identity = database.prepare('SELECT id FROM identity WHERE kind = ? AND tag = ?')
    const columns = 'SELECT id, subject, revision, others, body FROM finding'
    this.#standing = database.prepare(`${columns} WHERE day = ? AND subject = ?`)
    this.#byId = database.prepare(`${columns} WHERE id = ?`)
    this.#found = database.prepare<[Day], number>('SELECT DISTINCT subject FROM finding WHERE day = ?').pluck()
    const insert = `
      INSERT INTO finding(day, subject, app, id, revision, severity, bypass, client, others, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    this.#add = database.prepare(`${insert} ON CONFLICT(id) DO NOTHING`)
    this.#revise = database.prepare('UPDATE finding SET revision = ? WHERE id = ?')
    this.#put = database.prepare(`${insert}
      ON CONFLICT(id) DO UPDATE SET subject = excluded.subject, revision = excluded.revision,
        severity = excluded.severity, bypass = excluded.bypass, client = excluded.client, others = excluded.others,
        body = excluded.body`)
    this.#letGo = database.prepare('UPDATE finding SET subject = 0 WHERE id = ?')
    this.#addOther = database.prepare('INSERT INTO finding_other VALUES (?, ?)')
    this.#removeOther = database.prepare('DELETE FROM finding_other WHERE other = ? AND finding = ?')
    this.#leaving = database.prepare(
      'SELECT id, revision, others, body FROM finding WHERE subject = 0 ORDER BY id LIMIT 1000',
    )
    this.#remove = database.prepare('DELETE FROM finding WHERE id = ?')
    this.#judged = database.prepare('DELETE FROM dirty WHERE day = ? AND identity IN (SELECT value FROM json_each(?))')
  }

  /**
   * Makes these the findings of the subject-day, and takes it off the list of what is to be judged. The revision that
   * is handed in does not count: one that says what it said keeps its own, one that says something else gets the next,
   * also where it was another subject's, and one that was gone and is back goes on from the one it had. What changed is
   * kept, as judged at this time. One that is not among them is nobody's until another subject takes it, or `finish`.
   */
  replace(
    day: Day,
    subject: string,
    findings: readonly Finding[],
    otherIds: ReadonlyMap<string, readonly string[]>,
    at: Micros,
  ): void {
    const identity = parseSubject(subject)
    const row = identity && this.#identity.get(identity.kind, identity.tag)
    if (!row) throw new Error(`no such subject: ${subject}`)
    const standing = this.#standingOf(day, row.id)
    for (const finding of findings) {
      const { revision: _, ...said } = finding
      const body = JSON.stringify(said)
      const others = otherIds.get(finding.id)?.join(' ') ?? ''
      const headline = finding.verdicts[0]!
      const columns = (revision: number) => [
        ...[day, row.id, finding.app, finding.id, revision, SEVERITIES.indexOf(headline.severity.value)],
        ...[headline.bypass ? 1 : 0, finding.client, others, body],
      ]
      const stood = standing.get(finding.id)
      standing.delete(finding.id)
      if (stood === undefined && this.#add.run(columns(1)).changes === 1) {
        const revision = this.#history.found(said.id, at)
        if (revision !== 1) this.#revise.run(revision, said.id)
        this.#replaceOthers(said.id, '', others)
        this.#outbox.judged(said, revision)
        continue
      }
      const before = stood ?? this.#byId.get(finding.id)!
      if (before.body === body && before.others === others && before.subject === row.id) continue
      this.#replaceOthers(finding.id, before.others, others)
      this.#put.run(columns(this.#revisionOf(before, said, body, at)))
    }
    for (const id of standing.keys()) this.#letGo.run(id)
  }

  /** Notes that a subject of a day is judged; gives its findings as they are. */
  #standingOf(day: Day, subject: number): Map<string, WrittenRow> {
    if (day !== this.#day) {
      this.#endDay()
      this.#day = day
    }
    // Of most subjects nothing is found, and it costs as much to ask for each as to judge it.
    if (this.#subjects.push(subject) === MANY) this.#having = new Set(this.#found.iterate(day))
    const isNew = this.#having?.has(subject) === false
    this.#having?.add(subject)
    return new Map(isNew ? [] : this.#standing.all(day, subject).map((finding) => [finding.id, finding]))
  }

  /** Takes what was judged of a day off the list of what is to be judged. */
  #endDay(): void {
    if (this.#subjects.length > 0) this.#judged.run(this.#day, JSON.stringify(this.#subjects))
    this.begin()
  }

  /** Before the first of a judgement. */
  begin(): void {
    this.#day = -1
    this.#subjects = []
    this.#having = undefined
  }

  /** What nobody has taken is gone. */
  finish(at: Micros): void {
    this.#endDay()
    for (let rows = this.#leaving.all(); rows.length > 0; rows = this.#leaving.all()) {
      for (const { id, revision, others, body } of rows) {
        this.#replaceOthers(id, others, '')
        this.#history.gone(id, revision + 1, at)
        this.#outbox.gone(JSON.parse(body) as SaidFinding, revision + 1)
        this.#remove.run(id)
      }
    }
  }

  #replaceOthers(id: string, before: string, after: string): void {
    if (before === after) return
    for (const other of before.split(' ').filter(Boolean)) this.#removeOther.run(other, id)
    for (const other of after.split(' ').filter(Boolean)) this.#addOther.run(other, id)
  }

  #revisionOf(before: WrittenRow, said: SaidFinding, body: string, at: Micros): number {
    if (before.body === body) return before.revision
    const isNews = this.#history.changed(JSON.parse(before.body) as SaidFinding, said, before.revision + 1, at)
    if (isNews) this.#outbox.judged(said, before.revision + 1)
    return before.revision + 1
  }
}

export function headOfRow(row: HeadRow): FindingHead {
  return { ...row, severity: SEVERITIES[row.severity]!, bypass: row.bypass === 1 }
}

/** What its reviews and suppressions are held against. */
export function headOf({ id, app, client, whose, verdicts }: Finding): FindingHead {
  const { severity, bypass } = verdicts[0]!
  const held = whose?.value === 'named' || whose?.value === 'leased'
  return { id, app, client, holder: held ? client : '', severity: severity.value, bypass }
}

export function noSuchFinding(id: string, file: string): OffchannelError {
  return new OffchannelError(
    'usage',
    `${harmless(id)}: no such finding in ${harmless(file)}: \`offchannel findings --all --state all\` lists them`,
  )
}

/** For `MATCHING`. */
export function parametersOf(query: FindingQuery): Readonly<Record<string, unknown>> {
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

export function findingOf(row: FindingRow): Finding {
  const said = JSON.parse(row.body) as SaidFinding
  return { ...said, revision: row.revision }
}
