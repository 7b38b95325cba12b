import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { formatDay } from '../../src/base/time.ts'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import { address } from '../build/index.ts'
import { type Ended, POLICY, type Report, ROOT, SAMPLES, start, Workplace } from './program.ts'

const SCENARIO = ['samples/captures', 'samples/logs/day', '--policy', POLICY]

test('the samples give the findings that stand beside them', async () => {
  const { store } = new Workplace()
  const { status, stdout, stderr } = await run(
    'sweep',
    ...SCENARIO,
    '--store',
    store,
    '--identities',
    'clear',
    '--json',
  )
  expect([status, stderr]).toEqual([0, ''])
  const { findings, identities, inputs } = JSON.parse(stdout) as Report
  expect(identities).toBe('clear')
  expect(inputs.map((input) => input.status)).toEqual(Array(6).fill('read'))
  const expected = JSON.parse(readFileSync(join(SAMPLES, 'expected-findings.json'), 'utf8'))
  expect(findings.map(inShort).sort(byClient)).toEqual(expected)
})

/** Without what depends on the key of a store. */
function inShort({ day, client, app, network, scope, verdicts }: Finding) {
  return { day: formatDay(day), client, app, network, scope, verdicts: verdicts.map(verdictInShort) }
}

function verdictInShort(verdict: Verdict) {
  const { route, bypass, ruling, grade, activity, severity, minutes, blocked, evidence, evidenceOmitted } = verdict
  return {
    route: route.value,
    bypass,
    ruling: ruling.value,
    grade: grade.value,
    activity: activity.value,
    severity: severity.value,
    minutes,
    blocked,
    evidence: evidence.length + evidenceOmitted,
  }
}

function byClient(a: { client: string; app: string }, b: { client: string; app: string }): number {
  return `${a.client} ${a.app}` < `${b.client} ${b.app}` ? -1 : 1
}

/** Clients and users of the samples, those that the policy excludes included. */
const CLIENTS = [
  ...['10.1.4.31', '10.1.4.32', '10.1.4.40', '10.1.4.41', '10.1.4.52', '10.1.4.60', '10.1.4.66', '10.1.4.77'],
  ...['10.1.99.12', '10.8.0.21', 'fd00:8::15', '172.16.20.14', '172.16.20.70', '192.168.1.37'],
]
const USERS = ['user09', 'user11', 'user12', 'user17', 'user23', 'user30', 'counsel', '@EXAMPLE']

test('with pseudonyms no address and no user of the samples is in anything that is written', async () => {
  const { folder, store } = new Workplace()
  // Under one key the pseudonyms, which could look like an address by chance, are the same every time.
  const key = createHash('sha256').update('a key for a test').digest('hex')
  writeFileSync(`${store}.key`, key, { mode: 0o600 })
  const outputs: Ended[] = [await run('sweep', 'samples/captures', '--policy', POLICY, '--store', store)]
  // Somebody who looks keeps the write-ahead log from being taken into the store.
  const looking = new Sqlite(store, { readonly: true })
  looking.exec('BEGIN; SELECT * FROM finding')
  outputs.push(await run('sweep', ...SCENARIO, '--store', store))
  outputs.push(await run('sweep', ...SCENARIO, '--store', store, '--json'))
  outputs.push(await run('judge', '--policy', POLICY, '--store', store))
  outputs.push(await run('findings', '--all', '--store', store))
  const { stdout } = await run('findings', '--all', '--store', store, '--json')
  const findings = stdout.trimEnd().split('\n')
  expect(findings).toHaveLength(7)
  for (const finding of findings) {
    const { id } = JSON.parse(finding) as Finding
    outputs.push(await run('show', id, '--store', store), await run('show', id, '--store', store, '--json'))
  }
  expect(existsSync(`${store}-wal`)).toBe(true)

  const written = new Map<string, Buffer>()
  for (const name of readdirSync(folder)) written.set(name, readFileSync(join(folder, name)))
  expect([...written.keys()].sort()).toEqual(
    ['offchannel.db', 'offchannel.db-shm', 'offchannel.db-wal', 'offchannel.db.key', 'offchannel.db.lock'].sort(),
  )
  const all = outputs.map(({ stdout, stderr }) => stdout + stderr).join('\n')
  written.set('outputs', Buffer.from(`${all}\n${stdout}`))
  const tells = (bytes: Buffer) => ({
    clients: CLIENTS.filter((client) => bytes.includes(client) || bytes.includes(Buffer.from(address(client)))),
    users: USERS.filter((user) => [user, user.toLowerCase()].some((name) => bytes.includes(name))),
  })
  for (const [name, bytes] of written) expect({ name, ...tells(bytes) }).toEqual({ name, clients: [], users: [] })
  looking.close()

  // The same looking finds them where they are kept.
  const clear = new Workplace()
  await run('sweep', ...SCENARIO, '--store', clear.store, '--identities', 'clear')
  const found = tells(readFileSync(clear.store))
  expect(found.clients).toEqual(expect.arrayContaining(['172.16.20.70', '192.168.1.37', '10.8.0.21']))
  expect(found.users).toEqual(expect.arrayContaining(['user17', 'user23', '@EXAMPLE']))
  expect([...found.clients, ...found.users]).not.toContain('10.1.99.12')
  expect([...found.clients, ...found.users]).not.toContain('counsel')
})

/** From the root of the project, so that inputs have the names that the README gives them. */
function run(...args: string[]): Promise<Ended> {
  const { child, ended } = start(args, { cwd: ROOT })
  child.stdin.end()
  return ended
}
