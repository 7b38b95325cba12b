import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { ReviewedFinding } from '../../src/model/review.ts'
import { capture, MORNING, QUARTER } from './inputs.ts'
import { ROOT, Workplace } from './program.ts'

const WHATSAPP = { name: 'g.whatsapp.net' }
const TELEGRAM = { name: 'web.telegram.org', client: '10.1.4.32' }
const WHY = ['--author', 'A. Example', '--reason', 'Ticket 4711']

/** A workplace whose store has a finding of WhatsApp and one of Telegram, the more severe first. */
async function swept(): Promise<{ place: Workplace; whatsapp: Finding; telegram: Finding }> {
  const place = new Workplace()
  place.put('a.pcap', capture(WHATSAPP, TELEGRAM))
  const { findings } = (await place.sweep(['a.pcap'])).report
  const of = (app: string) => findings.find((finding) => finding.app === app)!
  return { place, whatsapp: of('whatsapp'), telegram: of('telegram') }
}

async function listed(place: Workplace, ...args: string[]): Promise<ReviewedFinding[]> {
  const { status, stdout } = await place.run(['findings', '--json', ...args])
  expect(status).toBe(0)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id)

/** As a later day: what is run sees the clock of the machine so many days ahead. */
function daysLater(days: number): string[] {
  const clock = `const now = Date.now; Date.now = () => now() + ${days * 86_400_000}`
  return ['--import', `data:text/javascript,${encodeURIComponent(clock)}`]
}

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('a finding is acknowledged, annotated, closed and reopened, and shown with all of it', async () => {
  const { place, whatsapp, telegram } = await swept()
  const acknowledged = await place.run(['review', 'acknowledge', whatsapp.id.slice(0, 9), '--author', 'A. Example'])
  expect([acknowledged.status, acknowledged.stderr]).toEqual([0, ''])
  expect(acknowledged.stdout).toContain(`${whatsapp.id} (${whatsapp.client}, WhatsApp) is acknowledged: A. Example`)
  await place.run(['review', 'note', whatsapp.id, telegram.id, '--author', 'B. Example', '--text', 'Asked\nthem'])
  const { stdout } = await place.run(['review', 'close', whatsapp.id, ...WHY, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ id: whatsapp.id, review: { value: 'closed', rule: 'closed' } })

  expect(ids(await listed(place))).toEqual([telegram.id])
  expect(ids(await listed(place, '--state', 'closed'))).toEqual([whatsapp.id])
  expect(ids(await listed(place, '--state', 'all')).toSorted()).toEqual([whatsapp.id, telegram.id].toSorted())
  expect((await listed(place, '--state', 'acknowledged')).length).toBe(0)
  expect((await place.run(['findings'])).stdout).toContain(
    'By state: 1 open, 0 acknowledged, 1 closed, 0 suppressed.\n',
  )
  const shown = JSON.parse((await place.run(['show', whatsapp.id, '--json'])).stdout)
  expect(shown).toMatchObject({ review: { value: 'closed' } })
  expect(shown.reviews.map(({ author, action, text }: Record<string, string>) => [author, action, text])).toEqual([
    ['A. Example', 'acknowledge', ''],
    ['B. Example', 'note', 'Asked\nthem'],
    ['A. Example', 'close', 'Ticket 4711'],
  ])
  const words = (await place.run(['show', whatsapp.id])).stdout
  expect(words).toMatch(/\nReview: closed: A\. Example closed it on .* UTC\. \[closed\]\n/)
  expect(words).toMatch(/UTC {2}B\. Example wrote to revision 1 \(medium\)\n {4}> Asked\n {4}> them\n/)

  expect((await place.run(['review', 'reopen', whatsapp.id, ...WHY])).status).toBe(0)
  expect(ids(await listed(place)).toSorted()).toEqual([whatsapp.id, telegram.id].toSorted())
})

test('who does it is said by the option or the environment, and never guessed', async () => {
  const { place, whatsapp } = await swept()
  const close = ['review', 'close', whatsapp.id, '--reason', 'made']
  for (const environment of [{ USER: 'root', LOGNAME: 'root' }, { OFFCHANNEL_AUTHOR: ' ' }]) {
    const { status, stderr } = await place.start(close, { environment }).ended
    expect([status, stderr]).toEqual([2, expect.stringContaining('give --author NAME, or set OFFCHANNEL_AUTHOR')])
  }
  const { status, stdout } = await place.start(close, { environment: { OFFCHANNEL_AUTHOR: 'C. Example' } }).ended
  expect([status, stdout]).toEqual([0, expect.stringContaining('C. Example closed it')])
})

test('what was closed or suppressed is left out by --fail-on and the tables of a run, until it gets worse', async () => {
  const { place, whatsapp, telegram } = await swept()
  const fails = async (...args: string[]) => (await place.sweep(['a.pcap', '--fail-on', 'low', ...args])).status
  expect(await fails()).toBe(1)
  expect((await place.run(['judge', '--fail-on', 'medium'])).status).toBe(1)
  await place.run(['review', 'close', whatsapp.id, ...WHY])
  expect(await fails()).toBe(1)
  const until = ['--until', dayFromNow(30)]
  expect((await place.run(['suppress', '--app', 'telegram', ...until, ...WHY])).status).toBe(0)
  expect(await fails()).toBe(0)
  const { status, stdout } = await place.run(['judge', '--fail-on', 'low'])
  expect(status).toBe(0)
  expect(stdout).toContain('No findings.')
  expect(stdout).toContain('2 more are closed or suppressed (`offchannel findings --state all`).')
  const { report } = await place.sweep(['a.pcap'])
  expect(report.findings.map((one: ReviewedFinding) => [one.id, one.review?.value]).toSorted()).toEqual(
    [
      [whatsapp.id, 'closed'],
      [telegram.id, 'suppressed'],
    ].toSorted(),
  )
  // A policy under which WhatsApp is worse than when it was closed.
  place.put(
    'strict.yaml',
    `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: lan, kind: home, scope: managed, cidrs: [10.1.0.0/16] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: '*.pcap', vantage: device }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`,
  )
  expect(await fails('--policy', 'strict.yaml', '--again')).toBe(1)
  const worse = (await listed(place)).find(({ id }) => id === whatsapp.id)!
  expect(worse.review).toMatchObject({ value: 'open', rule: 'got-worse' })
  const history = (await place.run(['show', whatsapp.id, '--history'])).stdout
  expect(history).toContain(`${whatsapp.id} revision 2\n`)
  expect(history).toMatch(/revision 1 found\n.* UTC {2}A\. Example closed revision 1 \(medium\)\n {2}> Ticket 4711\n/)
  expect(history).toMatch(/revision 2 changed\n(.*\n)* {2}no-tunnel: .*severity medium → high/)
  // Without it, it is what was closed.
  expect(await fails('--again')).toBe(0)
})

test('a suppression ends by itself after its last day, and can be lifted before', async () => {
  const { place, whatsapp, telegram } = await swept()
  await place.run(['suppress', whatsapp.id, '--until', dayFromNow(2), ...WHY])
  const { stdout } = await place.run(['suppress', 'list'])
  expect(stdout).toContain(`1  ${whatsapp.id}: until ${dayFromNow(2)}, what is medium at most\n`)
  const openAfter = async (days: number) => {
    const { child, ended } = place.start(['findings', '--json'], { nodeOptions: daysLater(days) })
    child.stdin.end()
    return (await ended).stdout.match(/"id":"f-[0-9a-f]+/g)!.length
  }
  expect([await openAfter(0), await openAfter(2), await openAfter(3)]).toEqual([1, 1, 2])
  expect((await place.run(['suppress', 'lift', '1', ...WHY])).status).toBe(0)
  expect(ids(await listed(place)).toSorted()).toEqual([whatsapp.id, telegram.id].toSorted())
  expect((await place.run(['suppress', 'list'])).stdout).toBe('Nothing is suppressed.\n')
  expect((await place.run(['suppress', 'list', '--all', '--json'])).stdout).toContain('"lifted":{')
})

test('what cannot be recorded is told in a line, and nothing is recorded', async () => {
  const { place, whatsapp } = await swept()
  const someDay = dayFromNow(3)
  const wrong = [
    ['review', 'close', whatsapp.id, '--author', 'a'],
    ['review', 'close', 'f-0000000000000000', ...WHY],
    ['review', 'close', ...WHY],
    ['review', 'praise', whatsapp.id, ...WHY],
    ['review', 'note', whatsapp.id, '--author', 'a', '--text', 'x'.repeat(4001)],
    ['suppress', '--app', 'whatsapp', ...WHY],
    ['suppress', '--app', 'whatsapp', '--until', '2026-02-31', ...WHY],
    ['suppress', '--app', 'whatsapp', '--until', '2020-01-01', ...WHY],
    ['suppress', '--app', 'whatsapp', '--until', dayFromNow(400), ...WHY],
    ['suppress', '--app', 'watsapp', '--until', someDay, ...WHY],
    ['suppress', '--client', 'address-x', '--until', someDay, ...WHY],
    ['suppress', whatsapp.id, '--app', 'whatsapp', '--until', someDay, ...WHY],
    ['suppress', 'lift', '1', ...WHY],
    ['suppress', 'lift', 'x', ...WHY],
    ['findings', '--state', 'odd'],
  ]
  for (const args of wrong) {
    const { status, stdout, stderr } = await place.run(args)
    expect({ args, status, stdout }).toEqual({ args, status: 2, stdout: '' })
    expect(stderr, args.join(' ')).not.toMatch(/internal error|\n {4}at /)
  }
  const database = new Sqlite(place.store, { readonly: true })
  const count = database.prepare('SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM suppression)').pluck()
  expect(count.get()).toBe(0)
  database.close()
})

test('findings are reviewed while a sweep runs', async () => {
  const { place, whatsapp } = await swept()
  const sweep = place.start(['sweep', '-'])
  sweep.child.stdin.write(capture({ ...TELEGRAM, time: MORNING + QUARTER }))
  // It holds its lock as soon as it has read something.
  for (let held = false; !held; ) {
    held = (await place.run(['judge'])).stderr.includes('another process is writing to it')
    if (sweep.child.exitCode !== null) throw new Error('the sweep ended')
  }
  expect((await place.run(['review', 'close', whatsapp.id, ...WHY])).status).toBe(0)
  sweep.child.stdin.end(capture(WHATSAPP).subarray(24))
  const [status] = await once(sweep.child, 'close')
  expect(status).toBe(0)
  expect(ids(await listed(place, '--state', 'closed'))).toEqual([whatsapp.id])
})

test('while another program keeps the store locked, nothing is recorded and it is said', async () => {
  const { place, whatsapp } = await swept()
  const other = new Sqlite(place.store)
  other.exec('BEGIN IMMEDIATE')
  const { status, stderr } = await place.run(['review', 'close', whatsapp.id, ...WHY])
  expect([status, stderr]).toEqual([
    2,
    'offchannel: offchannel.db: another program is writing to it: nothing was recorded, try again in a moment\n',
  ])
  other.close()
})

test('a finding whose app is no longer known is gone; its history and reviews are told', async () => {
  const { place, whatsapp } = await swept()
  await place.run(['review', 'close', whatsapp.id, ...WHY])
  expect((await place.run(['findings', '--state', 'gone'])).stdout).toBe('')
  place.put('own/telegram.yaml', readFileSync(join(ROOT, 'signatures/telegram.yaml')))
  expect((await place.run(['judge', '--no-bundled-signatures', '--signatures', 'own'])).status).toBe(0)
  const { stdout } = await place.run(['findings'])
  expect(stdout).toContain('1 reviewed finding is gone (`--state gone` lists them).')
  expect((await place.run(['findings', '--state', 'gone'])).stdout).toContain(`${whatsapp.id}  1 review (`)
  expect(JSON.parse((await place.run(['findings', '--state', 'gone', '--json'])).stdout)).toMatchObject({
    id: whatsapp.id,
    reviews: [{ action: 'close' }],
  })
  const history = await place.run(['show', whatsapp.id.slice(0, 12), '--history'])
  expect(history.stdout).toMatch(/^f-[0-9a-f]{16} no longer found\n/)
  expect(history.stdout).toContain('revision 2 no longer found')
  expect((await place.run(['show', whatsapp.id])).stderr).toContain('no such finding')
})

test('nothing that people write reaches the terminal as a control character', async () => {
  const { place, whatsapp, telegram } = await swept()
  const hostile = '\u001b[2J\u009b31m\u202e\u2028\u0007 Review: closed\r\n\u001b]0;title'
  const who = ['--author', hostile]
  const commands = [
    ['review', 'acknowledge', whatsapp.id, ...who, '--reason', hostile],
    ['review', 'note', whatsapp.id, ...who, '--text', hostile],
    ['review', 'close', whatsapp.id, ...who, '--reason', hostile, '--json'],
    ['review', 'close', hostile, ...who, '--reason', hostile],
    ['suppress', telegram.id, '--until', dayFromNow(1), ...who, '--reason', hostile],
    ['suppress', '--app', hostile, '--client', hostile, '--until', dayFromNow(1), ...who, '--reason', hostile],
    ['suppress', 'list'],
    ['suppress', 'list', '--json'],
    ['findings', '--state', 'all'],
    ['findings', '--state', 'all', '--json'],
    ['show', whatsapp.id],
    ['show', whatsapp.id, '--json'],
    ['show', whatsapp.id, '--history'],
    ['show', hostile, '--history'],
    ['sweep', 'a.pcap', '--json'],
  ]
  let said = ''
  for (const args of commands) {
    const { stdout, stderr } = await place.run(args)
    expect(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u.exec(stdout + stderr), JSON.stringify(args)).toBe(null)
    expect(stderr).not.toContain('internal error')
    said += stdout
  }
  expect(said).toContain('\\u{1b}[2J\\u{9b}31m')
})

test('what two addresses had is one finding once a log tells that one device had both, and the other leads there', async () => {
  const place = new Workplace()
  const [first, second] = ['10.1.4.31', '10.1.4.32']
  const later = { ...WHATSAPP, client: second, time: MORNING + 2 * QUARTER }
  place.put('a.pcap', capture({ ...WHATSAPP, client: first }, later))
  const { findings } = (await place.sweep(['a.pcap'])).report
  const byTime = findings.toSorted((a, b) => a.verdicts[0]!.first - b.verdicts[0]!.first)
  const [kept, gone] = byTime as [Finding, Finding]
  await place.run(['review', 'note', gone.id, '--author', 'A. Example', '--text', 'Asked them'])
  const at = new Date(MORNING / 1000 - 60_000).toISOString().replace('T', ' ').slice(0, 19)
  const lines = [first, second].map(
    (address) =>
      `${at}.101 INFO  [kea-dhcp4.leases/812.1402] DHCP4_LEASE_ALLOC [hwtype=1 02:00:5e:10:00:01], cid=[no info], tid=0x1a2b: lease ${address} has been allocated for 36000 seconds`,
  )
  place.put('dhcp.log', `${lines.join('\n')}\n`)
  await place.sweep(['dhcp.log'])

  const shown = await place.run(['show', gone.id, '--json'])
  expect([shown.status, shown.stderr]).toEqual([0, expect.stringContaining(`what it was about is in ${kept.id}`)])
  expect(JSON.parse(shown.stdout)).toMatchObject({
    id: kept.id,
    succeeds: [gone.id],
    reviews: [{ finding: gone.id, text: 'Asked them' }],
  })
  const listing = await place.run(['findings', '--state', 'gone'])
  expect(listing.stdout).toContain(`what it was about is in ${kept.id}`)
  const refused = await place.run(['review', 'note', gone.id, '--author', 'A. Example', '--text', 'Again'])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(`is in ${kept.id}: name that`)])
})
