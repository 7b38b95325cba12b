import { twinOf } from './across.ts'
import { IS_NEAR, NEAR } from './near-sessions.ts'
import type { IdentityRow } from './subject.ts'

/** A subject, and of the rest what was seen of one address in one network. */
export interface SubjectRow extends IdentityRow {
  readonly subject: number
  /** Null, like all below it, in the first row of each subject: nothing may be left of it. */
  readonly party: number | null
}

export interface PartyRow extends SubjectRow {
  readonly party: number
  readonly client: number
  readonly clientKind: IdentityRow['kind']
  readonly clientTag: IdentityRow['tag']
  readonly userTag: IdentityRow['tag'] | null
  readonly network: string
}

/**
 * The subjects of a day with their parties. Who had the address of another subject by a log is one, too, and has what
 * was seen there of nobody in particular among its own.
 */
const parties = (isAcross: boolean) => `${isAcross ? BESIDE : ''}
  subject(id) AS MATERIALIZED (
    SELECT id FROM present
    UNION SELECT m.holder FROM near CROSS JOIN present CROSS JOIN session_mark AS m
      ON m.day = near.day AND m.inner = present.id WHERE m.user != 0 OR m.device != 0${isAcross ? HOLDERS_ACROSS : ''}),
  theirs(subject, party) AS (
    SELECT id, NULL FROM subject
    UNION ALL SELECT subject.id, party.id FROM subject CROSS JOIN party ON party.subject = subject.id
    WHERE EXISTS (SELECT 1 FROM sighting WHERE sighting.day = :day AND sighting.party = party.id)
    UNION ALL SELECT DISTINCT subject.id, party.id FROM subject CROSS JOIN session_mark AS m ON m.holder = subject.id
      CROSS JOIN party ON party.client = m.inner AND party.user = 0
    WHERE m.day ${IS_NEAR} AND (m.user != 0 OR m.device != 0)
      AND EXISTS (SELECT 1 FROM sighting WHERE sighting.day = :day AND sighting.party = party.id)
    ${isAcross ? THEIRS_ACROSS : ''})
  SELECT theirs.subject, identity.kind, identity.tag, identity.clear, party.id AS party, party.client,
    client.kind AS clientKind, client.tag AS clientTag, user.tag AS userTag, network.name AS network
  FROM theirs JOIN identity ON identity.id = theirs.subject LEFT JOIN party ON party.id = theirs.party
    LEFT JOIN network ON network.id = party.network LEFT JOIN identity AS client ON client.id = party.client
    LEFT JOIN identity AS user ON user.id = party.user
  ORDER BY identity.kind, identity.tag, network.name, client.kind, client.tag, user.tag`
const DIRTY = 'SELECT identity FROM dirty WHERE day = :day'
const SEEN = `
  SELECT party.subject FROM (SELECT DISTINCT party FROM sighting WHERE day = :day) AS seen
  JOIN party ON party.id = seen.party`

/** Of whom a log tells a tunnel to one of these servers, by id in JSON. */
const TUNNELLED = `
  SELECT holder FROM session_mark WHERE day = :day AND kind = 0 AND :servers != '[]'
    AND gateway IN (SELECT value FROM json_each(:servers))`

/** Those with a finding that would not be among the others, by id in JSON. */
const FOUND = 'SELECT value FROM json_each(:found)'

/** Whom sessions name on the other side of the end of a period, under the pseudonyms of this side. */
const BESIDE = `
  beside(id) AS MATERIALIZED (SELECT ${twinOf('present.id', ':day')} FROM present),`
const HOLDERS_ACROSS = `
    UNION SELECT ${twinOf('told.holder', ':day')} FROM (
      SELECT DISTINCT m.holder FROM near CROSS JOIN beside CROSS JOIN session_mark AS m
        ON m.day = near.day AND m.inner = beside.id WHERE m.user != 0 OR m.device != 0) AS told`
const THEIRS_ACROSS = `
    UNION SELECT held.id, party.id FROM (
      SELECT DISTINCT there.id, m.inner
      FROM (SELECT id, ${twinOf('subject.id', ':day')} AS twin FROM subject) AS there
        CROSS JOIN session_mark AS m ON m.holder = there.twin
      WHERE m.day ${IS_NEAR} AND (m.user != 0 OR m.device != 0)) AS held
      CROSS JOIN party ON party.client = ${twinOf('held.inner', ':day')} AND party.user = 0
    WHERE EXISTS (SELECT 1 FROM sighting WHERE sighting.day = :day AND sighting.party = party.id)`

/**
 * @param which those that are to be judged again, or all that have facts and those that are to be judged again.
 * @param isAcross whether a period of pseudonyms ends near the day.
 */
export function partiesQuery(which: 'dirty' | 'all', isAcross: boolean): string {
  const present = which === 'all' ? [SEEN, DIRTY, TUNNELLED, FOUND].join(' UNION ') : DIRTY
  return `WITH RECURSIVE ${NEAR}, present(id) AS (${present}), ${parties(isAcross)}`
}

export function isParty(row: SubjectRow): row is PartyRow {
  return row.party !== null
}
