import type { Database, Statement } from 'better-sqlite3'
import type { AnswerPlace, EvidencePiece, MissingPiece, TunnelPlace } from '../model/evidence-piece.ts'
import { type Evidence, type Finding, SEVERITIES } from '../model/finding.ts'
import { guarded } from './failure.ts'
import { Seal } from './seal.ts'
import { SightingsByPlace } from './seen-at.ts'
import { subjectOf } from './subject.ts'
import { TunnelPlaces } from './tunnel-places.ts'

/** What the locker holds for one place of a finding. */
export type Kept =
  | { readonly kind: 'piece'; readonly piece: EvidencePiece }
  | { readonly kind: 'missing'; readonly missing: MissingPiece }
  /** It was changed, or sealed under another key. */
  | { readonly kind: 'damaged'; readonly place: string }

/** All that the locker holds of a finding. */
export interface Locked {
  readonly kept: readonly Kept[]
  /** Places that were more than the limit of a finding. */
  readonly leftOut: number
}

type AnswerRow = Omit<AnswerPlace, 'client'> & Parameters<typeof subjectOf>[0]

interface PieceRow {
  readonly place: string
  readonly sealed: Buffer
}

/** Answers of DNS that are looked for behind one sighting. */
const ANSWERS_LIMIT = 8

/**
 * The evidence locker of a store: frames and lines that prove findings, sealed with the store's key. Writing needs a
 * store that was opened for it. Throws `store_unusable` where the file or the machine fails.
 */
export class Locker {
  readonly #file: string
  readonly #database: Database
  readonly #seal: Seal
  readonly #pieces: Statement<[string], PieceRow>
  readonly #places: Statement<[string], { place: string; bytes: number }>
  readonly #answers: Statement
  readonly #tunnels: TunnelPlaces
  readonly #seen: SightingsByPlace

  constructor(file: string, database: Database, key: Uint8Array) {
    this.#file = file
    this.#database = database
    this.#seal = new Seal(key, 'evidence locker')
    this.#pieces = database.prepare('SELECT place, sealed FROM locker_piece WHERE finding = ? ORDER BY place')
    this.#tunnels = new TunnelPlaces(database)
    this.#seen = new SightingsByPlace(database)
    this.#places = database.prepare('SELECT place, bytes FROM locker_piece WHERE finding = ?')
    // Whoever was told: the client of the sighting, by the answers that were good when it was made.
    this.#answers = database.prepare(`
      SELECT DISTINCT reading.input, answer.start, answer.address, identity.kind, identity.tag
      FROM answer
      JOIN indicator ON indicator.id = answer.indicator AND indicator.key = :indicator
      JOIN reading ON reading.id = answer.reading
      JOIN identity ON identity.id = answer.client
      WHERE answer.day IN (:day - 1, :day) AND answer.client = :client AND answer.start <= :first
      ORDER BY answer.start DESC, reading.input, answer.address LIMIT ${ANSWERS_LIMIT}`)
  }

  /** The next findings by id whose evidence was not looked for since they last changed; not those of no concern. */
  unsecured(after: string, limit: number): Finding[] {
    return guarded(this.#file, () => {
      const statement = this.#database.prepare<[number, string, number], { body: string; revision: number }>(`
        SELECT finding.body, finding.revision FROM finding LEFT JOIN locker ON locker.finding = finding.id
        WHERE finding.severity < ? AND finding.id > ? AND finding.revision IS NOT locker.revision
        ORDER BY finding.id LIMIT ?`)
      return statement
        .all(SEVERITIES.indexOf('none'), after, limit)
        .map(({ body, revision }) => ({ ...(JSON.parse(body) as Omit<Finding, 'revision'>), revision }))
    })
  }

  /**
   * The places of a finding that something is held for, and the bytes of that.
   * @param missing whether places count for which it was found that there is nothing.
   */
  places(finding: string, missing: boolean): { readonly places: ReadonlySet<string>; readonly bytes: number } {
    return guarded(this.#file, () => {
      const rows = this.#places.all(finding)
      const held = rows.filter((row) => missing || row.bytes >= 0)
      const bytes = held.reduce((sum, row) => sum + Math.max(row.bytes, 0), 0)
      return { places: new Set(held.map(({ place }) => place)), bytes }
    })
  }

  of(finding: string): Locked {
    return guarded(this.#file, () => {
      const statement = this.#database.prepare<[string], number>('SELECT left_out FROM locker WHERE finding = ?')
      const kept = this.#pieces.all(finding).map(({ place, sealed }): Kept => {
        const opened = this.#seal.open(`${finding} ${place}`, sealed)
        return opened === undefined ? { kind: 'damaged', place } : unpacked(opened)
      })
      return { kept, leftOut: statement.pluck().get(finding) ?? 0 }
    })
  }

  /** The DNS answers that a sighting of a flow without a name rests on, the latest first. */
  answersBehind(evidence: Evidence): AnswerPlace[] {
    const { indicator, means, first } = evidence
    if (means !== 'address' || indicator.split(' ')[1] === 'network') return []
    return guarded(this.#file, () => {
      const clients = new Map(this.#seen.find(evidence).map(({ client, day }) => [client, day]))
      const rows = [...clients].flatMap(([client, day]) => this.#answers.all({ indicator, first, client, day }))
      return (rows as AnswerRow[]).map((row) => ({
        ...{ input: row.input, start: row.start, address: row.address },
        client: subjectOf(row),
      }))
    })
  }

  /** What shows that the tunnel was up which a sighting went outside of; none where captures show none. */
  tunnelsBehind(evidence: Evidence): TunnelPlace[] {
    if (evidence.unit !== 'frame') return []
    return guarded(this.#file, () =>
      this.#seen.find(evidence).flatMap((seen) => this.#tunnels.behind(seen, evidence.input)),
    )
  }

  /** Keeps what was found, or was not, for places of findings; in one transaction. */
  keep(found: readonly { readonly finding: string; readonly place: string; readonly kept: Kept }[]): void {
    this.#write(() => {
      const put = this.#database.prepare('INSERT OR REPLACE INTO locker_piece VALUES (?, ?, ?, ?)')
      for (const { finding, place, kept } of found) {
        const bytes = kept.kind === 'piece' ? kept.piece.bytes.length : -1
        put.run(finding, place, bytes, this.#seal.seal(`${finding} ${place}`, packed(kept)))
      }
    })
  }

  /** Enters that the evidence of these was looked for, as they are in this revision. */
  secured(findings: readonly { readonly id: string; readonly revision: number; readonly leftOut: number }[]): void {
    this.#write(() => {
      const put = this.#database.prepare('INSERT OR REPLACE INTO locker VALUES (?, ?, ?)')
      for (const { id, revision, leftOut } of findings) put.run(id, revision, leftOut)
    })
  }

  #write(change: () => void): void {
    guarded(this.#file, () => this.#database.transaction(change).immediate())
  }
}

/**
 * As JSON, and of a piece its bytes behind that. They are not packed: a line or the head of a frame hardly gets smaller,
 * and to try takes longer than all else.
 */
function packed(kept: Kept): Buffer {
  if (kept.kind !== 'piece') return Buffer.from(JSON.stringify(kept))
  const { bytes, ...piece } = kept.piece
  return Buffer.concat([Buffer.from(`${JSON.stringify({ kind: 'piece', piece })}\n`), bytes])
}

function unpacked(opened: Buffer): Kept {
  const end = opened.indexOf('\n')
  if (end < 0) return JSON.parse(opened.toString()) as Kept
  const { piece } = JSON.parse(opened.toString('utf8', 0, end)) as { piece: Omit<EvidencePiece, 'bytes'> }
  const { content, fileSha256, ...custody } = piece.custody
  const known = { ...custody, content, fileSha256 }
  return { kind: 'piece', piece: { ...piece, custody: known, bytes: opened.subarray(end + 1) } }
}
