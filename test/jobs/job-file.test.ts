import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OffchannelError } from '../../src/base/errors.ts'
import { parseJob } from '../../src/jobs/job-file.ts'
import { isZone } from '../../src/read/log/mapping/zones.ts'

const KNOWN = { formats: ['pcap', 'squid-native'], isZone }
const HOUR = 3600 * 1e6

const refusal = (message: string) => new OffchannelError('job_invalid', message)

const parse = (text: string) => parseJob(text, 'job.yaml', KNOWN)

test('a job file says what is read, how, and what is expected', () => {
  const job = parse(`
store: facts.db
key: keys/facts.key
policy: policy.yaml
signatures: [ours, theirs]
hash: false
evidence: false
rotate: quarter
inputs:
  - name: proxy.paris
    paths: [/var/log/squid, 'old/*.gz']
    format: squid-native
    timezone: Europe/Paris
    year: 2026
    expect: every 90m
  - name: captures
    paths: [captures]
    format-file: own.yaml
outputs:
  prometheus: out/offchannel.prom
  summary: out/summary.json
retention:
  facts: 400d
  audit: 3650d
`)
  expect(job).toEqual({
    store: 'facts.db',
    identities: undefined,
    recipients: [],
    key: 'keys/facts.key',
    policy: 'policy.yaml',
    signatures: ['ours', 'theirs'],
    hash: false,
    evidence: false,
    headsKey: undefined,
    headsEvery: HOUR,
    rotate: 'quarter',
    inspectAll: 'allowed',
    inputs: [
      {
        name: 'proxy.paris',
        paths: ['/var/log/squid', 'old/*.gz'],
        format: 'squid-native',
        formatFile: undefined,
        timezone: 'Europe/Paris',
        year: 2026,
        every: 1.5 * HOUR,
      },
      {
        name: 'captures',
        paths: ['captures'],
        format: undefined,
        formatFile: 'own.yaml',
        timezone: 'UTC',
        year: undefined,
        every: undefined,
      },
    ],
    prometheus: 'out/offchannel.prom',
    summary: 'out/summary.json',
    receivers: [],
    deadLetters: undefined,
    retention: { facts: 400 * 24 * HOUR, audit: 3650 * 24 * HOUR },
  })
})

const HEAD = 'store: a.db\ninputs:\n  - name: one\n    paths: [in]\n'

test.each([
  ['', 'job.yaml:1: the file is empty: docs/jobs.md shows one'],
  ['store: [a.db', /^job\.yaml:1: not valid YAML: /],
  [`${HEAD}store: b.db\n`, /^job\.yaml:5: not valid YAML: .*unique/],
  ['- a\n', 'job.yaml:1: must be keys with values'],
  ['inputs:\n  - name: one\n    paths: [in]\n', 'job.yaml:1: store: is missing'],
  ['store: a.db\n', 'job.yaml:1: inputs: is missing'],
  ['store: a.db\ninputs: []\n', 'job.yaml:2: inputs: is empty: write at least one'],
  ['store: a.db\ninputs: in\n', 'job.yaml:2: inputs: must be a list: write a line with "- " for each'],
  ['store: a.db\ninputs:\n  - paths: [in]\n', 'job.yaml:3: inputs[0].name: is missing'],
  ['store: a.db\ninputs:\n  - name: one\n', 'job.yaml:3: inputs[0].paths: is missing'],
  ['store: a.db\ninputs:\n  - name: one\n    paths: []\n', 'job.yaml:4: inputs[0].paths: is empty: write at least one'],
  [
    'store: a.db\ninputs:\n  - name: one\n    paths: [in, "-"]\n',
    'job.yaml:4: inputs[0].paths[1]: standard input cannot be scheduled: name files or folders',
  ],
  [
    'store: a.db\ninputs:\n  - name: Proxy 1\n    paths: [in]\n',
    'job.yaml:3: inputs[0].name: must be of small letters and digits, with - _ or . between them, as proxy-paris',
  ],
  [
    `${HEAD}  - name: one\n    paths: [in]\n`,
    'job.yaml:5: inputs[1].name: "one" is the name of inputs[0]: choose another',
  ],
  [
    `${HEAD}    format: squid\n`,
    'job.yaml:5: inputs[0].format: "squid" is the name of no format: `offchannel formats` lists them',
  ],
  [
    `${HEAD}    format: pcap\n    format-file: own.yaml\n`,
    'job.yaml:6: inputs[0].format-file: stands beside format: keep one of the two',
  ],
  [
    `${HEAD}    timezone: Europe/Pari\n`,
    'job.yaml:5: inputs[0].timezone: "Europe/Pari" is not a time zone: write one like Europe/Paris, or UTC',
  ],
  [`${HEAD}    year: 26\n`, 'job.yaml:5: inputs[0].year: must be a year from 1970 on'],
  [`${HEAD}    year: 20266\n`, 'job.yaml:5: inputs[0].year: must be a year up to 2200'],
  [`${HEAD}    year: this\n`, 'job.yaml:5: inputs[0].year: must be a year such as 2026'],
  [`${HEAD}    expect: hourly\n`, 'job.yaml:5: inputs[0].expect: "hourly" is no rhythm: write one like every 1h'],
  [`${HEAD}    expect: every 0h\n`, 'job.yaml:5: inputs[0].expect: "every 0h" is no rhythm: write one like every 1h'],
  [
    `${HEAD}    expects: every 1h\n`,
    'job.yaml:5: inputs[0].expects: is no key that stands here: there are name, paths, format, format-file, timezone, year, expect',
  ],
  [
    `${HEAD}retain: 90d\n`,
    'job.yaml:5: retain: is no key that stands here: there are store, key, key-command, policy, signatures, rotate, hash, evidence, inspect-all, metrics, metrics-exposed, inputs, outputs, retention',
  ],
  [`key: a.key\nkey-command: [vault]\n${HEAD}`, 'job.yaml:2: key-command: stands beside key: keep one of the two'],
  [`${HEAD}retention: 90d\n`, 'job.yaml:5: retention: must be keys with values'],
  [`${HEAD}retention:\n  facts: 12h\n`, 'job.yaml:6: retention.facts: "12h" is no number of days: write one like 400d'],
  [
    `${HEAD}retention:\n  facts: 90d\n  findings: 30d\n`,
    'job.yaml:7: retention.findings: facts that are kept for longer would give them again: keep facts for no longer than findings',
  ],
  [`${HEAD}    expect: 60\n`, 'job.yaml:5: inputs[0].expect: "60" is no rhythm: write one like every 1h'],
  [
    `${HEAD}retention: { facts: 400 }\n`,
    'job.yaml:5: retention.facts: "400" is no number of days: write one like 400d',
  ],
  [
    `${HEAD}metrics: 9464\n`,
    'job.yaml:5: metrics: "9464" is no address with a port: write one like 127.0.0.1:9464 or [::1]:9464',
  ],
  [`store: ""\n${HEAD.slice(HEAD.indexOf('inputs'))}`, 'job.yaml:1: store: is empty'],
  [`${HEAD}---\nstore: b.db\n`, 'job.yaml:5: a second document begins: keep one'],
  [`${HEAD}rotate: weekly\n`, 'job.yaml:5: rotate: must be none, month, quarter or year'],
  [`${HEAD}hash: maybe\n`, 'job.yaml:5: hash: must be true or false'],
  [`${HEAD}policy:\n`, 'job.yaml:5: policy: has no value: write one, or remove the key'],
  [`${HEAD}policy: 7\n`, 'job.yaml:5: policy: must be text: put it in quotes'],
  [
    `${HEAD}outputs:\n  prometheus: out.txt\n`,
    'job.yaml:6: outputs.prometheus: must end in .prom: node_exporter reads no other file',
  ],
  [
    `${HEAD}outputs:\n  html: out\n`,
    'job.yaml:6: outputs.html: is no key that stands here: there are prometheus, summary, receivers, dead-letters, heads',
  ],
])('%j is refused with its line', (text, message) => {
  expect(() => parse(text)).toThrow(typeof message === 'string' ? refusal(message) : message)
})

test('all mistakes are told at once, in the order of their lines, the first twenty', () => {
  expect(() => parse('hash: 1\ninputs:\n  - name: one\n    paths: [in]\n    year: 1\n')).toThrow(
    refusal(
      [
        'job.yaml:1: store: is missing',
        'job.yaml:1: hash: must be true or false',
        'job.yaml:5: inputs[0].year: must be a year from 1970 on',
      ].join('\n'),
    ),
  )
  const many = Array.from({ length: 25 }, (_, n) => `a${n}: 1\n`).join('')
  expect(() => parse(`${HEAD}${many}`)).toThrow(/job\.yaml:24: .*\nand 5 more mistakes$/)
})

test('aliases that would multiply without end are a mistake', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((c, n) => `${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[n]}`)}]\n`)
    .join('')}`
  expect(() => parse(bomb)).toThrow(/^job\.yaml:1: not valid YAML: /)
})

test('the job file that the docs show is one', () => {
  const page = readFileSync(new URL('../../docs/jobs.md', import.meta.url), 'utf8')
  const [, shown] = /```yaml\n(.*?)```/s.exec(page)!
  expect(parseJob(shown!, 'offchannel.yaml', KNOWN).inputs.map(({ name }) => name)).toEqual(['proxy', 'captures'])
})
