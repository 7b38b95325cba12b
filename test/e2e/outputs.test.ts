import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import type { Status } from '../../src/jobs/status.ts'
import { signatureOf } from '../../src/notify/webhook.ts'
import { ReviewDesk } from '../../src/store/review-desk.ts'
import { Store } from '../../src/store/store.ts'
import { keyCheck } from '../../src/subjects/clients.ts'
import { random } from '../build/index.ts'
import { freePort, HAS_RSYSLOGD, Hook, makeCertificate, Rsyslogd } from '../notify/servers.ts'
import { finding, verdict } from '../store/made.ts'
import { capture, MORNING } from './inputs.ts'
import { POLICY, Workplace } from './program.ts'

const RUN = ['run', '--config', 'job.yaml']
const DELIVER = ['deliver', '--config', 'job.yaml']
const KEY = Buffer.from('0123456789abcdef0123456789abcdef')
const TODAY = Math.floor(Date.now() / 86_400_000)

interface Told {
  readonly client: { readonly address: string }
  readonly offchannel: { readonly message: string; readonly event: string; readonly finding?: string }
}

/** A job over `in/` with these receivers, and a secret for webhooks. */
function made(receivers: string): Workplace {
  const place = new Workplace()
  place.put('in/a.pcap', capture({ name: 'web.telegram.org' }, { name: 'g.whatsapp.net' }))
  place.put(
    'job.yaml',
    `store: offchannel.db\npolicy: ${JSON.stringify(POLICY)}\ninputs:\n  - { name: all, paths: [in] }\noutputs:\n  receivers:\n${receivers}`,
  )
  place.put('soar.secret', `whsec_${KEY.toString('base64')}\n`)
  chmodSync(join(place.folder, 'soar.secret'), 0o600)
  return place
}

const FILE = '    - { name: lake, kind: file, path: out.ndjson, form: ecs, heads: false }\n'
const hookTo = (port: number) =>
  `    - { name: soar, kind: webhook, url: 'https://localhost:${port}/in', secret-file: soar.secret, ca: server.pem, heads: false }\n`
const syslogTo = (port: number) =>
  `    - { name: siem, kind: syslog, to: 'tcp://127.0.0.1:${port}', form: json, heads: false }\n`

function written(place: Workplace): Told[] {
  const file = join(place.folder, 'out.ndjson')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const events = (place: Workplace) => written(place).map(({ offchannel }) => offchannel.event)

async function outputsOf(place: Workplace): Promise<{ outputs: Status['outputs']; exit: number | null }> {
  const { stdout, status } = await place.run(['status', '--json'])
  return { outputs: (JSON.parse(stdout) as Status).outputs, exit: status }
}

/** Judges so many new findings of today into the store of a job that has run; gives their ids. */
async function judged(place: Workplace, count: number): Promise<string[]> {
  const key = Buffer.from(readFileSync(`${place.store}.key`, 'utf8').trim(), 'hex')
  const options = { identities: undefined, keyCheck: keyCheck(key), create: false, clock: () => Date.now() * 1000 }
  const store = Store.open(place.store, options)
  const subject = [...store.subjectDays('all')][0]!.subject
  const findings = Array.from({ length: count }, (_, n) =>
    finding(subject, `app-${n}`, { day: TODAY, verdicts: [verdict({ minutes: n + 1 })] }),
  )
  store.judging(store.judgedOn(), () => store.replaceFindings(TODAY, subject, findings))
  store.close()
  return findings.map(({ id }) => id)
}

test('a run tells receivers what is new, a second one nothing, and another policy takes it back', async () => {
  const place = made(FILE)
  expect((await place.run(RUN)).status).toBe(0)
  const found = written(place)
  expect(new Set(found.map(({ offchannel }) => offchannel.event))).toEqual(new Set(['found']))
  expect(new Set(found.map(({ offchannel }) => offchannel.finding)).size).toBe(2)
  expect((await place.run(RUN)).status).toBe(0)
  expect(written(place)).toEqual(found)

  const policy = readFileSync(POLICY, 'utf8')
  place.put('permitted.yaml', policy.replaceAll('ruling: prohibited', 'ruling: permitted'))
  place.put(
    'job.yaml',
    readFileSync(join(place.folder, 'job.yaml'), 'utf8').replace(/^policy: .*$/m, 'policy: permitted.yaml'),
  )
  expect((await place.run(RUN)).status).toBe(0)
  const after = written(place).slice(found.length)
  expect(new Set(after.map(({ offchannel }) => offchannel.event))).toEqual(new Set(['gone']))
  expect(new Set(after.map(({ offchannel }) => offchannel.finding)).size).toBe(2)
})

const LATE_POLICY = `organisation: Department of Examples
in-force: 2026-03-01
timezone: UTC
networks:
  - { name: office, kind: office, scope: managed, cidrs: [10.8.0.0/24] }
gateways:
  - { name: vpn-1, addresses: [203.0.113.10] }
inputs:
  - { match: '**/proxy*', vantage: proxy }
rules:
  - { name: messaging, ruling: prohibited, categories: [messaging], reason: Made for a test }
`

test('a log that comes late and says whose it was changes what was told of the same finding', async () => {
  const place = made(FILE)
  const log = readFileSync(join(place.folder, 'job.yaml'), 'utf8').replace(/^policy: .*$/m, 'policy: late.yaml')
  place.put('job.yaml', log.replace('paths: [in]', 'paths: [logs]'))
  place.put('late.yaml', LATE_POLICY)
  const time = (MORNING / 1e6 + 300).toFixed(3)
  place.put(
    'logs/proxy.log',
    `${time}      0 10.8.0.5 TCP_TUNNEL/200 5120 CONNECT web.telegram.org:443 - HIER_DIRECT/198.51.100.9 -\n`,
  )
  expect(await place.run(RUN)).toMatchObject({ status: 0, stderr: expect.not.stringContaining('offchannel:') })
  expect(events(place)).toEqual(['found'])

  const peer = 'alice/172.16.20.14:59321'
  place.put(
    'logs/vpn.log',
    [
      '2026-05-12 07:40:00 172.16.20.14:59321 [alice] Peer Connection Initiated with [AF_INET]172.16.20.14:59321',
      `2026-05-12 07:40:00 ${peer} MULTI: primary virtual IP for ${peer}: 10.8.0.5`,
      `2026-05-12 08:20:00 ${peer} SIGTERM[soft,remote-exit] received, client-instance exiting`,
      '',
    ].join('\n'),
  )
  expect(await place.run(RUN)).toMatchObject({ status: 0, stderr: expect.not.stringContaining('offchannel:') })
  expect(events(place)).toEqual(['found', 'changed'])
  const [before, after] = written(place)
  expect(after!.offchannel.finding).toBe(before!.offchannel.finding)
  expect(after!.offchannel.message).not.toBe(before!.offchannel.message)
  expect([before!.client.address, after!.client.address]).toEqual([
    expect.stringMatching(/^address-/),
    expect.stringMatching(/^user-/),
  ])
})

test('a receiver that is dead blocks no other: the run says so, status shows it, and later it gets everything', async () => {
  const port = await freePort()
  const place = made(hookTo(port) + FILE)
  const hook = new Hook(port, makeCertificate(place.folder))
  const run = await place.run(RUN)
  expect(run.status).toBe(2)
  expect(run.stderr).toMatch(/^offchannel: output soar: connect ECONNREFUSED [^\n]*; 2 waiting$/m)
  expect(events(place)).not.toEqual([])
  const { outputs, exit } = await outputsOf(place)
  expect(exit).toBe(2)
  expect(outputs).toMatchObject([
    { name: 'lake', waiting: 0, delivered: 2, dead: 0 },
    { name: 'soar', waiting: 2, delivered: 0, dead: 0, error: expect.stringContaining('ECONNREFUSED') },
  ])
  // A minute has not gone by: a run does not wait for it again, and still says so.
  const again = await place.run(RUN)
  expect(again.stderr).toMatch(/output soar: 2 messages wait; it failed before and is tried again at /)
  expect(again.status).toBe(2)

  await hook.start()
  const delivered = await place.run(DELIVER)
  expect(delivered).toMatchObject({ status: 0, stderr: expect.stringContaining('output soar: 2 messages delivered') })
  expect(hook.got.map(({ body }) => JSON.parse(body).type)).toEqual(['finding.found', 'finding.found'])
  for (const { headers, body } of hook.got) {
    const [id, time] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])]
    expect(headers['webhook-signature']).toBe(signatureOf(KEY, id, time, Buffer.from(body)))
    expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60)
  }
  expect((await outputsOf(place)).exit).toBe(0)
}, 60_000)

test('a message that is refused five times stands in the file of dead letters, and those behind it arrive', async () => {
  const port = await freePort()
  const place = made(hookTo(port))
  const hook = new Hook(port, makeCertificate(place.folder))
  hook.answer = ({ body }) => (JSON.parse(body).app === 'telegram' ? 422 : 204)
  await hook.start()
  const runs = [await place.run(RUN), await place.run(DELIVER)]
  expect(runs.map(({ status }) => status)).toEqual([2, 2])
  const file = `${place.store}.dead-letters.ndjson`
  expect(runs[1]!.stderr).toContain('output soar: 1 message given up, see ')
  const letters = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(letters).toMatchObject([
    { output: 'soar', app: 'telegram', event: 'found', why: expect.stringContaining('422') },
  ])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(hook.got.filter(({ body }) => JSON.parse(body).app === 'whatsapp')).toHaveLength(1)
  expect((await outputsOf(place)).outputs).toMatchObject([{ waiting: 0, delivered: 1, dead: 1 }])
}, 60_000)

test('a secret that others may read, or that is not there, is told without it; the other receivers go on', async () => {
  const place = made(
    `${hookTo(1)}    - { name: two, kind: webhook, url: 'https://localhost:1/', secret-env: NOWHERE, heads: false }\n${FILE}`,
  )
  makeCertificate(place.folder)
  chmodSync(join(place.folder, 'soar.secret'), 0o644)
  const run = await place.run([...RUN, '--log-format', 'json'])
  expect(run.status).toBe(2)
  expect(run.stderr).toMatch(/output soar: .*soar\.secret: others may read this secret: chmod 600 /)
  expect(run.stderr).toContain('output two: the environment has no NOWHERE')
  expect(run.stderr).not.toContain(KEY.toString('base64'))
  expect(events(place)).not.toEqual([])
})

test('a digest that is wanted once in a time waits for it, and `deliver` sends it at once', async () => {
  const subjects: string[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onData: (stream, _, done) => {
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      stream.on('end', () => {
        subjects.push(/^Subject: (.*)$/m.exec(text)![1]!.trim())
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const place = made(
    `    - { name: desk, kind: mail, server: 'smtp://127.0.0.1:${port}', tls: none, from: a@agency.example, to: [b@agency.example], every: 9999d }\n${FILE}`,
  )
  expect((await place.run(RUN)).status).toBe(0)
  expect(subjects).toEqual(['offchannel: 2 new'])
  place.put('in/b.pcap', capture({ name: 'gateway.discord.gg', client: '10.1.4.98' }))
  const before = written(place).length
  expect((await place.run(RUN)).status).toBe(0)
  expect(written(place).length).toBeGreaterThan(before)
  expect(subjects).toHaveLength(1)
  expect((await outputsOf(place)).outputs).toMatchObject([
    { name: 'desk', waiting: 1 },
    { name: 'lake', waiting: 0 },
  ])
  expect((await place.run(DELIVER)).status).toBe(0)
  expect(subjects).toEqual(['offchannel: 2 new', 'offchannel: 1 new'])
}, 60_000)

test('what an analyst suppresses is taken back by the next delivery', async () => {
  const place = made(FILE)
  await place.run(RUN)
  const [{ offchannel }] = written(place) as [Told]
  const desk = ReviewDesk.open(place.store)
  desk.suppress({ findings: [offchannel.finding!] }, TODAY + 3, {
    at: Date.now() * 1000,
    author: 'alice',
    text: 'Known',
  })
  desk.close()
  const before = written(place).length
  expect((await place.run(DELIVER)).status).toBe(0)
  const taken = written(place).slice(before)
  expect(taken).not.toEqual([])
  for (const { offchannel: said } of taken)
    expect(said).toMatchObject({ event: 'suppressed', finding: offchannel.finding })
})

test('a store of clear identities sends nothing, and says so', async () => {
  const place = made(FILE)
  await place.run(['sweep', 'in', '--policy', POLICY, '--identities', 'clear'])
  const run = await place.run(RUN)
  expect(run).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('receivers get pseudonyms only: nothing is sent'),
  })
  expect(written(place)).toEqual([])
})

test('first run over a store that has findings: one summary', async () => {
  const place = made(FILE)
  await place.run(['sweep', 'in', '--policy', POLICY])
  expect((await place.run(RUN)).status).toBe(0)
  expect(events(place)).toEqual(['summary'])
})

/** More of them, and others, where somebody asks for it. */
const ROUNDS = Number(process.env.OUTPUT_ROUNDS ?? 4)
const SEED = Number(process.env.OUTPUT_SEED ?? 0)

/** Kills with SIGKILL, by turns, the sender and the receiver of a delivery that goes on; counts how often. */
async function disturbed(
  place: Workplace,
  receiver: { start(): Promise<void>; kill(): Promise<void> } | undefined,
  seed: number,
  window = 500,
): Promise<{ senderKills: number; receiverKills: number }> {
  const next = random(seed + SEED)
  const upTo = (milliseconds: number) => (next() / 2 ** 32) * milliseconds
  let [senderKills, receiverKills] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const { child, ended } = place.start(DELIVER)
    child.stdin.end()
    await pause(200 + upTo(window))
    if (receiver === undefined || round % 2 === 0) {
      child.kill('SIGKILL')
      if ((await ended).signal === 'SIGKILL') senderKills++
    } else {
      await receiver.kill()
      receiverKills++
      await pause(upTo(500))
      await receiver.start()
      child.kill('SIGKILL')
      await ended
    }
  }
  expect((await place.run(DELIVER)).status).toBe(0)
  return { senderKills, receiverKills }
}

/** Every finding came, those that came twice under the same key, and for the first time in the order of judgement. */
function expectAll(ids: readonly string[], keys: readonly string[]): void {
  const first = [...new Set(keys)]
  expect(first.filter((key) => ids.some((id) => key.startsWith(id)))).toHaveLength(ids.length)
  expect(first.map((key) => key.split('.')[0]).filter((id) => ids.includes(id!))).toEqual(ids)
  expect(new Set(first.map((key) => key.split('.')[0])).size).toBe(first.length)
}

test('a webhook and its sender that are killed again and again: every message arrives', async () => {
  const port = await freePort()
  const place = made(hookTo(port))
  const hook = new Hook(port, makeCertificate(place.folder))
  await hook.start()
  await place.run(RUN)
  const ids = await judged(place, ROUNDS * 200)
  const kills = await disturbed(place, hook, 11)
  const keys = hook.got.map(({ headers }) => String(headers['webhook-id']))
  expectAll(ids, keys)
  report('webhook', ids.length, keys.slice(2), kills)
}, 120_000)

test.skipIf(!HAS_RSYSLOGD)(
  'rsyslogd and its sender that are killed again and again: every message arrives',
  async () => {
    const port = await freePort()
    const place = made(syslogTo(port))
    const server = new Rsyslogd(place.folder, port)
    await server.start()
    await place.run(RUN)
    const ids = await judged(place, 8000)
    const kills = await disturbed(place, server, 12)
    const whole = server.received().filter((line) => line.startsWith('<') && line.endsWith('}'))
    const keys = whole.map((line) => JSON.parse(line.slice(line.indexOf('{'))).message as string)
    expectAll(ids, keys)
    report('rsyslogd over TCP', ids.length, keys.slice(2), kills)
  },
  120_000,
)

test('a sender of files that is killed again and again: every message is there, each line whole', async () => {
  const place = made(FILE)
  await place.run(RUN)
  const before = written(place).length
  const ids = await judged(place, 8000)
  const kills = await disturbed(place, undefined, 13, 150)
  const keys = written(place)
    .slice(before)
    .map(({ offchannel }) => offchannel.message)
  expectAll(ids, keys)
  report('file', ids.length, keys, kills)
}, 120_000)

/** Shows what was measured where somebody asks for it. */
function report(what: string, sent: number, keys: readonly string[], kills: object): void {
  if (process.env.SHOW_COUNTS === undefined) return
  const received = new Set(keys).size
  const line = JSON.stringify({ what, sent, received, lost: sent - received, twice: keys.length - received, ...kills })
  writeFileSync(process.env.SHOW_COUNTS, `${line}\n`, { flag: 'a' })
}
