import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Rotation } from '../../src/base/period.ts'
import { RotatingClients } from '../../src/subjects/rotating-clients.ts'
import { Workplace } from './program.ts'

const NEW_YEAR = Date.UTC(2026, 0, 1) * 1000
const AUTHOR = ['--author', 'A. Example']
const PHONE = '02:00:5e:10:00:15'
const TABLET = '02:00:5e:10:00:16'

/** `2025-12-31 23:30:00` and the like, of a minute from New Year on. */
const clock = (minute: number) =>
  new Date(NEW_YEAR / 1000 + minute * 60_000).toISOString().replace('T', ' ').slice(0, 19)

const lease = (minute: number, address: string, hardware: string) =>
  `${clock(minute)}.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 ${hardware}], cid=[no info], ` +
  `tid=0x1a2b: lease ${address} has been allocated for 86400 seconds\n`

const request = (minute: number, address: string, user = '-', seconds = 0) =>
  `${(NEW_YEAR / 1e6 + minute * 60).toFixed(3)} ${seconds * 1000} ${address} TCP_TUNNEL/200 5120 ` +
  `CONNECT g.whatsapp.net:443 ${user} HIER_DIRECT/198.51.100.9 -\n`

/** A phone has an address by a lease, wren is named by the proxy, and somebody has an address of which no log tells. */
const LOGS = {
  'dhcp.log': lease(-90, '10.1.4.31', PHONE) + lease(-80, '10.1.4.33', TABLET),
  'proxy.log': [-60, -30, 20, 50]
    .map((minute) => request(minute, '10.1.4.31') + request(minute, '10.1.4.32', 'wren') + request(minute, '10.1.4.34'))
    // A connection that ends behind midnight.
    .concat(request(9, '10.1.4.35', '-', 1200))
    .join(''),
}

interface Listed {
  readonly id: string
  readonly day: number
  readonly client: string
}

class RotatedPlace extends Workplace {
  constructor() {
    super()
    for (const [name, text] of Object.entries(LOGS)) this.put(name, text)
  }

  async done(args: readonly string[], status = 0): Promise<string> {
    const ended = await this.run(args)
    expect({ args, status: ended.status }, ended.stderr).toEqual({ args, status })
    return ended.stdout
  }

  async findings(): Promise<Listed[]> {
    const lines = (await this.done(['findings', '--all', '--json'])).trim().split('\n')
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Listed)
  }

  /** The pseudonyms of somebody before and behind the end of the year, under the key of the store. */
  tags(of: 'user' | 'device', name: string, rotation: Rotation = 'year'): string[] {
    const key = Buffer.from(readFileSync(`${this.store}.key`, 'utf8').trim(), 'hex')
    const clients = new RotatingClients(key, false, rotation)
    return [NEW_YEAR - 1, NEW_YEAR].map((time) => clients.at(time)[of](name)!.tag)
  }

  /** Every byte of the store and what lies beside it. */
  bytes(): Buffer {
    const names = readdirSync(this.folder).filter((name) => name.startsWith('offchannel.db') && !name.endsWith('.key'))
    return Buffer.concat(
      names
        .filter((name) => statSync(join(this.folder, name)).isFile())
        .map((name) => readFileSync(join(this.folder, name))),
    )
  }
}

const pseudonymsIn = (text: string) => new Set(text.match(/\b(address|user|device)-[0-9a-hjkmnp-tv-z]{8,32}\b/g))

/** A place whose store has read the logs, with pseudonyms that rotate. */
async function swept(rotation: Rotation = 'year'): Promise<RotatedPlace> {
  const place = new RotatedPlace()
  await place.done(['sweep', 'dhcp.log', 'proxy.log', '--rotate', rotation])
  return place
}

test('exports of two periods share no pseudonym, and whoever had an address by a lease has it behind midnight', async () => {
  const place = await swept()
  const [before, behind] = await Promise.all(
    [
      ['--until', '2025-12-31'],
      ['--from', '2026-01-01'],
    ].map(async (days) => place.done(['export', 'ndjson', '--all', ...days])),
  )
  const [old, now] = [pseudonymsIn(before!), pseudonymsIn(behind!)]
  for (const names of [old, now]) {
    expect([...names].map((name) => name.split('-')[0]).toSorted()).toEqual(
      expect.arrayContaining(['address', 'address', 'device', 'user']),
    )
  }
  expect([...old].filter((name) => now.has(name))).toEqual([])
  // What would join them lies nowhere.
  const lasting = place.tags('user', 'wren', 'none').concat(place.tags('device', PHONE, 'none'))
  const bytes = place.bytes()
  for (const tag of lasting)
    for (const form of [Buffer.from(tag), Buffer.from(tag, 'hex')]) expect(bytes.includes(form)).toBe(false)
})

test('no record is cited in both periods, not even that of a connection that was there at midnight', async () => {
  const place = await swept()
  const cited = async (...days: string[]) => {
    const text = await place.done(['export', 'ndjson', '--all', ...days])
    const places = [...text.matchAll(/"input":"([^"]+)"[^{}]*?"(?:firstAt|line)":(\d+)/g)]
    return places.map(([, input, at]) => `${input} ${at}`).filter((one) => !one.endsWith(' 0'))
  }
  const before = await cited('--until', '2025-12-31')
  const behind = new Set(await cited('--from', '2026-01-01'))
  expect(before.length).toBeGreaterThan(4)
  expect(behind.size).toBeGreaterThan(2)
  expect(before.filter((one) => behind.has(one))).toEqual([])
})

test('a store stays what it was made: another rotation is refused, none is the same, and clear names do not rotate', async () => {
  const place = await swept()
  const other = await place.run(['sweep', 'dhcp.log', '--rotate', 'month'])
  expect(other.status).toBe(2)
  expect(other.stderr).toContain('made with --rotate year')
  await place.done(['sweep', 'dhcp.log'])
  const clear = await place.run(['sweep', 'dhcp.log', '--rotate', 'year', '--identities', 'clear', '--store', 'c.db'])
  expect(clear.status).toBe(2)
  expect(clear.stderr).toContain('clear identities are the same in every period')
})

test('what was done to a finding stays with it; a list or a suppression by client is of one period, and says so', async () => {
  const place = await swept('month')
  const all = (await place.findings()).filter(({ client }) => client.startsWith('user-'))
  const [old, now] = all.toSorted((a, b) => a.day - b.day)
  expect(old!.client).not.toBe(now!.client)
  const listed = async (...args: string[]) =>
    (await place.done(['findings', '--json', ...args])).split('\n').filter(Boolean).length
  expect(await listed('--all', '--client', old!.client)).toBe(1)
  await place.done(['review', 'close', old!.id, '--reason', 'Asked', ...AUTHOR])
  const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
  const because = ['--until', until, '--reason', 'Phone is being replaced', ...AUTHOR]
  const { stderr } = await place.run(['suppress', '--app', 'whatsapp', '--client', now!.client, ...because])
  expect(stderr).toMatch(/From \d{4}-\d\d-01 on everybody has another pseudonym/)
  expect((await place.run(['suppress', '--app', 'signal', ...because])).stderr).not.toContain('pseudonym')
  place.put('more.log', request(70, '10.1.4.32', 'wren') + request(-20, '10.1.4.32', 'wren'))
  await place.done(['sweep', 'more.log'])
  expect(await place.done(['show', old!.id])).toContain('Asked')
  expect(await listed('--state', 'closed')).toBe(1)
  expect(await listed('--state', 'suppressed')).toBe(1)
})

test('a job file makes the same store, again and again', async () => {
  const place = await swept('month')
  place.put(
    'job.yaml',
    'store: job.db\nkey: offchannel.db.key\nrotate: month\ninputs:\n  - { name: all, paths: ["*.log"] }\n',
  )
  const whom = async (...args: string[]) =>
    [...pseudonymsIn(await place.done(['export', 'ndjson', '--all', ...args]))].toSorted()
  for (let run = 0; run < 2; run++) {
    await place.done(['run', '--config', 'job.yaml'])
    expect(await whom('--store', 'job.db')).toEqual(await whom())
  }
  place.put(
    'job.yaml',
    'store: job.db\nkey: offchannel.db.key\nrotate: none\ninputs:\n  - { name: all, paths: ["*.log"] }\n',
  )
  expect((await place.run(['run', '--config', 'job.yaml'])).stderr).toContain('made with --rotate month')
}, 60_000)

test('a subject report by name tells of every period, one by pseudonym of its own', async () => {
  const place = await swept()
  const told = async (...args: string[]) =>
    (await place.done(['subject-report', ...args, '--json']))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { pseudonym: string }).pseudonym)
  const names = place.tags('user', 'wren').map((tag) => `user-${tag}`)
  expect((await told('--identity', 'wren')).toSorted()).toEqual(names.toSorted())
  expect(await told(names[0]!)).toEqual([names[0]])
  expect((await told(names[0]!, '--all-periods')).toSorted()).toEqual(names.toSorted())
})

test('identities are sealed under the pseudonym of each period in which somebody was named', async () => {
  const place = new RotatedPlace()
  const identity = await generateX25519Identity()
  place.put('one.key', `${identity}\n`)
  place.put('one.txt', `${await identityToRecipient(identity)}\n`)
  const sealed = ['--identities', 'sealed', '--recipients', 'one.txt']
  await place.done(['sweep', 'dhcp.log', 'proxy.log', '--rotate', 'year', ...sealed])
  const unseal = (client: string) =>
    place.run(['unseal', client, '--reason', 'Inquiry 12', '--identity-file', 'one.key', ...AUTHOR])
  for (const tag of place.tags('user', 'wren')) expect((await unseal(`user-${tag}`)).stdout).toContain('wren')
  const [old, now] = place.tags('device', PHONE).map((tag) => `device-${tag}`)
  expect((await unseal(old!)).stdout).toContain(PHONE)
  // Only a lease of the period before says that it was there.
  expect((await unseal(now!)).stderr).toContain('has nothing sealed of it')
  const report = await place.done(['subject-report', now!, '--all-periods', '--json'])
  expect(report).toContain(old!)
  expect(place.bytes().includes('wren')).toBe(false)
}, 60_000)

test('a hold of one period keeps the person of both from being erased and purged; it can name them', async () => {
  const held = await swept()
  const [old] = held.tags('user', 'wren')
  await held.done(['hold', 'add', '--identity', 'wren', '--reason', 'Inquiry 12', ...AUTHOR])
  const erase = ['erase', `user-${old}`, '--reason', 'Request 17', '--yes', ...AUTHOR]
  expect((await held.run(erase)).stderr).toContain('a legal hold')
  await held.done(['purge', '--older-than', '1d', '--class', 'facts', '--class', 'findings', '--yes', ...AUTHOR])
  const left = await held.findings()
  expect(left.map(({ client }) => client.split('-')[0])).toEqual(['user', 'user'])
})

test('erasure by name leaves no byte of either period, and by a pseudonym of one neither', async () => {
  for (const by of ['name', 'pseudonym']) {
    const erased = await swept()
    const tags = [...erased.tags('device', PHONE), ...erased.tags('user', 'wren')]
    const findings = (await erased.findings()).length
    const labels = [...pseudonymsIn(await erased.done(['export', 'ndjson', '--all']))].filter((name) =>
      /^(user|device)/.test(name),
    )
    expect(labels).toHaveLength(4)
    const before = erased.bytes()
    const needles = () => [
      ...tags.map((tag) => Buffer.from(tag, 'hex')),
      ...tags.map((tag) => Buffer.from(tag)),
      ...labels.map((one) => Buffer.from(one)),
    ]
    expect(tags.filter((tag) => before.includes(Buffer.from(tag, 'hex')))).toHaveLength(4)
    const who = by === 'name' ? ['--identity', PHONE, '--identity', 'wren'] : [`device-${tags[1]}`, `user-${tags[3]}`]
    await erased.done(['erase', ...who, '--reason', 'Request 17', '--yes', ...AUTHOR])
    const bytes = erased.bytes()
    expect(needles().filter((needle) => bytes.includes(needle))).toEqual([])
    await erased.done(['judge'])
    expect(await erased.findings()).toHaveLength(findings - 4)
    // The same, and what is delivered of the periods up to today, is not taken in again.
    erased.put(
      'again.log',
      `${LOGS['proxy.log']}${request(70, '10.1.4.32', 'wren')}${request(-700_000, '10.1.4.32', 'wren')}`,
    )
    await erased.done(['sweep', 'again.log'])
    expect((await erased.findings()).filter(({ client }) => client.startsWith('user'))).toEqual([])
  }
}, 120_000)

test('a corrected network map is applied to the addresses of every period', async () => {
  const moved = await swept()
  moved.put(
    'policy.yaml',
    'organisation: Made\nin-force: 2025-01-01\ntimezone: UTC\nnetworks:\n  - { name: lab, kind: office, scope: managed, cidrs: [10.1.4.0/24] }\nrules: []\n',
  )
  await moved.done(['relabel', '--policy', 'policy.yaml', ...AUTHOR])
  const database = new Sqlite(moved.store, { readonly: true })
  const rows = database
    .prepare('SELECT DISTINCT network.name FROM party JOIN network ON network.id = party.network')
    .pluck()
  expect(rows.all()).toEqual(['lab'])
  database.close()
})

test('what two halves of a log say, read in the other order, is what the whole says', async () => {
  const place = await swept()
  const facts = (file: string) => {
    const database = new Sqlite(file, { readonly: true })
    const rows = database
      .prepare(`
        SELECT s.day, s.slot, hex(c.tag), hex(u.tag), s.mask, sum(s.count), min(s.first), max(s.last) FROM sighting AS s
        JOIN party ON party.id = s.party JOIN identity AS c ON c.id = party.client
        LEFT JOIN identity AS u ON u.id = party.user GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`)
      .raw()
      .all()
    database.close()
    return rows
  }
  const lines = LOGS['proxy.log'].match(/.+\n/g)!
  for (const cut of [1, 6, 10]) {
    place.put('a.log', lines.slice(0, cut).join(''))
    place.put('b.log', lines.slice(cut).join(''))
    const rest = ['--store', `cut-${cut}.db`, '--key', 'offchannel.db.key']
    await place.done(['sweep', 'b.log', '--rotate', 'year', ...rest])
    await place.done(['sweep', 'a.log', ...rest])
    expect(facts(join(place.folder, `cut-${cut}.db`))).toEqual(facts(place.store))
  }
})
