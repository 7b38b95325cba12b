/** What killed runs leave behind, as lines that are equal where two runs are. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { parseAddress } from '../../src/base/address.ts'
import { Clients } from '../../src/subjects/clients.ts'
import { STORE } from './kills.ts'

/** Of the pseudonyms of every store, hexadecimal. */
export const KEY = '5a'.repeat(32)

/** The store as it lies there: nothing that was taken out of it is in a page, and no pseudonym of these people. */
export function leftOf(folder: string, identities: readonly string[]): string[] {
  const file = join(folder, STORE)
  const database = new Sqlite(file, { readonly: true })
  const [free, people] = [
    database.pragma('freelist_count', { simple: true }),
    database.prepare('SELECT count(*) FROM identity').pluck().get(),
  ]
  database.close()
  const bytes = readdirSync(folder)
    .filter((name) => name === STORE || name === `${STORE}-wal`)
    .map((name) => readFileSync(join(folder, name)))
  const clients = new Clients(Buffer.from(KEY, 'hex'), false)
  const found = identities.filter((address) => {
    const words = new Uint32Array(4)
    parseAddress(address.split(' at ')[0]!, words, 0)
    const tag = Buffer.from(clients.address(words, 0, 'hq').tag, 'hex')
    return bytes.some((one) => one.includes(tag))
  })
  return [`${people} people`, `${free} free pages`, `still there: ${found.join(', ')}`]
}

/** What a receiver was told: each message at least once, and in their order where each is told first. */
export function toldIn(file: string): string[] {
  const keys = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { metadata: { uid: string }; activity_name: string })
    // A summary is known by when it was made.
    .map(({ metadata, activity_name }) => `${metadata.uid.replace(/^summary\.\d+/, 'summary')} ${activity_name}`)
  return [...new Set(keys)]
}

/** Of each copy of the store as it was: whether it is sound, its schema, and what it holds. */
export function backupsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.includes('.before-'))
    .map((name) => {
      const database = new Sqlite(join(folder, name), { readonly: true })
      const sound = database.pragma('integrity_check', { simple: true })
      const version = database.pragma('user_version', { simple: true })
      const rows = database
        .prepare('SELECT (SELECT count(*) FROM sighting), (SELECT count(*) FROM finding)')
        .raw()
        .get()
      database.close()
      return `${name}: ${sound}, schema ${version}, ${JSON.stringify(rows)}`
    })
}
