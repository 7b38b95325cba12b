import type { Database } from 'better-sqlite3'
import type { AuditDetails } from '../model/audit.ts'
import { lastingTags } from './every-period.ts'
import { setMeta } from './open.ts'
import type { Store } from './store.ts'

/** What became of the networks of clients. */
export interface Relabelling {
  /** Addresses that were looked at: those that are in the networks that were searched. */
  readonly known: number
  readonly changed: number
  /** Addresses of which it cannot be told: they stay in the network that they were in. */
  readonly unknown: number
}

/** An address in the store. */
export interface StoredAddress {
  readonly id: number
  /** 32 hexadecimal digits of what it would have for ever; where pseudonyms rotate, one of these is it. */
  readonly tags: readonly string[]
  /** As it was read, `10.0.0.5 at hq`; null in a store that keeps pseudonyms. */
  readonly clear: string | null
}

/** All addresses that something was seen of. */
export function storedAddresses(store: Store): StoredAddress[] {
  return store.look((database, across) => {
    const rows = database
      .prepare<[], Pick<StoredAddress, 'id' | 'clear'> & { readonly tag: Buffer }>(`
        SELECT id, tag, clear FROM identity WHERE kind = 'address' AND id IN (SELECT client FROM party)`)
      .all()
    const lasting = across && lastingTags(database, across)
    return rows.map(({ id, clear, tag }) => {
      const tags = lasting === undefined ? [tag] : lasting(tag)
      return { id, clear, tags: tags.map((one) => one.toString('hex')) }
    })
  })
}

/**
 * Puts addresses into the networks that are given by name, '' for none, in one transaction with its entry in the audit
 * log. Facts of a client that was in several networks merge as those of one reading do.
 */
export function relabel(
  store: Store,
  networkOf: ReadonlyMap<number, string>,
  counts: Pick<Relabelling, 'known' | 'unknown'>,
  told: AuditDetails,
): Relabelling {
  return store.amend('relabel', (database) => {
    const changed = moveParties(database, networkOf)
    // Findings rest on networks, also those that were judged by this very policy.
    if (changed > 0) setMeta(database, 'judged_on', '')
    const result = { ...counts, changed }
    return { result, details: { ...told, ...result } }
  })
}

function moveParties(database: Database, networkOf: ReadonlyMap<number, string>): number {
  database.exec(`
    CREATE TEMP TABLE label(client INTEGER PRIMARY KEY, network INTEGER NOT NULL);
    CREATE TEMP TABLE moved("from" INTEGER PRIMARY KEY, "into" INTEGER NOT NULL)`)
  const id = database.prepare<[string], number>('SELECT id FROM network WHERE name = ?').pluck()
  const add = database.prepare('INSERT OR IGNORE INTO network(name) VALUES (?)')
  const put = database.prepare('INSERT INTO temp.label VALUES (?, ?)')
  const ids = new Map<string, number>()
  for (const [client, name] of networkOf) {
    if (!ids.has(name)) {
      add.run(name)
      ids.set(name, id.get(name)!)
    }
    put.run(client, ids.get(name))
  }
  const changed = database
    .prepare<[], number>(`
      SELECT count(DISTINCT party.client) FROM party JOIN temp.label ON label.client = party.client
      WHERE label.network != party.network`)
    .pluck()
    .get()!
  // One of a client's parties takes the new network, unless one is there already; the others give it what they have.
  database.exec(`
    INSERT INTO temp.moved SELECT party.id, ifnull(
        (SELECT id FROM party AS there WHERE there.client = party.client AND there.user = party.user
          AND there.network = label.network),
        (SELECT min(id) FROM party AS first WHERE first.client = party.client AND first.user = party.user))
      FROM party JOIN temp.label ON label.client = party.client WHERE party.network != label.network;
    UPDATE party SET network = (SELECT network FROM temp.label WHERE label.client = party.client)
      WHERE id IN (SELECT "from" FROM temp.moved WHERE "from" = "into");
    DELETE FROM temp.moved WHERE "from" = "into"`)
  if (database.prepare('SELECT 1 FROM temp.moved').get() !== undefined) {
    database.exec(`
      INSERT INTO sighting SELECT day, "into", trait, slot, reading, mask, count, up, down, first, last, first_at, last_at
        FROM sighting JOIN temp.moved ON "from" = party WHERE TRUE
        ON CONFLICT DO UPDATE SET mask = mask | excluded.mask, count = count + excluded.count,
          up = max(up, 0) + max(excluded.up, 0) - (up < 0 AND excluded.up < 0),
          down = max(down, 0) + max(excluded.down, 0) - (down < 0 AND excluded.down < 0),
          first_at = iif(excluded.first < first, excluded.first_at, first_at),
          last_at = iif(excluded.last > last, excluded.last_at, last_at),
          first = min(first, excluded.first), last = max(last, excluded.last);
      DELETE FROM sighting WHERE party IN (SELECT "from" FROM temp.moved);
      DELETE FROM tail WHERE fact = 'sighting' AND key ->> '$[1]' IN (SELECT "from" FROM temp.moved);
      DELETE FROM party WHERE id IN (SELECT "from" FROM temp.moved)`)
  }
  database.exec('DROP TABLE temp.label; DROP TABLE temp.moved')
  return changed
}
