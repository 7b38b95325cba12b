import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { decryptAt } from '../../src/base/authenticated.ts'
import type { Finding } from '../../src/model/finding.ts'
import { has } from './evidence.ts'
import { type Identity, Search } from './identities.ts'
import { capture, squidLog } from './inputs.ts'
import { Workplace } from './program.ts'

const WHY = ['--reason', 'Inquiry 12/2026']
const WHO: readonly Identity[] = [
  { kind: 'address', text: '10.83.217.45' },
  { kind: 'user', text: 'wren.okafor@example', spellings: ['wren.okafor'] },
]

/** A workplace with a sealed store, of whose recipients one in each group must agree. */
async function sealedFor(...groups: readonly (readonly string[])[]): Promise<{ place: Workplace; user: string }> {
  const place = new Workplace()
  for (const name of new Set(groups.flat())) {
    execFileSync('age-keygen', ['-o', `${name}.key`], { cwd: place.folder, stdio: 'ignore' })
  }
  const files = groups.map((names, i) => {
    const lines = names.map((name) => /age1[0-9a-z]+/.exec(readFileSync(join(place.folder, `${name}.key`), 'utf8'))![0])
    place.put(`group-${i}`, `# group ${i}\n${lines.join('\n')}\n`)
    return ['--recipients', `group-${i}`]
  })
  place.put('a.pcap', capture({ name: 'web.telegram.org', client: '10.83.217.45' }))
  const request = { client: '10.83.217.45', host: 'web.whatsapp.com', user: 'EXAMPLE\\Wren.Okafor' }
  place.put('proxy.log', squidLog(request))
  const { status, report, stderr } = await place.sweep([
    'a.pcap',
    'proxy.log',
    '--identities',
    'sealed',
    ...files.flat(),
  ])
  expect([status, stderr]).toEqual([0, ''])
  expect(report.identities).toBe('sealed')
  const user = (report.findings as Finding[]).find(({ client }) => client.startsWith('user-'))!.client
  return { place, user }
}

const unseal = (place: Workplace, ...args: readonly string[]) =>
  place.run(['unseal', ...WHY, '--author', 'A. Example', ...args])

async function entries(place: Workplace): Promise<{ author: string; details: Record<string, string> }[]> {
  const { stdout } = await place.run(['audit', 'list', '--action', 'unseal', '--json'])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const needsAge = test.skipIf(!has('age-keygen'))

needsAge('a recipient learns who a client is, with an entry in the audit log that names nobody', async () => {
  const { place, user } = await sealedFor(['one', 'two'])
  for (const [i, name] of ['one', 'two'].entries()) {
    const { status, stdout } = await unseal(place, user, '--identity-file', `${name}.key`)
    expect([status, stdout]).toEqual([0, `${user} is wren.okafor@example\n`])
    expect((await entries(place)).length).toBe(i + 1)
  }
  expect(JSON.stringify(await entries(place))).toContain('Inquiry 12/2026')
  const held = (await place.run(['subject-report', user])).stdout
  expect(held).toContain('The store keeps the user itself encrypted: those whom it was made for can unseal it.')
  expect(
    (await unseal(place, user, '--identity-file', 'one.key', '--reason', `Is it Wren.Okafor@example`)).stderr,
  ).toContain('stays in the audit log')
  const database = new Sqlite(place.store, { readonly: true })
  const addresses = database.prepare("SELECT lower(hex(tag)) FROM identity WHERE kind = 'address'").pluck().all()
  database.close()
  const { stdout } = await unseal(place, `address-${addresses[0]}`, '--identity-file', 'one.key', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ identity: '10.83.217.45' })
})

needsAge('nobody is in a byte of a sealed store, nor of what is said of it', async () => {
  const { place, user } = await sealedFor(['one'])
  const { stdout } = await place.run([
    'show',
    JSON.parse((await place.run(['findings', '--json'])).stdout.split('\n')[0]!).id,
  ])
  const search = new Search(WHO)
  search.folder(place.folder)
  const given = ['a.pcap', 'proxy.log']
  expect(search.leaks.filter(({ place }) => !given.includes(place))).toEqual([])
  expect(new Set(search.leaks.map(({ identity }) => identity)).size).toBe(WHO.length)
  search.leaks.length = 0
  search.bytes('said', Buffer.from(stdout + user))
  expect(search.leaks).toEqual([])
})

needsAge('without a fitting key, a reason, an author or an entry nothing is shown', async () => {
  const { place, user } = await sealedFor(['one'])
  execFileSync('age-keygen', ['-o', 'other.key'], { cwd: place.folder, stdio: 'ignore' })
  const wrong: [readonly string[], string][] = [
    [[user, '--identity-file', 'other.key', ...WHY, '--author', 'a'], 'none of these keys opens what is sealed'],
    [[user, '--identity-file', 'group-0', ...WHY, '--author', 'a'], 'holds no age key'],
    [[user, '--identity-file', 'one.key', '--reason', ' ', '--author', 'a'], 'the reason is empty'],
    [[user, '--identity-file', 'one.key', ...WHY], 'give --author NAME, or set OFFCHANNEL_AUTHOR'],
    [['user-00000000', '--identity-file', 'one.key', ...WHY, '--author', 'a'], 'knows nobody by it'],
    [['--identity-file', 'one.key', ...WHY, '--author', 'a'], 'say whom'],
  ]
  for (const [args, message] of wrong) {
    const { status, stdout, stderr } = await place.run(['unseal', ...args])
    expect({ args, status, stdout, stderr }).toEqual({
      args,
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
  }
  expect(await entries(place)).toEqual([])
  // Somebody else writes all the while: no entry can be made.
  const writing = new Sqlite(place.store)
  writing.exec('BEGIN IMMEDIATE')
  const { status, stdout } = await unseal(place, user, '--identity-file', 'one.key')
  expect([status, stdout]).toEqual([2, ''])
  writing.close()
})

needsAge('where two must agree each does so in turn, and what is handed on tells nothing by itself', async () => {
  const { place, user } = await sealedFor(['one'], ['two'])
  const alone = await unseal(place, user, '--identity-file', 'two.key')
  expect([alone.status, alone.stdout]).toEqual([2, ''])
  expect(alone.stderr).toContain('another group must agree')
  expect((await unseal(place, user, '--identity-file', 'one.key', '--step1-out', 'step.json')).stderr).toContain(
    'none of these keys',
  )
  const first = await unseal(place, user, '--identity-file', 'two.key', '--step1-out', 'step.json')
  expect([first.status, first.stdout]).toEqual([0, ''])
  const step = readFileSync(join(place.folder, 'step.json'))
  const search = new Search(WHO)
  search.bytes('step.json', step)
  for (const part of Object.values(JSON.parse(step.toString()) as Record<string, string>))
    search.bytes('step.json', Buffer.from(part, 'base64'))
  expect(search.leaks).toEqual([])
  // The one who wrote it cannot go on alone.
  expect((await unseal(place, '--continue', 'step.json', '--identity-file', 'two.key')).stdout).toBe('')
  const second = await unseal(place, '--continue', 'step.json', '--identity-file', 'one.key')
  expect([second.status, second.stdout]).toEqual([0, `${user} is wren.okafor@example\n`])
  expect(
    (await entries(place)).map(({ details }) => (typeof details === 'string' ? JSON.parse(details) : details).step),
  ).toEqual(['handed on', 'shown'])
  // One that the log knows nothing of is refused.
  const forged = JSON.parse(step.toString())
  place.put(
    'forged.json',
    JSON.stringify({ ...forged, subject: forged.subject.replace(/.$/, (last: string) => (last === '0' ? '1' : '0')) }),
  )
  expect((await unseal(place, '--continue', 'forged.json', '--identity-file', 'one.key')).stderr).toContain(
    'does not say that it was handed on',
  )
  place.put('broken.json', '{"format":"offchannel unseal 1"}')
  expect((await unseal(place, '--continue', 'broken.json', '--identity-file', 'one.key')).stderr).toContain(
    'is none that',
  )
})

needsAge('a job takes a sealed store, and its key from a command', async () => {
  const { place } = await sealedFor(['one'])
  place.put('vault.cjs', "console.log(require('node:fs').readFileSync(process.argv[2], 'utf8'))")
  renameSync(`${place.store}.key`, join(place.folder, 'in-the-vault'))
  place.put('in/more.log', squidLog({ client: '10.83.218.146', host: 'web.whatsapp.com', user: 'petra-lindqvist' }))
  const command = [process.execPath, 'vault.cjs', 'in-the-vault']
  const job = 'store: offchannel.db\ninputs:\n  - { name: all, paths: [in] }\n'
  place.put('job.yaml', `${job}key-command: ${JSON.stringify(command)}\n`)
  const ran = await place.run(['run', '--config', 'job.yaml', '--json'])
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  expect(ran.stdout).not.toContain('petra')
  const clients = (JSON.parse(ran.stdout).findings as Finding[]).map(({ client }) => client)
  const shown = await Promise.all(clients.map((client) => unseal(place, client, '--identity-file', 'one.key')))
  expect(shown.some(({ stdout }) => stdout.endsWith('is petra-lindqvist\n'))).toBe(true)
  expect((await place.run(['judge'])).stderr).toContain('offchannel.db.key: the key of offchannel.db is missing')
  expect((await place.run(['judge', '--key-command', command.join(' ')])).status).toBe(0)
  const environment = { OFFCHANNEL_KEY: readFileSync(join(place.folder, 'in-the-vault'), 'utf8') }
  expect((await place.start(['judge'], { environment }).ended).status).toBe(0)
})

test.skipIf(!has('age') || !has('age-keygen'))('what is sealed is opened by age itself and AES-256-GCM', async () => {
  const { place } = await sealedFor(['one'], ['two'])
  const database = new Sqlite(place.store, { readonly: true })
  const rows = database
    .prepare<[], Record<'kind' | 'tag', string> & Record<'sealed' | 'envelope', Buffer>>(`
      SELECT kind, lower(hex(tag)) AS tag, sealed, envelope FROM identity JOIN sealed_identity ON identity = identity.id
      JOIN data_key ON data_key.id = data_key`)
    .all()
  database.close()
  const off = (name: string, envelope: Uint8Array) => {
    writeFileSync(join(place.folder, 'envelope'), envelope)
    return execFileSync('age', ['-d', '-i', `${name}.key`, 'envelope'], { cwd: place.folder })
  }
  const identities = rows.map(({ kind, tag, sealed, envelope }) => {
    const key = off('one', off('two', envelope))
    expect(decryptAt(key, `offchannel identity ${kind}-${'0'.repeat(32)}`, sealed)).toBeUndefined()
    return decryptAt(key, `offchannel identity ${kind}-${tag}`, sealed)?.toString()
  })
  expect(identities.toSorted()).toEqual(['10.83.217.45', 'wren.okafor@example'])
})

needsAge(
  'each run seals under a data key of its own, whom it knows is sealed once, and who is erased is gone',
  async () => {
    const { place, user } = await sealedFor(['one'])
    place.put('more.log', squidLog({ client: '10.83.218.146', host: 'web.whatsapp.com', user: 'petra-lindqvist' }))
    await place.sweep(['proxy.log', 'more.log'])
    const count = (table: string) => {
      const database = new Sqlite(place.store, { readonly: true })
      const rows = database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
      database.close()
      return rows
    }
    expect([count('data_key'), count('sealed_identity'), count('identity')]).toEqual([2, 4, 4])
    await place.sweep(['proxy.log', 'more.log'])
    expect(count('data_key')).toBe(2)
    const erased = await place.run(['erase', user, ...WHY, '--author', 'A. Example', '--yes'])
    expect([erased.status, count('sealed_identity')]).toEqual([0, count('identity')])
    expect((await unseal(place, user, '--identity-file', 'one.key')).stderr).toContain('knows nobody by it')
  },
)

needsAge('to whom a store seals is said when it is made, and not otherwise', async () => {
  const place = new Workplace()
  place.put('a.pcap', capture({ name: 'web.telegram.org' }))
  place.put('wrong', 'age1notone\n')
  const wrong: [readonly string[], string][] = [
    [['--identities', 'sealed'], 'say to whom, with --recipients FILE'],
    [['--recipients', 'wrong'], 'goes with --identities sealed'],
    [['--identities', 'sealed', '--recipients', 'wrong'], 'is no age recipient'],
    [['--identities', 'sealed', '--recipients', 'a.pcap'], 'must have 1 to 20 age recipients'],
  ]
  for (const [args, message] of wrong) {
    const { status, stderr } = await place.run(['sweep', 'a.pcap', ...args])
    expect({ args, status, stderr }).toEqual({ args, status: 2, stderr: expect.stringContaining(message) })
  }
  const { place: made } = await sealedFor(['one'])
  made.put(
    'others',
    readFileSync(join(made.folder, 'group-0'), 'utf8').replace(/age1.*\n/, (line) => line.repeat(2)),
  )
  const { stderr } = await made.run(['sweep', 'a.pcap', '--identities', 'sealed', '--recipients', 'others'])
  expect(stderr).toContain('made for other recipients')
  await place.sweep(['a.pcap'])
  expect((await unseal(place, 'user-00000000', '--identity-file', 'wrong')).stderr).toContain(
    'nothing that could be unsealed',
  )
})
