import type { HeldAbout } from '../model/held-about.ts'
import type { Hold } from '../model/retention.ts'
import { guarded } from './failure.ts'
import { type KnownSubject, oneSubject } from './find-subject.ts'
import { readHolds } from './holds.ts'
import { openForReading } from './open.ts'
import { StoreReader } from './store-reader.ts'
import { labelOf, subjectOf } from './subject.ts'

const SPAN = 'min(day) AS firstDay, max(day) AS lastDay'

/** Answers what is held about somebody; it only looks. */
export class SubjectDesk extends StoreReader {
  static open(file: string): SubjectDesk {
    return guarded(file, () => new SubjectDesk(file, openForReading(file)))
  }

  holds(): Hold[] {
    return guarded(this.file, () => readHolds(this.database))
  }

  /** All that is held about who this text names; throws `usage` where that is nobody, or several. */
  heldAbout(client: string): HeldAbout {
    return guarded(this.file, () =>
      this.database.transaction(() => this.#about(oneSubject(this.database, client, this.file)))(),
    )
  }

  #about(subject: KnownSubject): HeldAbout {
    const { id, kind, clear } = subject
    const label = labelOf(subject)
    const all = <T>(sql: string) => this.database.prepare<[object], T>(sql).all({ id, label })
    const count = (sql: string) => this.database.prepare<[object], number>(sql).pluck().get({ id, label })!
    const findings = all<{ id: string; evidence: number }>(`
      SELECT id, (SELECT count(*) FROM locker_piece WHERE locker_piece.finding = finding.id AND bytes >= 0) AS evidence
      FROM finding WHERE subject = :id ORDER BY day, id`)
    return {
      ...{ pseudonym: subjectOf(subject), label, kind },
      ...(clear !== null && { clear }),
      ...(count('SELECT count(*) FROM sealed_identity WHERE identity = :id') > 0 && { sealed: true as const }),
      seen: all(`
        SELECT indicator.app, network.name AS network, count(*) AS sightings, ${SPAN}
        FROM party CROSS JOIN sighting ON sighting.party = party.id JOIN network ON network.id = party.network
          JOIN indicator ON indicator.id = sighting.trait / 128
        WHERE party.client = :id OR party.user = :id GROUP BY 1, 2 ORDER BY 1, 2`),
      tunnels: all(`
        SELECT gateway.name AS gateway, count(*) AS quarters, ${SPAN} FROM mark JOIN gateway ON gateway.id = mark.gateway
        WHERE client = :id GROUP BY 1 ORDER BY 1`),
      sessions: all(`
        SELECT iif(kind = 0, 'tunnel', 'lease') AS kind, count(*) AS records, ${SPAN} FROM session_mark
        WHERE :id IN (inner, outer, user, device) GROUP BY 1 ORDER BY 1`),
      answers: all(`
        SELECT indicator.app, count(*) AS answers, ${SPAN} FROM answer JOIN indicator ON indicator.id = answer.indicator
        WHERE client = :id GROUP BY 1 ORDER BY 1`),
      findings: findings.map((row) => ({
        finding: this.finding(row.id)!,
        reviews: this.reviews(row.id),
        statements: this.statements(row.id),
        evidence: row.evidence,
      })),
      goneReviews: count('SELECT count(*) FROM review WHERE subject = :id AND finding NOT IN (SELECT id FROM finding)'),
      suppressions: count('SELECT count(*) FROM suppression WHERE (subject = :id OR client = :label) AND lifts = 0'),
      messages: count('SELECT count(*) FROM outbox WHERE finding IN (SELECT id FROM finding WHERE subject = :id)'),
      holds: readHolds(this.database).filter(({ client }) => client === label),
    }
  }
}
