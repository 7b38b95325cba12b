import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type Identity, Search } from './identities.ts'
import { SAMPLES, Workplace } from './program.ts'

const LOGS = join(SAMPLES, 'logs')

/** Shorter names are parts of other words. */
const SHORTEST = 6

/** Everybody whom the samples of log formats name, but those whose address is also one that people reach, or begins so. */
function namedInLogs(): Identity[] {
  const named = new Map<string, Identity>()
  const reached = new Set<string>()
  const files = readdirSync(LOGS, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => /expected[^/]*\.ndjson$/.test(name))) {
    for (const line of readFileSync(join(LOGS, file), 'utf8').split('\n').filter(Boolean)) {
      const { client, outer, inner, user, device, name, server, gateway, addresses = [] } = JSON.parse(line)
      for (const text of [client, outer, inner]) if (text !== undefined) named.set(text, { kind: 'address', text })
      for (const text of [user, device])
        if (text?.length >= SHORTEST) named.set(text, { kind: text === user ? 'user' : 'device', text })
      for (const text of [name, server, gateway, ...addresses]) if (text !== undefined) reached.add(text)
    }
  }
  const others = [...reached]
  return [...named.values()].filter(({ text }) => !others.some((other) => other.startsWith(text)))
}

test('a store that read a log of every format has nobody in it whom they name', { timeout: 300_000 }, async () => {
  const identities = namedInLogs()
  expect(identities.length).toBeGreaterThan(120)
  const place = new Workplace()
  const sweep = ['sweep', LOGS, '--json']
  const rotated = ['--store', 'rotated.db']
  const runs = [sweep, ['export', 'ndjson', '--all'], [...sweep, '--rotate', 'month', ...rotated]]
  let said = ''
  for (const args of runs) said += (await place.run(args)).stdout
  const search = new Search(identities)
  search.folder(place.folder)
  search.bytes('said', Buffer.from(said))
  expect(search.leaks).toEqual([])

  const clear = new Workplace()
  await clear.run([...sweep, '--identities', 'clear'])
  const database = new Sqlite(clear.store, { readonly: true })
  const kept = new Set(database.prepare<[], string>('SELECT lower(clear) FROM identity').pluck().all())
  database.close()
  expect(identities.filter(({ text }) => kept.has(text.toLowerCase())).length).toBeGreaterThan(60)
})
