import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { capture, squidLog } from './inputs.ts'
import { POLICY, type Report, statuses, Workplace } from './program.ts'

const WHATSAPP = capture({ name: 'g.whatsapp.net' })

const apps = ({ findings }: Report) => findings.map(({ app }) => app)

test('findings alone are no failure; with --fail-on the status tells of one as severe', async () => {
  const place = new Workplace()
  place.put('a.pcap', WHATSAPP)
  expect((await place.sweep(['a.pcap'])).status).toBe(0)
  // Without a policy it is medium.
  expect((await place.sweep(['a.pcap', '--fail-on', 'low'])).status).toBe(1)
  expect((await place.sweep(['a.pcap', '--fail-on', 'medium'])).status).toBe(1)
  expect((await place.sweep(['a.pcap', '--fail-on', 'high'])).status).toBe(0)
})

test('an input of no known format stops none of the others, and is more than a finding', async () => {
  const place = new Workplace()
  place.put('in/a.txt', 'nothing that anybody logs\n')
  place.put('in/b.pcap', WHATSAPP)
  place.put('in/c.bin', Buffer.alloc(100_000, 7))
  place.put('in/d.log', squidLog({ host: 'web.telegram.org' }))
  const { status, stderr, report } = await place.sweep(['in', '--fail-on', 'low'])
  expect(status).toBe(2)
  expect(statuses(report)).toEqual(['in/a.txt: failed', 'in/b.pcap: read', 'in/c.bin: failed', 'in/d.log: read'])
  expect(apps(report).sort()).toEqual(['telegram', 'whatsapp'])
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^offchannel: in\/a\.txt: no known format/),
    expect.stringMatching(/^offchannel: in\/c\.bin: no known format/),
  ])
  const inspected = await place.run(['inspect', 'in'])
  expect([inspected.status, inspected.stdout.trimEnd().split('\n').length]).toEqual([2, 2])
})

test('of a capture that is cut, packed or not, what came before the cut counts, and the place is told', async () => {
  const place = new Workplace()
  const whole = capture({ name: 'g.whatsapp.net' }, { name: 'web.telegram.org', time: 1.8e15 })
  place.put('cut.pcap', whole.subarray(0, -3))
  const packed = zlib.gzipSync(whole)
  place.put('cut.pcap.gz', packed.subarray(0, -9))
  for (const name of ['cut.pcap', 'cut.pcap.gz']) {
    const { status, stderr, report } = await place.sweep([name, '--store', `${name}.db`])
    expect([status, ...statuses(report)]).toEqual([2, `${name}: read`])
    expect(stderr).toMatch(/^offchannel: cut\.pcap[.gz]*: broken at byte \d+ \(.*; what came before it counts\n$/)
    expect(apps(report)).toContain('whatsapp')
    expect(report.coverage.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^damage_/))
  }
})

test('an input of which nothing can be unpacked is no empty one', async () => {
  const place = new Workplace()
  place.put('stub.gz', zlib.gzipSync(WHATSAPP).subarray(0, 12))
  const { status, stderr, report } = await place.sweep(['stub.gz'])
  expect([status, ...statuses(report)]).toEqual([2, 'stub.gz: failed'])
  expect(stderr).toMatch(/^offchannel: stub\.gz: unexpected end of file\n$/)
})

test('records that cannot be read are counted and told by line, and the others count', async () => {
  const place = new Workplace()
  const log = squidLog({ host: 'web.telegram.org' }, { host: 'g.whatsapp.net' }).split('\n')
  place.put('proxy.log', [log[0], 'not a record of a proxy', log[1], ''].join('\n'))
  const { status, stderr, report } = await place.sweep(['proxy.log'])
  expect([status, apps(report).sort()]).toEqual([2, ['telegram', 'whatsapp']])
  expect(stderr).toMatch(/^offchannel: proxy\.log: 1 record not read: \w+ \(line 2\)\n$/)
})

test('an empty input is no failure', async () => {
  const place = new Workplace()
  place.put('empty.pcap', '')
  const { status, stderr, report } = await place.sweep(['empty.pcap', '-'])
  expect([status, stderr, ...statuses(report)]).toEqual([0, '', 'empty.pcap: empty', '-: empty'])
  expect((await place.run(['inspect', 'empty.pcap'])).status).toBe(0)
})

test('wrong usage is told in a line or two and is status 2, help and version are 0', async () => {
  const place = new Workplace()
  place.put('a.pcap', WHATSAPP)
  place.put('policy.yaml', 'organisation: 1\n')
  place.put('folder/.hidden', WHATSAPP)
  symlinkSync('loop', join(place.folder, 'loop'))
  const wrong = [
    ['sweep'],
    ['sweep', 'nowhere.pcap'],
    ['sweep', 'no*where.pcap'],
    ['sweep', 'folder'],
    ['sweep', 'loop'],
    ['sweep', 'a.pcap', '--fail-on', 'none'],
    ['sweep', 'a.pcap', '--policy', 'nowhere.yaml'],
    ['sweep', 'a.pcap', '--policy', 'policy.yaml'],
    ['sweep', 'a.pcap', '--signatures', 'nowhere'],
    ['sweep', 'a.pcap', '--store', 'no/where.db'],
    ['sweep', 'a.pcap', '--format', 'tape'],
    ['inspect', 'a.pcap', '--format', 'tape'],
    ['findings', '--severity', 'dire'],
    ['findings', '--from', 'May'],
    ['show'],
    ['swep', 'a.pcap'],
    ['--loud'],
  ]
  for (const args of wrong) {
    const { status, stdout, stderr } = await place.run(args)
    expect({ args, status }).toEqual({ args, status: 2 })
    expect(stderr.length, args.join(' ')).toBeGreaterThan(0)
    expect(stderr, args.join(' ')).not.toMatch(/internal error|\n {4}at /)
    expect(stdout, args.join(' ')).toBe('')
  }
  for (const args of [['--help'], ['sweep', '--help'], ['--version']]) {
    const { status, stdout, stderr } = await place.run(args)
    expect([args, status, stderr]).toEqual([args, 0, ''])
    expect(stdout).toMatch(args[0] === '--version' ? /^\d+\.\d+\.\d+\n$/ : /Usage: offchannel/)
  }
  expect((await place.run(['sweep', 'a.pcap', '--policy', POLICY])).status).toBe(0)
})
