import { writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { dryRun, printDryRun } from '../../src/cli/judge-dry-run.ts'
import { Terminal } from '../../src/cli/terminal.ts'
import { underKey } from '../../src/cli/under-key.ts'
import { parsePolicy } from '../../src/judge/load.ts'
import { NO_POLICY } from '../../src/judge/no-policy.ts'
import { judgeStore } from '../../src/judgement.ts'
import { Clients, keyCheck } from '../../src/subjects/clients.ts'
import { APPS } from '../judge/apps.ts'
import { dump } from '../store/dump.ts'
import { batch, client, content, reading, sighting, temporaryStore } from '../store/made.ts'

const SIGNATURES = { hash: 's1', signatures: APPS }
const KEY = Buffer.alloc(32, 7)

/** A store in which alice, another user and an address used one messenger and one conference, judged without a policy. */
function judgedStore() {
  const store = temporaryStore({ keyCheck: keyCheck(KEY) })
  const user = (name: string) => new Clients(KEY, false).user(name)!
  const seen = [
    { indicator: 'palaver exact chat.palaver.example', app: 'palaver', user: user('EXAMPLE\\alice') },
    { indicator: 'palaver exact chat.palaver.example', app: 'palaver', user: user('bob@example') },
    { indicator: 'assembly exact meet.assembly.example', app: 'assembly', user: undefined },
    { indicator: 'veil exact exit.veil.example', app: 'veil', user: undefined },
  ]
  const sightings = seen.map((given, i) => sighting(i, { network: '', client: client('10.0.0.9'), ...given }))
  store.begin(reading('a')).complete(content('a'), batch({ sightings }))
  judgeStore(store, NO_POLICY, SIGNATURES)
  return store
}

const policy = (rest: string) =>
  parsePolicy(`organisation: Made\nin-force: 2026-01-01\ntimezone: UTC\nnetworks: []\n${rest}`, 'new.yaml')

const PRESS = policy(`groups:
  - { name: press, users: [alice@example] }
rules:
  - { name: no-messengers, ruling: prohibited, categories: [messaging] }
  - { name: press-may, ruling: permitted, categories: [messaging], groups: [press] }
`)

function printed(result: Awaited<ReturnType<typeof dryRun>>, json: boolean): string {
  let stdout = ''
  const out = { write: (text: string) => (stdout += text), columns: 120 }
  printDryRun(result, json, new Terminal(out, out, {}, Readable.from([])))
  return stripVTControlCharacters(stdout)
}

test('a dry run under the policy of the last time changes nothing, and writes nothing', async () => {
  const store = judgedStore()
  const before = dump(store.file)
  const result = await dryRun({ store: store.file }, NO_POLICY, SIGNATURES)
  expect(result).toEqual({ differing: [], same: store.findings().length })
  expect(result.same).toBe(4)
  expect(dump(store.file)).toEqual(before)
  expect(printed(result, false)).toBe(
    'Of 4 findings 0 would appear, 0 vanish, 0 change; 4 stay as they are. Nothing was written.\n',
  )
})

test('under another policy it tells what would change, as judging would then make it', async () => {
  const store = judgedStore()
  writeFileSync(`${store.file}.key`, `${KEY.toString('hex')}\n`, { mode: 0o600 })
  const before = dump(store.file)
  const { differing, same } = await dryRun({ store: store.file }, PRESS, SIGNATURES)
  expect(dump(store.file)).toEqual(before)
  const { policy: judged } = await underKey(PRESS, KEY)
  judgeStore(store, judged, SIGNATURES)
  const plain = (findings: readonly object[]) => findings.map((finding) => ({ ...finding, revision: 0 }))
  const after = plain(store.findings())
  expect(same + differing.length).toBe(after.length)
  for (const { after: one } of differing) expect(after).toContainEqual({ ...one, revision: 0 })
  const rulings = differing.map(({ after: one }) => `${one!.app} ${one!.verdicts[0]!.ruling.rule}`).sort()
  expect(rulings).toEqual(['palaver no-messengers', 'palaver press-may', 'veil no-rule'])
})

test('findings that signatures no longer give vanish, and those that new ones give appear', async () => {
  const store = judgedStore()
  const without = { hash: 's2', signatures: APPS.filter(({ id }) => id !== 'palaver') }
  const gone = await dryRun({ store: store.file }, NO_POLICY, without)
  expect(gone.differing.map(({ before, after }) => [before!.app, after])).toEqual([
    ['palaver', undefined],
    ['palaver', undefined],
  ])
  expect(printed(gone, false)).toContain('0 would appear, 2 vanish, 0 change; 2 stay as they are')
  judgeStore(store, NO_POLICY, without)
  const back = await dryRun({ store: store.file }, NO_POLICY, SIGNATURES)
  const { appear, vanish, change, same } = JSON.parse(printed(back, true))
  expect([appear.length, vanish.length, change.length, same]).toEqual([2, 0, 0, 2])
  expect(appear[0].app).toBe('palaver')
})

test('a policy with groups needs the key of the store, and no other', async () => {
  const store = judgedStore()
  await expect(dryRun({ store: store.file }, PRESS, SIGNATURES)).rejects.toThrow('.key: the key of ')
  writeFileSync(`${store.file}.key`, `${'00'.repeat(32)}\n`, { mode: 0o600 })
  await expect(dryRun({ store: store.file }, PRESS, SIGNATURES)).rejects.toThrow('name that with --key')
})
