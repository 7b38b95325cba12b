import type { Database, Statement } from 'better-sqlite3'
import { type Day, MICROS_PER_QUARTER, QUARTERS_PER_DAY } from '../base/time.ts'
import type { StoredMark, StoredSighting, SubjectDay } from '../model/facts.ts'
import { MEANS } from '../model/observation.ts'
import type { Reading, StoredReading } from '../model/reading.ts'
import { counts, Readings } from './readings.ts'
import { type IdentityRow, labelOf, subjectOf } from './subject.ts'
import { actionOf, indicatorOf, meansOf } from './trait.ts'

/** A party of a subject: what was seen of one address in one network. */
interface PartyRow extends IdentityRow {
  readonly subject: number
  readonly party: number
  readonly client: number
  readonly clientKind: IdentityRow['kind']
  readonly clientTag: IdentityRow['tag']
  readonly network: string
}

type SightingRow = readonly [
  trait: number,
  slot: number,
  reading: number,
  mask: number,
  count: number,
  up: number,
  down: number,
  first: number,
  last: number,
  firstAt: number,
  lastAt: number,
]

type MarkRow = readonly [
  day: number,
  slot: number,
  gateway: number,
  reading: number,
  mask: number,
  count: number,
  firstAt: number,
]

interface IndicatorRow {
  readonly id: number
  readonly key: string
  readonly app: string
}

/** What a local id stands for, and its place in an order that is the same on every machine. */
interface Ranked<T> {
  readonly value: T
  readonly rank: number
}

const PARTIES = `
  SELECT party.subject, identity.kind, identity.tag, identity.clear, party.id AS party, party.client,
    seen.kind AS clientKind, seen.tag AS clientTag, network.name AS network
  FROM present JOIN party ON party.id = present.party JOIN identity ON identity.id = party.subject
    JOIN network ON network.id = party.network JOIN identity AS seen ON seen.id = party.client
  ORDER BY identity.kind, identity.tag, network.name, seen.kind, seen.tag`
const DIRTY = 'SELECT party.id AS party FROM dirty JOIN party ON party.subject = dirty.identity WHERE dirty.day = :day'
const SEEN = 'SELECT DISTINCT party FROM sighting WHERE day = :day'

/** Reads the facts subject-day by subject-day, on a connection that does nothing else meanwhile. */
export class SubjectDays {
  readonly #database: Database
  readonly #nextDay: Statement<[{ day: Day }], number | null>
  readonly #parties: Statement<[{ day: Day }], PartyRow>
  readonly #sightings: Statement<[Day, number], SightingRow>
  readonly #marks: Statement<number[], MarkRow>
  #readings: ReadonlyMap<number, Ranked<Reading>> = new Map()
  #gateways: ReadonlyMap<number, string> = new Map()
  #indicators: ReadonlyMap<number, Ranked<IndicatorRow>> = new Map()

  /** @param which those that are to be judged again, or all that have facts and those that are to be judged again. */
  constructor(database: Database, which: 'dirty' | 'all') {
    const present = which === 'all' ? `${SEEN} UNION ${DIRTY}` : DIRTY
    const days = which === 'all' ? ['sighting', 'dirty'] : ['dirty']
    const nextDays = days.map((table) => `SELECT min(day) AS day FROM ${table} WHERE day > :day`).join(' UNION ALL ')
    this.#database = database
    this.#nextDay = database.prepare<[{ day: Day }], number | null>(`SELECT min(day) FROM (${nextDays})`).pluck()
    this.#parties = database.prepare(`WITH present AS (${present}) ${PARTIES}`)
    this.#sightings = database
      .prepare<[Day, number], SightingRow>(`
        SELECT trait, slot, reading, mask, count, up, down, first, last, first_at, last_at
        FROM sighting WHERE day = ? AND party = ?`)
      .raw()
    const mark = 'SELECT day, slot, gateway, reading, mask, count, first_at FROM mark WHERE day = ? AND client = ?'
    this.#marks = database
      .prepare<number[], MarkRow>(`${mark} UNION ALL ${mark} AND slot >= 92 UNION ALL ${mark} AND slot < 4`)
      .raw()
  }

  /** In the order of day and subject, all as it was when the first was asked for. */
  *read(): Generator<SubjectDay, void, undefined> {
    this.#database.exec('BEGIN')
    try {
      this.#readings = rankedReadings(new Readings(this.#database).list())
      this.#indicators = this.#rankedIndicators()
      this.#gateways = this.#gatewayNames()
      for (let day = this.#nextDay.get({ day: -1 }); typeof day === 'number'; day = this.#nextDay.get({ day })) {
        let parties: PartyRow[] = []
        for (const party of this.#parties.iterate({ day })) {
          if (parties.length > 0 && parties[0]!.subject !== party.subject) {
            yield this.#subjectDay(day, parties)
            parties = []
          }
          parties.push(party)
        }
        if (parties.length > 0) yield this.#subjectDay(day, parties)
      }
    } finally {
      this.#database.exec('ROLLBACK')
    }
  }

  #subjectDay(day: Day, parties: readonly PartyRow[]): SubjectDay {
    const identity = parties[0]!
    return {
      day,
      subject: subjectOf(identity),
      label: labelOf(identity),
      sightings: this.#sightingsOf(day, parties),
      marks: this.#marksOf(day, parties),
    }
  }

  #sightingsOf(day: Day, parties: readonly PartyRow[]): StoredSighting[] {
    const found: { sighting: StoredSighting; indicator: number; means: number; reading: number }[] = []
    for (const party of parties) {
      const client = clientOf(party)
      for (const row of this.#sightings.all(day, party.party)) {
        const reading = this.#readings.get(row[2])
        if (!reading) continue
        const [trait, slot, , mask, count, bytesUp, bytesDown, first, last, firstAt, lastAt] = row
        const indicator = this.#indicators.get(indicatorOf(trait))!
        const means = meansOf(trait)
        const quarter = day * QUARTERS_PER_DAY + slot
        const start = quarter * MICROS_PER_QUARTER
        const sighting: StoredSighting = {
          reading: reading.value,
          client,
          network: party.network,
          app: indicator.value.app,
          indicator: indicator.value.key,
          means,
          action: actionOf(trait),
          quarter,
          mask,
          count,
          bytesUp,
          bytesDown,
          first: start + first,
          last: start + last,
          firstAt,
          lastAt,
        }
        found.push({ sighting, indicator: indicator.rank, means: MEANS.indexOf(means), reading: reading.rank })
      }
    }
    // The sort is stable: what is equal in all of these stays in the order of the parties.
    found.sort(
      (a, b) =>
        a.sighting.quarter - b.sighting.quarter ||
        a.indicator - b.indicator ||
        a.means - b.means ||
        byText(a.sighting.action, b.sighting.action) ||
        a.reading - b.reading,
    )
    return found.map(({ sighting }) => sighting)
  }

  #marksOf(day: Day, parties: readonly PartyRow[]): StoredMark[] {
    const found: { mark: StoredMark; reading: number }[] = []
    for (const [id, client] of new Map(parties.map((party) => [party.client, clientOf(party)]))) {
      const rows = this.#marks.all(day, id, day - 1, id, day + 1, id)
      for (const [markDay, slot, gatewayId, readingId, mask, count, firstAt] of rows) {
        const reading = this.#readings.get(readingId)
        if (!reading) continue
        const gateway = this.#gateways.get(gatewayId)!
        const quarter = markDay * QUARTERS_PER_DAY + slot
        found.push({
          mark: { reading: reading.value, client, gateway, quarter, mask, count, firstAt },
          reading: reading.rank,
        })
      }
    }
    found.sort(
      (a, b) => a.mark.quarter - b.mark.quarter || byText(a.mark.gateway, b.mark.gateway) || a.reading - b.reading,
    )
    return found.map(({ mark }) => mark)
  }

  #rankedIndicators(): Map<number, Ranked<IndicatorRow>> {
    const rows = this.#database.prepare<[], IndicatorRow>('SELECT id, key, app FROM indicator ORDER BY key').all()
    return new Map(rows.map((value, rank) => [value.id, { value, rank }]))
  }

  #gatewayNames(): Map<number, string> {
    const rows = this.#database.prepare<[], { id: number; name: string }>('SELECT id, name FROM gateway').all()
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
}

function clientOf({ clientKind, clientTag }: PartyRow): string {
  return subjectOf({ kind: clientKind, tag: clientTag })
}

function rankedReadings(readings: readonly StoredReading[]): Map<number, Ranked<Reading>> {
  return new Map(readings.filter(counts).map((reading, rank) => [reading.id, { value: reading, rank }]))
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
