import type { Database, Statement } from 'better-sqlite3'
import type { Client, Sighting } from '../model/sighting.ts'
import type { Identities } from './open.ts'
import type { SealedWriter } from './sealed.ts'

/** Ids of one table kept in memory before its cache starts again empty: some 20 MB. */
const CACHE_LIMIT = 200_000

/**
 * Gives identities, parties, networks, gateways and indicators the small integers that facts refer to them by, a new
 * one to whatever is new. To be used inside a transaction only; after one that was rolled back, `forget`.
 */
export class LocalIds {
  readonly #kept: Identities
  #sealed: SealedWriter | undefined
  readonly #identities: Readonly<Record<Client['kind'], Table>>
  readonly #parties: Table
  readonly #networks: Table
  readonly #gateways: Table
  readonly #indicators: Table

  /** @param kept what of identities: with `pseudonym` a `clear` that is handed in is dropped. */
  constructor(database: Database, kept: Identities) {
    this.#kept = kept
    const identities = () =>
      new Table(
        database.prepare('SELECT id FROM identity WHERE kind = ? AND tag = ?'),
        database.prepare('INSERT INTO identity(kind, tag, clear) VALUES (?, ?, ?)'),
      )
    this.#identities = { address: identities(), user: identities(), device: identities() }
    this.#parties = new Table(
      database.prepare('SELECT id FROM party WHERE client = ? AND user = ? AND network = ?'),
      database.prepare('INSERT INTO party(client, user, network) VALUES (?, ?, ?)'),
    )
    this.#networks = new Table(
      database.prepare('SELECT id FROM network WHERE name = ?'),
      database.prepare('INSERT INTO network(name) VALUES (?)'),
    )
    this.#gateways = new Table(
      database.prepare('SELECT id FROM gateway WHERE name = ?'),
      database.prepare('INSERT INTO gateway(name) VALUES (?)'),
    )
    this.#indicators = new Table(
      database.prepare('SELECT id FROM indicator WHERE key = ?'),
      database.prepare('INSERT INTO indicator(key, app) VALUES (?, ?)'),
    )
  }

  /** From now on identities are sealed as they are met. */
  sealUnder(sealed: SealedWriter): void {
    this.#sealed = sealed
    this.forget()
  }

  identity(client: Client): number {
    const { kind, tag, clear } = client
    const table = this.#identities[kind]
    const known = table.cached(tag)
    if (known !== undefined) return known
    const id = table.resolve(tag, [kind, Buffer.from(tag, 'hex')], [this.#kept === 'clear' ? (clear ?? null) : null])
    if (this.#kept === 'sealed') {
      if (this.#sealed === undefined) throw new Error('identities are to be sealed, and there is no data key')
      this.#sealed.keep(id, client)
    }
    return id
  }

  party(sighting: Sighting): number {
    const client = this.identity(sighting.client)
    const user = sighting.user ? this.identity(sighting.user) : 0
    const network =
      this.#networks.cached(sighting.network) ?? this.#networks.resolve(sighting.network, [sighting.network])
    const key = `${client} ${user} ${network}`
    return this.#parties.cached(key) ?? this.#parties.resolve(key, [client, user, network])
  }

  gateway(name: string): number {
    return this.#gateways.cached(name) ?? this.#gateways.resolve(name, [name])
  }

  /** @param key says its app as well (`model/signature.ts` indicatorKey). */
  indicator(key: string, app: string): number {
    return this.#indicators.cached(key) ?? this.#indicators.resolve(key, [key], [app])
  }

  forget(): void {
    this.#sealed?.forget()
    for (const table of [this.#parties, this.#networks, this.#gateways, this.#indicators]) table.forget()
    for (const table of Object.values(this.#identities)) table.forget()
  }
}

/** The ids of one table by their natural keys. */
class Table {
  readonly #cache = new Map<string, number>()
  readonly #find: Statement<unknown[], { id: number }>
  readonly #insert: Statement

  constructor(find: Statement, insert: Statement) {
    this.#find = find as Statement<unknown[], { id: number }>
    this.#insert = insert
  }

  cached(key: string): number | undefined {
    return this.#cache.get(key)
  }

  /**
   * Finds the row, or inserts it.
   *
   * @param columns the natural key as columns.
   * @param rest of a new row: columns that are no part of its key.
   */
  resolve(key: string, columns: readonly unknown[], rest: readonly unknown[] = []): number {
    const row = this.#find.get(...columns)
    const id = row ? row.id : Number(this.#insert.run(...columns, ...rest).lastInsertRowid)
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear()
    this.#cache.set(key, id)
    return id
  }

  forget(): void {
    this.#cache.clear()
  }
}
