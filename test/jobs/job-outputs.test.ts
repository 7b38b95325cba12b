import { expect, test } from 'vitest'
import { parseJob } from '../../src/jobs/job-file.ts'

const KNOWN = { formats: [], isZone: () => true }
const HEAD = 'store: s.db\ninputs: [{ name: a, paths: [a] }]\noutputs:\n  receivers:\n'

/** Each line is one receiver; the first is on line 5 of the file. */
const parse = (...receivers: readonly string[]) =>
  parseJob(HEAD + receivers.map((one) => `    - { ${one} }\n`).join(''), 'job.yaml', KNOWN).receivers

const mistakes = (...receivers: readonly string[]): string[] => {
  try {
    parse(...receivers)
    return []
  } catch (thrown) {
    return (thrown as Error).message.split('\n')
  }
}

test('receivers of every kind', () => {
  expect(
    parse(
      'name: siem, kind: syslog, to: "tls://siem.example", form: cef, ca: ca.pem, certificate: own.pem, key: own.key',
      'name: old, kind: syslog, to: "udp://[2001:db8::7]:5514", form: leef',
      'name: soar, kind: webhook, url: "https://soar.example/in", secret-file: soar.secret',
      'name: desk, kind: mail, server: "smtp://mail.example", user: us, secret-env: PASSWORD, from: a@agency.example, to: [b@agency.example, SOC <c@agency.example>]',
      'name: local, kind: mail, server: "smtp://localhost:25", tls: none, from: a@agency.example, to: [b@agency.example], every: 1d',
      'name: lake, kind: file, path: out.ndjson, form: ocsf',
    ),
  ).toEqual([
    {
      ...{ kind: 'syslog', name: 'siem', transport: 'tls', host: 'siem.example', port: 6514, form: 'cef', heads: true },
      ...{ ca: 'ca.pem', certificate: 'own.pem', key: 'own.key' },
    },
    { kind: 'syslog', name: 'old', transport: 'udp', host: '2001:db8::7', port: 5514, form: 'leef', heads: true },
    { kind: 'webhook', name: 'soar', url: 'https://soar.example/in', secret: { file: 'soar.secret' }, heads: true },
    {
      ...{ kind: 'mail', name: 'desk', host: 'mail.example', port: 587, tls: 'starttls', heads: false },
      login: { user: 'us', secret: { variable: 'PASSWORD' } },
      ...{ from: 'a@agency.example', to: ['b@agency.example', 'SOC <c@agency.example>'] },
    },
    {
      ...{ kind: 'mail', name: 'local', host: 'localhost', port: 25, tls: 'none', heads: false },
      ...{ from: 'a@agency.example', to: ['b@agency.example'], every: 86_400_000_000 },
    },
    { kind: 'file', name: 'lake', path: 'out.ndjson', form: 'ocsf', heads: true },
  ])
})

test.each([
  ['name: a, kind: fax', 'outputs.receivers[0].kind: must be syslog, webhook, mail or file'],
  ['name: a, kind: file, path: p', 'outputs.receivers[0].form: is missing'],
  [
    'name: a, kind: mail, server: "smtp://m", from: a@b.example, to: [a@b.example], every: day',
    'outputs.receivers[0].every: "day" is no time: write one like 1h or 1d',
  ],
  ['name: a, kind: file, path: p, form: csv', 'outputs.receivers[0].form: must be ecs or ocsf'],
  [
    'name: a, kind: file, path: p, form: ecs, colour: red',
    'outputs.receivers[0].colour: is no key that stands here: there are name, kind, path, form, heads',
  ],
  [
    'name: A, kind: file, path: p, form: ecs',
    'outputs.receivers[0].name: must be of small letters and digits, with - _ or . between them, as siem-north',
  ],
  [
    'name: a, kind: syslog, to: "tcp://siem.example", form: cef',
    'outputs.receivers[0].to: must be one of udp://HOST, tcp://HOST:PORT, tls://HOST, with :PORT where it is another',
  ],
  [
    'name: a, kind: syslog, to: "siem.example:514", form: cef',
    'outputs.receivers[0].to: must be one of udp://HOST, tcp://HOST:PORT, tls://HOST, with :PORT where it is another',
  ],
  [
    'name: a, kind: syslog, to: "udp://siem.example", form: cef, ca: ca.pem',
    'outputs.receivers[0].to: has no use for certificates: write tls:// before the host, or remove them',
  ],
  [
    'name: a, kind: syslog, to: "tls://siem.example", form: cef, key: own.key',
    'outputs.receivers[0].certificate: goes with key: give both, or neither',
  ],
  [
    'name: a, kind: webhook, url: "http://soar.example/", secret-env: S',
    'outputs.receivers[0].url: must begin with https://: findings are not sent in the clear',
  ],
  [
    'name: a, kind: webhook, url: "https://us:pass@soar.example/", secret-env: S',
    'outputs.receivers[0].url: holds a name or a password: the signature says who sends, and secrets do not stand in the job file',
  ],
  [
    'name: a, kind: webhook, url: "https://soar.example/"',
    'outputs.receivers[0].kind: needs secret-file or secret-env: what the messages are signed with',
  ],
  [
    'name: a, kind: webhook, url: "https://soar.example/", secret-env: S, secret-file: s',
    'outputs.receivers[0].secret-env: stands beside secret-file: keep one of the two',
  ],
  [
    'name: a, kind: mail, server: "smtp://m", user: u, secret-env: S, tls: none, from: a@b.example, to: [a@b.example]',
    'outputs.receivers[0].tls: a password is not sent in the clear: remove tls: none',
  ],
  [
    'name: a, kind: mail, server: "smtp://m", user: u, from: a@b.example, to: [a@b.example]',
    'outputs.receivers[0].user: needs its password: give secret-file or secret-env',
  ],
  [
    'name: a, kind: mail, server: "smtp://m", from: a@b.example, to: ["a@b.example, c@b.example"]',
    'outputs.receivers[0].to: "a@b.example, c@b.example" is no mail address: write one like soc@agency.example',
  ],
  [
    'name: a, kind: mail, server: "smtp://m", from: a@b.example, to: []',
    'outputs.receivers[0].to: is empty: write at least one',
  ],
])('%s: a mistake', (receiver, message) => {
  expect(mistakes(receiver)).toEqual([`job.yaml:5: ${message}`])
})

test('two receivers of one name are a mistake, with the line of the second', () => {
  const file = 'name: a, kind: file, path: p, form: ecs'
  expect(mistakes(file, file)).toEqual([
    'job.yaml:6: outputs.receivers[1].name: "a" is the name of receivers[0]: choose another',
  ])
})

test('the password that somebody writes into the job file is not repeated', () => {
  const message = mistakes('name: a, kind: webhook, url: "https://soar.example/", secret: hunter2').join()
  expect(message).toContain('secret: is no key that stands here')
  expect(message).not.toContain('hunter2')
})
