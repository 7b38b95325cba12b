import Sqlite from 'better-sqlite3'

const IDENTITY = (alias: string) =>
  `"${alias}".kind || '-' || lower(hex("${alias}".tag)) || ' ' || ifnull("${alias}".clear, '')`
const READING = `reading.input || ' ' || reading.settings || ' ' || ifnull(content.sample, '-')`
const OF_READING = 'LEFT JOIN content ON content.id = reading.content'

const TABLES: Readonly<Record<string, string>> = {
  readings: `
    SELECT ${READING} AS reading, content.length, content.sha256, kind, format, source, state, file_sha256, first_day,
      last_day
    FROM reading ${OF_READING}`,
  sightings: `
    SELECT ${READING} AS reading, day, ${IDENTITY('client')} AS client, ${IDENTITY('user')} AS user,
      network.name AS network, indicator.app, indicator.key, trait % 128 AS trait, slot, mask, count, up, down, first,
      last, first_at, last_at
    FROM sighting JOIN reading ON reading.id = sighting.reading ${OF_READING}
      JOIN party ON party.id = sighting.party JOIN identity AS client ON client.id = party.client
      LEFT JOIN identity AS user ON user.id = party.user JOIN network ON network.id = party.network
      JOIN indicator ON indicator.id = trait / 128`,
  marks: `
    SELECT ${READING} AS reading, day, ${IDENTITY('client')} AS client, gateway.name AS gateway, slot, mask, count, first_at
    FROM mark JOIN reading ON reading.id = mark.reading ${OF_READING} JOIN identity AS client ON client.id = mark.client
      JOIN gateway ON gateway.id = mark.gateway`,
  session_marks: `
    SELECT ${READING} AS reading, day, mark.kind, mark.event, at, since, until, ${IDENTITY('inner')} AS "inner",
      ${IDENTITY('outer')} AS "outer", ${IDENTITY('user')} AS user, ${IDENTITY('device')} AS device,
      ${IDENTITY('holder')} AS holder, gateway.name AS gateway, protocol, position
    FROM session_mark AS mark JOIN reading ON reading.id = mark.reading ${OF_READING}
      JOIN gateway ON gateway.id = mark.gateway LEFT JOIN identity AS "inner" ON "inner".id = mark.inner
      LEFT JOIN identity AS "outer" ON "outer".id = mark.outer LEFT JOIN identity AS user ON user.id = mark.user
      LEFT JOIN identity AS device ON device.id = mark.device LEFT JOIN identity AS holder ON holder.id = mark.holder`,
  answers: `
    SELECT ${READING} AS reading, day, ${IDENTITY('client')} AS client, address, start, until, indicator.app, indicator.key
    FROM answer JOIN reading ON reading.id = answer.reading ${OF_READING}
      JOIN identity AS client ON client.id = answer.client JOIN indicator ON indicator.id = answer.indicator`,
  coverage: `
    SELECT ${READING} AS reading, reason, count FROM coverage JOIN reading ON reading.id = coverage.reading ${OF_READING}`,
  dirty: `
    SELECT day, ${IDENTITY('subject')} AS subject FROM dirty JOIN identity AS subject ON subject.id = dirty.identity`,
  findings: `
    SELECT day, ${IDENTITY('subject')} AS subject, app, finding.id, revision, severity, bypass, client, body
    FROM finding JOIN identity AS subject ON subject.id = finding.subject`,
}

/**
 * A store's facts and findings, each a line of JSON with natural keys for local ids, sorted: equal where stores are.
 */
export function dump(file: string): Record<string, string[]> {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
    const result: Record<string, string[]> = {}
    for (const [name, sql] of Object.entries(TABLES)) {
      const lines = database
        .prepare(sql)
        .all()
        .map((row) => JSON.stringify(row))
      result[name] = lines.sort()
      // A row whose ids lead nowhere would be lost by the joins.
      const table = name === 'coverage' || name === 'dirty' ? name : name.slice(0, -1)
      if (lines.length !== count(table))
        throw new Error(`${table}: ${count(table)} rows, of which ${lines.length} resolve`)
    }
    return result
  } finally {
    database.close()
  }
}
