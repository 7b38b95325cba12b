import type { Database, Statement } from 'better-sqlite3'
import { type Day, MICROS_PER_QUARTER, QUARTERS_PER_DAY } from '../base/time.ts'
import type { StoredMark, StoredSighting, SubjectDay } from '../model/facts.ts'
import { MEANS } from '../model/observation.ts'
import type { Reading, StoredReading } from '../model/reading.ts'
import { type Across, lastingName } from './across.ts'
import { factsFrom } from './kept-out.ts'
import { AcrossDay } from './names-across.ts'
import { NearSessions } from './near-sessions.ts'
import { isParty, type PartyRow, partiesQuery, type SubjectRow } from './parties.ts'
import { counts, Readings } from './readings.ts'
import { type IdentityRow, labelOf, subjectOf } from './subject.ts'
import { actionOf, indicatorOf, meansOf } from './trait.ts'

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

type PartiesStatement = Statement<[{ day: Day; servers: string; found: string }], SubjectRow>

/** What a local id stands for, and its place in an order that is the same on every machine. */
interface Ranked<T> {
  readonly value: T
  readonly rank: number
}

/** Names of identities kept in memory before they are forgotten: some 10 MB. */
const NAMES_KEPT = 100_000

/** Reads the facts subject-day by subject-day, on a connection that does nothing else meanwhile. */
export class SubjectDays {
  readonly #database: Database
  readonly #nextDay: Statement<[{ day: Day }], number | null>
  readonly #which: 'dirty' | 'all'
  readonly #tunnelsTo: (server: string) => boolean
  readonly #parties: PartiesStatement
  readonly #partiesAcross: PartiesStatement | undefined
  readonly #across: Across | undefined
  readonly #markDays: Statement<[], Day>
  readonly #sightings: Statement<[Day, number], SightingRow>
  readonly #marks: Statement<number[], MarkRow>
  readonly #identity: Statement<[number], IdentityRow>
  readonly #namesAcross: AcrossDay | undefined
  readonly #sessions: NearSessions
  #readings: ReadonlyMap<number, Ranked<Reading>> = new Map()
  #gateways: ReadonlyMap<number, string> = new Map()
  #near: readonly Day[] = []
  /** Whether a capture shows packets of any tunnel on the day or beside it. */
  #marked = false
  readonly #identityNames = new Map<number, string>()
  #indicators: ReadonlyMap<number, Ranked<IndicatorRow>> = new Map()

  /**
   * @param which those that are to be judged again, or all that have facts and those that are to be judged again.
   * @param tunnelsTo by what logs call the server of a tunnel: whether whoever had one is among them, seen or not.
   * @param across where pseudonyms rotate: joins what goes on over the end of a period.
   */
  constructor(
    database: Database,
    which: 'dirty' | 'all',
    tunnelsTo: (server: string) => boolean,
    across: Across | undefined,
  ) {
    const days = which === 'all' ? ['sighting', 'session_mark', 'finding', 'dirty'] : ['dirty']
    this.#which = which
    this.#tunnelsTo = tunnelsTo
    const nextDays = days.map((table) => `SELECT min(day) AS day FROM ${table} WHERE day > :day`).join(' UNION ALL ')
    this.#database = database
    this.#nextDay = database.prepare<[{ day: Day }], number | null>(`SELECT min(day) FROM (${nextDays})`).pluck()
    this.#across = across
    across?.register(database)
    this.#parties = database.prepare(partiesQuery(which, false))
    this.#partiesAcross = across && database.prepare(partiesQuery(which, true))
    this.#markDays = database.prepare<[], Day>('SELECT DISTINCT day FROM mark').pluck()
    this.#sightings = database
      .prepare<[Day, number], SightingRow>(`
        SELECT trait, slot, reading, mask, count, up, down, first, last, first_at, last_at
        FROM sighting WHERE day = ? AND party = ?`)
      .raw()
    const mark = 'SELECT day, slot, gateway, reading, mask, count, first_at FROM mark WHERE day = ? AND client = ?'
    this.#marks = database
      .prepare<number[], MarkRow>(`${mark} UNION ALL ${mark} AND slot >= 92 UNION ALL ${mark} AND slot < 4`)
      .raw()
    this.#identity = database.prepare('SELECT kind, tag, clear FROM identity WHERE id = ?')
    this.#namesAcross = across && new AcrossDay(database, across)
    this.#sessions = new NearSessions(database, {
      reading: (id) => this.#readings.get(id)?.value,
      gateway: (id) => this.#gateways.get(id)!,
      identity: (id) => this.#nameOf(id),
      across: (day) => this.#namesAcross?.of(day),
    })
  }

  /**
   * In the order of day and subject, all as it was when the first was asked for. Days whose facts were purged are left
   * out: their findings stay as they were judged.
   */
  *read(): Generator<SubjectDay, void, undefined> {
    // It reads each page about once; what writes meanwhile needs the memory.
    this.#database.pragma('cache_size = -16384')
    this.#database.exec('BEGIN')
    try {
      this.#readings = rankedReadings(new Readings(this.#database).list())
      this.#indicators = this.#rankedIndicators()
      this.#gateways = this.#gatewayNames()
      const servers = [...this.#gateways].filter(([, name]) => this.#tunnelsTo(name)).map(([id]) => id)
      const markDays = new Set(this.#markDays.all())
      const found = this.#which === 'all' ? this.#foundUnseen() : new Map<Day, number[]>()
      const before = factsFrom(this.#database) - 1
      for (let day = this.#nextDay.get({ day: before }); typeof day === 'number'; day = this.#nextDay.get({ day })) {
        this.#near = this.#sessions.daysNear(day)
        this.#marked = [day - 1, day, day + 1].some((one) => markDays.has(one))
        let rows: SubjectRow[] = []
        const ids = { servers: JSON.stringify(servers), found: JSON.stringify(found.get(day) ?? []) }
        const parties = this.#across?.boundary(day) === undefined ? this.#parties : this.#partiesAcross!
        for (const row of parties.iterate({ day, ...ids })) {
          if (rows.length > 0 && rows[0]!.subject !== row.subject) {
            yield this.#subjectDay(day, rows)
            rows = []
          }
          rows.push(row)
        }
        if (rows.length > 0) yield this.#subjectDay(day, rows)
      }
    } finally {
      this.#database.exec('ROLLBACK')
    }
  }

  /** Subjects with a finding on a day on which nothing was seen under their own name: it may have to go. */
  #foundUnseen(): Map<Day, number[]> {
    const rows = this.#database.prepare<[], { day: Day; subject: number }>(`
      SELECT DISTINCT day, subject FROM finding WHERE NOT EXISTS (
        SELECT 1 FROM party CROSS JOIN sighting ON sighting.day = finding.day AND sighting.party = party.id
        WHERE party.subject = finding.subject)`)
    const found = new Map<Day, number[]>()
    for (const { day, subject } of rows.all()) {
      const known = found.get(day)
      if (known === undefined) found.set(day, [subject])
      else known.push(subject)
    }
    return found
  }

  #subjectDay(day: Day, rows: readonly SubjectRow[]): SubjectDay {
    const identity = rows[0]!
    const parties = rows.filter(isParty)
    const addresses = parties.filter((party) => party.clientKind === 'address').map((party) => party.client)
    return {
      day,
      subject: subjectOf(identity),
      label: labelOf(identity),
      ...(this.#across && { lasting: (name) => lastingName(this.#across!, name, day) }),
      sightings: this.#sightingsOf(day, parties),
      marks: this.#marksOf(day, parties),
      sessions: this.#near.length === 0 ? [] : this.#sessions.of(day, this.#near, identity.subject, new Set(addresses)),
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
          user: party.userTag === null ? '' : subjectOf({ kind: 'user', tag: party.userTag }),
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
    if (!this.#marked) return []
    const found: { mark: StoredMark; reading: number }[] = []
    const clients = new Map(parties.map((party) => [party.client, clientOf(party)]))
    const across = this.#namesAcross?.of(day)
    for (const [id, client] of [...clients]) {
      const twin = across?.twin(id)
      if (twin !== undefined) clients.set(twin, client)
    }
    for (const [id, client] of clients) {
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

  /** Those that sessions name, again and again; '' for nobody. */
  #nameOf(id: number): string {
    const known = this.#identityNames.get(id)
    if (known !== undefined) return known
    const name = id === 0 ? '' : subjectOf(this.#identity.get(id)!)
    if (this.#identityNames.size >= NAMES_KEPT) this.#identityNames.clear()
    this.#identityNames.set(id, name)
    return name
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
