import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { has } from './evidence.ts'
import { Search } from './identities.ts'
import { squidLog } from './inputs.ts'
import { Workplace } from './program.ts'

const WHY = ['--reason', 'New officer, 3/2026', '--author', 'A. Example']
const needsAge = test.skipIf(!has('age-keygen'))

/** Whom the n-th log of a job names. */
const USERS = ['wren.okafor', 'petra-lindqvist', 'sasha.moreau']

/** Age keys by these names, and a group of recipients in a file each. */
function withKeys(place: Workplace, groups: Readonly<Record<string, readonly string[]>>): void {
  for (const name of new Set(Object.values(groups).flat())) {
    try {
      execFileSync('age-keygen', ['-o', `${name}.key`], { cwd: place.folder, stdio: 'ignore' })
    } catch {
      // It is there already.
    }
  }
  for (const [file, names] of Object.entries(groups)) {
    const lines = names.map((name) => /age1[0-9a-z]+/.exec(readFileSync(join(place.folder, `${name}.key`), 'utf8'))![0])
    place.put(file, `# ${file}\n${lines.join('\n')}\n`)
  }
}

const job = (files: readonly string[]) =>
  `store:\n  file: offchannel.db\n  identities: sealed\n  recipients: [${files.join(', ')}]\ninputs:\n  - { name: all, paths: [in] }\n`

/** A job with a store that it makes for these groups, and of which it has read one log; gives whom that names. */
async function made(groups: Readonly<Record<string, readonly string[]>>): Promise<{ place: Workplace; user: string }> {
  const place = new Workplace()
  withKeys(place, groups)
  place.put('job.yaml', job(Object.keys(groups)))
  return { place, user: await reads(place, 0) }
}

/** Lets the job read the n-th log; gives the pseudonym of whom that names. */
async function reads(place: Workplace, n: number): Promise<string> {
  const known = new Set(await users(place))
  place.put(`in/${n}.log`, squidLog({ client: `10.83.217.${45 + n}`, host: 'web.whatsapp.com', user: USERS[n]! }))
  expect(await place.run(['run', '--config', 'job.yaml'])).toMatchObject({ status: 0, stderr: '' })
  return (await users(place)).find((user) => !known.has(user))!
}

async function users(place: Workplace): Promise<string[]> {
  const { stdout, status } = await place.run(['findings', '--json'])
  if (status !== 0) return []
  return [...new Set(stdout.match(/"client":"user-[a-z0-9]+/g))].map((text) => text.slice(10))
}

const unseal = (place: Workplace, user: string, ...keys: readonly string[]) =>
  place.run(['unseal', user, ...WHY, ...keys.flatMap((key) => ['--identity-file', `${key}.key`])])
const set = (place: Workplace, ...files: readonly string[]) =>
  place.run(['recipients', 'set', ...WHY, ...files.flatMap((file) => ['--recipients', file])])
const reseal = (place: Workplace, key: string, ...more: readonly string[]) =>
  place.run(['recipients', 'reseal', ...WHY, '--identity-file', `${key}.key`, ...more])

async function lastEntry(place: Workplace): Promise<{ action: string; details: Record<string, unknown> }> {
  const { stdout } = await place.run(['audit', 'list', '--last', '1', '--json'])
  const { action, details } = JSON.parse(stdout)
  return { action, details }
}

needsAge('who comes can open what is sealed from then on, and what was only when somebody reseals it', async () => {
  const { place, user: early } = await made({ 'officers.txt': ['old'] })
  withKeys(place, { 'new-officers.txt': ['new'] })
  expect(await set(place, 'new-officers.txt')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Changed: '),
  })
  expect(await lastEntry(place)).toMatchObject({ action: 'recipients', details: { reason: 'New officer, 3/2026' } })
  // The job file still names those who were.
  expect((await place.run(['run', '--config', 'job.yaml'])).stderr).toContain(
    'made for other recipients, or they were changed',
  )
  place.put('job.yaml', job(['new-officers.txt']))
  const late = await reads(place, 1)
  expect((await unseal(place, late, 'new')).stdout).toContain(`is ${USERS[1]}`)
  expect((await unseal(place, late, 'old')).stderr).toContain('none of these keys opens')
  expect((await unseal(place, early, 'new')).stderr).toContain('none of these keys opens')
  expect((await place.run(['recipients', 'list'])).stdout).toContain(
    'Before, and still: 1 data key with 2 identities, to:',
  )

  expect(await reseal(place, 'new')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('none of these keys opens 1 data key'),
  })
  const done = await reseal(place, 'old')
  expect(done).toMatchObject({ status: 0, stdout: '1 data key is sealed to the present recipients now.\n' })
  expect(await lastEntry(place)).toMatchObject({ action: 'reseal', details: { step: 'sealed', keys: 1 } })
  expect((await unseal(place, early, 'new')).stdout).toContain(`is ${USERS[0]}`)
  expect((await unseal(place, early, 'old')).stderr).toContain('none of these keys opens')
  expect((await reseal(place, 'new')).stdout).toBe('Everything is sealed to the present recipients already.\n')
})

needsAge('where two must agree two must still, after one group was changed by its own holder alone', async () => {
  const { place, user } = await made({ 'a.txt': ['a'], 'b.txt': ['b'] })
  withKeys(place, { 'b2.txt': ['b', 'c'] })
  expect((await set(place, 'a.txt', 'b2.txt')).status).toBe(0)
  expect(await reseal(place, 'a')).toMatchObject({ status: 2, stderr: expect.stringContaining('none of these keys') })
  expect((await reseal(place, 'b')).stdout).toBe('1 data key is sealed to the present recipients now.\n')
  for (const alone of ['a', 'b', 'c']) expect((await unseal(place, user, alone)).stdout).toBe('')
  for (const outer of ['b', 'c']) expect((await unseal(place, user, 'a', outer)).stdout).toContain(`is ${USERS[0]}`)
})

needsAge(
  'where the first group is another, both agree in turn, and what is handed on tells nothing by itself',
  async () => {
    const { place, user } = await made({ 'a.txt': ['a'], 'b.txt': ['b'] })
    withKeys(place, { 'd.txt': ['d'], 'e.txt': ['e'] })
    await set(place, 'd.txt', 'e.txt')
    expect((await reseal(place, 'b')).stderr).toContain('another group must agree')
    expect((await reseal(place, 'b', '--step1-out', 'step.json')).status).toBe(0)
    expect(await lastEntry(place)).toMatchObject({ action: 'reseal', details: { step: 'handed on', keys: 1 } })
    const search = new Search([{ kind: 'user', text: USERS[0]! }])
    const step = readFileSync(join(place.folder, 'step.json'))
    search.bytes('step.json', step)
    for (const { envelope } of JSON.parse(step.toString()).keys)
      search.bytes('step.json', Buffer.from(envelope, 'base64'))
    expect(search.leaks).toEqual([])
    expect((await reseal(place, 'b', '--continue', 'step.json')).stderr).toContain('none of these keys')
    place.put('forged.json', step.toString().replace('"id":1', '"id": 1'))
    expect((await reseal(place, 'a', '--continue', 'forged.json')).stderr).toContain(
      'does not say that it was handed on',
    )
    expect((await reseal(place, 'a', '--continue', 'step.json')).stdout).toBe(
      '1 data key is sealed to the present recipients now.\n',
    )
    expect((await unseal(place, user, 'a', 'b')).stderr).toContain('none of these keys')
    for (const alone of ['d', 'e']) expect((await unseal(place, user, alone)).stdout).toBe('')
    expect((await unseal(place, user, 'd', 'e')).stdout).toContain(`is ${USERS[0]}`)
  },
)

needsAge('one group can be added, or taken away by its own holder', async () => {
  const { place, user } = await made({ 'a.txt': ['a'] })
  withKeys(place, { 'b.txt': ['b'] })
  await set(place, 'a.txt', 'b.txt')
  expect((await reseal(place, 'a')).status).toBe(0)
  expect((await unseal(place, user, 'a')).stdout).toBe('')
  expect((await unseal(place, user, 'a', 'b')).stdout).toContain(`is ${USERS[0]}`)
  await set(place, 'a.txt')
  expect((await reseal(place, 'a')).stderr).toContain('none of these keys')
  expect((await reseal(place, 'b')).status).toBe(0)
  expect((await unseal(place, user, 'a')).stdout).toContain(`is ${USERS[0]}`)
})

needsAge('an envelope that was exchanged is not sealed anew, and the store stays as it was', async () => {
  const { place, user } = await made({ 'a.txt': ['a'] })
  await reads(place, 1)
  withKeys(place, { 'b.txt': ['b'] })
  await set(place, 'b.txt')
  const database = new Sqlite(place.store)
  const rows = database
    .prepare<[], { id: number; envelope: Buffer }>('SELECT id, envelope FROM data_key ORDER BY id')
    .all()
  database.prepare('UPDATE data_key SET envelope = ? WHERE id = ?').run(rows[1]!.envelope, rows[0]!.id)
  expect(await reseal(place, 'a')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('data key 1: what is sealed in it was changed'),
  })
  database.prepare('UPDATE data_key SET envelope = ? WHERE id = ?').run(rows[0]!.envelope, rows[0]!.id)
  database.close()
  expect((await unseal(place, user, 'a')).stdout).toContain(`is ${USERS[0]}`)
})

needsAge('a job file that makes a sealed store is checked with file and line', async () => {
  const place = new Workplace()
  withKeys(place, { 'a.txt': ['a'] })
  place.put('in/a.log', squidLog({ client: '10.83.217.45', host: 'web.whatsapp.com', user: 'wren.okafor' }))
  place.put('wrong.txt', '# a comment\nage1notone\n')
  const inputs = 'inputs:\n  - { name: all, paths: [in] }\n'
  const wrong: [string, string][] = [
    ['store:\n  file: s.db\n  identities: sealed\n', 'job.yaml:3: store.identities: sealed needs recipients'],
    ['store:\n  file: s.db\n  recipients: [a.txt]\n', 'job.yaml:3: store.recipients: goes with identities: sealed'],
    [
      'store:\n  file: s.db\n  identities: hidden\n',
      'job.yaml:3: store.identities: must be pseudonym, clear or sealed',
    ],
    ['store:\n  identities: sealed\n  recipients: [a.txt]\n', 'job.yaml:1: store.file: is missing'],
    [
      'store:\n  file: s.db\n  whom: [a.txt]\n',
      'job.yaml:3: store.whom: is no key that stands here: there are file, identities, recipients',
    ],
    [
      'store:\n  file: s.db\n  identities: sealed\n  recipients: [wrong.txt]\n',
      'wrong.txt:2: age1notone is no age recipient',
    ],
    ['store:\n  file: s.db\n  identities: sealed\n  recipients: [nowhere.txt]\n', 'nowhere.txt: cannot be read'],
  ]
  for (const [text, message] of wrong) {
    place.put('job.yaml', text + inputs)
    const { status, stderr } = await place.run(['run', '--config', 'job.yaml'])
    expect({ text, status, stderr }).toEqual({ text, status: 2, stderr: expect.stringContaining(message) })
  }
  expect(await place.run(['recipients', 'set', ...WHY, '--recipients', 'a.txt'])).toMatchObject({ status: 2 })
  place.put('job.yaml', job(['a.txt']))
  await reads(place, 0)
  const plain = new Workplace()
  withKeys(plain, { 'a.txt': ['a'] })
  plain.put('a.log', squidLog({ client: '10.83.217.45', host: 'web.whatsapp.com' }))
  await plain.sweep(['a.log'])
  expect((await set(plain, 'a.txt')).stderr).toContain('made with --identities pseudonym: it seals nothing')
  expect((await reseal(plain, 'a')).stderr).toContain('seals no identities')
})
