import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../src/store/schema/index.ts'
import { dump } from '../store/dump.ts'
import { capture } from './inputs.ts'
import { statuses, Workplace } from './program.ts'

/** A workplace whose store has one finding. */
async function swept(): Promise<Workplace> {
  const place = new Workplace()
  place.put('a.pcap', capture({ name: 'g.whatsapp.net' }))
  expect((await place.sweep(['a.pcap'])).status).toBe(0)
  return place
}

/** Everything that needs a store. */
const COMMANDS = [['sweep', 'a.pcap'], ['judge'], ['findings'], ['show', 'f-0']]

test('a store and its key are for their owner only', async () => {
  const { folder } = await swept()
  for (const name of ['offchannel.db', 'offchannel.db.key', 'offchannel.db.lock']) {
    expect([name, (statSync(join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, '600'])
  }
})

test('without a store there is nothing to look at, and none is made', async () => {
  const place = new Workplace()
  for (const args of [['judge'], ['findings'], ['show', 'f-0']]) {
    const { status, stdout, stderr } = await place.run(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^offchannel: offchannel\.db: there is no store: .*\n$/)
  }
  expect(existsSync(place.store)).toBe(false)
})

test('under another key nothing is added, and the store stays as it is', async () => {
  const place = await swept()
  const before = dump(place.store)
  place.put('other.key', 'ab'.repeat(32))
  chmodSync(join(place.folder, 'other.key'), 0o600)
  const refused = await place.run(['sweep', 'a.pcap', '--key', 'other.key'])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/made with another pseudonym key: .*\n$/)])
  place.put('other.key', 'not a key')
  expect((await place.run(['sweep', 'a.pcap', '--key', 'other.key'])).stderr).toContain('64 hexadecimal digits')
  expect(dump(place.store)).toEqual(before)
})

test.skipIf(process.platform === 'win32')('a key that others may read, or that is gone, is refused', async () => {
  const place = await swept()
  chmodSync(`${place.store}.key`, 0o640)
  const open = await place.run(['judge'])
  expect([open.status, open.stderr]).toEqual([2, expect.stringContaining('chmod 600 offchannel.db.key')])
  rmSync(`${place.store}.key`)
  const gone = await place.run(['sweep', 'a.pcap'])
  expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining('the key of offchannel.db is missing')])
  expect(existsSync(`${place.store}.key`)).toBe(false)
  // Looking needs no key.
  expect((await place.run(['findings'])).status).toBe(0)
})

test('a store of a newer version, or another file, is refused by every command and stays as it is', async () => {
  const place = await swept()
  const database = new Sqlite(place.store)
  database.pragma(`user_version = ${MIGRATIONS.length + 1}`)
  database.close()
  for (const args of COMMANDS) {
    const { status, stdout, stderr } = await place.run(args)
    expect([args, status, stdout]).toEqual([args, 2, ''])
    expect(stderr).toMatch(/^offchannel: offchannel\.db: made by a newer offchannel .*: update offchannel\n$/)
  }
  place.put('letter.txt', 'Dear Sir or Madam')
  copyFileSync(`${place.store}.key`, join(place.folder, 'letter.txt.key'))
  for (const args of COMMANDS) {
    const { status, stderr } = await place.run([...args, '--store', 'letter.txt'])
    expect([args, status]).toEqual([args, 2])
    expect(stderr).toMatch(/^offchannel: letter\.txt: not an offchannel store: .*\n$/)
  }
  expect(readFileSync(join(place.folder, 'letter.txt'), 'utf8')).toBe('Dear Sir or Madam')
  const { status, report } = await place.sweep(['a.pcap', '--store', 'new.db'])
  expect([status, ...statuses(report)]).toEqual([0, 'a.pcap: read'])
})

test('what a store keeps of people is decided once', async () => {
  const place = await swept()
  const refused = await place.run(['sweep', 'a.pcap', '--identities', 'clear'])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('made with --identities pseudonym')])
  expect((await place.sweep(['a.pcap', '--identities', 'pseudonym'])).report.identities).toBe('pseudonym')
})

test('the files of the store are no inputs where they lie among them', async () => {
  const place = await swept()
  const { status, stderr, report } = await place.sweep(['.'])
  expect([status, ...statuses(report)]).toEqual([0, 'a.pcap: known'])
  expect(stderr).toMatch(/^\d+ files of the store itself left out\n$/)
})

test('a finding is shown by its id or the beginning of it', async () => {
  const place = new Workplace()
  const clients = Array.from({ length: 20 }, (_, i) => ({ client: `10.1.4.${i + 1}`, name: 'g.whatsapp.net' }))
  place.put('a.pcap', capture(...clients))
  const { report } = await place.sweep(['a.pcap'])
  const ids = report.findings.map(({ id }) => id)
  expect(new Set(ids).size).toBe(20)
  for (const id of [ids[0]!, ids[0]!.slice(0, 12)]) {
    const { status, stdout } = await place.run(['show', id, '--json'])
    expect([status, JSON.parse(stdout)]).toEqual([0, report.findings[0]])
  }
  const words = (await place.run(['show', ids[0]!])).stdout
  for (const part of [ids[0]!, report.findings[0]!.client, 'WhatsApp', 'a.pcap']) expect(words).toContain(part)

  const several = await place.run(['show', 'f-'])
  expect([several.status, several.stdout]).toEqual([2, ''])
  expect(several.stderr).toContain('is the beginning of several findings')
  const none = await place.run(['show', 'f-0000000000000000'])
  expect([none.status, none.stdout]).toEqual([2, ''])
  expect(none.stderr).toContain('no such finding in offchannel.db')
})

test('findings are chosen by severity, app, client and day, and are the same as the sweep printed', async () => {
  const place = new Workplace()
  const nextDay = Date.UTC(2026, 4, 13, 8) * 1000
  const visits = [{ name: 'g.whatsapp.net' }, { name: 'web.snapchat.com', client: '10.1.4.32' }]
  place.put('a.pcap', capture(...visits, { name: 'g.whatsapp.net', time: nextDay }))
  const { report } = await place.sweep(['a.pcap'])
  const chosen = async (...args: string[]) => {
    const { status, stdout } = await place.run(['findings', '--json', ...args])
    expect(status).toBe(0)
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }
  const [first, second, third] = report.findings
  expect([first!.app, second!.app, third!.app]).toEqual(['whatsapp', 'whatsapp', 'snapchat'])
  expect(await chosen()).toEqual(report.findings)
  expect(await chosen('--app', 'snapchat')).toEqual([third])
  expect(await chosen('--client', third!.client)).toEqual([third])
  expect(await chosen('--severity', 'medium')).toEqual([first, second])
  expect(await chosen('--from', '2026-05-13')).toEqual([first])
  expect(await chosen('--until', '2026-05-12')).toEqual([second, third])
  expect(await chosen('--severity', 'high')).toEqual([])
})
