import { expect, test } from 'vitest'
import { Workplace } from './program.ts'

const MAPPING = `name: our-proxy
fields: { kind: columns, columns: [when, client, user, method, target, verdict, sent, received] }
detect: [{ has: [when, client, target] }]
records:
  - time: [{ from: when, as: iso }]
    client: client
    user: user
    method: method
    url: target
    action: { from: verdict, blocked: [DENY], allowed: [OK] }
    bytesUp: sent
    bytesDown: received
`
const LOG = `2026-11-21T18:52:00 10.0.0.5 alice GET https://web.whatsapp.com/x OK 12 34
2026-11-21T18:53:00 10.0.0.6 bob CONNECT g.whatsapp.net:443 DENY 0 0
rubbish
`

function place(mapping = MAPPING): Workplace {
  const workplace = new Workplace()
  workplace.put('own.yaml', mapping)
  workplace.put('own.log', LOG)
  return workplace
}

const objects = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('`formats try` shows how the first records are read, and which are refused and why', async () => {
  const { status, stdout, stderr } = await place().run(['formats', 'try', 'own.log', '--format-file', 'own.yaml'])
  expect(status).toBe(0)
  expect(objects(stdout)).toEqual([
    expect.objectContaining({ means: 'http-url', name: 'web.whatsapp.com', user: 'alice', action: 'allowed', line: 1 }),
    expect.objectContaining({ means: 'http-connect', name: 'g.whatsapp.net', user: 'bob', action: 'blocked', line: 2 }),
  ])
  expect(stderr).toBe(
    'read as our-proxy: 2 records read, 0 skipped; 2 observations, 0 records of tunnels and leases\n' +
      '1 record refused: too few fields: line 3\n',
  )
})

test('a mapping with a mistake gets one line that says where it is', async () => {
  const workplace = place(MAPPING.replace('client: client', 'cleint: client'))
  const { status, stderr } = await workplace.run(['sweep', 'own.log', '--format-file', 'own.yaml'])
  expect([status, stderr]).toEqual([
    2,
    'offchannel: own.yaml:6: records[0].cleint: is no key that stands here: see docs/formats.md\n',
  ])
  const missing = await workplace.run(['inspect', 'own.log', '--format-file', 'no.yaml'])
  expect([missing.status, missing.stderr.split('\n').length]).toEqual([2, 2])
})

test('a log read as a mapping says is known again, and with another mapping it waits for --again', async () => {
  const workplace = place()
  const args = ['own.log', '--format-file', 'own.yaml']
  const first = await workplace.sweep(args)
  expect(first.report.inputs.map(({ status }) => status)).toEqual(['read'])
  expect((await workplace.sweep(args)).report.inputs.map(({ status }) => status)).toEqual(['known'])
  workplace.put('own.yaml', `${MAPPING}    device: user\n`)
  expect((await workplace.sweep(args)).report.inputs.map(({ status }) => status)).toEqual(['changed'])
  const zone = await workplace.sweep([...args, '--again', '--timezone', 'Europe/Paris'])
  expect(zone.report.inputs.map(({ status }) => status)).toEqual(['replaced'])
})

test('local times are read in --timezone, times without a year in --year', async () => {
  const workplace = place()
  const line = 'Nov 21 18:52:00 dnsmasq[1]: query[A] web.whatsapp.com from 10.0.0.5\n'
  workplace.put('dns.log', line)
  const first = async (...options: string[]) => {
    const { stdout } = await workplace.run(['inspect', 'dns.log', ...options])
    return objects(stdout)[0].time
  }
  expect(await first('--year', '2024')).toBe('2024-11-21T18:52:00.000000Z')
  expect(await first('--year', '2024', '--timezone', 'Europe/Paris')).toBe('2024-11-21T17:52:00.000000Z')
})

test.each([
  [['--timezone', 'Europe/Pariss'], '--timezone Europe/Pariss: is not a zone'],
  [['--year', '24x'], '--year 24x: is not a year'],
])('%j is refused', async (options, message) => {
  const { status, stderr } = await place().run(['sweep', 'own.log', ...options])
  expect([status, stderr.includes(message)]).toEqual([2, true])
})
