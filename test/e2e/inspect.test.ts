import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capture, squidLog } from './inputs.ts'
import { POLICY, SAMPLES, Workplace } from './program.ts'

/** As `inspect --help` and the design promise them. */
const KEYS = [
  ...['time', 'means', 'name', 'client', 'clientPort', 'server', 'serverPort', 'transport', 'user', 'action'],
  ...[
    'bytesUp',
    'bytesDown',
    'input',
    'frame',
    'line',
    'end',
    'firstFrame',
    'firstLine',
    'device',
    'bytesTotal',
    'translatedClient',
    'translatedClientPort',
    'translatedServer',
    'translatedServerPort',
    'application',
    'addresses',
  ],
  ...[
    'timeToLive',
    'aliases',
    'issuer',
    'protocol',
    'certainty',
    'realm',
    'software',
    'stunAttributes',
    'encryptedHello',
    'coverName',
  ],
  ...['alpn', 'ja4', 'app', 'role', 'strength', 'indicator'],
]

const observations = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

test('keys come in one order, absent where unknown', async () => {
  const place = new Workplace()
  const { status, stdout, stderr } = await place.run(['inspect', '--all', SAMPLES])
  // Not everything there is a capture or a log.
  expect([status, stderr.includes('policy.yaml: no known format')]).toEqual([2, true])
  const all = observations(stdout)
  const met = new Set<string>()
  for (const observation of all) {
    const keys = Object.keys(observation)
    expect(keys).toEqual(KEYS.filter((key) => keys.includes(key)))
    for (const [key, value] of Object.entries(observation)) {
      met.add(key)
      expect(value, key).not.toBeOneOf(['', null, -1])
    }
  }
  // Nothing in the samples carries these.
  const others = ['firstLine', 'issuer', 'realm', 'software', 'stunAttributes', 'coverName']
  expect(KEYS.filter((key) => !met.has(key))).toEqual(others)
})

test('a ClientHello and a request of a log are told as they were seen', async () => {
  const place = new Workplace()
  place.put('a.pcap', capture({ name: 'web.whatsapp.com' }))
  place.put('b.log', squidLog({ host: 'web.telegram.org', user: 'user17' }))
  const { status, stdout } = await place.run(['inspect', 'a.pcap', 'b.log'])
  expect(status).toBe(0)
  const [hello, request] = observations(stdout)
  expect(hello).toEqual({
    time: '2026-05-12T08:00:00.018280Z',
    means: 'tls-sni',
    name: 'web.whatsapp.com',
    client: '10.1.4.31',
    clientPort: 56832,
    server: '198.51.100.9',
    serverPort: 443,
    transport: 'tcp',
    input: 'a.pcap',
    frame: 5,
    firstFrame: 4,
    alpn: ['h2', 'http/1.1'],
    ja4: expect.stringMatching(/^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/),
    app: 'whatsapp',
    role: 'web-client',
    strength: 'distinctive',
    indicator: 'exact web.whatsapp.com',
  })
  expect(request).toMatchObject({ means: 'http-connect', user: 'user17', action: 'allowed', input: 'b.log', line: 1 })
})

test('by default only what matches is printed, with --all everything', async () => {
  const place = new Workplace()
  const inputs = [join(SAMPLES, 'captures'), join(SAMPLES, 'logs/day')]
  const matching = observations((await place.run(['inspect', ...inputs])).stdout)
  const all = observations((await place.run(['inspect', '--all', ...inputs])).stdout)
  expect(matching.length).toBeGreaterThan(20)
  expect(matching.every(({ app }) => app !== undefined)).toBe(true)
  expect(all.filter(({ app }) => app !== undefined)).toEqual(matching)
  expect(all.length).toBeGreaterThan(matching.length)
})

test('whom the policy excludes is left out, even with --all, and only their number is told', async () => {
  const place = new Workplace()
  const log = join(SAMPLES, 'logs/day/proxy-access.log')
  const without = await place.run(['inspect', '--all', log])
  expect(without.stdout).toContain('10.1.99.12')
  expect(without.stdout).toContain('counsel')
  const { status, stdout, stderr } = await place.run(['inspect', '--all', '--policy', POLICY, log])
  expect([status, stderr.split('\n')[1]]).toEqual([0, '2 observations of excluded networks and users left out'])
  expect(stdout).not.toMatch(/10\.1\.99\.12|counsel/)
  expect(observations(stdout)).toHaveLength(observations(without.stdout).length - 2)
})

test('--all says what it shows, and a job file switches it off for everybody who works there', async () => {
  const place = new Workplace()
  place.put('a.pcap', capture({ name: 'www.example.org' }))
  const { status, stderr } = await place.run(['inspect', '--all', 'a.pcap'])
  expect([status, stderr]).toEqual([0, "--all shows everybody's names, also of those whom no signature is about\n"])
  const job = 'store: a.db\ninspect-all: never\ninputs:\n  - { name: all, paths: [in] }\n'
  const refused = { status: 2, stdout: '', stderr: expect.stringContaining('says inspect-all: never') }
  place.put('elsewhere/job.yaml', job)
  const environment = { OFFCHANNEL_CONFIG: 'elsewhere/job.yaml' }
  expect(await place.start(['inspect', '--all', 'a.pcap'], { environment }).ended).toMatchObject(refused)
  place.put('offchannel.yaml', job)
  expect(await place.run(['inspect', '--all', 'a.pcap'])).toMatchObject(refused)
  expect((await place.run(['inspect', 'a.pcap'])).status).toBe(0)
  // One with mistakes may say so as well.
  place.put('offchannel.yaml', job.replace('never', 'newer'))
  expect((await place.run(['inspect', '--all', 'a.pcap'])).stderr).toContain('inspect-all: must be allowed or never')
})

test('standard input is read as a file is, and neither leaves anything behind', async () => {
  const place = new Workplace()
  const file = join(SAMPLES, 'captures/office.pcap')
  const named = observations((await place.run(['inspect', '--all', file])).stdout)
  const piped = observations((await place.run(['inspect', '--all', '-'], readFileSync(file))).stdout)
  expect(piped).toEqual(named.map((observation) => ({ ...observation, input: '-' })))
  expect(readdirSync(place.folder)).toEqual([])
})

test('formats are listed as JSON, and one of them can be named', async () => {
  const place = new Workplace()
  const { stdout } = await place.run(['formats', '--json'])
  expect(observations(stdout).map(({ name }) => name)).toContain('squid-native')
  place.put('b.log', squidLog({ host: 'web.telegram.org' }))
  const named = await place.run(['inspect', '--format', 'squid-native', 'b.log'])
  expect(named.stdout).toBe((await place.run(['inspect', 'b.log'])).stdout)
  const wrong = await place.run(['inspect', '--format', 'zeek-dns', 'b.log'])
  expect([wrong.status, wrong.stdout]).toEqual([2, ''])
})
